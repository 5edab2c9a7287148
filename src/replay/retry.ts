// Whether a call is tried again, and when: a pure rule, the same for both arms.

import { unreachable } from '../core/fault.ts'
import type { Random } from '../core/random.ts'
import { type Outcome } from '../core/types.ts'
import { headerText, type ResponseHeaders } from '../providers/response-headers.ts'
import { exhaustedFor, type Quota } from './headroom.ts'

export interface RetryPolicy {
  /** Further tries after the first. */
  readonly retries: number
  /** How often the pair is asked again after a 429. */
  readonly rounds: number
  /** A longer wait than this, asked for by the server, ends the call. */
  readonly maxWaitMs: number
}

/** What the server said about trying again. */
export interface RetryAdvice {
  /** From `retry-after-ms` or `retry-after`, or of a limit that is used up; null where it said nothing. */
  readonly afterMs: number | null
  /** From `x-should-retry`; null where it said nothing. */
  readonly should: boolean | null
}

export type RetryDecision =
  | { readonly kind: 'stop' }
  /** The same call once more. `holdsLane`: the wait is for the whole target, not for this call alone. */
  | { readonly kind: 'again'; readonly waitMs: number; readonly holdsLane: boolean }
  /** The whole pair once more: our own pace was refused, and an arm that waits meets another hour than the other one. */
  | { readonly kind: 'round'; readonly waitMs: number }

const stop: RetryDecision = { kind: 'stop' }

/** Whether the target refused our pace, which says nothing of its model. */
export function isRateLimited(outcome: Outcome): boolean {
  return outcome.kind === 'rejected' && outcome.status === 429
}

/** Where a call stands when its fate is decided. */
export interface Seen {
  /** Tries of this round before this one, and rounds before this one. */
  readonly tries: number
  readonly round: number
  readonly advice: RetryAdvice
  readonly sawBytes: boolean
}

/**
 * 408, 409 and 5xx are tried again, and connections that broke before the first byte of an answer; a timeout is not (a user would
 * have waited in vain), nor is an answer that broke half-way. A 429 has the whole pair asked again. The wait is the server's,
 * else 0.5 s · 2^tries up to 8 s less at most a quarter, as the vendors' own SDKs do.
 */
export function decideRetry(outcome: Outcome, seen: Seen, policy: RetryPolicy, random: Random): RetryDecision {
  if (seen.advice.should === false) return stop
  const waitMs = (after: number) => seen.advice.afterMs ?? Math.min(8000, 500 * 2 ** after) * (1 - random.unit() / 4)
  if (isRateLimited(outcome)) {
    const wait = waitMs(seen.round)
    return seen.round >= policy.rounds || wait > policy.maxWaitMs ? stop : { kind: 'round', waitMs: wait }
  }
  // Only of an error does `x-should-retry` say anything: an answer that came is kept, whatever its headers say.
  const isAdvised = outcome.kind === 'rejected' && seen.advice.should === true
  if (seen.tries >= policy.retries || (!isAdvised && !isTransient(outcome, seen.sawBytes))) return stop
  const wait = waitMs(seen.tries)
  return wait > policy.maxWaitMs ? stop : { kind: 'again', waitMs: wait, holdsLane: seen.advice.afterMs !== null }
}

function isTransient(outcome: Outcome, sawBytes: boolean): boolean {
  switch (outcome.kind) {
    case 'rejected':
      return outcome.status === 408 || outcome.status === 409 || outcome.status >= 500
    case 'broken':
      return !sawBytes
    case 'reply':
    case 'timeout':
    case 'cancelled':
      return false
    default:
      return unreachable(outcome)
  }
}

/**
 * Reads `retry-after-ms`, `retry-after` (seconds or an HTTP date) and `x-should-retry`; where a wait is not told, `quotas` of a 429
 * may say when a limit that is used up is there again.
 */
export function readAdvice(headers: ResponseHeaders, nowMs: number, quotas: readonly Quota[] = []): RetryAdvice {
  const shouldRetry = headerText(headers, 'x-should-retry')
  const told = waitFrom(headerText(headers, 'retry-after-ms'), headerText(headers, 'retry-after'), nowMs)
  return {
    afterMs: told ?? exhaustedFor(quotas),
    should: shouldRetry === 'true' ? true : shouldRetry === 'false' ? false : null,
  }
}

function waitFrom(ms: string | null, after: string | null, nowMs: number): number | null {
  const exact = numberOf(ms)
  if (exact >= 0) return exact
  const seconds = numberOf(after)
  if (seconds >= 0) return seconds * 1000
  if (after === null) return null
  const date = Date.parse(after)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

/** NaN where the header is absent or empty: `Number('')` would be 0, a retry at once. */
function numberOf(header: string | null): number {
  return header === null || header.trim() === '' ? Number.NaN : Number(header)
}
