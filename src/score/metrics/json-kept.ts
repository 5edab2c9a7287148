// Whether answers that are JSON by their prompt alone stay JSON as it stands: what a program reads that never said so in the API.

import type { AnsweredCall, Json } from '../../core/types.ts'
import { isDocument, jsonIn } from '../json-text.ts'
import { absent, type BothMetric, value } from '../metric.ts'
import { oncePerReply, replyOf } from '../reply.ts'

const jsonOf = oncePerReply(({ text }): Json | undefined => jsonIn(text))

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
  return replyOf(call) === null ? absent('no-reply') : value(isJson(call) ? 1 : 0)
}
