// How an answer changed: a bit for each kind of change, and as its weight a hash of the edit's template.

import { changeBetween } from '../changes/between.ts'
import { absent, type PairMetric, value } from '../metric.ts'

/** No rule is about it: it is what pairs are grouped by for people to look at. */
export const change = {
  on: 'pair',
  name: 'change',
  title: 'Change',
  version: 1,
  unit: 'share',
  better: 'lower',
  summaries: [],
  comparisons: ['candidate', 'noise'],
  measure: (left, right) => {
    const between = changeBetween(left, right)
    if (between === null) return absent('no-reply')
    return between.template === 0 ? value(between.mask) : value(between.mask, between.template)
  },
} as const satisfies PairMetric
