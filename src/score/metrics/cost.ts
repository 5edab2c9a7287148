// What a request costs at the prices in the config.

import { costUsd } from '../../core/price.ts'
import { absent, type SideMetric, value } from '../metric.ts'
import { usageOf } from '../reply.ts'

export const cost = {
  on: 'side',
  name: 'cost',
  title: 'Cost',
  version: 1,
  unit: 'usd',
  better: 'lower',
  summaries: [{ name: 'cost', title: 'Cost', method: { kind: 'mean-ratio' }, minPairs: 200 }],
  measure: (call, arm, { prices }) => {
    const usage = usageOf(call)
    const price = prices[arm]
    if (price === null) return absent('no-price')
    return typeof usage === 'string' ? absent(usage) : value(costUsd(usage, price))
  },
} as const satisfies SideMetric
