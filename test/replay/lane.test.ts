// The way to one target: its width is kept, and a hold holds everything.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLane } from '../../src/replay/lane.ts'
import { createFakeClock } from '../support/fake-clock.ts'

const never = new AbortController().signal

describe('createLane', () => {
  test('never runs more at a time than it is wide, and runs everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }),
        async (width, durations) => {
          const clock = createFakeClock()
          const lane = createLane(width, clock)
          let [now, most, done] = [0, 0, 0]
          const all = durations.map((ms) =>
            lane.run(async () => {
              now += 1
              most = Math.max(most, now)
              await clock.sleep(ms)
              now -= 1
              done += 1
            }),
          )
          await clock.advance(40 * 20)
          await Promise.all(all)
          expect(most).toBe(Math.min(width, durations.length))
          expect(done).toBe(durations.length)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('tells each task when its place came free', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const lane = createLane(1, clock)
    const free: number[] = []
    const task = async (freeAtMs: number) => {
      free.push(freeAtMs - start)
      await clock.sleep(100)
    }
    const all = [lane.run(task), lane.run(task), lane.run(task)]
    await clock.advance(300)
    await Promise.all(all)
    expect(free).toEqual([0, 100, 200])
  })

  test('a hold stops all starts, and the longest one counts', async () => {
    const clock = createFakeClock()
    const start = clock.now()
    const lane = createLane(3, clock)
    lane.hold(500)
    lane.hold(100)
    const passed: number[] = []
    const all = Array.from({ length: 6 }, () =>
      lane.run(async () => {
        await lane.passHold(never)
        passed.push(clock.now() - start)
      }),
    )
    await clock.advance(400)
    expect(passed).toEqual([])
    lane.hold(300)
    await clock.advance(299)
    expect(passed).toEqual([])
    await clock.advance(1)
    await Promise.all(all)
    expect(passed).toEqual([700, 700, 700, 700, 700, 700])
  })

  test('a hold is waited for no longer once the signal aborts', async () => {
    const clock = createFakeClock()
    const lane = createLane(1, clock)
    const drain = new AbortController()
    lane.hold(60_000)
    const passing = lane.passHold(drain.signal)
    await clock.advance(10)
    expect(clock.sleepers()).toBe(1)
    drain.abort()
    await passing
    expect(clock.sleepers()).toBe(0)
  })

  test('a task that throws gives its place back', async () => {
    const lane = createLane(1, createFakeClock())
    await expect(lane.run(() => Promise.reject(new Error('bug')))).rejects.toThrow('bug')
    await expect(lane.run(() => Promise.resolve('next'))).resolves.toBe('next')
  })
})
