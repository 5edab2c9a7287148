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
      const until = performance.now() + ms
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      // A timer drops fractions, and counts from when its turn of the loop began: it may ring before its time.
      const ring = () => {
        const left = until - performance.now()
        if (left <= 0) return done()
        timer = setTimeout(ring, Math.ceil(left))
      }
      let timer = setTimeout(ring, Math.ceil(ms))
      signal?.addEventListener('abort', done, { once: true })
    }),
}
