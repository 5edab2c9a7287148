// The way to one target: its width is kept, and a hold holds everything.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLane } from '../../src/replay/lane.ts'
import { laneOptions } from '../support/driving.ts'
import { createFakeClock } from '../support/fake-clock.ts'

describe('createLane', () => {
  test('never gives more places than it is wide, and gives everybody one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }),
        async (concurrency, durations) => {
          const clock = createFakeClock()
          const lane = createLane({ ...laneOptions, concurrency }, clock)
          let [now, most, done] = [0, 0, 0]
          const all = durations.map(async (ms) => {
            const leave = await lane.seat()
            now += 1
            most = Math.max(most, now)
            await clock.sleep(ms)
            now -= 1
            done += 1
            leave()
          })
          await clock.advance(40 * 20)
          await Promise.all(all)
          expect(most).toBe(Math.min(concurrency, durations.length))
          expect(done).toBe(durations.length)
        },
      ),
      { numRuns: 25 },
    )
  })

  test('first come, first served', async () => {
    const lane = createLane({ ...laneOptions, concurrency: 1 }, createFakeClock())
    const order: number[] = []
    const leave = await lane.seat()
    const others = [1, 2, 3].map(async (number) => {
      const leaveOwn = await lane.seat()
      order.push(number)
      leaveOwn()
    })
    leave()
    await Promise.all(others)
    expect(order).toEqual([1, 2, 3])
  })

  test('of several holds the longest counts', async () => {
    const clock = createFakeClock()
    const lane = createLane(laneOptions, clock)
    expect(lane.heldMs()).toBe(0)
    lane.hold(500)
    lane.hold(100)
    expect(lane.heldMs()).toBe(500)
    await clock.advance(400)
    lane.hold(300)
    expect(lane.heldMs()).toBe(300)
    await clock.advance(300)
    expect(lane.heldMs()).toBe(0)
  })

  test('adaptive, it starts low, and a 429 halves it', () => {
    const clock = createFakeClock()
    const lane = createLane({ ...laneOptions, concurrency: 100, isAdaptive: true }, clock)
    expect(lane.state().limit).toBe(16)
    const at = { sentAtMs: clock.now(), tokens: 0 }
    for (let count = 0; count < 16; count++) lane.learn('clean', at)
    expect(lane.state().limit).toBe(32)
    lane.learn('limited', at)
    expect(lane.state()).toMatchObject({ limit: 16, most: 100 })
  })

  test('a fixed one is as wide as it was told, whatever happens', () => {
    const clock = createFakeClock()
    const lane = createLane({ ...laneOptions, concurrency: 100 }, clock)
    lane.learn('limited', { sentAtMs: clock.now(), tokens: 0 })
    expect(lane.state().limit).toBe(100)
    lane.resize(7)
    expect(lane.state()).toMatchObject({ limit: 7, most: 7 })
  })

  test('tokens are charged by a guess, and set right by what an answer took', () => {
    const clock = createFakeClock()
    // 6,000 a minute: 100 a second, and a second's worth may come at once.
    const limits = { requestsPerMinute: null, tokensPerMinute: 6000 }
    const lane = createLane({ ...laneOptions, limits }, clock)
    expect(lane.countsTokens).toBe(true)
    expect(lane.charge(100)).toBe(0)
    expect(lane.charge(100)).toBe(1000)
    lane.learn('clean', { sentAtMs: clock.now(), tokens: -100 })
    expect(lane.charge(50)).toBe(500)
  })
})
