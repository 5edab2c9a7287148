// What the explorer decides without a browser: which pairs in which order, its address, and the filter as chips change it.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseFilter } from '../../src/filter/parse.ts'
import { hashOf, type View, viewOf } from '../../src/report/page/address.ts'
import { type Choice, choose, type Order, orders } from '../../src/report/page/choose.ts'
import { clusterOf, hasWord, toggleWord, withCluster } from '../../src/report/page/query.ts'
import { buildPageScript } from '../support/page-script.ts'
import { worstExample } from './fixture-examples.ts'

function choice(place: number, row: Partial<Choice['listed']['row']> = {}): Choice {
  const all = { ...worstExample.row, ordinal: 9 - place, recordId: `r${place}`, ...row }
  return { place, opening: '', listed: { row: all, reasons: [], review: 'unreviewed' } }
}

function termsOf(filter: string) {
  const parsed = parseFilter(filter, ['task'])
  if (parsed.kind === 'mistake') throw new Error(parsed.because)
  return parsed.terms
}

describe('the order', () => {
  const all = [
    choice(0, { similarity: 0.5, latencyMs: { production: 1, candidate: 1 } }),
    choice(1, { similarity: null, latencyMs: { production: null, candidate: 1 } }),
    choice(2, { similarity: 0.1, latencyMs: { production: 1, candidate: Infinity } }),
    choice(3, { similarity: 0.5, latencyMs: { production: 1, candidate: 3 } }),
  ]
  test.each([
    ['worst', [0, 1, 2, 3]],
    ['log', [3, 2, 1, 0]],
    ['similarity', [2, 0, 3, 1]],
    ['latency', [2, 3, 0, 1]],
  ] satisfies [Order, number[]][])('%s; what has no number is last', (order, expected) => {
    const { choices } = choose(all, { terms: [], order, textOf: () => null })
    expect(choices.map(({ place }) => place)).toEqual(expected)
  })
})

describe('a search', () => {
  const all = [choice(0), choice(1), choice(2, { standing: 'same' })]
  const textOf = (place: number) => (place === 0 ? 'the answer is forty-two' : null)
  test('finds what was read, and counts what was not', () => {
    const found = choose(all, { terms: termsOf('Forty'), order: 'worst', textOf })
    expect(found.choices.map(({ place }) => place)).toEqual([0])
    expect(found.unread).toBe(2)
  })
  test('counts only what it asks for', () => {
    expect(choose(all, { terms: termsOf('forty -same'), order: 'worst', textOf }).unread).toBe(1)
    expect(choose(all, { terms: termsOf('-same'), order: 'worst', textOf })).toMatchObject({ unread: 0 })
  })
  test('a text that must not be there is not there only where it was read', () => {
    const { choices } = choose(all, { terms: termsOf('-sixty'), order: 'worst', textOf })
    expect(choices.map(({ place }) => place)).toEqual([0])
  })
})

describe('the address', () => {
  const view: fc.Arbitrary<View> = fc.record({
    filter: fc.string({ unit: 'grapheme' }).filter((text) => text === text.trim()),
    order: fc.constantFrom(...(Object.keys(orders) as Order[])),
    pair: fc.option(fc.string({ unit: 'grapheme', minLength: 1 })),
  })
  test('says the whole view', () => {
    fc.assert(
      fc.property(view, (shown) => {
        const hash = hashOf(shown)
        fc.pre(hash !== '#')
        expect(viewOf(hash, [])).toEqual(shown)
      }),
    )
  })
  test.each([
    ['of another section', '#rules', null],
    ['of a pair that the page has not', '#pair-zz', null],
    ['of an anchor', '#pair-r_1', { filter: '', order: 'worst', pair: 'r/1' }],
    ['that is broken', '#pair-%E0%A4%A', null],
    ['with an order that is none', '#sort=best', { filter: '', order: 'worst', pair: null }],
  ])('%s', (_, hash, expected) => expect(viewOf(hash, ['r/1'])).toEqual(expected))
})

describe('chips', () => {
  test.each([
    ['puts its word in', 'task=a', 'refused', 'task=a refused'],
    ['takes it out', 'task=a refused "x y"', 'refused', 'task=a "x y"'],
    ['replaces another standing', 'regressed task=a', 'improved', 'task=a improved'],
    ['leaves quoted words alone', '"regressed x"', 'regressed', '"regressed x" regressed'],
  ])('%s', (_, filter, word, expected) => {
    expect(toggleWord(filter, word)).toBe(expected)
    expect(hasWord(expected, word)).toBe(!hasWord(filter, word))
  })
  test('a cluster replaces another, and none takes it out', () => {
    expect(withCluster('regressed cluster=a', 'b')).toBe('regressed cluster=b')
    expect(clusterOf('regressed cluster=b')).toBe('b')
    expect(withCluster('regressed cluster=a', null)).toBe('regressed')
  })
})

test('the script asks for nothing of Node, and can stand in a page', async () => {
  const script = await buildPageScript()
  expect(script).not.toMatch(/node:|\brequire\(|<\/script|<!--/)
  expect(script.length).toBeLessThan(100_000)
})
