// Whether two answers read the same but for case, punctuation and white space.

import { absent, type PairMetric, value } from '../metric.ts'
import { normalText } from '../normal-text.ts'
import { givenText, oncePerReply, replyOf } from '../reply.ts'

const normalOf = oncePerReply((reply) => normalText(givenText(reply)))

export const sameNormalText = {
  on: 'pair',
  name: 'same-normal-text',
  title: 'Same text but for case and punctuation',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [
    {
      name: 'same-normal-text',
      title: 'Same text but for case and punctuation',
      method: { kind: 'excess-share' },
      minPairs: 50,
    },
  ],
  measure: (left, right) => {
    const [a, b] = [replyOf(left), replyOf(right)]
    return a === null || b === null ? absent('no-reply') : value(normalOf(a) === normalOf(b) ? 1 : 0)
  },
} as const satisfies PairMetric
