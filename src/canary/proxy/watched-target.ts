// One target of an arm, with its circuit breaker and its counts: each request to it is watched from its beginning to its end.

import { type BreakerLimits, type BreakerState, createBreaker } from './breaker.ts'
import type { ArmConnections, ClientRequest, Exchange, Sink } from './forward.ts'

export interface WatchedTargetOptions {
  readonly connections: ArmConnections
  readonly mostInFlight: number
  readonly breaker: BreakerLimits
  /** Told when its breaker opens, and when it answers again. */
  readonly onChange: (isDown: boolean) => void
  /** A request is over: there is a place. */
  readonly onFree: () => void
  /** Monotonic, in ms. */
  readonly elapsed: () => number
}

export interface TargetCounts {
  readonly inFlight: number
  /** Requests that it was sent, and those that it failed to answer. */
  readonly sent: number
  readonly failed: number
  /** How often it was left alone. */
  readonly opened: number
}

export interface WatchedTarget {
  /** Requests in flight there; null where it can't be asked now. */
  readonly load: () => number | null
  /** Up, and without a place. */
  readonly isFull: () => boolean
  readonly breaker: () => BreakerState
  /** Until it is tried again. */
  readonly waitMs: () => number
  readonly counts: () => TargetCounts
  readonly send: (request: ClientRequest, sink: Sink) => Exchange
}

export function createWatchedTarget(options: WatchedTargetOptions): WatchedTarget {
  const { connections, mostInFlight, onFree, elapsed } = options
  const counts = { inFlight: 0, sent: 0, failed: 0, opened: 0 }
  const breaker = createBreaker(options.breaker, (isOpen) => {
    if (isOpen) counts.opened++
    options.onChange(isOpen)
  })
  const hasPlace = () => counts.inFlight < mostInFlight
  return {
    load: () => (hasPlace() && breaker.admits(elapsed()) ? counts.inFlight : null),
    isFull: () => !hasPlace() && breaker.state(elapsed()) === 'closed',
    breaker: () => breaker.state(elapsed()),
    waitMs: () => breaker.waitMs(elapsed()),
    counts: () => ({ ...counts }),
    send: (request, sink) => {
      const isTrial = breaker.begin()
      counts.inFlight++
      counts.sent++
      let isFailing = false
      const over = (isAnswered: boolean | null) => {
        counts.inFlight--
        if (isAnswered === false) counts.failed++
        breaker.end({ isTrial, isAnswered, nowMs: elapsed() })
        onFree()
      }
      return connections.send(request, {
        start: (status, headers) => {
          isFailing = status >= 500
          if (!isFailing) breaker.hear(isTrial)
          sink.start(status, headers)
        },
        data: sink.data,
        end: () => {
          over(!isFailing)
          sink.end()
        },
        fail: (failure) => {
          over(failure.kind === 'left' ? null : false)
          sink.fail(failure)
        },
      })
    },
  }
}
