// Whether a call is tried again, and when: a pure rule, the same for both arms.

import { unreachable } from '../core/fault.ts'
import type { Random } from '../core/random.ts'
import { type Outcome } from '../core/types.ts'

export interface RetryPolicy {
  /** Further tries after the first. */
  readonly retries: number
  /** A longer wait than this, asked for by the server, ends the call. */
  readonly maxWaitMs: number
}

/** What the server said about trying again. */
export interface RetryAdvice {
  /** From `retry-after-ms` or `retry-after`; null where it said nothing. */
  readonly afterMs: number | null
  /** From `x-should-retry`; null where it said nothing. */
  readonly should: boolean | null
}

export type RetryDecision =
  | { readonly kind: 'stop' }
  /** `holdsLane`: the wait is for the whole target, not for this call alone. */
  | { readonly kind: 'again'; readonly waitMs: number; readonly holdsLane: boolean }

const stop: RetryDecision = { kind: 'stop' }

/**
 * 408, 409, 429 and 5xx are tried again, and connections that broke before the first byte of an answer; a timeout is not
 * (a user would have waited in vain), nor is an answer that broke half-way. The wait is the server's, else
 * 0.5 s · 2^tries up to 8 s less at most a quarter, as the vendors' own SDKs do.
 */
export function decideRetry(
  outcome: Outcome,
  seen: { readonly tries: number; readonly advice: RetryAdvice; readonly sawBytes: boolean },
  policy: RetryPolicy,
  random: Random,
): RetryDecision {
  if (seen.tries >= policy.retries || seen.advice.should === false) return stop
  // Only of an error does `x-should-retry` say anything: an answer that came is kept, whatever its headers say.
  const isAdvised = outcome.kind === 'rejected' && seen.advice.should === true
  if (!isAdvised && !isTransient(outcome, seen.sawBytes)) return stop
  const backOffMs = Math.min(8000, 500 * 2 ** seen.tries) * (1 - random.unit() / 4)
  const waitMs = seen.advice.afterMs ?? backOffMs
  if (waitMs > policy.maxWaitMs) return stop
  return { kind: 'again', waitMs, holdsLane: outcome.kind === 'rejected' && outcome.status === 429 }
}

function isTransient(outcome: Outcome, sawBytes: boolean): boolean {
  switch (outcome.kind) {
    case 'rejected':
      return [408, 409, 429].includes(outcome.status) || outcome.status >= 500
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

/** Reads `retry-after-ms`, `retry-after` (seconds or an HTTP date) and `x-should-retry`. */
export function readAdvice(headers: Readonly<Record<string, string>>, nowMs: number): RetryAdvice {
  const shouldRetry = headers['x-should-retry']
  return {
    afterMs: waitFrom(headers['retry-after-ms'], headers['retry-after'], nowMs),
    should: shouldRetry === 'true' ? true : shouldRetry === 'false' ? false : null,
  }
}

function waitFrom(ms: string | undefined, after: string | undefined, nowMs: number): number | null {
  const exact = numberOf(ms)
  if (exact >= 0) return exact
  const seconds = numberOf(after)
  if (seconds >= 0) return seconds * 1000
  if (after === undefined) return null
  const date = Date.parse(after)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}

/** NaN where the header is absent or empty: `Number('')` would be 0, a retry at once. */
function numberOf(header: string | undefined): number {
  return header === undefined || header.trim() === '' ? Number.NaN : Number(header)
}
