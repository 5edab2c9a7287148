// The way to one target: bounded concurrency, and a hold that a `Retry-After` puts on everything that follows.

import pLimit from 'p-limit'
import type { Clock } from '../core/clock.ts'

export interface Lane {
  /** Runs `task` when a place is free, and tells it when that was. A hold is for the task to pass. */
  readonly run: <T>(task: (freeAtMs: number) => Promise<T>) => Promise<T>
  /** Lets nothing start for so long. */
  readonly hold: (ms: number) => void
  /** Waits until no hold stands, or the signal aborts. */
  readonly passHold: (signal: AbortSignal) => Promise<void>
}

export function createLane(concurrency: number, clock: Clock): Lane {
  const limit = pLimit(concurrency)
  let heldUntil = 0
  return {
    run: (task) => limit(() => task(clock.now())),
    hold: (ms) => {
      heldUntil = Math.max(heldUntil, clock.now() + ms)
    },
    passHold: async (signal) => {
      while (!signal.aborted && clock.now() < heldUntil) await clock.sleep(heldUntil - clock.now(), signal)
    },
  }
}
