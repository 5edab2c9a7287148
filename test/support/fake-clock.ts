// A clock that stands still until a test moves it.

import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../src/core/clock.ts'

export interface FakeClock extends Clock {
  /** Moves on, waking each sleeper at its time; what it then does is done before the next one wakes. */
  readonly advance: (ms: number) => Promise<void>
  /** Who sleeps now. */
  readonly sleepers: () => number
}

export function createFakeClock(startMs = Date.UTC(2026, 10, 23)): FakeClock {
  let now = startMs
  let sleeping: { readonly until: number; readonly wake: () => void }[] = []
  const settle = async () => {
    // A few turns of the event loop: enough for what hangs on promises alone.
    for (let turns = 0; turns < 5; turns++) await turn()
  }
  return {
    now: () => now,
    elapsed: () => now - startMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve()
        const sleeper = { until: now + ms, wake: resolve }
        sleeping.push(sleeper)
        signal?.addEventListener('abort', () => {
          sleeping = sleeping.filter((each) => each !== sleeper)
          resolve()
        })
      }),
    advance: async (ms) => {
      const end = now + ms
      await settle()
      for (;;) {
        const next = sleeping.toSorted((a, b) => a.until - b.until)[0]
        if (next === undefined || next.until > end) break
        now = Math.max(now, next.until)
        sleeping = sleeping.filter((each) => each !== next)
        next.wake()
        await settle()
      }
      now = end
    },
    sleepers: () => sleeping.length,
  }
}
