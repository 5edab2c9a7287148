// Whether two answers read the same but for case, punctuation and white space.

import { normalTextOf } from '../facts.ts'
import { absent, type PairMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'

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
    return a === null || b === null ? absent('no-reply') : value(normalTextOf(a) === normalTextOf(b) ? 1 : 0)
  },
} as const satisfies PairMetric
