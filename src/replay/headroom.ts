// What a target's headers say of its limits, and how long to wait so that a share of them stays free.

import { headerText, type ResponseHeaders } from '../providers/response-headers.ts'

/** One limit as a response's headers tell it. */
export interface Quota {
  readonly limit: number
  readonly remaining: number
  /** ms until the whole limit is there again. */
  readonly resetMs: number
}

/**
 * Names by vendor: OpenAI, Groq, Azure (durations: "1s", "6m0s", "120ms"), Anthropic (RFC 3339). Sources: platform.openai.com
 * "Rate limits in headers", docs.anthropic.com "Response headers".
 */
const families = [
  ...['requests', 'tokens'].map((what) => ({
    limit: `x-ratelimit-limit-${what}`,
    remaining: `x-ratelimit-remaining-${what}`,
    reset: `x-ratelimit-reset-${what}`,
  })),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map((what) => ({
    limit: `anthropic-ratelimit-${what}-limit`,
    remaining: `anthropic-ratelimit-${what}-remaining`,
    reset: `anthropic-ratelimit-${what}-reset`,
  })),
]

/** Every limit of which limit, rest and reset are told. */
export function quotasIn(headers: ResponseHeaders, nowMs: number): Quota[] {
  return families.flatMap((family) => {
    const remaining = numberIn(headerText(headers, family.remaining))
    if (remaining === null) return []
    const limit = numberIn(headerText(headers, family.limit))
    const resetMs = durationIn(headerText(headers, family.reset), nowMs)
    return limit === null || resetMs === null || limit <= 0 ? [] : [{ limit, remaining, resetMs }]
  })
}

/**
 * ms until `keepFree` (0..1) of every limit is there: production lives from the same key. A limit fills evenly up to its reset, so
 * what is missing comes in that part of the time. 0 where enough is free.
 */
export function waitForShare(quotas: readonly Quota[], keepFree: number): number {
  const waits = quotas.map(({ limit, remaining, resetMs }) => {
    const missing = keepFree * limit - remaining
    return missing <= 0 ? 0 : resetMs * Math.min(1, missing / Math.max(1, limit - remaining))
  })
  return Math.max(0, ...waits)
}

/** ms until a limit that is used up is there again; null where none is. What a 429 without `retry-after` means. */
export function exhaustedFor(quotas: readonly Quota[]): number | null {
  const resets = quotas.filter(({ remaining }) => remaining <= 0).map(({ resetMs }) => resetMs)
  return resets.length === 0 ? null : Math.max(...resets)
}

function numberIn(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  const number = Number(text)
  return Number.isFinite(number) && number >= 0 ? number : null
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** "6m0s", "1.5s", "120ms", bare seconds, or an instant. */
function durationIn(text: string | null, nowMs: number): number | null {
  if (text === null) return null
  const trimmed = text.trim()
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(trimmed)) {
    const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)]
    return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
  }
  const seconds = numberIn(trimmed)
  if (seconds !== null) return seconds * 1000
  const instant = Date.parse(trimmed)
  return Number.isNaN(instant) ? null : Math.max(0, instant - nowMs)
}
