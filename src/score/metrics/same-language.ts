// Whether two answers are in the same language, where both are long enough to tell.

import { areInOneLanguage } from '../facts.ts'
import { absent, type PairMetric, value } from '../metric.ts'
import { replyOf } from '../reply.ts'

export const sameLanguage = {
  on: 'pair',
  name: 'same-language',
  title: 'Same language',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'same-language', title: 'Same language', method: { kind: 'excess-share' }, minPairs: 50 }],
  measure: (left, right) => {
    const [a, b] = [replyOf(left), replyOf(right)]
    if (a === null || b === null) return absent('no-reply')
    const isSame = areInOneLanguage(a, b)
    return isSame === null ? absent('too-short') : value(isSame ? 1 : 0)
  },
} as const satisfies PairMetric
