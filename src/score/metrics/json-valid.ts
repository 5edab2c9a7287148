// Whether an answer is the JSON that its request asks for, as it stands: no fence, no word around it, and the schema satisfied.

import type { Reply } from '../../core/types.ts'
import { isDocument, isTooLong } from '../../diff/json-text.ts'
import { jsonOf } from '../facts.ts'
import { satisfies } from '../json-schema.ts'
import { absent, type MeasureContext, type SideMetric, value } from '../metric.ts'

export const jsonValid = {
  on: 'side',
  name: 'json-valid',
  title: 'Valid JSON',
  version: 1,
  unit: 'share',
  better: 'higher',
  readsRequest: true,
  summaries: [{ name: 'json-valid', title: 'Valid JSON', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: ({ outcome }, _arm, { asked }) => {
    // Whoever did not ask for JSON is asked nothing, whatever became of the call: see `Finding.isMoot`.
    if (asked?.isJson !== true) return absent('not-asked')
    if (outcome.kind !== 'reply') return absent('no-reply')
    return isTooLong(outcome.reply.text) ? absent('too-long') : value(isValid(outcome.reply, asked) ? 1 : 0)
  },
} as const satisfies SideMetric

function isValid(reply: Reply, { schema }: NonNullable<MeasureContext['asked']>): boolean {
  const { text, toolCalls } = reply
  // It calls a tool first: the JSON is for a later turn.
  if (text.trim() === '' && toolCalls.length > 0) return true
  const json = jsonOf(reply)
  if (json === undefined) return false
  return schema === null ? isDocument(json) : satisfies(json, text, schema)
}
