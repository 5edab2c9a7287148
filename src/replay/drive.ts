// The engine: walks the plan, keeps both lanes busy, hands every attempt to the sink.

import type { Clock } from '../core/clock.ts'
import { seededBy } from '../core/random.ts'
import type { Arm, Attempt, JsonObject, Outcome } from '../core/types.ts'
import { createBreaker, type Trip } from './breaker.ts'
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

/** Replays every unit. Both arms of a record are asked back to back, each through its own lane. */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const tripped = new AbortController()
  const drain = AbortSignal.any([options.drain, tripped.signal])
  const breakers = { production: createBreaker(), candidate: createBreaker() }
  const state: { trip: DriveResult['trip'] } = { trip: null }
  const onFinal = (arm: Arm, outcome: Outcome) => {
    const trip = breakers[arm].see(outcome)
    if (!trip || state.trip) return
    state.trip = { arm, trip }
    tripped.abort()
  }
  const running = new Set<Promise<void>>()
  let isComplete = true
  for await (const unit of options.units) {
    if (drain.aborted) {
      isComplete = false
      break
    }
    const calls = unit.calls.map((call) => ask({ unit, call, options, drain, onFinal }))
    const done = Promise.all(calls).then(() => void running.delete(done))
    running.add(done)
    if (running.size >= options.window) await Promise.race(running)
  }
  await Promise.all(running)
  return { isComplete: isComplete && !drain.aborted && !options.leave.aborted, trip: state.trip }
}

interface Ask {
  readonly unit: Unit
  readonly call: Call
  readonly options: DriveOptions
  readonly drain: AbortSignal
  readonly onFinal: (arm: Arm, outcome: Outcome) => void
}

/** One call with all its tries, holding its place in the lane until it is done. */
function ask({ unit, call, options, drain, onFinal }: Ask): Promise<void> {
  const { lane, send, retry } = options.arms[call.arm]
  const stream = options.isStreamed(unit)
  return lane.run(async (dueAtMs) => {
    const random = seededBy(options.seed, 'retry', call.recordId, call.arm, String(call.trial))
    for (let tries = call.triesBefore; ; tries++) {
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
      const isFinal = decision.kind === 'stop'
      options.onAttempt(attemptOf(call, { tries, isFinal, dueAtMs }, exchange))
      if (isFinal) return onFinal(call.arm, exchange.outcome)
      if (decision.holdsLane) lane.hold(decision.waitMs)
      else await options.clock.sleep(decision.waitMs, drain)
      if (drain.aborted) return
    }
  })
}

function attemptOf(call: Call, at: { tries: number; isFinal: boolean; dueAtMs: number }, exchange: Exchange): Attempt {
  return {
    recordId: call.recordId,
    arm: call.arm,
    trial: call.trial,
    position: call.position,
    tries: at.tries,
    isFinal: at.isFinal,
    dueAt: new Date(at.dueAtMs).toISOString(),
    sentAt: new Date(exchange.sentAtMs).toISOString(),
    timing: exchange.timing,
    outcome: exchange.outcome,
    httpStatus: exchange.httpStatus,
  }
}
