// The nouns of the verdict: what a metric showed, what a rule asks, what the gate decided.

import type { Drift, DriftPolicy } from './drift.ts'
import type { Effect, FindingOutcome, Segment } from './effect.ts'
import type { ReviewedChange, ReviewPolicy } from './review.ts'
import type { Json } from './types.ts'

export type * from './effect.ts'
export type * from './run.ts'

/** An effect that can still be asked for its limits at any error rate: what the gate judges by. */
export interface Evidence {
  readonly metric: string
  readonly segment: Segment | null
  /** null where nothing could be measured; `absent` then says why. */
  readonly effect: Effect | null
  readonly absent: Readonly<Record<string, number>>
  /** Fewer pairs than this give no verdict. */
  readonly minPairs: number
  /** Nor do fewer independent units. */
  readonly minClusters: number
  /** Without so many pairs there is no limit at this one-sided alpha, whatever they show; Infinity where that can't be said. */
  readonly leastPairs: (alpha: number) => number
  /** Why the metric needs users, where it does. */
  readonly usersOnly: string | null
  /** One-sided limits of the effect, each at `alpha`. */
  readonly limits: (alpha: number) => Limits
  /** The same of production against itself; null where it was asked once, or for metrics that hold the noise already. */
  readonly noiseLimits: ((alpha: number) => Limits) | null
}

/** One-sided confidence limits on the effect's scale, ±Infinity where the data cannot bound that side. */
export interface Limits {
  readonly low: number
  readonly high: number
}

/**
 * What a broken rule does: `block` makes a NO-GO, `investigate` a flag, which holds a GO where
 * `Policy.hold` is set, `warn` nothing but a line in the report.
 */
export type Severity = 'block' | 'investigate' | 'warn'
/** All severities, from worst to mildest. */
export const severities: readonly Severity[] = ['block', 'investigate', 'warn']

/** Where rules are decided: offline, or among users. */
export type Stage = 'replay' | 'canary'

/** A promise about one metric: the candidate is not worse than production by `margin` or more. */
export interface Rule {
  readonly metric: string
  readonly segment: Segment | null
  /** On the metric's scale: 0.2 on a ratio is "20 % more", 0.01 on a difference of shares is one percentage point. */
  readonly margin: number
  readonly severity: Severity
  /**
   * `worse`: fails when shown worse by more than the margin, passes when shown not to be.
   * `difference`: fails when shown worse at all; passes when shown to be within the margin.
   * `either-way`: as `difference`, in both directions.
   * `both-ways`: as `worse`, in both directions.
   */
  readonly mode: 'worse' | 'difference' | 'either-way' | 'both-ways'
  /**
   * `replay`: offline, and among users once more where answers alone can tell. `canary`: among users alone, as feedback is; offline
   * the rule is reported and left to them.
   */
  readonly stage: Stage
  /** What a broken rule does among users, where that is not `severity`. */
  readonly canary?: Severity | 'off'
  /** Set where this rule sees the metric the other way round: where a refusal is what is wanted, more of them are better. */
  readonly better?: 'higher' | 'lower'
}

/** What the user asks of every answer, or of those to a segment's requests: the metric `assert-<name>`. */
export interface Assertion {
  readonly name: string
  readonly segment: Segment | null
  readonly check: AssertionCheck
}

/** How an assertion looks at an answer. */
export type AssertionCheck =
  /** All of the texts, or none of them. */
  | {
      readonly kind: 'contains' | 'not-contains'
      readonly texts: readonly string[]
      readonly ignoreCase: boolean
    }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  /** RFC 9535. Something is there; where `equals` is set, one of what is there is that. */
  | { readonly kind: 'json-path'; readonly path: string; readonly equals?: Json }
  /** The text that the log has for production's answer of then. */
  | { readonly kind: 'equals-recorded' }
  /** A function of the user's, relative to the config's folder, and what its source was. */
  | { readonly kind: 'module'; readonly file: string; readonly name: string; readonly sha256: string }

/** By what a run is judged; stored with the verdict, so that it can be computed again. */
export interface Policy {
  /** Confidence of each one-sided limit, 0.5..1 exclusive. The intervals shown are two-sided at 2 × level − 1. */
  readonly level: number
  readonly rules: readonly Rule[]
  /** Segment keys that get verdicts of their own. */
  readonly segments: readonly string[]
  /** More excluded pairs than this share make the run INVALID. */
  readonly maxExcluded: number
  /** A noise-floor effect shown to differ at this family-wise level makes the run INVALID. */
  readonly validityAlpha: number
  /** Whether a failed rule to investigate by holds a GO. */
  readonly hold: boolean
  /** null: one judgement, at the end. */
  readonly looks: LookPolicy | null
  /** Metrics of the user's own. */
  readonly assertions?: readonly Assertion[]
  readonly judge?: JudgePolicy
  /** What people had decided about this swap; not there where nobody had. */
  readonly reviews?: ReviewPolicy
  /** Not there where nobody asked whether production drifted from its log. */
  readonly drift?: DriftPolicy
  /** Over so many nights the error rate of a GO is spread; not there where each night has it by itself. */
  readonly nights?: number
  /** Where these rules are held against what was seen; not there in a replay. */
  readonly stage?: Stage
}

