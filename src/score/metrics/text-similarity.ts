// How much of two answers is the same words in the same order, 0..1.

import { absent, type PairMetric, value } from '../metric.ts'
import { textOf } from '../reply.ts'
import { textSimilarity as similarity } from '../similarity.ts'

export const textSimilarity = {
  on: 'pair',
  name: 'text-similarity',
  title: 'Text similarity',
  version: 2,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'text-similarity', title: 'Text similarity', method: { kind: 'excess-mean' }, minPairs: 50 }],
  measure: (left, right) => {
    const [a, b] = [textOf(left), textOf(right)]
    return a === null || b === null ? absent('no-reply') : value(similarity(a, b))
  },
} as const satisfies PairMetric
