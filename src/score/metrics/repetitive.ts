// Whether the answer goes round in circles.

import { isLooping } from '../loops.ts'
import { absent, type SideMetric, value } from '../metric.ts'
import { oncePerReply, replyOf } from '../reply.ts'

const isLoopingReply = oncePerReply(({ text }) => isLooping(text))

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
    return reply === null ? absent('no-reply') : value(isLoopingReply(reply) ? 1 : 0)
  },
} as const satisfies SideMetric
