// Share of input tokens that the provider served from its prompt cache, in each arm's own tokens.

import { absent, type SideMetric, value } from '../metric.ts'
import { usageOf } from '../reply.ts'

export const cacheHitRate = {
  on: 'side',
  name: 'cache-hit-rate',
  title: 'Cache-hit rate',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'cache-hit-rate', title: 'Cache-hit rate', method: { kind: 'rate-difference' }, minPairs: 20 }],
  measure: (call) => {
    const usage = usageOf(call)
    if (typeof usage === 'string') return absent(usage)
    return usage.cachedInput === null || usage.input === 0
      ? absent('not-reported')
      : value(usage.cachedInput, usage.input)
  },
} as const satisfies SideMetric
