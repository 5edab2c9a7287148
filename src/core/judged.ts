// What a judge says: of a pair, and of a run.

import type { Arm } from './types.ts'

/** What a judge prefers of two answers to one request. */
export type Preference = Arm | 'tie'

/** By which arm's answer was shown first; null where it was not asked, or gave no answer that says anything. */
export type JudgedPair = Readonly<Record<Arm, Preference | null>>

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
