// How long a user waits for the whole answer. No answer is infinitely slow: leaving timeouts out would reward them.

import { absent, type SideMetric, value } from '../metric.ts'

export const latency = {
  on: 'side',
  name: 'latency',
  title: 'Latency',
  version: 1,
  unit: 'ms',
  better: 'lower',
  summaries: [
    { name: 'latency-p50', title: 'Latency p50', method: { kind: 'quantile-ratio', p: 0.5 }, minPairs: 50 },
    { name: 'latency-p95', title: 'Latency p95', method: { kind: 'quantile-ratio', p: 0.95 }, minPairs: 59 },
  ],
  measure: ({ latencyMs }) => (latencyMs === null ? absent('not-measured') : value(latencyMs)),
} as const satisfies SideMetric
