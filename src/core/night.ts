// The noun of one night's job as others are told of it: what came out, what came out before, and where to read on.

import type { Decision } from './judgement.ts'
import type { NightStage } from './night-event.ts'
import type { Arm, Instant } from './types.ts'

export type Night = {
  readonly startedAt: Instant
  readonly finishedAt: Instant
  /** What the process exits with. */
  readonly status: number
  /** "gpt-4 → gpt-4-new". */
  readonly swap: string
  /** What the last judged run before this one decided; null where there was none. */
  readonly before: { readonly runId: string; readonly decision: Decision; readonly held: boolean } | null
  /** Not there where it got to none. */
  readonly numbers?: NightNumbers
} & (
  | {
      readonly kind: 'judged'
      readonly runId: string
      readonly decision: Decision
      readonly held: boolean
      readonly because: string
      readonly next: string
      readonly pairs: number
      readonly excluded: number
      readonly costUsd: number | null
      /** Absolute paths. */
      readonly reports: readonly string[]
      /** Rules that came out otherwise than the run before, a sentence each; none where there was no run before. */
      readonly turns?: readonly string[]
      /** What this night showed beside those before it, by more than chance explains: a sentence each. */
      readonly alarms?: readonly string[]
    }
  /** No record came since the run before, whose decision stands. */
  | { readonly kind: 'nothing-new'; readonly runId: null; readonly because: string; readonly next: string }
  /** A fault that the operator can mend, or our own bug: there is no verdict. */
  | {
      readonly kind: 'failed'
      readonly runId: string | null
      readonly code: string
      readonly because: string
      readonly next: string
    }
)

/** What the job did, as far as it got. */
export interface NightNumbers {
  /** By a clock that nobody turns. */
  readonly elapsedMs?: number
  /** How long each stage took that was begun, ms. */
  readonly stages?: Readonly<Partial<Record<NightStage, number>>>
  /** Of the logs: records that the store did not have yet, and lines that could not be read. */
  readonly records?: { readonly added: number; readonly rejected: number }
  readonly arms?: Readonly<Record<Arm, NightCalls>>
}

/** What one arm was asked in the run. */
export interface NightCalls {
  /** Calls, by how they ended. */
  readonly outcomes: Readonly<Record<CallOutcome, number>>
  readonly retries: number
  readonly tokens: { readonly input: number; readonly output: number }
  /** null where no price is set. */
  readonly costUsd: number | null
  /** Of whole answers; null where too few were measured, or where so many calls had no answer. */
  readonly latencyMs: { readonly p50: number | null; readonly p95: number | null }
}

export const callOutcomes = ['reply', 'rejected', 'broken', 'timeout'] as const
export type CallOutcome = (typeof callOutcomes)[number]
