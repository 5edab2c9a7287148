// The noun of one night's job as others are told of it: what came out, what came out before, and where to read on.

import type { Decision } from './judgement.ts'
import type { Instant } from './types.ts'

export type Night = {
  readonly startedAt: Instant
  readonly finishedAt: Instant
  /** What the process exits with. */
  readonly status: number
  /** "gpt-4 → gpt-4-new". */
  readonly swap: string
  /** What the last judged run before this one decided; null where there was none. */
  readonly before: { readonly runId: string; readonly decision: Decision; readonly held: boolean } | null
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
