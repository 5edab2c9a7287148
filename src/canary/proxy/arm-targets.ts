// The targets of one arm as one: picks who is asked, leaves alone who is down, and asks another where one gave no answer.

import type { Clock } from '../../core/clock.ts'
import { type Balanced, createBalance, type Leaning } from './balance.ts'
import type { BreakerLimits, BreakerState } from './breaker.ts'
import { errorTextMs } from './failing.ts'
import type { ArmConnections, ClientRequest, Exchange, Failure, Sink } from './forward.ts'
import { createWaiting, type WaitingLimits } from './waiting.ts'
import { createWatchedTarget, type TargetCounts } from './watched-target.ts'

export interface ArmTarget extends Balanced {
  readonly connections: ArmConnections
  /** It is the control's own, which is asked there before anywhere else; nobody else is. */
  readonly isControls?: boolean
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
  /** Told when a target's breaker opens, and when the target answers again. */
  readonly onChange: (target: string, isDown: boolean) => void
  readonly clock: Clock
}

export interface Order {
  readonly leaning: Leaning
  readonly isControl?: boolean
  /** Whether it may be asked twice. */
  readonly isRepeatable: boolean
  readonly requestTo: (target: number) => ClientRequest
}

export interface TargetState extends TargetCounts {
  readonly name: string
  readonly breaker: BreakerState
  /** Until a target that is down is tried again. */
  readonly waitMs: number
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
  const { elapsed } = options.clock
  const { mostInFlight, breaker } = options
  const balance = createBalance(options.targets)
  const waiting = createWaiting(options.waiting)
  const targets = options.targets.map(({ name, connections }) =>
    createWatchedTarget({
      connections,
      mostInFlight,
      breaker,
      onChange: (isDown) => options.onChange(name, isDown),
      onFree: waiting.admit,
      elapsed,
    }),
  )
  const ofControl = options.targets.findIndex(({ isControls }) => isControls === true)
  const isFor = (order: Order, at: number) => at !== ofControl || order.isControl === true
  const loadFor = (order: Order, at: number, tried: ReadonlySet<number>) =>
    tried.has(at) || !isFor(order, at) ? null : (targets[at]?.load() ?? null)
  const isAnyFree = (order: Order, tried: ReadonlySet<number>) =>
    targets.some((_, at) => loadFor(order, at, tried) !== null)
  const pick = (order: Order, tried: ReadonlySet<number>) =>
    loadFor(order, ofControl, tried) === null
      ? balance.pick((each) => loadFor(order, each, tried), order.leaning)
      : ofControl

  const unsent = (order: Order): Failure => {
    const asked = targets.filter((_, at) => isFor(order, at))
    const isDown = asked.every((target) => target.breaker() !== 'closed')
    const waitMs = Math.min(...asked.map((target) => target.waitMs()))
    const detail = isDown ? 'it failed many times in a row, and is left alone for a while' : 'it has no room'
    return { kind: 'unsent', detail, retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) }
  }

  function send(order: Order, sink: Sink): Exchange {
    const begunAt = elapsed()
    /** Who has failed this request. */
    let tried: ReadonlySet<number> = nobody
    let current: Exchange | null = null
    let leaveQueue: (() => void) | null = null

    const canAskAnother = (after: number) =>
      order.isRepeatable &&
      targets.length > 1 &&
      elapsed() - begunAt < options.totalMs &&
      isAnyFree(order, new Set([...tried, after]))

    const askAnother = (after: number, failure: Failure) => {
      tried = new Set([...tried, after])
      if (!ask()) sink.fail(failure)
    }

    /** Whether somebody takes it. */
    const ask = (): boolean => {
      const at = pick(order, tried)
      const target = at === null ? undefined : targets[at]
      if (at === null || target === undefined) return false
      const request = made(order, at)
      if (request === null) {
        sink.fail({ kind: 'broken', detail: "the request can't be put into its words" })
        return true
      }
      let [hasStarted, isHeldBack] = [false, false]
      const exchange = target.send(request, {
        start: (status, headers) => {
          isHeldBack = options.isFailure(status) && canAskAnother(at)
          if (isHeldBack) return current?.endWithin?.(errorTextMs)
          hasStarted = true
          sink.start(status, headers)
        },
        data: (chunk) => isHeldBack || sink.data(chunk),
        end: () => {
          if (isHeldBack) askAnother(at, { kind: 'broken', detail: 'its answer was an error' })
          else sink.end()
        },
        fail: (failure) => {
          if (failure.kind !== 'left' && !hasStarted && canAskAnother(at)) askAnother(at, failure)
          else sink.fail(failure)
        },
      })
      // Subtle: where it failed at once, another one is asked already.
      if (!tried.has(at)) current = exchange
      return true
    }

    const wait = () => {
      const giveUp = () => {
        leaveQueue = null
        sink.fail(unsent(order))
      }
      const go = () => {
        leaveQueue = null
        if (!ask()) sink.fail(unsent(order))
      }
      const isWorthIt = targets.some((target, at) => isFor(order, at) && target.isFull())
      leaveQueue = isWorthIt ? waiting.join({ canGo: () => isAnyFree(order, tried), go, giveUp }) : null
      if (leaveQueue === null) sink.fail(unsent(order))
    }

    if (!ask()) wait()
    const leave = () => {
      if (leaveQueue === null) return current?.leave()
      leaveQueue()
      leaveQueue = null
      sink.fail({ kind: 'left', detail: 'the client went away' })
    }
    return new Sending(() => current, leave)
  }

  const all = (act: (connections: ArmConnections) => Promise<void>) => async () => {
    await Promise.all(options.targets.map(({ connections }) => act(connections)))
  }
  return {
    send,
    states: () =>
      targets.map((target, at) => ({
        name: options.targets[at]?.name ?? '',
        breaker: target.breaker(),
        waitMs: target.waitMs(),
        ...target.counts(),
      })),
    waiting: waiting.length,
    close: all((connections) => connections.close()),
    destroy: all((connections) => connections.destroy()),
  }
}

/**
 * A class for its getter. One that an object literal has is made anew for each request, and V8 gives up what it closes over at a full
 * collection alone: the short ones between copied all requests that were over, and took 20 to 200 ms in place of one.
 */
class Sending implements Exchange {
  readonly #current: () => Exchange | null
  readonly leave: () => void

  constructor(current: () => Exchange | null, leave: () => void) {
    this.#current = current
    this.leave = leave
  }

  get drill(): string | undefined {
    return this.#current()?.drill
  }

  resume(): void {
    this.#current()?.resume()
  }

  endWithin(ms: number): void {
    this.#current()?.endWithin?.(ms)
  }
}

const nobody: ReadonlySet<number> = new Set()

/** A request that can't be put into one arm's words is a failure of that arm, and no reason to fail whoever asked. */
function made({ requestTo }: Order, at: number): ClientRequest | null {
  try {
    return requestTo(at)
  } catch {
    return null
  }
}
