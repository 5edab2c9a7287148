// What a logged HTTP status says of a call: whether production failed, and with what.

import type { Json, RecordedError } from '../core/types.ts'
import { rejectionOf } from '../providers/rejection.ts'
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

/** What production failed with; null where the status is that of an answer. `body` is the error's, where it was logged. */
export function rejectionAt(status: number | null, body: Json): RecordedError | null {
  if (status === null || isAnswered(status)) return null
  const { code, detail } = rejectionOf(status, body)
  return { status, code, message: detail }
}
