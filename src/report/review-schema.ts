// The reviews of verdict.json: what people decided about the changes of the run, and what came of it.

import { z } from 'zod'
import type { ReviewedChange } from '../core/review.ts'

export const reviewed = z
  .object({
    state: z
      .enum(['regression', 'accepted', 'unsure', 'expired', 'gone'])
      .describe(
        'regression: NO-GO by itself; accepted: counts as unchanged; unsure and expired change nothing; gone: a regression that the run does not have as such',
      ),
    pairs: z
      .int()
      .min(0)
      .describe('of the run that it is about; of what is gone, those that are in a larger cluster now'),
    isBeyondNoise: z
      .boolean()
      .nullable()
      .describe('false: production changes so by itself, and a regression does not block; null: nothing can tell'),
    cluster: z.string().nullable().describe('id of the cluster that it is about; null where that is a pair'),
    pair: z.string().nullable().describe('id of the record'),
    change: z.string().nullable().describe('how the pair changed'),
    words: z.string(),
    reason: z.string().nullable(),
    reviewer: z.string(),
    at: z.string(),
    expires: z.string().nullable().describe('null: for ever'),
  })
  .describe('A review of a change that the run has, or of a regression that it has no more.')

export function reviewedPart({ review, state, pairs, isBeyondNoise }: ReviewedChange): z.infer<typeof reviewed> {
  const { about, words, reason, reviewer, at, expires } = review
  const subject =
    about.kind === 'cluster'
      ? { cluster: about.id, pair: null, change: null }
      : { cluster: null, pair: about.recordId, change: about.change }
  return { state, pairs, isBeyondNoise, ...subject, words, reason, reviewer, at, expires }
}
