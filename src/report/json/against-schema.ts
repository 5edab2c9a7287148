// The shape of the comparison with another run in verdict.json.

import { z } from 'zod'
import { interval, number, whole } from './number-schema.ts'

const sinceOutcome = z.enum(['pass', 'fail', 'inconclusive', 'not-evaluable'])
const sinceSide = z
  .object({
    outcome: sinceOutcome,
    severity: z.enum(['block', 'investigate', 'warn']),
    margin: z.number(),
    estimate: number.nullable(),
    interval: interval.nullable(),
  })
  .nullable()
  .describe('null where the run has no such rule')
const sinceShare = z
  .object({
    pairs: whole,
    of: whole,
    isThere: z.boolean().describe('whether the run has this very cluster'),
    isWider: z.boolean().describe('pairs of other clusters are counted in: the runs group this kind otherwise'),
  })
  .nullable()

export const againstSchema = z
  .object({
    run: z.object({ id: z.string(), startedAt: z.string() }),
    decision: z.enum(['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID']),
    held: z.boolean(),
    line: z.string().describe('the comparison in one line'),
    because: z.string().describe('whether the decision changed, and what turned it'),
    unlike: z.array(z.string()).describe('what is not like for like, a sentence each'),
    sharedRecords: whole.describe('planned requests that are in both runs'),
    rules: z.array(
      z.object({
        metric: z.string(),
        segment: z.object({ key: z.string(), value: z.string() }).nullable(),
        told: z
          .enum(['worse', 'better', 'higher', 'lower', 'same', 'unknown', 'new', 'gone'])
          .describe(
            'shown at 5 % over all rules; same: not shown to differ; unknown: see why; new, gone: the rule itself',
          ),
        why: z.string().nullable(),
        earlier: sinceSide,
        now: sinceSide,
        shift: z
          .object({ estimate: number, interval, p: z.number().describe('two-sided, by Holm over all rules') })
          .nullable()
          .describe('of the effect: now − then, or now / then on a ratio’s scale'),
      }),
    ),
    changes: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          segment: z.object({ key: z.string(), value: z.string() }).nullable(),
          told: z
            .enum(['new', 'gone', 'grown', 'shrunk', 'same', 'unknown'])
            .describe('shown at 5 % over all changes; same: not shown to differ'),
          earlier: sinceShare,
          now: sinceShare,
          p: z.number().nullable().describe('two-sided, by Holm over all changes'),
        }),
      )
      .nullable()
      .describe('null where they can’t be compared'),
    counts: z
      .object({
        planned: whole,
        pairs: whole,
        excluded: z.record(z.string(), whole),
        costUsd: z.object({ production: z.number().nullable(), candidate: z.number().nullable() }),
      })
      .describe('of that run, as `counts` has them of this one'),
  })
  .describe('What changed since a run that was judged earlier.')
