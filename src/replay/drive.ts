// The engine: walks the plan, keeps both lanes busy, hands every attempt to the sink.

import type { Clock } from '../core/clock.ts'
import { seededBy } from '../core/random.ts'
import { type Arm, type Attempt, arms, type JsonObject } from '../core/types.ts'
import { createBreaker, type Trip } from './breaker.ts'
import { cleaned } from './clean.ts'
import type { Exchange } from './exchange.ts'
import type { Lane } from './lane.ts'
import type { Call, Unit } from './plan.ts'
import { decideRetry, type RetryPolicy } from './retry.ts'

/** An arm, ready to be asked. */
export interface DrivenArm {
  readonly lane: Lane
  readonly send: (body: JsonObject, options: { stream: boolean; signal: AbortSignal }) => Promise<Exchange>
  readonly retry: RetryPolicy
}

export interface DriveOptions {
  /** Read lazily: the plan is never held whole. */
  readonly units: AsyncIterable<Unit>
  readonly arms: Readonly<Record<Arm, DrivenArm>>
  /** Whether this record is asked for as a stream. */
  readonly isStreamed: (unit: Unit) => boolean
  /** Units in progress at a time: some more than the lanes can take, so that they never run dry. */
  readonly window: number
  readonly seed: number
  readonly clock: Clock
  /** Called for each attempt as it ends; must not block. */
  readonly onAttempt: (attempt: Attempt) => void
  /** Aborted: start nothing new, let what runs come to its end. */
  readonly drain: AbortSignal
  /** Aborted: break off what runs. What is broken off is not stored. */
  readonly leave: AbortSignal
}

export interface DriveResult {
  /** False where the replay was stopped before the plan's end. */
  readonly isComplete: boolean
  /** Why an arm was given up. */
  readonly trip: { readonly arm: Arm; readonly trip: Trip } | null
}

/**
 * Replays every unit. Both arms of a record are asked back to back, each through its own lane. What `units` or `onAttempt`
 * throws is thrown here, once all that runs has come to its end: nothing writes to a sink that was closed meanwhile.
 */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const tripped = new AbortController()
  const drain = AbortSignal.any([options.drain, options.leave, tripped.signal])
  const breakers = { production: createBreaker(options.onAttempt), candidate: createBreaker(options.onAttempt) }
  const state: { trip: DriveResult['trip']; bug: { error: unknown } | null } = { trip: null, bug: null }
  const onBug = (error: unknown) => {
    state.bug ??= { error }
    tripped.abort()
  }
  const onFinal = (attempt: Attempt) => {
    const trip = breakers[attempt.arm].see(attempt)
    if (!trip || state.trip) return
    state.trip = { arm: attempt.arm, trip }
    tripped.abort()
  }
  const start = (unit: Unit) =>
    Promise.all(unit.calls.map((call) => ask({ unit, call, options, drain, onFinal }).catch(onBug)))
  await walk(options, drain, start).catch(onBug)
  for (const arm of arms) if (!state.bug && state.trip?.arm !== arm) breakers[arm].settle()
  if (state.bug) throw state.bug.error
  return { isComplete: !drain.aborted, trip: state.trip }
}

/** Keeps as many units in progress as the window holds; ends when those begun have ended. */
async function walk(
  { units, window }: DriveOptions,
  drain: AbortSignal,
  start: (unit: Unit) => Promise<unknown>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  try {
    for await (const unit of units) {
      if (drain.aborted) return
      const ended: Promise<void> = start(unit).then(() => void running.delete(ended))
      running.add(ended)
      if (running.size >= window) await Promise.race(running)
    }
  } finally {
    await Promise.all(running)
  }
}

interface Ask {
  readonly unit: Unit
  readonly call: Call
  readonly options: DriveOptions
  readonly drain: AbortSignal
  readonly onFinal: (attempt: Attempt) => void
}

/** One call with all its tries, holding its place in the lane until it is done. */
function ask({ unit, call, options, drain, onFinal }: Ask): Promise<void> {
  const { lane, send, retry } = options.arms[call.arm]
  const stream = options.isStreamed(unit)
  return lane.run(async (freeAtMs) => {
    let dueAtMs = freeAtMs
    const random = seededBy(options.seed, 'retry', call.recordId, call.arm, String(call.trial))
    for (let tries = 0; ; tries++) {
      await lane.passHold(drain)
      if (drain.aborted) return
      const exchange = await send(unit.record.body, { stream, signal: options.leave })
      if (exchange.outcome.kind === 'cancelled') return
      const decision = decideRetry(
        exchange.outcome,
        { tries, advice: exchange.advice, sawBytes: exchange.sawBytes },
        retry,
        random,
      )
      const attempt = attemptOf(call, { tries, isFinal: decision.kind === 'stop', dueAtMs }, exchange)
      if (decision.kind === 'stop') {
        // The tries are used up; what the server asked for still holds for everybody else.
        if (isRateLimited(exchange)) lane.hold(Math.min(exchange.advice.afterMs ?? 0, retry.maxWaitMs))
        return onFinal(attempt)
      }
      options.onAttempt(attempt)
      dueAtMs = options.clock.now() + decision.waitMs
      if (decision.holdsLane) lane.hold(decision.waitMs)
      else await options.clock.sleep(decision.waitMs, drain)
      if (drain.aborted) return
    }
  })
}

function isRateLimited({ outcome }: Exchange): boolean {
  return outcome.kind === 'rejected' && outcome.status === 429
}

function attemptOf(call: Call, at: { tries: number; isFinal: boolean; dueAtMs: number }, exchange: Exchange): Attempt {
  return {
    recordId: call.recordId,
    arm: call.arm,
    trial: call.trial,
    position: call.position,
    tries: at.tries,
    isFinal: at.isFinal,
    // A timer may end a wait a millisecond early.
    dueAt: new Date(Math.min(at.dueAtMs, exchange.sentAtMs)).toISOString(),
    sentAt: new Date(exchange.sentAtMs).toISOString(),
    timing: exchange.timing,
    outcome: cleaned(exchange.outcome),
    httpStatus: exchange.httpStatus,
  }
}
