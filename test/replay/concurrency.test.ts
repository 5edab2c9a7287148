// How many requests may be in flight: slow start, one cut for each episode, growth after quiet.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adapt, type Concurrency, createConcurrency, type Signal, withMost } from '../../src/replay/concurrency.ts'

const at = (sentAtMs: number, nowMs = sentAtMs) => ({ sentAtMs, nowMs })
const after = (state: Concurrency, signals: readonly Signal[], when = at(0)) =>
  signals.reduce((each, signal) => adapt(each, signal, when), state)
const clean = (count: number): Signal[] => Array.from({ length: count }, () => 'clean')

describe('adapt', () => {
  test('slow start: 16, then one more for each clean answer, up to the most', () => {
    const state = createConcurrency(100)
    expect(state.limit).toBe(16)
    expect(after(state, clean(16)).limit).toBe(32)
    expect(after(state, clean(48)).limit).toBe(64)
    expect(after(state, clean(1000)).limit).toBe(100)
    expect(createConcurrency(3).limit).toBe(3)
  })

  test('a burst of 429s is one episode: one cut', () => {
    const before = { ...createConcurrency(100), limit: 64 }
    const cut = adapt(before, 'limited', at(100, 150))
    expect(cut.limit).toBe(32)
    // All that were in flight when the limit was cut.
    const burst = [0, 20, 60, 149].reduce((state, sentAt) => adapt(state, 'limited', at(sentAt, 200)), cut)
    expect(burst.limit).toBe(32)
    // One that was sent under the new limit is another episode.
    expect(adapt(burst, 'limited', at(151, 260)).limit).toBe(16)
  })

  test('after a cut it grows by a twentieth of the most for each round of clean answers', () => {
    const cut = adapt({ ...createConcurrency(100), limit: 64 }, 'limited', at(0))
    expect(after(cut, clean(31)).limit).toBe(32)
    expect(after(cut, clean(32)).limit).toBe(37)
    expect(after(cut, clean(32 + 37)).limit).toBe(42)
  })

  test("a server's trouble neither cuts nor grows, and begins the round anew", () => {
    const cut = adapt({ ...createConcurrency(100), limit: 64 }, 'limited', at(0))
    const troubled = after(cut, [...clean(31), 'troubled', ...clean(31)])
    expect(troubled.limit).toBe(32)
    expect(after(troubled, clean(1)).limit).toBe(37)
  })

  test('never below one, never above the most', () => {
    const signal = fc.constantFrom<Signal>('clean', 'limited', 'troubled')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(fc.tuple(signal, fc.nat(1000))), (most, events) => {
        let state = createConcurrency(most)
        for (const [index, [each, sent]] of events.entries()) {
          state = adapt(state, each, at(sent, sent + index))
          expect(state.limit).toBeGreaterThanOrEqual(1)
          expect(state.limit).toBeLessThanOrEqual(most)
        }
      }),
    )
  })
})

test.each([
  ['less than the limit', 64, 10, 10],
  ['more than before', 8, 50, 16],
  ['more, from a limit beyond the start', 40, 50, 40],
])('another most: %s', (_why, limit, most, expected) => {
  expect(withMost({ ...createConcurrency(100), limit }, most)).toMatchObject({ most, limit: expected })
})
