// Finish reason: whether the model came to its own end, rather than being cut at the token limit.

import { absent, type SideMetric, value } from '../metric.ts'

export const finished = {
  on: 'side',
  name: 'finished',
  title: 'Finished by itself',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'finished', title: 'Finished by itself', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (call) => {
    if (call.outcome.kind !== 'reply') return absent('no-reply')
    const { stop } = call.outcome.reply
    return stop === 'unknown' ? absent('not-reported') : value(stop === 'length' ? 0 : 1)
  },
} as const satisfies SideMetric
