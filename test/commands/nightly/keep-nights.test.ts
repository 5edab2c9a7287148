// The scheduler on a clock turned by hand: nights that a clock change skips or repeats, a machine that slept, a clock that was set.

import { describe, expect, it } from 'vitest'
import { calendarOf } from '../../../src/commands/nightly/calendar.ts'
import { type DueNight, keepNights } from '../../../src/commands/nightly/keep-nights.ts'

const place = 'shadowgate.yaml night.tz'
const hourMs = 3_600_000
const berlin = calendarOf('02:30', 'Europe/Berlin', place)
const at = (text: string) => Date.parse(text)

describe('a calendar', () => {
  it.each([
    ['an hour that does not exist', '2026-03-28T12:00:00Z', ['2026-03-29 03:00', '2026-03-30 02:30']],
    ['an hour that exists twice', '2026-10-24T12:00:00Z', ['2026-10-25 02:30', '2026-10-26 02:30']],
  ])('has one night on the day of %s', (_what, from, expected) => {
    const first = berlin.after(at(from))
    expect([first, berlin.after(first)].map(berlin.words)).toEqual(expected)
  })

  it('has one night for each day of a year, in every zone', () => {
    for (const zone of ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago', 'Africa/Cairo']) {
      for (const time of ['00:00', '00:30', '02:00', '02:30', '23:59']) {
        const calendar = calendarOf(time, zone, place)
        const days = new Set<string>()
        let nights = 0
        for (let due = at('2026-01-01T12:00:00Z'); (due = calendar.after(due)) < at('2027-01-01T12:00:00Z'); nights++)
          days.add(calendar.words(due).slice(0, 10))
        expect([zone, time, nights, days.size]).toEqual([zone, time, 365, 365])
      }
    }
  })

  it('says of a zone that is none where it stands', () => {
    expect(() => calendarOf('02:30', 'Mars/Base', place)).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', place }),
    )
  })
})

interface Scene {
  readonly from: string
  readonly lastMs?: number | null
  readonly nights: number
  /** How long a night takes. */
  readonly takesMs?: number
  /** What the wall clock does when the timer of this number ends. */
  readonly jump?: (sleep: number) => number
}

/** Walks the loop, and gives the nights as they began. */
async function kept({ from, lastMs = null, nights, takesMs = 60_000, jump = () => 0 }: Scene) {
  const stop = new AbortController()
  const state = { now: at(from), elapsed: 0, sleeps: 0 }
  const begun: (DueNight & { at: string; due: string })[] = []
  const next: string[] = []
  const clock = {
    now: () => state.now,
    elapsed: () => state.elapsed,
    sleep: async (ms: number) => {
      state.now += ms + jump((state.sleeps += 1))
      state.elapsed += ms
    },
  }
  await keepNights({
    calendar: berlin,
    clock,
    lastMs,
    onNext: (dueMs) => void next.push(berlin.words(dueMs)),
    pass: async (night) => {
      begun.push({ ...night, at: berlin.words(state.now), due: berlin.words(night.dueMs) })
      state.now += takesMs
      if (begun.length === nights) stop.abort()
    },
    drain: stop.signal,
  })
  return { begun, next, sleeps: state.sleeps }
}

describe('the scheduler', () => {
  it('begins each night at its time, and says before when the next is', async () => {
    const { begun, next } = await kept({ from: '2026-11-26T18:00:00Z', nights: 3 })
    expect(begun.map(({ at: when, lateMs, missed }) => [when, lateMs, missed])).toEqual([
      ['2026-11-27 02:30', 0, 0],
      ['2026-11-28 02:30', 0, 0],
      ['2026-11-29 02:30', 0, 0],
    ])
    expect(next).toEqual(['2026-11-27 02:30', '2026-11-28 02:30', '2026-11-29 02:30'])
  })

  it('catches up once what was due while nothing kept the nights', async () => {
    const lastMs = at('2026-11-22T01:30:00Z')
    const { begun } = await kept({ from: '2026-11-26T18:00:00Z', lastMs, nights: 2 })
    expect(begun).toMatchObject([
      { due: '2026-11-26 02:30', missed: 3, lateMs: 16.5 * hourMs },
      { due: '2026-11-27 02:30', missed: 0, lateMs: 0 },
    ])
  })

  it('catches up once after the machine slept through the time', async () => {
    const jump = (sleep: number) => (sleep === 10 ? 14 * hourMs : 0)
    const { begun } = await kept({ from: '2026-11-26T18:00:00Z', nights: 2, jump })
    expect(begun.map(({ due, missed }) => [due, missed])).toEqual([
      ['2026-11-27 02:30', 0],
      ['2026-11-28 02:30', 0],
    ])
    expect(begun[0]?.lateMs).toBeGreaterThan(6 * hourMs)
  })

  it('begins no night twice when the clock is turned back after it', async () => {
    const state = { isBack: false }
    const jump = () => {
      if (state.isBack) return 0
      state.isBack = true
      return -2 * hourMs
    }
    const from = '2026-11-27T01:31:00Z'
    const { begun } = await kept({ from, lastMs: at('2026-11-27T01:30:00Z'), nights: 1, jump })
    expect(begun[0]?.due).toBe('2026-11-28 02:30')
  })

  it('goes by the clock again once one that was a year ahead is right', async () => {
    const { begun } = await kept({ from: '2026-11-26T18:00:00Z', lastMs: at('2027-11-26T18:00:00Z'), nights: 1 })
    expect(begun[0]?.at).toBe('2026-11-27 02:30')
  })

  it('lets a night that takes longer than a day end before another begins', async () => {
    const { begun } = await kept({ from: '2026-11-26T18:00:00Z', nights: 2, takesMs: 50 * hourMs })
    expect(begun.map(({ due, at: when, missed }) => [due, when, missed])).toEqual([
      ['2026-11-27 02:30', '2026-11-27 02:30', 0],
      ['2026-11-29 02:30', '2026-11-29 04:30', 1],
    ])
  })

  it('looks at the clock every half a minute, night after night', async () => {
    const { begun, sleeps } = await kept({ from: '2026-01-01T01:30:00Z', nights: 365 })
    expect(new Set(begun.map(({ due }) => due)).size).toBe(365)
    const halfMinutes = 365 * 24 * 120
    expect(sleeps).toBeGreaterThan(halfMinutes - 365 * 3)
    expect(sleeps).toBeLessThanOrEqual(halfMinutes)
  })

  it('begins none after it was told to end', async () => {
    const stop = new AbortController()
    stop.abort()
    const never = () => Promise.reject(new Error('a night began'))
    const clock = { now: () => 0, elapsed: () => 0, sleep: never }
    const keeping = { calendar: berlin, clock, lastMs: -1e12, onNext: () => {}, pass: never }
    await expect(keepNights({ ...keeping, drain: stop.signal })).resolves.toBeUndefined()
    await expect(keepNights({ ...keeping, drain: new AbortController().signal })).rejects.toThrow('a night began')
  })
})
