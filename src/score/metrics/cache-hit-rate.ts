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
  summaries: [
    {
      name: 'cache-hit-rate',
      title: 'Cache-hit rate',
      method: { kind: 'rate-difference' },
      minPairs: 20,
      minClusters: 20,
    },
  ],
  measure: (call, arm, { reportsCache }) => {
    const usage = usageOf(call)
    if (typeof usage === 'string') return absent(usage)
    const { input } = usage
    // Some servers leave the field out on a miss: dropping the misses would make every rate a hundred percent.
    const cachedInput = usage.cachedInput ?? (reportsCache[arm] ? 0 : null)
    // More cached tokens than input: a server that counts them beside it, which is no share.
    if (cachedInput === null || input === 0 || cachedInput > input) return absent('not-reported')
    return value(cachedInput, input)
  },
} as const satisfies SideMetric
