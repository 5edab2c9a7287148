// The journal of a rollout as text: one event a line, only ever added to.

import type { RampEvent } from '../core/rollout.ts'

const kinds = new Set<RampEvent['kind']>([
  'opened',
  'advanced',
  'held',
  'released',
  'rolled-back',
  'flipped',
  'completed',
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

/** A line that was cut off is left out: what it would have done was not done either, since lines are written first. */
export function eventsIn(text: string): ReadJournal {
  const events: RampEvent[] = []
  const torn: number[] = []
  for (const [place, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = eventIn(line)
    if (event === null) torn.push(place + 1)
    else events.push(event)
  }
  return { events, torn }
}

function eventIn(line: string): RampEvent | null {
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
