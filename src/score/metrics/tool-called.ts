// Whether the answer calls a tool: a candidate that stops calling, or begins to, breaks the program around it without a word.

import { absent, type SideMetric, value } from '../metric.ts'

export const toolCalled = {
  on: 'side',
  name: 'tool-called',
  title: 'Called a tool',
  version: 1,
  unit: 'share',
  better: 'higher',
  summaries: [{ name: 'tool-called', title: 'Called a tool', method: { kind: 'share-difference' }, minPairs: 50 }],
  measure: ({ outcome }) =>
    outcome.kind === 'reply' ? value(outcome.reply.toolCalls.length > 0 ? 1 : 0) : absent('no-reply'),
} as const satisfies SideMetric
