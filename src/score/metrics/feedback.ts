// What users thought of the answer: known in the canary alone, since nobody saw the candidate's answers here.

import { absent, type SideMetric } from '../metric.ts'

export const feedback = {
  on: 'side',
  name: 'feedback',
  title: 'User feedback',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [
    {
      name: 'feedback',
      title: 'User feedback',
      method: { kind: 'users-only', why: 'offline answers have no users; the canary decides this rule' },
      minPairs: 0,
    },
  ],
  measure: () => absent('not-reported'),
} as const satisfies SideMetric
