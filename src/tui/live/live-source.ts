// What the live screen asks of a replay that runs in another process, and what it may tell it to do.

import type { Arm, Instant } from '../../core/types.ts'

export interface LiveStatus {
  readonly runId: string
  readonly pid: number
  readonly since: Instant
  readonly calls: number
  readonly done: number
  readonly perSecond: number
  /** null while nobody can know. */
  readonly secondsLeft: number | null
  readonly costUsd: number | null
  readonly retries: number
  readonly isPaused: boolean
  readonly arms: Readonly<Record<Arm, LiveArm>>
  /** null where the run is not looked at along the way, or not yet. */
  readonly look: LiveLook | null
}

export interface LiveArm {
  readonly inFlight: number
  /** Requests that may be in flight now, and at most. */
  readonly limit: number
  readonly most: number
  readonly heldMs: number
  /** "HTTP 500", "timeout (total)": how many calls ended so. */
  readonly errors: Readonly<Record<string, number>>
}

export interface LiveLook {
  readonly taken: number
  readonly of: number
  /** Records that the last look saw. */
  readonly records: number
  readonly rules: readonly { readonly subject: string; readonly outcome: 'pass' | 'fail' | 'open' }[]
}

export type LiveOrder =
  | { readonly action: 'pause' | 'resume' | 'stop' }
  | { readonly action: 'concurrency'; readonly production: number; readonly candidate: number }

export interface LiveSource {
  /** null where no replay runs any more. */
  readonly status: () => Promise<LiveStatus | null>
  readonly order: (order: LiveOrder) => Promise<LiveStatus | null>
  readonly words: {
    readonly count: (value: number) => string
    readonly percent: (share: number) => string
    readonly span: (ms: number) => string
    readonly usd: (value: number) => string
    readonly instant: (at: string) => string
  }
}
