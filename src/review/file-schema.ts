// What an entry of the file of reviews is: for the program that reads it, and for the editor that it is written in.

import { z } from 'zod'
import { reviewDecisions } from '../core/review.ts'

const instant = z
  .string()
  .refine((text) => /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)), 'it is no date')

/** A reason is a sentence or some; it is read in a verdict's head. */
export const mostReason = 2000
const mostName = 200

const entry = z
  .strictObject({
    decision: z
      .enum(reviewDecisions)
      .describe(
        'accept: the change is as good; regression: the candidate must not do that; unsure: looked at, left open',
      ),
    words: z.string().describe('What it was about when it was decided; for readers'),
    reason: z
      .string()
      .max(mostReason, `it has more than ${mostReason} characters`)
      .optional()
      .describe('Why, in the words of the reviewer; it is shown with the verdict'),
    reviewer: z.string().min(1).max(mostName, `it has more than ${mostName} characters`).describe('Who decided'),
    at: instant.describe('When; of several about one subject the newest counts'),
    expires: instant.optional().describe('From then on it counts no more'),
    cluster: z.string().min(1).optional().describe('Id of a cluster of changes: the same in every run'),
    pair: z.string().min(1).optional().describe('Id of one record'),
    change: z.string().min(1).optional().describe('How the pair changed: as long as it does, the review counts'),
    production: z
      .string()
      .nullable()
      .describe('The model of production as the config names it; null where it names none'),
    candidate: z.string().nullable().describe('The model of the candidate: of another the review says nothing'),
  })
  .refine(
    ({ cluster, pair, change }) => (cluster === undefined) !== (pair === undefined || change === undefined),
    'a review is about a cluster, or about a pair and its change',
  )

export type Entry = z.infer<typeof entry>

export const entryKeys: readonly string[] = Object.keys(entry.shape)

export const fileSchema = z.array(entry)

/** The schema for editors, as draft 2020-12. */
export function reviewsJsonSchema(): object {
  const schema = z.toJSONSchema(fileSchema, { io: 'input' })
  const either = [{ required: ['cluster'] }, { required: ['pair', 'change'] }]
  return { title: 'shadowgate.reviews.yaml', ...schema, items: { ...(schema.items as object), oneOf: either } }
}
