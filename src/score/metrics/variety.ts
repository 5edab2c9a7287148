// Mode collapse: how often the same answer is given to different requests. The measure is a number for each text.

import { normalTextOf } from '../facts.ts'
import { absent, type SideMetric, value } from '../metric.ts'
import { hashOf } from '../normal-text.ts'
import { oncePerReply, replyOf } from '../reply.ts'

const numberOf = oncePerReply((reply) => hashOf(normalTextOf(reply)))

export const variety = {
  on: 'side',
  name: 'variety',
  title: 'Answers given more than once',
  version: 1,
  unit: 'share',
  better: 'lower',
  summaries: [
    { name: 'variety', title: 'Answers given more than once', method: { kind: 'repeat-share' }, minPairs: 50 },
  ],
  measure: (call) => {
    const reply = replyOf(call)
    return reply === null ? absent('no-reply') : value(numberOf(reply))
  },
} as const satisfies SideMetric
