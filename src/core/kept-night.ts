// The noun of one judged run as it is kept for ever: little of it, so that a year of nights can be read at once.

import type { Effect, Finding, Policy, Verdict } from './judgement.ts'
import type { Run } from './run.ts'
import type { Arm, Instant } from './types.ts'

export interface KeptNight {
  readonly run: Pick<Run, 'id' | 'startedAt' | 'targets'>
  readonly decidedAt: Instant
  /** Without what people reviewed. */
  readonly policy: Omit<Policy, 'reviews'>
  readonly verdict: Pick<Verdict, 'decision' | 'held' | 'because' | 'drift'> & {
    /** Of the segments that were asked for. */
    readonly findings: readonly KeptFinding[]
  }
  /** Planned, and how many of those are of a conversation (else: request) that an earlier judged night had as well. */
  readonly records: number
  readonly repeated: number
  /** An arm that was never asked is not there. */
  readonly calls: Readonly<Partial<Record<Arm, CallSum>>>
  /** Empty where the API does not say. */
  readonly servedModels: Readonly<Record<Arm, readonly string[]>>
}

/** What a rule came to, as far as it can be compared from night to night. */
export interface KeptFinding extends Pick<Finding, 'rule' | 'outcome' | 'isMoot'> {
  readonly effect: KeptEffect | null
}

export type KeptEffect = Pick<
  Effect,
  'better' | 'unit' | 'scale' | 'pairs' | 'clusters' | 'production' | 'candidate' | 'estimate' | 'interval' | 'noise'
>

/** What an arm's calls of one run came to, retries included. */
export interface CallSum {
  readonly calls: number
  /** Tokens that were billed. */
  readonly usage: {
    readonly input: number
    readonly output: number
    readonly cachedInput: number
    readonly cacheWrite: number
  }
}
