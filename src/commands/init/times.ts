// When the calls of a log were made: from when to when, how many a day, and on which days none.

import type { Instant } from '../../core/types.ts'

export interface Times {
  readonly first: Instant
  readonly last: Instant
  /** About so many calls come in a day; null where the log is shorter than one, or tells of fewer than one a day. */
  readonly callsPerDay: number | null
  /** Days (UTC) from the first to the last. */
  readonly days: number
  /** Days (UTC) between the first and the last without a call. */
  readonly gaps: readonly string[]
}

const dayMs = 86_400_000

/** null where the log has no times. */
export function timesOf(instants: readonly Instant[]): Times | null {
  const sorted = instants.toSorted()
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return null
  const spanMs = Date.parse(last) - Date.parse(first)
  const perDay = Math.round(sorted.length / (spanMs / dayMs))
  return {
    first,
    last,
    callsPerDay: spanMs < dayMs || perDay < 1 ? null : perDay,
    days: Math.floor((Date.parse(last.slice(0, 10)) - Date.parse(first.slice(0, 10))) / dayMs) + 1,
    gaps: gapsIn(sorted, first, last),
  }
}

function gapsIn(sorted: readonly Instant[], first: Instant, last: Instant): string[] {
  const days = new Set(sorted.map((instant) => instant.slice(0, 10)))
  const gaps: string[] = []
  for (let at = Date.parse(first.slice(0, 10)); at < Date.parse(last.slice(0, 10)); at += dayMs) {
    const day = new Date(at).toISOString().slice(0, 10)
    if (!days.has(day)) gaps.push(day)
  }
  return gaps
}
