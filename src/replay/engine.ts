// The thread that sends: it holds the clock, and does nothing that would stop it. Storing and scoring are the other thread's.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { unreachable } from '../core/fault.ts'
import { type Arm, type Attempt, arms } from '../core/types.ts'
import { providerServedBy } from '../providers/index.ts'
import { createBell } from './bell.ts'
import { type DriveOptions, drive, maxOpen } from './drive.ts'
import { createLane } from './lane.ts'
import type { EngineCommand, EngineNews, EngineOrder } from './orders.ts'
import type { Unit } from './plan.ts'
import { realClock as clock } from './real-clock.ts'
import { createSender } from './send.ts'
import { createSpending } from './spending.ts'
import { createTokenGuess } from './token-guess.ts'
import type { DrivenArm } from './trial.ts'
import { createValve } from './valve.ts'

/** News go out this often; an attempt is stored within a second of its end. */
const newsEveryMs = 20

/** Runs until `no-more-units` and the end of all that was begun. */
async function runEngine(port: MessagePort, order: EngineOrder): Promise<void> {
  const sending = { production: armOf('production', order), candidate: armOf('candidate', order) }
  const valve = createValve()
  const drain = new AbortController()
  const queue = createQueue()
  const state = () => ({
    isPaused: valve.isShut(),
    lanes: { production: sending.production.arm.lane.state(), candidate: sending.candidate.arm.lane.state() },
  })
  let attempts: Attempt[] = []
  let ended: number[] = []
  let isAtLimit = false
  const spending = createSpending(
    { production: order.arms.production.target, candidate: order.arms.candidate.target },
    order.budget,
  )
  const tellProgress = () => {
    if (attempts.length > 0 || ended.length > 0) tell(port, { kind: 'progress', attempts, ended, state: state() })
    attempts = []
    ended = []
  }
  const options: Omit<DriveOptions, 'units' | 'onAttempt' | 'drain'> = {
    arms: { production: sending.production.arm, candidate: sending.candidate.arm },
    retry: order.retry,
    keepFree: order.keepFree,
    window: 2 * Math.max(...arms.map((arm) => order.arms[arm].target.concurrency)),
    seed: order.seed,
    clock,
    valve,
  }
  /** Their attempts are nobody's; what they show of a key or a model, the first that counts will show as well. */
  const warmUp = async (units: readonly Unit[]) => {
    const retry = { ...order.retry, retries: 0, rounds: 0 }
    await drive({ ...options, retry, units: iterate(units), onAttempt: () => {}, drain: drain.signal }).catch(() => {})
    tell(port, { kind: 'warm' })
  }
  const act = (command: EngineCommand): void => {
    switch (command.kind) {
      case 'units':
        return queue.add(command.units)
      case 'no-more-units':
        return queue.end()
      case 'drain':
        queue.end()
        return drain.abort()
      case 'leave':
        queue.end()
        drain.abort()
        for (const arm of arms) sending[arm].sender.cancel()
        return
      case 'pause':
        valve.shut()
        return tell(port, { kind: 'progress', attempts: [], ended: [], state: state() })
      case 'resume':
        valve.open()
        return tell(port, { kind: 'progress', attempts: [], ended: [], state: state() })
      case 'resize':
        sending[command.arm].arm.lane.resize(command.concurrency)
        return tell(port, { kind: 'progress', attempts: [], ended: [], state: state() })
      case 'warm-up':
        void warmUp(command.units)
        return
      default:
        unreachable(command)
    }
  }
  port.on('message', act)
  const timer = setInterval(tellProgress, newsEveryMs)
  const result = await drive({
    ...options,
    units: queue.units(),
    onAttempt: (attempt) => {
      attempts.push(attempt)
      spending.see(attempt)
      if (order.budget.maxUsd === null || isAtLimit) return
      const inFlight = arms.reduce((sum, arm) => sum + sending[arm].arm.lane.state().inFlight, 0)
      if (!spending.isAtLimit(inFlight)) return
      isAtLimit = true
      queue.end()
      drain.abort()
    },
    onUnitEnd: ({ ordinal }) => ended.push(ordinal),
    drain: drain.signal,
  })
  clearInterval(timer)
  tellProgress()
  tell(port, { kind: 'over', result: { ...result, isAtLimit } })
  await Promise.all(arms.map((arm) => sending[arm].sender.close()))
  port.close()
}

function armOf(arm: Arm, order: EngineOrder) {
  const { target, key, headers } = order.arms[arm]
  const provider = providerServedBy(target.api, target.vendor)
  const sender = createSender({ target, provider, key, headers, userAgent: order.userAgent, clock })
  const { limits } = target
  const concurrency = order.isOpenLoop ? maxOpen : target.concurrency
  const isAdaptive = order.isAdaptive && !order.isOpenLoop
  const lane = createLane({ concurrency, isAdaptive, limits, keepFree: order.keepFree }, clock)
  const driven: DrivenArm = { lane, guess: createTokenGuess(), send: sender.send }
  return { arm: driven, sender }
}

function tell(port: MessagePort, news: EngineNews): void {
  port.postMessage(news)
}

async function* iterate<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}

/** Units that came and were not taken yet. */
function createQueue() {
  const bell = createBell()
  let waiting: Unit[] = []
  let isEnded = false
  return {
    add: (units: readonly Unit[]) => {
      waiting.push(...units)
      bell.ring()
    },
    end: () => {
      isEnded = true
      bell.ring()
    },
    async *units(): AsyncIterable<Unit> {
      for (;;) {
        const came = waiting
        waiting = []
        yield* came
        if (waiting.length > 0) continue
        if (isEnded) return
        await bell.rung()
      }
    },
  }
}

if (parentPort) await runEngine(parentPort, workerData as EngineOrder)
