// When a replay is better stopped: an arm that refuses the key, or that has not answered for many calls in a row.

import type { Outcome } from '../core/types.ts'

/** Calls in a row without an answer after which a target counts as down. */
const downAfter = 25

export type Trip =
  | { readonly kind: 'key-refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string }

/** Watches the final outcomes of one arm; `see` says whether the replay must stop. */
export function createBreaker(): { readonly see: (outcome: Outcome) => Trip | null } {
  let inARow = 0
  return {
    see(outcome) {
      if (outcome.kind === 'rejected' && (outcome.status === 401 || outcome.status === 403)) {
        return { kind: 'key-refused', status: outcome.status, detail: outcome.detail }
      }
      const silence = silenceOf(outcome)
      inARow = silence === null ? 0 : inARow + 1
      return silence !== null && inARow >= downAfter
        ? { kind: 'unreachable', detail: `${silence}, ${inARow} calls in a row` }
        : null
    },
  }
}

/** What an outcome says of a target that does not work at all; null where it says something of the model. */
function silenceOf(outcome: Outcome): string | null {
  if (outcome.kind === 'rejected' && outcome.status === 429) return 'rate-limited (429)'
  if (outcome.kind === 'rejected' && [502, 503, 504].includes(outcome.status)) return `HTTP ${outcome.status}`
  if (
    outcome.kind === 'broken' &&
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|other side closed/.test(outcome.detail)
  ) {
    return outcome.detail
  }
  return outcome.kind === 'timeout' && outcome.phase === 'connect' ? 'no connection' : null
}
