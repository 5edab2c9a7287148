// A circuit breaker: a target that fails many times in a row is left alone for a while, and then tried with one request.

export interface BreakerLimits {
  /** Failures in a row that open it. In a row, since a target that answers now and then is not down. */
  readonly failures: number
  /** So long nothing is sent. */
  readonly openMs: number
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** Time is the caller's, in ms that never go back. */
export interface Breaker {
  readonly state: (nowMs: number) => BreakerState
  /** Whether a request may be sent: while half-open one alone, until it is over. */
  readonly admits: (nowMs: number) => boolean
  /** A request that was admitted is sent. Says whether it is the one that tries a target again. */
  readonly begin: () => boolean
  /** A sound head came. That a target answers again is known by it: a stream may last minutes more. */
  readonly hear: (isTrial: boolean) => void
  /** The request is over; null where nobody can say how, since the client left. */
  readonly end: (ended: {
    readonly isTrial: boolean
    readonly isAnswered: boolean | null
    readonly nowMs: number
  }) => void
  /** Until a request is admitted again; 0 where it is now. */
  readonly waitMs: (nowMs: number) => number
}

/**
 * `onChange` is told when it opens and when it closes. `cockatiel` 4 holds back whoever asks while its trial runs, until that has ended:
 * here these would wait for a whole stream of somebody else's. This costs a request two comparisons, and no promise.
 */
export function createBreaker(
  { failures, openMs }: BreakerLimits,
  onChange: (isOpen: boolean) => void = () => {},
): Breaker {
  let inARow = 0
  let openedAt: number | null = null
  let isTrying = false
  const close = () => {
    inARow = 0
    isTrying = false
    if (openedAt === null) return
    openedAt = null
    onChange(false)
  }
  const waitMs = (nowMs: number) => (openedAt === null ? 0 : Math.max(0, openedAt + openMs - nowMs))
  return {
    state: (nowMs) => {
      if (openedAt === null) return 'closed'
      return waitMs(nowMs) > 0 ? 'open' : 'half-open'
    },
    admits: (nowMs) => openedAt === null || (!isTrying && waitMs(nowMs) === 0),
    begin: () => {
      if (openedAt === null) return false
      isTrying = true
      return true
    },
    hear: (isTrial) => {
      if (isTrial) close()
    },
    end: ({ isTrial, isAnswered, nowMs }) => {
      if (openedAt !== null) {
        // What was sent before it opened says nothing of now.
        if (!isTrial) return
        isTrying = false
        if (isAnswered === true) close()
        else if (isAnswered === false) openedAt = nowMs
        return
      }
      if (isAnswered === null) return
      inARow = isAnswered ? 0 : inARow + 1
      if (inARow < failures) return
      openedAt = nowMs
      onChange(true)
    },
    waitMs,
  }
}
