// Instants as people read them, in UTC: in reports, in messages and on the terminal alike.

import type { Instant } from './types.ts'

/** `2026-11-23 02:30:00 UTC`. */
export function instant(at: Instant): string {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.\d+)?Z$/.exec(at)
  return match ? `${match[1]} ${match[2]} UTC` : at
}

/** The same without its seconds: `2026-11-23 02:30 UTC`. */
export function minute(at: Instant): string {
  return instant(at).replace(/:\d{2} UTC$/, ' UTC')
}

/** Its day alone: `2026-11-23`. */
export function day(at: Instant): string {
  return at.slice(0, 10)
}
