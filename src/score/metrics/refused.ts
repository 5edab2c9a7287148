// Whether the model declined: the provider's word first (stop reason, content filter), then the opening of the text.

import { absent, type SideMetric, value } from '../metric.ts'
import { looksRefused } from '../refusal.ts'

export const refused = {
  on: 'side',
  name: 'refused',
  title: 'Refused',
  version: 1,
  unit: 'share',
  better: 'lower',
  summaries: [{ name: 'refused', title: 'Refused', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (call) => {
    if (call.outcome.kind !== 'reply') return absent('no-reply')
    const { reply } = call.outcome
    if (reply.stop === 'refused' || reply.stop === 'filtered') return value(1)
    if (reply.toolCalls.length > 0) return value(0)
    return value(looksRefused(reply.text).refused ? 1 : 0)
  },
} as const satisfies SideMetric
