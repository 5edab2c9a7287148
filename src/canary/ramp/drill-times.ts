// When users were drilled: what was served then is no evidence, in neither group, or the groups would not match.

import type { RampEvent } from '../../core/rollout.ts'
import type { Instant } from '../../core/types.ts'

export interface DrillTime {
  readonly from: Instant
  /** Included. */
  readonly to: Instant
}

/** Those that are over. */
export function drillTimesIn(events: readonly RampEvent[]): readonly DrillTime[] {
  const times: DrillTime[] = []
  let from: Instant | null = null
  for (const event of events) {
    if (event.kind !== 'drilled') continue
    if (!event.isOver) from ??= event.at
    else if (from !== null) {
      times.push({ from, to: event.at })
      from = null
    }
  }
  return times
}

export function isWithin(times: readonly DrillTime[], at: Instant): boolean {
  return times.some(({ from, to }) => at >= from && at <= to)
}
