// A logged HTTP status, and whether it is that of an answer; what a call failed with is `failure`'s.

import type { Json } from '../../core/types.ts'
import { countOf } from './counted.ts'

/** The status as a number, 100 to 599; null where there is none: tools write 0 or less for a call that was broken off. */
export function statusOf(value: Json | undefined): number | null {
  const status = countOf(value)
  return status !== null && status >= 100 && status < 600 ? status : null
}

/** Whether the status is that of an answer. null is no status, which says nothing. */
export function isAnswered(status: number | null): boolean {
  return status === null || (status >= 200 && status < 300)
}
