// Whether the answer goes round in circles.

import { isLoopingIn } from '../facts.ts'
import { absent, type SideMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'

export const repetitive = {
  on: 'side',
  name: 'repetitive',
  title: 'Repetitive',
  version: 1,
  unit: 'share',
  better: 'lower',
  summaries: [{ name: 'repetitive', title: 'Repetitive', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (call) => {
    const reply = replyOf(call)
    return reply === null ? absent('no-reply') : value(isLoopingIn(reply) ? 1 : 0)
  },
} as const satisfies SideMetric
