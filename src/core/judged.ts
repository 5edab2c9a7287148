// What a judge says: of a pair, and of a run.

import { seededBy } from './random.ts'
import type { Arm } from './types.ts'

/** What a judge prefers of two answers to one request. */
export type Preference = Arm | 'tie'

/** By which arm's answer was shown first; null where it was not asked, or gave no answer that says anything. */
export type JudgedPair = Readonly<Record<Arm, Preference | null>>

/**
 * Whether a judge that is asked about a share of the pairs is asked about this one. Of the others nothing is said, not even where both
 * answers are equal: ties of all pairs beside losses of a few would make any candidate look better.
 */
export function isDrawnForJudge(recordId: string, seed: number, share: number): boolean {
  return seededBy(seed, 'judge', recordId).unit() < share
}

/** What a judge said of a run. */
export interface JudgeSummary {
  readonly model: string | null
  /** Pairs that it was asked about in both orders, with an answer each time. */
  readonly pairs: number
  /** Pairs in which both orders agree that this arm's answer is the better one. */
  readonly preferred: { readonly production: number; readonly candidate: number }
  /** Pairs whose two orders say the same, a tie or a winner. */
  readonly agreed: number
  /** Pairs in which it preferred, both times, what stood first; and what stood second. */
  readonly byPlace: { readonly first: number; readonly second: number }
  /** Pairs of which an answer is missing or says nothing: they count for nobody. */
  readonly failed: number
}
