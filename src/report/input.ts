// What a report is made of: handed in by `commands`, so that this room knows neither the store nor the scores.

import type { Changes } from '../core/changes.ts'
import type { Effect, Policy, Run, Verdict } from '../core/judgement.ts'
import type { PairDetail, PairRow } from '../core/pair.ts'
import type { Instant } from '../core/types.ts'
import type { ReviewState } from '../filter/words.ts'

export interface ReportInput {
  readonly run: Run
  readonly policy: Policy
  readonly verdict: Verdict
  /** Every effect, of all records and of each segment. */
  readonly effects: readonly Effect[]
  readonly counts: RunCounts
  /** ms, one for each pair, Infinity where no answer came. */
  readonly latencies: { readonly production: Float64Array; readonly candidate: Float64Array }
  /** null where the run was not measured for changes. */
  readonly changes: Changes | null
  /** What people decided so far, by the pair's place in the run; a pair that is not there nobody has decided about. */
  readonly reviewStates: ReadonlyMap<number, ReviewState>
  /** Every pair of the run, worst first. */
  readonly pairs: readonly PairRow[]
  /** Worst first: as many as the report is to show whole, and those that clusters of changes are named by. */
  readonly examples: readonly PairExample[]
  readonly generatedAt: Instant
}

export interface RunCounts {
  /** Pairs planned, and pairs in which both arms came to an end. */
  readonly planned: number
  readonly pairs: number
  /** Pairs that both arms answered twice. */
  readonly noisePairs: number
  /** Pairs that do not vote, by reason. */
  readonly excluded: Readonly<Record<string, number>>
  /** Calls, retries included, and how they ended. */
  readonly calls: Readonly<Record<'production' | 'candidate', CallCounts>>
  /** Log lines that could not be read, and requests left out because they recur. */
  readonly rejectedLines: number
  readonly duplicates: number
  readonly costUsd: { readonly production: number | null; readonly candidate: number | null }
  readonly servedModels: Readonly<Record<'production' | 'candidate', readonly string[]>>
}

export interface CallCounts {
  readonly calls: number
  readonly retries: number
  readonly reply: number
  readonly rejected: number
  readonly broken: number
  readonly timeout: number
}

/** A pair that the report shows whole. */
export interface PairExample {
  readonly row: PairRow
  /** Why this pair is worth a look, worst first: "newly refused", "2.1 × slower", … */
  readonly reasons: readonly string[]
  readonly detail: PairDetail
}
