// What people decide, how it goes on, and what leaves the browser.

import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { browserOf, chosen, typed } from './fixture.ts'

describe('deciding', () => {
  const decided = ({
    reviews,
  }: {
    reviews: () => readonly { about: object; decision: string; reason: string | null }[]
  }) => reviews().map(({ about, decision, reason }) => [Object.values(about).slice(1).join(' '), decision, reason])

  it('a, r and u decide and go on, however fast they are typed', async () => {
    const { type, frame, desk } = browserOf()
    await type('a', 'r', 'u')
    expect(decided(desk)).toEqual([
      ['record-0 newly-refused', 'accept', null],
      ['record-1 newly-refused', 'regression', null],
      ['record-2 no-answer', 'unsure', null],
    ])
    expect(chosen(frame())).toBe(3)
    expect(frame().counts.unreviewed).toBe('5')
    expect(
      frame()
        .pairs.slice(0, 3)
        .map(({ review }) => review),
    ).toEqual(['accepted', 'regression', 'unsure'])
  })

  it('goes on to what has moved up where a filter takes the decided off', async () => {
    const { type, frame, desk } = browserOf({ where: 'unreviewed' })
    await type('a', 'a')
    expect(decided(desk).map(([about]) => about)).toEqual(['record-0 newly-refused', 'record-1 newly-refused'])
    expect([chosen(frame()), frame().place]).toEqual([2, '1 of 6'])
  })

  it('R decides about the whole cluster and goes on behind it', async () => {
    const { type, frame, desk } = browserOf()
    await type('R')
    expect(decided(desk)).toEqual([['newly-refused task=sensitive', 'regression', null]])
    expect(chosen(frame())).toBe(2)
    expect(frame().counts.unreviewed).toBe('6')
  })

  it('in the list of clusters a decides about the cluster', async () => {
    const { type, frame, desk } = browserOf()
    await type('t', 'a', 'a')
    expect(decided(desk).map(([about]) => about)).toEqual(['newly-refused task=sensitive', 'rewritten'])
    expect(frame().told.text).toContain('that was the last')
    expect(frame().clusters.every(({ isDecided }) => isDecided)).toBe(true)
  })

  it('z takes back one after the other, and goes there', async () => {
    const { type, frame, desk } = browserOf()
    await type('a', 'r', 'z')
    expect([decided(desk).length, chosen(frame())]).toEqual([1, 1])
    await type('z', 'z')
    expect([decided(desk), frame().told.text]).toEqual([[], 'nothing was decided in this sitting'])
  })

  it('c writes why, for the decision to come or for the one that was made', async () => {
    const { type, frame, desk } = browserOf()
    await type('c', ...typed('too curt'), 'enter', 'r')
    expect(decided(desk)).toEqual([['record-0 newly-refused', 'regression', 'too curt']])
    await type('a', 'k', 'c', ...typed('fine'), 'enter')
    expect(decided(desk).at(-1)).toEqual(['record-1 newly-refused', 'accept', 'fine'])
    expect(frame().state.reason).toBeNull()
    await type('c', 'escape', 'j', 'u')
    expect(decided(desk).at(-1)).toEqual(['record-2 no-answer', 'unsure', null])
  })

  it('says that nothing was decided where it could not be written', async () => {
    const { type, frame, desk } = browserOf()
    desk.failWith = new Error('the disk is full')
    await type('a')
    expect([chosen(frame()), frame().told]).toEqual([0, { text: 'the disk is full', tone: 'bad' }])
    desk.failWith = null
    await type('a')
    expect([chosen(frame()), decided(desk).length]).toEqual([1, 1])
  })

  it('says where a file that cannot be read is broken', async () => {
    const { type, frame, desk } = browserOf()
    desk.failWith = new Fault('BAD_REVIEWS', 'a merge was not brought to its end', { place: 'reviews.yaml:4:1' })
    await type('a')
    expect(frame().told.text).toBe('reviews.yaml:4:1: a merge was not brought to its end')
  })

  it('decides about nothing that a small terminal does not show, and is left all the same', async () => {
    const { browser, type, desk, left } = browserOf()
    browser.resize(79, 24)
    await type('a', 'R', 'c', 'x', 'enter')
    expect(decided(desk)).toEqual([])
    browser.resize(80, 24)
    await type('a')
    expect(decided(desk)).toEqual([['record-0 newly-refused', 'accept', null]])
    browser.resize(20, 5)
    await type('q')
    expect(left.quits).toBe(1)
  })

  it('a pair that did not change has nothing to decide about', async () => {
    const { type, frame, desk } = browserOf()
    await type('G', 'a')
    expect(decided(desk)).toEqual([])
    expect(frame().told.text).toContain('did not change')
  })
})

describe('what leaves the browser', () => {
  it('y copies the id, o and e open the whole pair without what a terminal obeys, q leaves', async () => {
    const { type, left } = browserOf()
    await type('j', 'y')
    await type('G', 'k', 'o', 'e')
    expect(left.copied).toEqual(['record-1'])
    expect(left.opened.map(([program]) => program)).toEqual(['pager', 'editor'])
    const text = left.opened[0]?.[1] ?? ''
    expect(text).toContain('# record-7 · improved')
    expect(text).toContain('⟨U+001B⟩[2J')
    // oxlint-disable-next-line no-control-regex -- it is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    await type('q')
    expect(left.quits).toBe(1)
  })

  it('says what went wrong', async () => {
    const { type, frame } = browserOf({
      outside: { open: async () => "vi can't be found", copy: () => {}, quit: () => {} },
    })
    await type('j')
    await type('e')
    expect(frame().told).toEqual({ text: "vi can't be found", tone: 'bad' })
  })
})
