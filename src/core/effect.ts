// What a metric showed of the two arms, and what it comes to against a limit.

import type { AcceptedPairs } from './review.ts'

/** One key of `RequestRecord.segments` and one of its values. */
export interface Segment {
  readonly key: string
  readonly value: string
}

/** `share` is 0..1; percent exists in reports only. */
export type Unit = 'ms' | 'tokens' | 'characters' | 'usd' | 'share'

/** `difference`: candidate − production; `ratio`: candidate / production. */
export type Scale = 'difference' | 'ratio'

/** Two-sided interval whose bounds are each a one-sided limit at confidence (1 + level) / 2. */
export interface Interval {
  readonly low: number
  readonly high: number
  readonly level: number
}

/** What is known of one metric in one segment. `estimate` is candidate − production or candidate / production. */
export interface Effect {
  readonly metric: string
  /** null for all records; else one key and value of `RequestRecord.segments`. */
  readonly segment: Segment | null
  readonly better: 'higher' | 'lower'
  readonly unit: Unit
  readonly pairs: number
  readonly clusters: number
  /** Pairs left out of this metric, by reason. */
  readonly absent: Readonly<Record<string, number>>
  readonly production: number
  readonly candidate: number
  readonly estimate: number
  readonly scale: Scale
  readonly interval: Interval
  /** The statistical method, as `Estimator.method` of `stats/` names it. */
  readonly method: string
  /** The same metric between production and itself; null where production was asked once. */
  readonly noise: { readonly estimate: number; readonly interval: Interval; readonly pairs: number } | null
  /** Of a ratio of means: the geometric mean of the pairs' own ratios, what happens to a typical request; else null. */
  readonly typical: number | null
  /**
   * Whether the effect came and went with the time of sending, so that blocks of time are its independent units: `shown`, or only
   * `allowed-for`; null where pairs or conversations are.
   */
  readonly overTime: 'shown' | 'allowed-for' | null
  /** Pairs that count as unchanged because a person accepted how they changed, and who that was; not there where none do. */
  readonly accepted?: AcceptedPairs
  /** Between two groups of users, as in a canary: `pairs` are requests then, and `clusters` users. */
  readonly isUnpaired?: true
}

/** By the position of the one-sided limits against the margin: below it, above it, on both sides, or nothing to compare. */
export type FindingOutcome = 'pass' | 'fail' | 'inconclusive' | 'not-evaluable'
