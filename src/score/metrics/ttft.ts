// Time to first token: how long a user of a streamed answer looks at nothing.

import { absent, type SideMetric, value } from '../metric.ts'

export const ttft = {
  on: 'side',
  name: 'ttft',
  title: 'Time to first token',
  version: 1,
  unit: 'ms',
  better: 'lower',
  summaries: [
    { name: 'ttft-p50', title: 'Time to first token p50', method: { kind: 'quantile-ratio', p: 0.5 }, minPairs: 50 },
    { name: 'ttft-p95', title: 'Time to first token p95', method: { kind: 'quantile-ratio', p: 0.95 }, minPairs: 59 },
  ],
  measure: ({ firstTokenMs, latencyMs }) => {
    if (firstTokenMs !== null) return value(firstTokenMs)
    return absent(latencyMs === null ? 'not-measured' : 'not-streamed')
  },
} as const satisfies SideMetric
