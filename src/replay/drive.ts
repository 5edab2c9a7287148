// The engine: walks the plan, keeps both lanes busy, hands every attempt to the sink.

import type { Clock } from '../core/clock.ts'
import { type Arm, type Attempt, arms } from '../core/types.ts'
import { createBell } from './bell.ts'
import { createBreaker, type Trip } from './breaker.ts'
import type { Unit } from './plan.ts'
import type { RetryPolicy } from './retry.ts'
import { type Asking, askTrial, type DrivenArm } from './trial.ts'
import { createValve, type Valve } from './valve.ts'

/** What is sent to whom, how fast, and who is told. */
export interface DriveOptions {
  /** Read lazily: the plan is never held whole. */
  readonly units: AsyncIterable<Unit>
  readonly arms: Readonly<Record<Arm, DrivenArm>>
  readonly retry: RetryPolicy
  /** Share of the targets' limits, 0..1, that is left to production. */
  readonly keepFree: number
  /** Units in progress at a time: some more than the lanes can take, so that they never run dry. An open loop has no window. */
  readonly window: number
  readonly seed: number
  readonly clock: Clock
  /** Shut: the replay pauses. */
  readonly valve?: Valve
  /** Called for each attempt as it ends; must not block. */
  readonly onAttempt: (attempt: Attempt) => void
  /** Called for each unit that came to its end, whatever that was. */
  readonly onUnitEnd?: (unit: Unit) => void
  /** Aborted: start nothing new, let what runs come to its end. */
  readonly drain: AbortSignal
}

/** How a replay ended. */
export interface DriveResult {
  /** False where the replay was stopped before the plan's end. */
  readonly isComplete: boolean
  /** Why an arm was given up. */
  readonly trip: { readonly arm: Arm; readonly trip: Trip } | null
}

/** Turns that wait for the one before them, at most: what a long conversation reads ahead. */
const maxWaiting = 1000
/** In an open loop what is late piles up; more than this, and the replay measures nothing but itself. */
export const maxOpen = 20_000

/**
 * Replays every unit. Both arms of a trial are asked back to back; the turns of a conversation one after the other. What `units`
 * or `onAttempt` throws is thrown here, once all that runs has come to its end: nothing writes to a sink that was closed meanwhile.
 */
export async function drive(options: DriveOptions): Promise<DriveResult> {
  const stop = new AbortController()
  const onDrain = () => stop.abort()
  // Not `AbortSignal.any`: a signal made of others is slow to be asked, and every trial asks.
  const drain = stop.signal
  options.drain.addEventListener('abort', onDrain)
  if (options.drain.aborted) onDrain()
  const breakers = { production: createBreaker(options.onAttempt), candidate: createBreaker(options.onAttempt) }
  const state: { trip: DriveResult['trip']; bug: { error: unknown } | null } = { trip: null, bug: null }
  const onBug = (error: unknown) => {
    state.bug ??= { error }
    stop.abort()
  }
  const onFinal: Asking['onFinal'] = (attempt, unwaitedMs) => {
    const trip = breakers[attempt.arm].see(attempt, unwaitedMs)
    if (!trip || state.trip) return
    state.trip = { arm: attempt.arm, trip }
    stop.abort()
  }
  const { arms: asked, retry, keepFree, seed, clock, onAttempt: onTry, valve = createValve() } = options
  const asking: Asking = { arms: asked, retry, keepFree, seed, clock, valve, drain, onTry, onFinal }
  const startedAtMs = clock.now()
  const ask = async (unit: Unit): Promise<void> => {
    const wantedAtMs = unit.dueMs === null ? null : startedAtMs + unit.dueMs
    await Promise.all(unit.trials.map((trial) => askTrial(trial, wantedAtMs, asking).catch(onBug)))
    options.onUnitEnd?.(unit)
  }
  await walk(options, { drain, startedAtMs, ask }).catch(onBug)
  for (const arm of arms) if (!state.bug && state.trip?.arm !== arm) breakers[arm].settle()
  options.drain.removeEventListener('abort', onDrain)
  if (state.bug) throw state.bug.error
  return { isComplete: !drain.aborted, trip: state.trip }
}

interface Walking {
  readonly drain: AbortSignal
  readonly startedAtMs: number
  /** Never rejects. */
  readonly ask: (unit: Unit) => Promise<void>
}

/** Keeps as many units in progress as the window holds; ends when those begun have ended. */
async function walk({ units, window, clock }: DriveOptions, { drain, startedAtMs, ask }: Walking): Promise<void> {
  const begun = createBegun()
  try {
    for await (const unit of units) {
      if (unit.dueMs !== null) {
        await clock.sleep(Math.max(0, startedAtMs + unit.dueMs - clock.now()), drain)
        await begun.until((active) => active < maxOpen)
      }
      if (drain.aborted) return
      begun.begin(unit, async () => {
        if (!drain.aborted) await ask(unit)
      })
      if (unit.dueMs === null) await begun.until((active, waiting) => active < window && waiting < maxWaiting)
    }
  } finally {
    await begun.until((active, waiting) => active + waiting === 0)
  }
}

/** Units that were begun and have not ended: those under way, and turns that wait for the turn before them. */
function createBegun() {
  const lastTurns = new Map<string, Promise<void>>()
  const bell = createBell()
  const count = { active: 0, waiting: 0 }
  const run = async (work: () => Promise<void>) => {
    count.active += 1
    await work()
    count.active -= 1
    bell.ring()
  }
  const takeTurn = async (before: Promise<void>, work: () => Promise<void>) => {
    count.waiting += 1
    await before
    count.waiting -= 1
    await run(work)
  }
  return {
    begin: ({ conversation, dueMs }: Unit, work: () => Promise<void>): void => {
      // In an open loop each turn comes when it came.
      if (conversation === null || dueMs !== null) {
        void run(work)
        return
      }
      const before = lastTurns.get(conversation)
      const turn = before ? takeTurn(before, work) : run(work)
      lastTurns.set(conversation, turn)
      void turn.finally(() => {
        if (lastTurns.get(conversation) === turn) lastTurns.delete(conversation)
      })
    },
    /** Resolves as soon as the condition holds. */
    until: async (condition: (active: number, waiting: number) => boolean): Promise<void> => {
      while (!condition(count.active, count.waiting)) await bell.rung()
    },
  }
}
