// Trying again what only failed for now.

import type { Clock } from '../../core/clock.ts'
import { HttpTrouble } from './batch-api.ts'

/** Between two tries, in ms; the server may ask for more. */
const waitsMs = [500, 1000, 2000, 4000, 8000, 16_000]

export interface Patience {
  readonly clock: Clock
  /** Aborted: no further try. */
  readonly drain: AbortSignal
  /** A longer wait than this, asked for by the server, is not waited. */
  readonly maxWaitMs: number
}

/** Works until it does, a few times at most. Rejects with what went wrong the last time. `work` is told which try it is, from 0. */
export async function patiently<T>(
  work: (tries: number) => Promise<T>,
  { clock, drain, maxWaitMs }: Patience,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work(tries)
    } catch (error) {
      const ownMs = waitsMs[tries]
      if (!(error instanceof HttpTrouble) || !error.isTransient || ownMs === undefined) throw error
      const waitMs = Math.max(ownMs, error.afterMs ?? 0)
      if (waitMs > Math.max(ownMs, maxWaitMs)) throw error
      await clock.sleep(waitMs, drain)
      if (drain.aborted) throw error
    }
  }
}
