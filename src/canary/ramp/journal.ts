// The journal of a rollout as text: one event a line, only ever added to.

import type { RampEvent } from '../../core/rollout.ts'
import type { Instant } from '../../core/types.ts'

const kinds = new Set<RampEvent['kind']>([
  'opened',
  'advanced',
  'held',
  'released',
  'rolled-back',
  'flipped',
  'completed',
  'forgotten',
  'drilled',
  'reconfigured',
])

export function lineOf(event: RampEvent): string {
  return `${JSON.stringify(event)}\n`
}

export interface ReadJournal {
  readonly events: readonly RampEvent[]
  /** Lines that are no events, from 1: what a kill or a full disk cut off. */
  readonly torn: readonly number[]
}

/**
 * A line that was cut off is left out: what it would have done was not done either, since lines are written first. A rollback alone was
 * done before, and stands with what is left of its line; where the whole of it comes next, by that.
 */
export function eventsIn(text: string): ReadJournal {
  const events: RampEvent[] = []
  const torn: number[] = []
  let isCutOff = false
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = eventIn(line)
    const rollback = event === null ? cutOffRollback(line, events.at(-1)?.at ?? '') : null
    if (event === null && rollback === null) torn.push(place + 1)
    if (isCutOff && event?.kind === 'rolled-back') events.pop()
    events.push(...(event === null ? [] : [event]), ...(rollback === null ? [] : [rollback]))
    isCutOff = rollback !== null
  }
  return { events, torn }
}

/** So much tells a rollback from all others. */
const rollbackStart = '{"kind":"ro'

/** `before`: when the event before it was. */
function cutOffRollback(line: string, before: Instant): RampEvent | null {
  if (!line.startsWith(rollbackStart)) return null
  const at = /"at":"([^"]+)"/.exec(line)?.[1] ?? before
  const because = 'it was rolled back; the line of the journal that says why was cut off'
  return { kind: 'rolled-back', at, by: { kind: 'ramp' }, because, evaluation: null, tripped: null }
}

/** null where the line is not whole. */
export function eventIn(line: string): RampEvent | null {
  try {
    const event: unknown = JSON.parse(line)
    return isEvent(event) ? event : null
  } catch {
    return null
  }
}

function isEvent(value: unknown): value is RampEvent {
  if (typeof value !== 'object' || value === null) return false
  const { kind, at, by } = value as Partial<RampEvent>
  return kind !== undefined && kinds.has(kind) && typeof at === 'string' && typeof by === 'object'
}
