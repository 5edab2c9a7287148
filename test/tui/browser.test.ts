// What each key does to the lists and the texts.

import { describe, expect, it } from 'vitest'
import type { PairRow } from '../../src/core/pair.ts'
import { browserOf, chosen, rows, settle, sourceOf, textOf, typed } from './fixture.ts'

describe('moving', () => {
  it.each<[string, string[], number]>([
    ['j and k', ['j', 'j', 'k'], 1],
    ['arrows', ['down', 'down', 'up'], 1],
    ['G and g', ['G'], 8],
    ['g from the end', ['G', 'g'], 0],
    ['below the last', ['G', 'j'], 8],
    ['above the first', ['k'], 0],
    ['a page down', ['ctrl+d'], 8],
    ['a page down and up', ['ctrl+d', 'ctrl+u'], 0],
    ['n: the next regression', ['n'], 1],
    ['n beyond the last regression', ['n', 'n', 'n'], 2],
    ['N back', ['n', 'n', 'N'], 1],
    ['s skips', ['s', 's'], 2],
    ['keys without a meaning', ['j', 'x', 'Q', 'ctrl+x', '€', 'j'], 2],
  ])('%s', async (_what, keys, expected) => {
    const { type, frame } = browserOf()
    await type(...keys)
    expect(chosen(frame())).toBe(expected)
  })

  it('n passes by what was decided', async () => {
    const { type, frame } = browserOf()
    await type('j', 'r', 'g', 'n')
    expect(chosen(frame())).toBe(2)
  })

  it('scrolls the pane with J, and with j where it has the focus', async () => {
    const { browser, type, frame } = browserOf()
    browser.resize(80, 24)
    await type('5')
    const first = textOf(frame())
    await type('J')
    expect(frame().part).toMatch(/^4–21 of/)
    await type('l', 'j')
    expect(frame().part).toMatch(/^5–22 of/)
    expect(chosen(frame())).toBe(0)
    await type('g')
    expect(textOf(frame())).toBe(first)
    await type('G')
    expect(frame().part).toMatch(/(\d+) of \1$/)
    await type('escape', 'j')
    expect(chosen(frame())).toBe(1)
    expect(frame().part).toMatch(/^1–/)
  })

  it('reads only what is shown and what is near', async () => {
    const many = Array.from({ length: 100_000 }, (_, ordinal): PairRow => ({ ...(rows[3] as PairRow), ordinal }))
    const source = sourceOf({ rows: many })
    const { type, frame } = browserOf({ source })
    await type('G', 'g', ...Array.from({ length: 30 }, () => 'j'))
    expect(frame().place).toBe('31 of 100,000')
    expect(textOf(frame())).toContain('quick')
    const read = source.asked.flat()
    expect(new Set(read).size).toBe(read.length)
    expect(read.length).toBeLessThan(80)
  })
})

