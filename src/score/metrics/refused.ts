// Whether the model declined in full: the provider's word first (stop reason, content filter), then the text.

import { refusalIn } from '../facts.ts'
import { absent, type SideMetric, value } from '../metric.ts'

/** A partial refusal counts as an answer: the user was given something, and people agree on it far less. */
export const refused = {
  on: 'side',
  name: 'refused',
  title: 'Refused',
  version: 2,
  unit: 'share',
  better: 'lower',
  summaries: [{ name: 'refused', title: 'Refused', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (call) => {
    if (call.outcome.kind !== 'reply') return absent('no-reply')
    const { reply } = call.outcome
    if (reply.stop === 'refused' || reply.stop === 'filtered') return value(1)
    if (reply.toolCalls.length > 0) return value(0)
    return value(refusalIn(reply).kind === 'full' ? 1 : 0)
  },
} as const satisfies SideMetric
