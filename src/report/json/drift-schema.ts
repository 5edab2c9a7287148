// The part of verdict.json that says whether production still answers as the log has it.

import { z } from 'zod'
import { interval, number, whole } from './number-schema.ts'

export const driftSchema = z
  .object({
    outcome: z.enum(['steady', 'drifted', 'unclear', 'not-evaluable']),
    because: z.string(),
    records: whole.describe('whose recorded answer was compared'),
    leftOut: z.record(z.string(), whole).describe('records of which it was not, by reason'),
    findings: z.array(
      z.object({
        metric: z.string(),
        margin: z.number(),
        outcome: z.enum(['pass', 'fail', 'inconclusive', 'not-evaluable']),
        recorded: number
          .nullable()
          .describe('in the log; of text-similarity: how alike two answers of now are to each other'),
        now: number.nullable().describe('of text-similarity: how alike they are to the log’s'),
        estimate: number.nullable(),
        scale: z.enum(['difference', 'ratio']).nullable(),
        interval: interval.nullable(),
        pairs: whole.nullable(),
        because: z.string(),
      }),
    ),
  })
  .describe(
    'Whether production still answers as the log has it; not there where nobody asked, or the log has no answers.',
  )
