// The one real clock.

import type { Clock } from '../core/clock.ts'

// Asked for once: the getter is slow.
const { timeOrigin } = performance

export const realClock: Clock = {
  // Not `Date.now`: that has whole milliseconds, and jumps when somebody sets the machine's clock.
  now: () => timeOrigin + performance.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
    }),
}
