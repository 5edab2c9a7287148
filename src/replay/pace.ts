// When each request is due: as soon as there is a place (closed loop), or when the log says (open loop).

import type { Instant } from '../core/types.ts'

/**
 * ms after the replay's start at which a request captured at `at` is due, where the first was captured at `first` and the log's
 * time runs `timeScale` times faster. null in closed loop, and for a request of which nobody knows when it came.
 */
export function dueMsOf(
  at: Instant | null,
  { first, timeScale }: { readonly first: Instant | null; readonly timeScale: number },
): number | null {
  if (at === null || first === null) return null
  return Math.max(0, Date.parse(at) - Date.parse(first)) / timeScale
}
