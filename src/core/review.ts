// The nouns of a review: what a person decided about a change, kept in a file of the user's repository.

import type { Instant, RecordId } from './types.ts'

/** All decisions, as the file of reviews has them. */
export const reviewDecisions = ['accept', 'regression', 'unsure'] as const
/** What a person says of a change: nothing to worry about, a reason to stop, or neither yet. */
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

/** One decision of one person about one change: a line of the file. */
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

/** The reviews that a verdict was computed with. */
export interface ReviewPolicy {
  /** By this instant reviews had expired or not: the verdict is the same whenever it is computed again. */
  readonly at: Instant
  /** Of each subject the one that counts, else the last that expired. */
  readonly list: readonly Review[]
}

/** What a review came to in a run. */
export interface ReviewedChange {
  readonly review: Review
  /** gone: a regression that was not found again as what it was called. */
  readonly state: 'regression' | 'accepted' | 'unsure' | 'expired' | 'gone'
  /** Pairs of the run that it is about; those with a review of their own are not among a cluster's. Of what is gone: pairs that would be
   * in its cluster, had it not become one with others. */
  readonly pairs: number
  /** Whether production does not change so by itself; null where nothing can tell, and for a single pair. */
  readonly isBeyondNoise: boolean | null
}

/** Of a metric: pairs that count as unchanged because of reviews. */
export interface AcceptedPairs {
  readonly pairs: number
  readonly by: readonly string[]
}