/** A model of the user's that says which of two answers is the better one. */
export interface JudgePolicy {
  readonly api: string
  /** null where the server has one alone. */
  readonly model: string | null
  /** What makes an answer the better one, in the user's words. */
  readonly criteria: string
  /** Share of the pairs that it is asked about, drawn by seed and record; not there where it is all of them. */
  readonly share?: number
  /** Of all that its answers hang on, 12 hex digits: those of another judge are not mixed with its own. */
  readonly fingerprint: string
}

/** When a run is looked at while it goes on, and what ends it before its plan does. */
export interface LookPolicy {
  /** Shares of the planned records at which to look, rising to 1. */
  readonly rates: readonly number[]
  /** Whether the first blocking rule that is shown to be broken ends the run. */
  readonly failFast: boolean
  /** A run goes on for at least so long: a few minutes of one hour say little of a day. */
  readonly minMinutes: number
}

/** What one rule came to, in one segment or in all records. */
export interface Finding {
  readonly rule: Rule
  readonly effect: Effect | null
  readonly outcome: FindingOutcome
  /** One sentence in the user's words: what was seen, how sure it is, and what follows. */
  readonly because: string
  /**
   * Set where no request asks for what the rule is about: there is nothing to judge, and nothing that a GO would have to wait for.
   * Whatever else keeps a rule from being judged stands in its way.
   */
  readonly isMoot?: true
  /** Set where there are pairs, and fewer than its method needs. */
  readonly isTooFew?: true
  /** The look (from 1) that decided; null where the rule was judged once, at the end. */
  readonly look: number | null
  /** Of an open rule: about how many more pairs would decide it; null where that can't be said. */
  readonly morePairs: MorePairs | null
}

/** Pairs beyond those there are, for 80 % power: a projection, not a promise. */
export interface MorePairs {
  /** If the estimate stays what it is; null where it sits too near the margin for any number to do. */
  readonly atEstimate: number | null
  /** If the candidate equals production in truth. */
  readonly ifEqual: number
}

/** One look at a run while it went on, and what stood decided after it. */
export interface LookTaken {
  /** Records of the plan that it saw: the first so many. */
  readonly records: number
  /** One-sided, of the limits that a rule had to clear: to be shown to hold, to be shown to be broken. */
  readonly alphaPass: number
  readonly alphaFail: number
  /** Blocking rules, by subject, decided at this look. */
  readonly decided: Readonly<Record<string, 'pass' | 'fail'>>
  /** How many blocking rules stayed open. */
  readonly open: number
}

/** A segment in which not even a regression of twice the margin would have been seen. */
export interface BlindSegment {
  readonly segment: Segment
  readonly metric: string
  readonly pairs: number
  /** The smallest regression that would be seen with 80 % power, on the effect's scale; Infinity where none would. */
  readonly smallest: number
}

/** From best to worst. */
export const decisions = ['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID'] as const
/** What the gate says of a run. */
export type Decision = (typeof decisions)[number]

/** What the gate decided on one run, and why. */
export interface Verdict {
  readonly decision: Decision
  /** The sentence that explains the decision. */
  readonly because: string
  /** What to do next. */
  readonly next: string
  readonly findings: readonly Finding[]
  /** Whether a person must look before a GO is acted on: a rule to investigate by failed. The exit status is INCONCLUSIVE's. */
  readonly held: boolean
  /** Findings to look into: beside the decision, never hidden by it. */
  readonly flags: readonly string[]
  /** Why the run can't be judged; empty unless the decision is INVALID. */
  readonly invalid: readonly string[]
  /** The looks that were taken, in order; empty where the run was judged once. */
  readonly looks: readonly LookTaken[]
  /** Where silence is no evidence. */
  readonly blind: readonly BlindSegment[]
  /** What people decided about changes that this run has, regressions first; not there where nobody did. */
  readonly reviews?: readonly ReviewedChange[]
  /** Whether production still answers as the log has it; not there where nobody asked, or the log has no answers. */
  readonly drift?: Drift
}
