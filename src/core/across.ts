// The nouns of many nights: what is kept of each, what moved between them, and what is worth an alarm.

import type { Drift } from './drift.ts'
import type { Decision, FindingOutcome, Interval, Scale, Segment, Severity } from './judgement.ts'
import type { Arm, Instant } from './types.ts'

/** One judged run, as far as nights are compared: small enough to keep a year of them in memory. */
export interface NightSummary {
  readonly runId: string
  readonly startedAt: Instant
  readonly decision: Decision
  readonly held: boolean
  /** The same for runs of the same two targets: what is asked of which model, and how. */
  readonly swap: string
  /** The same for runs by the same rules at the same level. */
  readonly policy: string
  /** One-sided error rate of a rule that is shown to hold that night. */
  readonly alphaPass: number
  /** Planned. */
  readonly records: number
  /** Of those, how many are of conversations, or requests, that an earlier night had as well; null where nobody counted: taken for all. */
  readonly repeated: number | null
  readonly findings: readonly NightFinding[]
  /** null where the run was not asked about drift, or could not be. */
  readonly drift: Drift | null
  readonly servedModels: Readonly<Record<Arm, readonly string[]>>
}

/** One rule of one night. */
export interface NightFinding {
  readonly metric: string
  readonly segment: Segment | null
  readonly severity: Severity
  readonly outcome: FindingOutcome
  readonly margin: number
  readonly scale: Scale
  readonly better: 'higher' | 'lower'
  /** null where nothing was measured. */
  readonly effect: NightEffect | null
}

export interface NightEffect {
  readonly estimate: number
  readonly interval: Interval
  /** Independent units that it rests on. */
  readonly units: number
}

/** What happened between nights that is worth telling somebody. */
export type Alarm = {
  /** The night that showed it. */
  readonly runId: string
  readonly at: Instant
  /** One sentence. */
  readonly because: string
} /** Production is shown to answer otherwise than the log has it; said once, until it is shown to be steady again. */ & (
  | { readonly kind: 'drifted'; readonly metric: string; readonly p: number }
  /** An effect lies elsewhere than in the nights since the last such alarm. `of`: the gate's rule, or drift's measure. */
  | {
      readonly kind: 'moved'
      readonly of: 'rule' | 'drift'
      readonly subject: string
      readonly from: number
      readonly to: number
      readonly p: number
    }
  /** Other model names, or versions, than the night before: a fact, no statistics. */
  | {
      readonly kind: 'served-model'
      readonly arm: Arm
      readonly before: readonly string[]
      readonly now: readonly string[]
    }
)

/** A night that decided otherwise than the one before it on the same swap, by the same rules. */
export interface Turn {
  readonly runId: string
  readonly at: Instant
  readonly from: Decision
  readonly to: Decision
  /** Whether something moved that night by more than chance explains; if not, the swap lies near a margin. */
  readonly isShown: boolean
  readonly because: string
}

/** What repeated nights do to the promise of a single one, for the swap and the rules of the last night. */
export interface Repetition {
  /** Judged nights on this swap by these rules, the last one included. */
  readonly night: number
  /** How many of them came to GO. */
  readonly goes: number
  /**
   * At most so likely would a candidate that stands exactly at a margin have come to GO by now: 1 − Π(1 − alphaPass).
   */
  readonly falseGoAtMost: number
  readonly because: string
}

export interface Across {
  readonly alarms: readonly Alarm[]
  readonly turns: readonly Turn[]
  /** null where there is no night. */
  readonly repetition: Repetition | null
  /** Expected number of nights a year with a false alarm, at most; with how it is kept, for people. */
  readonly promise: { readonly falseAlarmsPerYear: number; readonly because: string }
}
