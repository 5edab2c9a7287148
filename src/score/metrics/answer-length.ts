// How long the answer is that a user reads or a program is given: a collapse from 638 to 4 characters is no saving.

import { absent, type SideMetric, value } from '../metric.ts'
import { textOf } from '../reply.ts'

export const answerLength = {
  on: 'side',
  name: 'answer-length',
  title: 'Answer length',
  version: 1,
  unit: 'characters',
  // Longer answers are what `output-tokens` and `cost` are about; a rule on this one holds both ways.
  better: 'higher',
  summaries: [{ name: 'answer-length', title: 'Answer length', method: { kind: 'mean-ratio' }, minPairs: 50 }],
  measure: (call) => {
    const text = textOf(call)
    return text === null ? absent('no-reply') : value(text.trim().length)
  },
} as const satisfies SideMetric
