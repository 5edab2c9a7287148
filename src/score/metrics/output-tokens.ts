// Tokens that the model wrote, reasoning included.

import { absent, type SideMetric, value } from '../metric.ts'
import { usageOf } from '../reply.ts'

export const outputTokens = {
  on: 'side',
  name: 'output-tokens',
  title: 'Output tokens',
  version: 1,
  unit: 'tokens',
  better: 'lower',
  summaries: [{ name: 'output-tokens', title: 'Output tokens', method: { kind: 'mean-ratio' }, minPairs: 200 }],
  measure: (call) => {
    const usage = usageOf(call)
    return typeof usage === 'string' ? absent(usage) : value(usage.output)
  },
} as const satisfies SideMetric
