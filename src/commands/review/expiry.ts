// Until when a review counts: a date, or so many days from now.

import { Fault } from '../../core/fault.ts'
import type { Instant } from '../../core/types.ts'

const dayMs = 86_400_000

/** null: for ever. Fault: USAGE. */
export function expiryOf(text: string | null, nowMs: number): Instant | null {
  if (text === null) return null
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  const isDate = /^\d{4}-\d\d-\d\d(?:T.+)?$/.test(text)
  const at = days === undefined ? (isDate ? Date.parse(text) : Number.NaN) : nowMs + Number(days) * dayMs
  const hint = 'write 2027-01-31, or 30d for thirty days from now'
  if (Number.isNaN(at)) throw new Fault('USAGE', `"${text}" is no date`, { place: '--expires', hint })
  if (at <= nowMs) throw new Fault('USAGE', `${text} has passed: it would never count`, { place: '--expires', hint })
  return new Date(at).toISOString()
}
