// What a report is made of: handed in by `commands`, so that this room knows neither the store nor the scores.

import type { Across } from '../core/across.ts'
import type { Changes } from '../core/changes.ts'
import type { Effect, Policy, Run, Verdict } from '../core/judgement.ts'
import type { PairDetail, PairRow, PairTable } from '../core/pair.ts'
import type { ArmNumbers, QuantileShift, TokenUse } from '../core/shift.ts'
import type { Fidelity, Instant } from '../core/types.ts'
import type { ReviewState } from '../filter/words.ts'

/** All that reports are made of. */
export interface ReportInput {
  readonly run: Run
  readonly policy: Policy
  readonly verdict: Verdict
  /** Every effect, of all records and of each segment. */
  readonly effects: readonly Effect[]
  readonly counts: RunCounts
  /** ms, one for each pair, Infinity where no answer came. */
  readonly latencies: ArmNumbers
  /** The latencies' quantiles, by the method of the rules about them; none of fewer than two pairs. */
  readonly latencyShifts: readonly QuantileShift[]
  readonly tokens: TokenUse
  /** null where the run was not measured for changes. */
  readonly changes: Changes | null
  /** What people decided so far, by the pair's place in the run; a pair that is not there nobody has decided about. */
  readonly reviewStates: ReadonlyMap<number, ReviewState>
  /** Every pair of the run, worst first. */
  readonly pairs: readonly PairRow[]
  /** Worst first: as many as the report is to show whole, and those that clusters of changes are named by. */
  readonly examples: readonly PairExample[]
  /** The run to compare with; `none-earlier` where the one before was asked for and there is none; null where none was. */
  readonly against: AgainstInput | 'none-earlier' | null
  readonly reasonsOf: PairTable['reasonsOf']
  /** What makes the HTML report's pairs an explorer; null: the page has no script, and its pairs are a list. */
  readonly pageScript: string | null
  /** The HTML report is no larger, as far as the texts of pairs are what makes it large. */
  readonly maxBytes: number
  readonly generatedAt: Instant
  /** This night and those before it; not there where nobody looked at them. */
  readonly across?: Across
}

/** A run judged earlier, as far as it is compared. */
export interface AgainstInput
  extends Pick<ReportInput, 'run' | 'policy' | 'verdict' | 'effects' | 'counts' | 'latencies' | 'changes'> {
  /** Planned requests that are in both runs. */
  readonly shared: number
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
  /** Who gave the log's answers to these requests, the most frequent first; not there where nobody looked. */
  readonly recordedModels?: readonly string[]
  readonly log: LogCounts
}

/** What the logs gave, of all that the store holds: a sample is drawn from the whole records among them. */
export interface LogCounts {
  readonly records: Readonly<Record<Fidelity, number>>
  /** Why records are not whole, and why lines could not be read; most frequent first. */
  readonly incomplete: readonly LeftOut[]
  readonly unreadable: readonly LeftOut[]
  /** null where nothing is known of it: the store is older than the question. */
  readonly privacy: PrivacyFacts | null
}

export interface LeftOut {
  readonly reason: string
  readonly count: number
}

/** Readings of the same log replace the same again, so the latest one is told and none are added up. */
export interface PrivacyFacts {
  readonly readings: number
  /** Readings that kept personal data as the log had it. */
  readonly keeping: number
  /** Whether the latest looked for personal data at all; what it replaced, by kind in words; records in which it did. */
  readonly isOn: boolean
  readonly replaced: Readonly<Record<string, number>>
  readonly records: number
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
  /** Why this pair is worth a look, worst first: "newly refused", "2.1× slower", … */
  readonly reasons: readonly string[]
  readonly detail: PairTexts
}

/** What both arms said, without the request's body: a page shows what people read of it. */
export interface PairTexts extends Omit<PairDetail, 'body'> {
  /** Characters that were cut off the texts beforehand; a text that is not named is whole. */
  readonly left?: Partial<Readonly<Record<'prompt' | 'production' | 'candidate' | 'again', number>>>
}
