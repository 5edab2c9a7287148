// Whether the call ended in an answer: not an error, not a broken stream, not a timeout.

import { type SideMetric, value } from '../metric.ts'

export const answered = {
  on: 'side',
  name: 'answered',
  title: 'Answered',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'answered', title: 'Answered', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: (call) => value(call.outcome.kind === 'reply' ? 1 : 0),
} as const satisfies SideMetric
