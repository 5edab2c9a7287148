// Whether the call ended in an answer: not an error, not a timeout, and not an empty one. A refusal is an answer.

import { type SideMetric, value } from '../metric.ts'

export const answered = {
  on: 'side',
  name: 'answered',
  title: 'Answered',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'answered', title: 'Answered', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: ({ outcome }) => {
    if (outcome.kind !== 'reply') return value(0)
    const { text, toolCalls, stop } = outcome.reply
    const isRefusal = stop === 'refused' || stop === 'filtered'
    return value(text.trim() !== '' || toolCalls.length > 0 || isRefusal ? 1 : 0)
  },
} as const satisfies SideMetric
