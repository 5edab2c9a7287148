// The one real clock: it may ring late, never early.

import { describe, expect, test } from 'vitest'
import { realClock } from '../../src/replay/real-clock.ts'

/** What keeps the loop from its timers, as a parser does. */
function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

describe('sleep', () => {
  test.each([0.9, 1.5, 3.99, 10.7])('of %d ms is never shorter, though the loop was busy before', async (ms) => {
    for (let turn = 0; turn < 20; turn++) {
      busy(turn % 5)
      const startedAt = realClock.elapsed()
      await realClock.sleep(ms)
      expect(realClock.elapsed() - startedAt).toBeGreaterThanOrEqual(ms)
    }
  })
  test('of more than a timer can hold is one sleep, and no thousand of a millisecond each', async () => {
    const aborting = new AbortController()
    const warned: string[] = []
    const warn = (warning: Error) => void warned.push(warning.name)
    process.on('warning', warn)
    const sleeping = realClock.sleep(2 ** 33, aborting.signal)
    // Warnings come in a turn of their own.
    await new Promise<void>((resolve) => setImmediate(resolve))
    process.off('warning', warn)
    aborting.abort()
    await sleeping
    expect(warned).toEqual([])
  })
  test('ends at once where it is aborted, before or while', async () => {
    const startedAt = realClock.elapsed()
    const aborting = new AbortController()
    setTimeout(() => aborting.abort(), 5)
    await Promise.all([realClock.sleep(60_000, AbortSignal.abort()), realClock.sleep(60_000, aborting.signal)])
    expect(realClock.elapsed() - startedAt).toBeLessThan(30_000)
  })
})
