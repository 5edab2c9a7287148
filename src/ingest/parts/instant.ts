// Timestamps as logs write them → instants.

import type { Instant, Json } from '../../core/types.ts'

const isoLike = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/i

/** The units that an epoch may be counted in, told apart by size: each begins at 2001-09-09 and ends before 2286. */
const epochUnits = [
  { from: 1e9, to: 1e10, perMs: 1e-3 },
  { from: 1e12, to: 1e13, perMs: 1 },
  { from: 1e15, to: 1e16, perMs: 1e3 },
  { from: 1e18, to: 1e19, perMs: 1e6 },
] as const

/**
 * An instant from ISO 8601 (a space for the T and a missing zone are read as UTC, as exports write them) or from an
 * epoch in seconds, milli-, micro- or nanoseconds, as number or text. null where it is none of these.
 */
export function instantOf(value: Json | undefined): Instant | null {
  if (typeof value === 'number') return fromEpoch(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d{10,19}(?:\.\d+)?$/.test(text)) return fromEpoch(Number(text))
  const match = isoLike.exec(text)
  if (match === null) return null
  const [, day, time = '00:00', fraction = '', zone = 'Z'] = match
  const clock = time.length === 5 ? `${time}:00` : time
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z'
  return fromMs(Date.parse(`${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`))
}

function fromEpoch(value: number): Instant | null {
  const unit = epochUnits.find(({ from, to }) => value >= from && value < to)
  return unit === undefined ? null : fromMs(Math.round(value / unit.perMs))
}

function fromMs(ms: number): Instant | null {
  return Number.isFinite(ms) ? new Date(ms).toISOString() : null
}
