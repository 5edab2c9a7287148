// The engine's other end: feeds it a few requests ahead, takes its attempts, passes on what people ask of it.

import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { unreachable } from '../core/fault.ts'
import type { Attempt } from '../core/types.ts'
import { createBell } from './bell.ts'
import { type Clean, cleaned } from './clean.ts'
import { maxOpen } from './drive.ts'
import type { EngineCommand, EngineNews, EngineOrder, EngineResult, EngineState } from './orders.ts'
import type { Unit } from './plan.ts'

export interface ThreadOptions {
  readonly order: EngineOrder
  /** Read lazily: the plan is never held whole. */
  readonly units: AsyncIterable<Unit>
  /** Asked before the first unit that counts, and thrown away. */
  readonly warmUp: readonly Unit[]
  /** What is kept of the texts that come; what looks like a credential goes where it is absent. */
  readonly clean?: Clean
  /** Called with attempts as they end, cleaned. */
  readonly onAttempts: (attempts: readonly Attempt[]) => void
  /** Called with the places of units that came to their end, after their attempts. */
  readonly onEnded?: (ordinals: readonly number[]) => void
  readonly onState?: (state: EngineState) => void
  /** Aborted: start nothing new, let what runs come to its end. */
  readonly drain: AbortSignal
  /** Aborted: break off what runs. What is broken off is not stored. */
  readonly leave: AbortSignal
}

export interface Engine {
  /** Resolves when all is over. Rejects with what went wrong in `units`, in `onAttempts` or in the thread, once that has ended. */
  readonly over: Promise<EngineResult>
  readonly command: (command: Extract<EngineCommand, { kind: 'pause' | 'resume' | 'resize' }>) => void
}

/** Young objects die young here; with more room for them the thread's heap grows to three times what it uses. */
const maxYoungGenerationSizeMb = 24

/** Starts the thread and replays. */
export function startEngine(options: ThreadOptions): Engine {
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./engine${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, {
    workerData: options.order,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb },
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  const send = (command: EngineCommand) => worker.postMessage(command)
  return { over: replay(worker, send, options), command: send }
}

async function replay(
  worker: Worker,
  send: (command: EngineCommand) => void,
  options: ThreadOptions,
): Promise<EngineResult> {
  const credit = createCredit(aheadOf(options.order))
  const bugs: unknown[] = []
  const onBug = (error: unknown) => {
    bugs.push(error)
    credit.stop()
    send({ kind: 'drain' })
  }
  const onDrain = () => {
    credit.stop()
    send({ kind: 'drain' })
  }
  const onLeave = () => {
    credit.stop()
    send({ kind: 'leave' })
  }
  options.drain.addEventListener('abort', onDrain)
  options.leave.addEventListener('abort', onLeave)
  if (options.drain.aborted) onDrain()
  const warm = Promise.withResolvers<void>()
  const over = new Promise<EngineResult | null>((resolve) => {
    let result: EngineResult | null = null
    worker.on('message', (news: EngineNews) => {
      switch (news.kind) {
        case 'warm':
          return warm.resolve()
        case 'progress':
          credit.give(news.ended.length)
          options.onState?.(news.state)
          if (bugs.length > 0) return
          try {
            if (news.attempts.length > 0)
              options.onAttempts(
                news.attempts.map((each) => ({ ...each, outcome: cleaned(each.outcome, options.clean) })),
              )
            if (news.ended.length > 0) options.onEnded?.(news.ended)
          } catch (error) {
            onBug(error)
          }
          return
        case 'over':
          result = news.result
          return
        default:
          unreachable(news)
      }
    })
    worker.on('error', onBug)
    worker.on('exit', () => {
      warm.resolve()
      credit.stop()
      resolve(result)
    })
  })
  try {
    if (options.warmUp.length > 0) {
      send({ kind: 'warm-up', units: options.warmUp })
      await warm.promise
    }
    await feed(options.units, credit, send).catch(onBug)
    send({ kind: 'no-more-units' })
    const result = await over
    if (bugs.length > 0) throw bugs[0]
    if (result === null) throw new Error('the thread that sends ended without a word')
    return result
  } finally {
    options.drain.removeEventListener('abort', onDrain)
    options.leave.removeEventListener('abort', onLeave)
  }
}

/** Units that the thread has and has not ended, at most: what runs, and as many more as keep it from running dry. */
function aheadOf({ arms, isOpenLoop }: EngineOrder): number {
  return isOpenLoop
    ? maxOpen
    : 256 + 4 * Math.max(arms.production.target.concurrency, arms.candidate.target.concurrency)
}

/** In batches, since a message costs more than what is in it. */
const batchSize = 32

async function feed(units: AsyncIterable<Unit>, credit: Credit, send: (command: EngineCommand) => void): Promise<void> {
  let batch: Unit[] = []
  for await (const unit of units) {
    if (credit.isStopped()) return
    batch.push(unit)
    if (batch.length < batchSize) continue
    send({ kind: 'units', units: batch })
    await credit.take(batch.length)
    batch = []
  }
  if (batch.length > 0) send({ kind: 'units', units: batch })
}

interface Credit {
  readonly take: (count: number) => Promise<void>
  readonly give: (count: number) => void
  /** No more is to be sent: who waits is let through. */
  readonly stop: () => void
  readonly isStopped: () => boolean
}

function createCredit(most: number): Credit {
  const bell = createBell()
  const state = { out: 0, isStopped: false }
  return {
    take: async (count) => {
      state.out += count
      while (state.out > most && !state.isStopped) await bell.rung()
    },
    give: (count) => {
      state.out -= count
      bell.ring()
    },
    stop: () => {
      state.isStopped = true
      bell.ring()
    },
    isStopped: () => state.isStopped,
  }
}
