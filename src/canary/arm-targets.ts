// The targets of one arm as one: picks who is asked, leaves alone who is down, and asks another where one gave no answer.

import type { Clock } from '../core/clock.ts'
import { type Balanced, createBalance, type Leaning } from './balance.ts'
import { type BreakerLimits, type BreakerState, createBreaker } from './breaker.ts'
import type { ArmConnections, ClientRequest, Exchange, Failure, Sink } from './forward.ts'
import { createWaiting, type WaitingLimits } from './waiting.ts'

export interface ArmTarget extends Balanced {
  readonly connections: ArmConnections
}

export interface ArmTargetsOptions {
  readonly targets: readonly ArmTarget[]
  /** To each of them. */
  readonly mostInFlight: number
  readonly waiting: WaitingLimits
  readonly breaker: BreakerLimits
  /** Whether another target may answer better than with this status. */
  readonly isFailure: (status: number) => boolean
  /** Nobody else is asked once so much time has passed: who asks has waited as long as one may. */
  readonly totalMs: number
  readonly clock: Clock
}

export interface Order {
  readonly leaning: Leaning
  /** Whether it may be asked twice. */
  readonly isRepeatable: boolean
  readonly requestTo: (target: number) => ClientRequest
}

export interface TargetState {
  readonly name: string
  readonly breaker: BreakerState
  /** Until a target that is down is tried again. */
  readonly waitMs: number
  readonly inFlight: number
  /** Requests that it was sent, and those that it failed to answer. */
  readonly sent: number
  readonly failed: number
}

export interface ArmTargets {
  /** Where no target takes it, it fails as `unsent`, perhaps before this returns. */
  readonly send: (order: Order, sink: Sink) => Exchange
  readonly states: () => readonly TargetState[]
  /** Requests that wait for a place. */
  readonly waiting: () => number
  readonly close: () => Promise<void>
  readonly destroy: () => Promise<void>
}

export function createArmTargets(options: ArmTargetsOptions): ArmTargets {
  const { mostInFlight, clock } = options
  const balance = createBalance(options.targets)
  const waiting = createWaiting(options.waiting)
  const targets = options.targets.map(({ name, connections }) => ({
    name,
    connections,
    breaker: createBreaker(options.breaker),
    inFlight: 0,
    sent: 0,
    failed: 0,
  }))

  /** How much a target has to do; null where it can't be asked. `tried`: who has failed this request. */
  const loads = (tried: ReadonlySet<number>) => {
    const nowMs = clock.elapsed()
    return (at: number): number | null => {
      const target = targets[at]
      if (target === undefined || tried.has(at) || target.inFlight >= mostInFlight) return null
      return target.breaker.admits(nowMs) ? target.inFlight : null
    }
  }
  const isAnyFree = (tried: ReadonlySet<number>) => {
    const load = loads(tried)
    return targets.some((_, at) => load(at) !== null)
  }

  /** Whether waiting helps: somebody who is up has no place. */
  const isBusy = (tried: ReadonlySet<number>) => {
    const nowMs = clock.elapsed()
    return targets.some(({ breaker, inFlight }, at) => {
      return !tried.has(at) && inFlight >= mostInFlight && breaker.state(nowMs) === 'closed'
    })
  }

  const unsent = (): Failure => {
    const nowMs = clock.elapsed()
    const waits = targets.map(({ breaker }) => breaker.waitMs(nowMs))
    const isDown = targets.every(({ breaker }) => breaker.state(nowMs) !== 'closed')
    const retryAfterSeconds = Math.max(1, Math.ceil(Math.min(...waits) / 1000))
    const detail = isDown ? 'it failed many times in a row, and is left alone for a while' : 'it has no room'
    return { kind: 'unsent', detail, retryAfterSeconds }
  }

  function send(order: Order, sink: Sink): Exchange {
    const begunAt = clock.elapsed()
    let tried: ReadonlySet<number> = nobody
    let current: Exchange | null = null
    let leaveQueue: (() => void) | null = null
    const canAskAnother = (after: number) =>
      order.isRepeatable &&
      targets.length > 1 &&
      clock.elapsed() - begunAt < options.totalMs &&
      isAnyFree(new Set([...tried, after]))

    /** Whether somebody takes it. */
    const ask = (): boolean => {
      const at = balance.pick(loads(tried), order.leaning)
      const target = at === null ? undefined : targets[at]
      if (at === null || target === undefined) return false
      const request = made(order, at)
      if (request === null) {
        sink.fail({ kind: 'broken', detail: 'the request can not be put into its words' })
        return true
      }
      const isTrial = target.breaker.begin()
      target.inFlight++
      target.sent++
      let [hasStarted, isHeldBack, isFailing] = [false, false, false]
      const over = (isAnswered: boolean | null) => {
        target.inFlight--
        if (isAnswered === false) target.failed++
        target.breaker.end({ isTrial, isAnswered, nowMs: clock.elapsed() })
        waiting.admit()
      }
      const askAnother = (failure: Failure) => {
        tried = new Set([...tried, at])
        if (!ask()) sink.fail(failure)
      }
      const exchange = target.connections.send(request, {
        start: (status, headers) => {
          isFailing = status >= 500
          if (!isFailing) target.breaker.hear(isTrial)
          isHeldBack = options.isFailure(status) && canAskAnother(at)
          if (isHeldBack) return
          hasStarted = true
          sink.start(status, headers)
        },
        data: (chunk) => isHeldBack || sink.data(chunk),
        end: () => {
          over(!isFailing)
          if (isHeldBack) askAnother({ kind: 'broken', detail: 'its answer was an error' })
          else sink.end()
        },
        fail: (failure) => {
          over(failure.kind === 'left' ? null : false)
          if (failure.kind !== 'left' && !hasStarted && canAskAnother(at)) askAnother(failure)
          else sink.fail(failure)
        },
      })
      // Subtle: where it failed at once, another one is asked already.
      if (!tried.has(at)) current = exchange
      return true
    }

    const wait = () => {
      if (!isBusy(tried)) return sink.fail(unsent())
      const giveUp = () => {
        leaveQueue = null
        sink.fail(unsent())
      }
      const go = () => {
        leaveQueue = null
        if (!ask()) sink.fail(unsent())
      }
      leaveQueue = waiting.join({ canGo: () => isAnyFree(tried), go, giveUp })
      if (leaveQueue === null) sink.fail(unsent())
    }
    if (!ask()) wait()
    return {
      resume: () => current?.resume(),
      leave: () => {
        if (leaveQueue === null) return current?.leave()
        leaveQueue()
        leaveQueue = null
        sink.fail({ kind: 'left', detail: 'the client went away' })
      },
    }
  }

  return {
    send,
    states: () => {
      const nowMs = clock.elapsed()
      return targets.map(({ name, breaker, inFlight, sent, failed }) => {
        return { name, breaker: breaker.state(nowMs), waitMs: breaker.waitMs(nowMs), inFlight, sent, failed }
      })
    },
    waiting: waiting.length,
    close: async () => void (await Promise.all(targets.map(({ connections }) => connections.close()))),
    destroy: async () => void (await Promise.all(targets.map(({ connections }) => connections.destroy()))),
  }
}

const nobody: ReadonlySet<number> = new Set()

/** A request that only one arm can't be asked is that arm's failure, and nobody's else. */
function made({ requestTo }: Order, at: number): ClientRequest | null {
  try {
    return requestTo(at)
  } catch {
    return null
  }
}
