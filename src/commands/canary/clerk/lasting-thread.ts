// A worker thread that is started again when it ends, as often as its restarts allow.

import { Worker } from 'node:worker_threads'
import { thrownMessage } from '../../../core/fault.ts'
import { realClock } from '../../../replay/real-clock.ts'
import type { ThreadRestart, ThreadRestarts } from './thread-restarts.ts'

export interface LastingThread<Command> {
  /** Whether it is there just now: what is sent while it is not is lost. */
  readonly isThere: () => boolean
  readonly send: (command: Command, memory?: readonly ArrayBuffer[]) => void
  /** Sends a last command. Resolves when it is gone, by `stop` or otherwise; then it stays so. */
  readonly close: (last: Command) => Promise<void>
  readonly stop: () => void
}

export interface ThreadOptions<News> {
  readonly entry: URL
  /** Asked for at each start. */
  readonly data: () => unknown
  readonly restarts: ThreadRestarts
  readonly onNews: (news: News) => void
  /** It ended, and nobody had closed it. null: it stays so. */
  readonly onEnd: (why: string, restart: ThreadRestart | null) => void
  /** It is there again. */
  readonly onRestart: (why: string, restart: ThreadRestart) => void
}

export function startLastingThread<Command, News>(options: ThreadOptions<News>): LastingThread<Command> {
  const { entry, data, restarts, onNews, onEnd, onRestart } = options
  let worker: Worker | null = null
  let restarting: NodeJS.Timeout | undefined
  let onClosed: (() => void) | null = null

  function start(): void {
    let why = 'it stopped by itself'
    worker = new Worker(entry, { workerData: data(), execArgv: [] })
    worker.on('message', onNews)
    worker.on('error', (error) => {
      why = thrownMessage(error)
    })
    worker.on('exit', () => {
      worker = null
      if (onClosed === null) mourn(why)
      else onClosed()
    })
  }

  function mourn(why: string): void {
    const restart = restarts.next(realClock.elapsed())
    onEnd(why, restart)
    if (restart === null) return
    restarting = setTimeout(() => {
      try {
        start()
      } catch (error) {
        // No room for another one: all else goes on.
        return mourn(thrownMessage(error))
      }
      onRestart(why, restart)
    }, restart.pauseMs)
  }

  function send(command: Command, memory: readonly ArrayBuffer[] = []): void {
    worker?.postMessage(command, memory)
  }

  start()
  return {
    isThere: () => worker !== null,
    send,
    close: (last) => {
      clearTimeout(restarting)
      return new Promise((resolve) => {
        onClosed = resolve
        if (worker === null) resolve()
        else send(last)
      })
    },
    stop: () => void worker?.terminate(),
  }
}
