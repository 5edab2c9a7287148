// The journal of nights: lines that were torn, nights that ended, and nights that were cut off.

import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { Night } from '../../src/core/night.ts'
import { eventsOf, lineOf, type NightEvent, type ProcessIdentity } from '../../src/core/night-event.ts'
import { nightsOf, type Sight, standingOf } from '../../src/core/nights.ts'

const process: ProcessIdentity = {
  pid: 4711,
  host: 'gate-1',
  born: { boot: 'b0075e1f', ticks: 8_812 },
  space: 'pid:[4026531836]',
}
const at = '2026-11-23T02:30:04.000Z'
const begun = (night: string): NightEvent => ({ night, at, event: 'begun', process, version: '1.0.0', command: 'run' })
const failed: Night = {
  kind: 'failed',
  startedAt: at,
  finishedAt: '2026-11-23T02:31:00.000Z',
  status: 69,
  swap: 'a → b',
  before: null,
  runId: null,
  code: 'TARGET_UNREACHABLE',
  because: 'the candidate gives no answers',
  next: 'check baseUrl',
}
const ended = (night: string, came: Night = failed): NightEvent => ({ night, at, event: 'ended', came })
const nobodyIsGone = () => false

describe('lines', () => {
  it('are read as they were written', () => {
    const events: NightEvent[] = [
      begun('one'),
      { night: 'one', at, event: 'reached', stage: 'replay', runId: 'run-1' },
      { night: 'zero', at, event: 'cut-off', closedBy: 'one', lastSeenAt: at, resumedRunId: 'run-1', because: 'gone' },
      ended('one'),
    ]
    expect(eventsOf(events.map(lineOf).join(''))).toEqual(events)
  })

  it('of a broken disk were tried one by one, which took minutes', () => {
    const rubbish = '\u0000\ufffdrubbish\n'.repeat(3)
    const tried = vi.spyOn(JSON, 'parse')
    expect(eventsOf(rubbish)).toEqual([])
    expect(tried).not.toHaveBeenCalled()
    tried.mockRestore()
  })

  it('torn at any byte cost no other line', () => {
    const lines = [begun('one'), ended('one'), begun('two')].map(lineOf)
    const bytes = Buffer.from(lines[1] ?? '')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length - 2 }), (length) => {
        const torn = bytes.subarray(0, length).toString('utf8')
        const read = eventsOf(`${lines[0]}${torn}\n${lines[2]}`)
        expect(read.map(({ night, event }) => [night, event])).toEqual([
          ['one', 'begun'],
          ['two', 'begun'],
        ])
      }),
    )
  })

  it('are each shorter than what one write keeps whole, and hold no secret', () => {
    const key = `sk-proj-${'a1'.repeat(20)}`
    const long = `${key} ${'ü'.repeat(5000)}`
    const line = lineOf(ended('one', { ...failed, because: long, next: long, swap: long, code: long }))
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4096)
    expect(line).not.toContain(key)
    expect(line).toContain('[secret]')
    expect(eventsOf(line)).toHaveLength(1)
  })

  it.each([
    ['no JSON', 'night'],
    ['JSON of another kind', '[1]'],
    ['an event that is not known', JSON.stringify({ night: 'one', at, event: 'dreamt' })],
    ['no instant', JSON.stringify({ night: 'one', at: 'soon', event: 'ended', came: failed })],
    ['a beginning without a process', JSON.stringify({ night: 'one', at, event: 'begun' })],
    ['a stage that is not known', JSON.stringify({ night: 'one', at, event: 'reached', stage: 'sleep' })],
  ])('that are %s are left out', (_what, line) => {
    expect(eventsOf(`${line}\n`)).toEqual([])
  })

  it('keep fields that are not known, and the end of a night whose kind is not', () => {
    const later = JSON.stringify({ night: 'one', at, event: 'ended', came: { kind: 'dreamt' }, mood: 'good' })
    expect(eventsOf(later)).toEqual([{ night: 'one', at, event: 'ended', came: null, mood: 'good' }])
  })
})

describe('nights', () => {
  it('run until they end', () => {
    const reached: NightEvent = {
      night: 'one',
      at: '2026-11-23T02:40:00.000Z',
      event: 'reached',
      stage: 'gate',
      runId: 'r',
    }
    const [running] = nightsOf([begun('one'), reached], nobodyIsGone)
    expect(running).toMatchObject({ state: 'running', stage: 'gate', runId: 'r', lastSeenAt: reached.at, came: null })
    const [over] = nightsOf([begun('one'), reached, ended('one')], nobodyIsGone)
    expect(over).toMatchObject({ state: 'ended', came: failed, runId: 'r' })
  })

  it('were cut off where they have no end and their process is gone', () => {
    const nights = nightsOf([begun('one'), ended('one'), begun('two')], () => true)
    expect(nights.map(({ state }) => state)).toEqual(['ended', 'cut-off'])
    expect(nights[1]?.closed).toBeNull()
  })

  it('that were closed say by whom, and what they say of themselves holds all the same', () => {
    const because = 'process 4711 is gone'
    const closed: NightEvent = {
      night: 'one',
      at,
      event: 'cut-off',
      closedBy: 'two',
      lastSeenAt: at,
      resumedRunId: null,
      because,
    }
    expect(nightsOf([begun('one'), closed], nobodyIsGone)[0]).toMatchObject({
      state: 'cut-off',
      closed: { by: 'two', because },
    })
    expect(nightsOf([begun('one'), closed, ended('one')], nobodyIsGone)[0]).toMatchObject({ state: 'ended' })
    expect(nightsOf([begun('one'), ended('one'), closed], nobodyIsGone)[0]).toMatchObject({ state: 'ended' })
  })

  it('stand in the order in which they ended: whoever was kept out by a longer one failed before it came through', () => {
    const events = [begun('long'), begun('kept out'), ended('kept out'), ended('long'), begun('next')]
    expect(nightsOf(events, nobodyIsGone).map(({ id }) => id)).toEqual(['kept out', 'long', 'next'])
  })

  it('whose beginning was torn off are left out', () => {
    expect(nightsOf([ended('one'), begun('two')], nobodyIsGone).map(({ id }) => id)).toEqual(['two'])
  })
})

describe('a process', () => {
  const sight: Sight = { own: { ...process, pid: 1 }, ticksOf: () => 8_812, isThere: () => true }

  it.each([
    ['alive', 'of this machine that is there', process, sight],
    ['gone', 'whose number nobody has', process, { ...sight, isThere: () => false }],
    ['gone', 'whose number another one has by now', process, { ...sight, ticksOf: () => 9_999 }],
    ['gone', 'from before the machine was started again', { ...process, born: { boot: 'other', ticks: 8_812 } }, sight],
    ['elsewhere', 'of another machine', { ...process, host: 'gate-2' }, { ...sight, isThere: () => false }],
    ['elsewhere', 'of another container', { ...process, space: 'pid:[7]' }, { ...sight, isThere: () => false }],
    ['alive', 'whose birth nobody tells', { ...process, born: null }, { ...sight, ticksOf: () => null }],
  ])('is %s: one %s', (expected, _what, asked, from) => {
    expect(standingOf(asked, from)).toBe(expected)
  })
})
