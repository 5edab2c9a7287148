// The one real clock.

import type { Clock } from '../core/clock.ts'

// Asked for once: the getter is slow.
const { timeOrigin } = performance
/** A timer of more rings at once. */
const longestTimerMs = 2 ** 31 - 1

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
        timer = setTimeout(ring, timerFor(left))
      }
      let timer = setTimeout(ring, timerFor(ms))
      signal?.addEventListener('abort', done, { once: true })
    }),
}

function timerFor(ms: number): number {
  return Math.min(Math.ceil(ms), longestTimerMs)
}
