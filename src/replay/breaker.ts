// When a replay is better stopped: an arm that refuses the key, has not answered for many calls in a row, or asks for a longer wait than is waited.

import type { Attempt, Outcome } from '../core/types.ts'

/** Calls in a row without an answer after which a target counts as down. */
const downAfter = 25
/** Calls in a row after which a target is believed that asks for a longer wait than is waited: each of them may hold it for a while. */
const leftAloneAfter = 5

export type Trip =
  | { readonly kind: 'key-refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Its last word: in how long it wants to be asked again. */
  | { readonly kind: 'left-alone'; readonly waitMs: number; readonly detail: string }

/** Watches the final attempts of one arm. */
export interface Breaker {
  /**
   * Says whether the replay must stop. An attempt that says nothing of the model (no connection, rate limit, gateway down) is
   * held back until the target is heard again: of an outage that stops the run nothing is kept, and the next run asks anew.
   * `unwaitedMs`: the wait that the target asked for, where that is longer than is waited.
   */
  readonly see: (attempt: Attempt, unwaitedMs?: number | null) => Trip | null
  /** At the end of a replay that was not stopped: what is held back did happen. */
  readonly settle: () => void
}

/** `keep` is given each attempt that counts, in order. */
export function createBreaker(keep: (attempt: Attempt) => void): Breaker {
  let held: Attempt[] = []
  let sentAway = 0
  let hasHeard = false
  const release = () => {
    for (const attempt of held) keep(attempt)
    held = []
    sentAway = 0
  }
  return {
    see(attempt, unwaitedMs = null) {
      const { outcome } = attempt
      if (outcome.kind === 'rejected' && isKeyRefusal(outcome.status, hasHeard)) {
        held = []
        return { kind: 'key-refused', status: outcome.status, detail: outcome.detail }
      }
      const silence = silenceOf(outcome) ?? (hasHeard ? null : failureOf(outcome))
      if (silence === null) {
        hasHeard ||= outcome.kind === 'reply'
        release()
        keep(attempt)
        return null
      }
      held.push(attempt)
      if (unwaitedMs !== null) sentAway += 1
      if (unwaitedMs !== null && sentAway >= leftAloneAfter) {
        held = []
        return { kind: 'left-alone', waitMs: unwaitedMs, detail: silence }
      }
      if (held.length < downAfter) return null
      const detail = `${held.length} calls in a row ended in ${silence}`
      held = []
      return { kind: 'unreachable', detail }
    },
    settle: release,
  }
}

/** Gateways say 403 to a prompt, too: from an arm that answered before, it is a measurement. */
function isKeyRefusal(status: number, hasHeard: boolean): boolean {
  return status === 401 || (status === 403 && !hasHeard)
}

/** An arm that never gave an answer: a model that is not there, a page of another server. Slowness is a measurement. */
function failureOf(outcome: Outcome): string | null {
  if (outcome.kind === 'rejected') return `HTTP ${outcome.status}: ${outcome.detail}`
  return outcome.kind === 'broken' ? outcome.detail : null
}

const noConnection =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EPIPE|CERT_|_CERT|SELF_SIGNED|other side closed/

/** What an outcome says of a target that does not work at all; null where it says something of the model. */
function silenceOf(outcome: Outcome): string | null {
  if (outcome.kind === 'rejected' && outcome.status === 429) return 'rate-limited (429)'
  if (outcome.kind === 'rejected' && [502, 503, 504].includes(outcome.status)) return `HTTP ${outcome.status}`
  if (outcome.kind === 'broken' && noConnection.test(outcome.detail)) return outcome.detail
  return outcome.kind === 'timeout' && outcome.phase === 'connect' ? 'no connection' : null
}
