// Whether answers that are JSON by their prompt alone stay JSON as it stands: what a program reads that never said so in the API.

import type { AnsweredCall } from '../../core/types.ts'
import { isDocument, isTooLong } from '../../diff/json-text.ts'
import { jsonOf } from '../facts.ts'
import { absent, type BothMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'

export const jsonKept = {
  on: 'both',
  name: 'json-kept',
  title: 'Kept as JSON',
  version: 1,
  unit: 'share',
  better: 'higher',
  readsRequest: true,
  summaries: [{ name: 'json-kept', title: 'Kept as JSON', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (left, right, { asked }) => {
    // Either answer: by the left one alone, a model that slips now and then would look worse than itself.
    const applies = asked?.isJson !== true && (isJson(left) || isJson(right))
    if (!applies) return { left: absent('not-asked'), right: absent('not-asked') }
    return { left: measureOf(left), right: measureOf(right) }
  },
} as const satisfies BothMetric

function isJson(call: AnsweredCall): boolean {
  const reply = replyOf(call)
  return reply !== null && isDocument(jsonOf(reply))
}

function measureOf(call: AnsweredCall) {
  const reply = replyOf(call)
  if (reply === null) return absent('no-reply')
  return isTooLong(reply.text) ? absent('too-long') : value(isDocument(jsonOf(reply)) ? 1 : 0)
}