describe('the lists', () => {
  it('f goes through the standings', async () => {
    const { type, frame } = browserOf()
    const seen: [string, string][] = []
    for (let each = 0; each < 7; each++) {
      await type('f')
      seen.push([frame().state.chip, frame().place])
    }
    expect(seen).toEqual([
      ['regressed', '1 of 3'],
      ['improved', '1 of 1'],
      ['changed', '1 of 4'],
      ['refused', '1 of 2'],
      ['error', '1 of 1'],
      ['unreviewed', '1 of 8'],
      ['all', '1 of 9'],
    ])
  })

  it('S goes through the orders, and what has no number stands last', async () => {
    const { type, frame } = browserOf()
    await type('S')
    expect([frame().state.sort, chosen(frame()), frame().pairs[0]?.number]).toEqual(['latency', 3, '4.0×'])
    await type('S', 'S')
    expect([frame().state.sort, frame().pairs.map(({ row }) => row.ordinal)]).toEqual([
      'similarity',
      [3, 0, 1, 2, 4, 5, 6, 7, 8],
    ])
    await type('S', 'S')
    expect([frame().state.sort, frame().pairs.map(({ row }) => row.ordinal)]).toEqual([
      'captured',
      [8, 7, 6, 5, 4, 3, 2, 1, 0],
    ])
  })

  it('a filter is counted while it is typed, and its mistakes are told', async () => {
    const { type, frame } = browserOf()
    await type('/', ...typed('similarity<0.9'))
    expect(frame().told).toEqual({ text: '1 pair', tone: 'quiet' })
    await type(...typed(' tsk=x'))
    expect(frame().told.text).toContain('there is no segment called "tsk"; did you mean task?')
    await type('enter')
    expect(frame().state.prompt).not.toBeNull()
    await type(...Array.from({ length: 6 }, () => 'backspace'), 'enter')
    expect([frame().state.prompt, frame().place, chosen(frame())]).toEqual([null, '1 of 1', 3])
    await type('escape')
    expect(frame().place).toBe('1 of 9')
  })

  it('a paste is text where a line is written, and nothing anywhere else', async () => {
    const { browser, desk, frame } = browserOf()
    browser.paste('aaarrr')
    await settle()
    expect(desk.reviews()).toEqual([])
    browser.press('/')
    browser.paste('refused\nregressed\u001b[2J')
    expect(frame().state.prompt?.before).toBe('refused regressed⟨U+001B⟩[2J')
  })

  it('finds text in requests and answers, a page at a time, and Esc ends it', async () => {
    const { type, frame } = browserOf()
    await type('/', ...typed('needle'), 'enter')
    expect([frame().place, chosen(frame())]).toEqual(['1 of 1', 3])
    await type('/', 'ctrl+u', ...typed('-needle regressed'), 'enter')
    expect(frame().place).toBe('1 of 3')

    const many = Array.from({ length: 5000 }, (_, ordinal): PairRow => ({ ...(rows[3] as PairRow), ordinal }))
    const held: (() => void)[] = []
    const whole = sourceOf({ rows: many })
    let isHeld = false
    const slow = browserOf({
      source: {
        ...whole,
        details: async (wanted) => {
          if (isHeld) await new Promise<void>((resolve) => held.push(resolve))
          return whole.details(wanted)
        },
      },
    })
    await slow.type('j')
    isHeld = true
    await slow.type('/', ...typed('river'), 'enter')
    expect(slow.frame().told.text).toBe('reading texts: 0 of 5,000, found 0 · Esc ends it')
    held.shift()?.()
    await settle()
    expect(slow.frame().told.text).toMatch(/^reading texts: 100 of 5,000, found \d\d · Esc ends it$/)
    await slow.type('escape')
    isHeld = false
    for (const go of held) go()
    await settle()
    const found = Number(/of (\d+)/.exec(slow.frame().place)?.[1])
    expect(found).toBeGreaterThan(5)
    expect(found).toBeLessThan(100)
  })

  it('t lists clusters, Enter their pairs, and Esc goes back', async () => {
    const { type, frame } = browserOf()
    await type('t')
    expect(frame().clusters.map(({ cluster, open }) => [cluster.id, open])).toEqual([
      ['newly-refused task=sensitive', '2 left'],
      ['rewritten', '1 left'],
    ])
    expect(textOf(frame())).toContain('task=sensitive · newly refused: 174 → 10')
    await type('enter')
    expect([frame().state.mode, frame().place]).toEqual(['pairs', '1 of 2'])
    await type('escape')
    expect(frame().place).toBe('1 of 9')
  })

  it('begins with a filter', async () => {
    const { frame } = browserOf({ where: 'refused' })
    await settle()
    expect(frame().place).toBe('1 of 2')
  })
})

it('says so where the store holds no answers any more, or the reading fails', async () => {
  const gone = browserOf({ source: sourceOf({ details: async () => new Map() }) })
  await gone.type('o')
  expect(textOf(gone.frame())).toContain('holds no answers of this pair')
  const textsGone = 'The texts of this run were removed by retention on 2026-11-26, and no pair can be shown.'
  const removed = browserOf({ source: sourceOf({ details: async () => new Map(), textsGone }) })
  await removed.type()
  await removed.type('o')
  expect(textOf(removed.frame()).replaceAll(/\s+/g, ' ')).toBe(textsGone)
  expect(removed.frame().told.text).toBe(textsGone)
  const broken = browserOf({
    source: sourceOf({
      details: async () => {
        throw new Error('the store was closed')
      },
    }),
  })
  await settle()
  expect(broken.frame().told).toEqual({ text: 'the store was closed', tone: 'bad' })
})

it('has an answer of a megabyte at hand in little time, and scrolls to its end', async () => {
  const long = `${'word '.repeat(20)}\n`.repeat(10_000)
  const source = sourceOf()
  const { browser, type, frame } = browserOf({
    source: {
      ...source,
      details: async (wanted) => {
        const details = await source.details(wanted)
        return new Map(
          [...details].map(([ordinal, detail]) => [
            ordinal,
            {
              ...detail,
              production: { ...detail.production, text: long },
              candidate: { ...detail.candidate, text: `${long}!` },
            },
          ]),
        )
      },
    },
  })
  browser.resize(120, 40)
  await type('l', 'G')
  expect(textOf(frame())).toContain('word word')
  expect(frame().part).toMatch(/of \d,\d\d\d$/)
})
