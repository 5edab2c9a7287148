// The way to one target: bounded and adaptive concurrency, its limits by the minute, and a hold for everything that follows.

import pLimit from 'p-limit'
import type { Clock } from '../core/clock.ts'
import type { RateLimits } from '../core/types.ts'
import { type Bucket, createBucket, settle, take } from './bucket.ts'
import { adapt, createConcurrency, type Signal, withMost } from './concurrency.ts'

/** How much may be on the way at once, and in a minute. */
export interface LaneOptions {
  /** Requests in flight at most. */
  readonly concurrency: number
  /** false: `concurrency` it is from the start, whatever the target says. */
  readonly isAdaptive: boolean
  readonly limits: RateLimits
  /** Share of the limits, 0..1, that is left to production. */
  readonly keepFree: number
}

/** One way to one target, for all that ask it. */
export interface Lane {
  /** Waits for a place. The function that comes gives it back. First come, first served. */
  readonly seat: () => Promise<() => void>
  /** ms until a hold ends; 0 where none stands. */
  readonly heldMs: () => number
  /** Lets nothing start for so long. */
  readonly hold: (ms: number) => void
  /** Counts a request of about so many tokens against the limits by the minute, and says how long it must wait for its turn. */
  readonly charge: (tokens: number) => number
  /** Whether anything is charged by tokens: estimates cost time. */
  readonly countsTokens: boolean
  /** What a call showed: `tokens` is how many more than charged it took. */
  readonly learn: (signal: Signal, at: { readonly sentAtMs: number; readonly tokens: number }) => void
  /** Another most, while the replay runs. */
  readonly resize: (concurrency: number) => void
  readonly state: () => LaneState
}

/** How full a lane is. */
export interface LaneState {
  /** Requests that may be in flight now, and at most. */
  readonly limit: number
  readonly most: number
  readonly inFlight: number
  readonly heldMs: number
}

/** Opens the way to one target; its clock is the only one that it asks. Sends nothing itself. */
export function createLane(options: LaneOptions, clock: Clock): Lane {
  const { limits, keepFree } = options
  let concurrency = createConcurrency(options.concurrency)
  if (!options.isAdaptive) concurrency = { ...concurrency, limit: options.concurrency }
  const limit = pLimit(concurrency.limit)
  let heldUntil = 0
  const bucketOf = (perMinute: number | null): Bucket | null =>
    perMinute === null ? null : createBucket(perMinute * (1 - keepFree), clock.elapsed())
  let requests = bucketOf(limits.requestsPerMinute)
  let tokens = bucketOf(limits.tokensPerMinute)
  const apply = (next: typeof concurrency) => {
    concurrency = next
    if (limit.concurrency !== next.limit) limit.concurrency = next.limit
  }
  const heldMs = () => Math.max(0, heldUntil - clock.elapsed())
  return {
    seat: () =>
      new Promise((resolve) => {
        void limit(() => new Promise<void>((release) => resolve(release)))
      }),
    heldMs,
    hold: (ms) => {
      heldUntil = Math.max(heldUntil, clock.elapsed() + ms)
    },
    countsTokens: tokens !== null,
    charge: (cost) => {
      const now = clock.elapsed()
      const taken = [requests && take(requests, 1, now), tokens && take(tokens, cost, now)] as const
      requests = taken[0]?.bucket ?? null
      tokens = taken[1]?.bucket ?? null
      return Math.max(taken[0]?.waitMs ?? 0, taken[1]?.waitMs ?? 0)
    },
    learn: (signal, at) => {
      if (tokens && at.tokens !== 0) tokens = settle(tokens, at.tokens)
      if (options.isAdaptive) apply(adapt(concurrency, signal, { sentAtMs: at.sentAtMs, nowMs: clock.now() }))
    },
    resize: (most) => {
      apply(options.isAdaptive ? withMost(concurrency, most) : { ...concurrency, most, limit: most })
    },
    state: () => ({ limit: concurrency.limit, most: concurrency.most, inFlight: limit.activeCount, heldMs: heldMs() }),
  }
}
