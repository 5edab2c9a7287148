// The nouns of a review: what a person decided about a change, kept in a file of the user's repository.

import type { Instant, RecordId } from './types.ts'

export const reviewDecisions = ['accept', 'regression', 'unsure'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

/** A cluster of changes has the same id on every night; a pair is one record, as long as it changes in the same way. */
export type ReviewSubject =
  | { readonly kind: 'cluster'; readonly id: string }
  | { readonly kind: 'pair'; readonly recordId: RecordId; readonly change: string }

/** The models as the config asks for them: what was accepted of one candidate says nothing of another. */
export interface Swap {
  readonly production: string | null
  readonly candidate: string | null
}

export interface Review {
  readonly about: ReviewSubject
  readonly swap: Swap
  readonly decision: ReviewDecision
  readonly reason: string | null
  readonly reviewer: string
  readonly at: Instant
  /** From then on it counts no more; null: for ever. */
  readonly expires: Instant | null
  /** What it was about when it was decided, for whoever reads the file: "task=prime · answers collapsed". */
  readonly words: string
}
