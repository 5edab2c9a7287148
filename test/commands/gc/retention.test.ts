// What goes when: by age, then by size, the oldest first, and never what is kept.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRetentionOn, removalsOf, reportsBefore, tollOf } from '../../../src/commands/gc/retention.ts'
import type { HeldRun, Weight } from '../../../src/store/removal.ts'

const dayMs = 86_400_000
const day = (number: number) => new Date(number * dayMs).toISOString()
const runs: readonly HeldRun[] = [
  { id: 'a', startedAt: day(10), isKept: false },
  { id: 'b', startedAt: day(20), isKept: false },
  { id: 'c', startedAt: day(30), isKept: true },
]
const by = (retention: Parameters<typeof removalsOf>[0]['retention']) => removalsOf({ retention }, runs, 40 * dayMs)
const after = (number: number) => new Date(number * dayMs + 1).toISOString()

describe('removals', () => {
  test('by age alone are one', () => {
    expect(by({ textsDays: 15 })).toEqual([{ textsBefore: day(25), attemptsBefore: null }])
    expect(by({})).toEqual([{ textsBefore: null, attemptsBefore: null }])
  })
  test('of attempts are removals of their texts', () => {
    expect(by({ textsDays: 30, attemptsDays: 15 })).toEqual([{ textsBefore: day(25), attemptsBefore: day(25) }])
    expect(by({ attemptsDays: 15 })).toEqual([{ textsBefore: day(25), attemptsBefore: day(25) }])
  })
  test('for a size go on run by run: texts, what the newest run passed over, then all', () => {
    expect(by({ maxStoreMb: 1 })).toEqual([
      { textsBefore: null, attemptsBefore: null },
      { textsBefore: after(10), attemptsBefore: null },
      { textsBefore: after(20), attemptsBefore: null },
      { textsBefore: day(30), attemptsBefore: null },
      { textsBefore: day(30), attemptsBefore: after(10) },
      { textsBefore: day(30), attemptsBefore: after(20) },
    ])
  })
  test('take no less where a clock that was set has the newest run begin before another', () => {
    const set: readonly HeldRun[] = [
      { id: 'put right', startedAt: day(20), isKept: true },
      { id: 'ahead', startedAt: day(21), isKept: false },
    ]
    expect(removalsOf({ retention: { maxStoreMb: 1 } }, set, 40 * dayMs).map(({ textsBefore }) => textsBefore)).toEqual(
      [null, after(21), after(21), after(21)],
    )
  })
  test('take more each time, whatever the settings', () => {
    const days = fc.option(fc.integer({ min: 1, max: 45 }), { nil: undefined })
    fc.assert(
      fc.property(days, days, (textsDays, attemptsDays) => {
        const all = by({ textsDays, attemptsDays, maxStoreMb: 1 })
        for (const [place, { textsBefore, attemptsBefore }] of all.entries()) {
          const before = all[place - 1]
          expect((textsBefore ?? '') >= (before?.textsBefore ?? '')).toBe(true)
          expect((attemptsBefore ?? '') >= (before?.attemptsBefore ?? '')).toBe(true)
          expect((textsBefore ?? '') >= (attemptsBefore ?? '')).toBe(true)
        }
      }),
    )
  })
})

test('a toll counts what is older, by what it is', () => {
  const weight = (what: Weight['what'], of: Weight['of'], at: number, bytes: number): Weight => {
    return { what, of, at: day(at), count: of === 'runs' ? 1 : 7, bytes }
  }
  const weights = [
    weight('texts', 'runs', 10, 30),
    weight('texts', 'runs', 30, 10),
    weight('texts', 'records', 10, 20),
    weight('attempts', 'runs', 10, 40),
  ]
  expect(tollOf({ textsBefore: day(20), attemptsBefore: null }, weights)).toEqual({
    gone: { textsOfRuns: 1, textsOfRecords: 7, attemptsOfRuns: 0 },
    share: 0.5,
  })
  expect(tollOf({ textsBefore: day(20), attemptsBefore: day(20) }, weights).share).toBe(0.9)
  expect(tollOf({ textsBefore: null, attemptsBefore: null }, weights).share).toBe(0)
  expect(tollOf({ textsBefore: day(20), attemptsBefore: null }, []).share).toBe(0)
})

test('is off until something is set', () => {
  expect(isRetentionOn({ retention: {} })).toBe(false)
  expect(isRetentionOn({ retention: { reportsDays: 3 } })).toBe(true)
  expect(reportsBefore({ retention: { reportsDays: 3 } }, 40 * dayMs)).toBe(day(37))
  expect(reportsBefore({ retention: {} }, 40 * dayMs)).toBeNull()
})
