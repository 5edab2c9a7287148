// Tokens read and written, as each arm's own tokenizer counts them.

import { absent, type SideMetric, value } from '../metric.ts'
import { usageOf } from '../reply.ts'

export const totalTokens = {
  on: 'side',
  name: 'total-tokens',
  title: 'Total tokens',
  version: 1,
  unit: 'tokens',
  better: 'lower',
  summaries: [{ name: 'total-tokens', title: 'Total tokens', method: { kind: 'mean-ratio' }, minPairs: 200 }],
  measure: (call) => {
    const usage = usageOf(call)
    return typeof usage === 'string' ? absent(usage) : value(usage.input + usage.output)
  },
} as const satisfies SideMetric
