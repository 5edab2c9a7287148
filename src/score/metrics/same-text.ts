// Whether two answers read the same, to the character.

import { absent, type PairMetric, value } from '../metric.ts'
import { textOf } from '../reply.ts'
import { sameText as isSameText } from '../similarity.ts'

export const sameText = {
  on: 'pair',
  name: 'same-text',
  title: 'Same text',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'same-text', title: 'Same text', method: { kind: 'excess-share' }, minPairs: 50 }],
  measure: (left, right) => {
    const [a, b] = [textOf(left), textOf(right)]
    return a === null || b === null ? absent('no-reply') : value(isSameText(a, b) ? 1 : 0)
  },
} as const satisfies PairMetric
