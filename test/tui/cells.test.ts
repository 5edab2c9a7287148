// Room on the screen: wide characters, cuts and breaks.

import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { cellsOf, fill, fit, fitEnd, wrap } from '../../src/tui/cells.ts'
import { edited, promptOf, written } from '../../src/tui/prompt.ts'
import { line, span } from '../../src/tui/spans.ts'

const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', '👩‍👩‍👧', 'é', '─') })
const text = fc.oneof(fc.string({ unit: 'grapheme' }), plain)
const told = (lines: ReturnType<typeof wrap>) => lines.map((each) => each.map((part) => part.text).join(''))

describe('a text in its room', () => {
  it.each([
    ['abcdef', 4, 'abc…'],
    ['abcd', 4, 'abcd'],
    ['日本語', 4, '日…'],
    ['日本語', 6, '日本語'],
    ['👩‍👩‍👧👩‍👩‍👧', 3, '👩‍👩‍👧…'],
    ['abc', 0, ''],
  ])('%s in %i columns', (given, width, expected) => {
    expect(fit(given, width)).toBe(expected)
  })

  it('is never wider than that, and filled it is as wide', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (given, width) => {
        expect(stringWidth(fit(given, width))).toBeLessThanOrEqual(width)
        expect(stringWidth(fill(given, width))).toBe(width)
        expect(stringWidth(fitEnd(given, width))).toBeLessThanOrEqual(width)
        expect(cellsOf(given)).toBe(stringWidth(given))
      }),
    )
  })
})

describe('lines', () => {
  it.each<[string, number, string[]]>([
    ['one two three', 8, ['one two ', 'three']],
    ['one two', 7, ['one two']],
    ['  indented', 20, ['  indented']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['日本語文', 5, ['日本', '語文']],
    ['', 5, ['']],
  ])('%s at %i', (given, width, expected) => {
    expect(told(wrap(line(given), width))).toEqual(expected)
  })

  it('lose nothing but blanks at their ends, and are never too wide', () => {
    const blankless = (given: string) => given.replaceAll(/\s/g, '')
    fc.assert(
      fc.property(fc.array(plain), fc.integer({ min: 2, max: 20 }), (parts, width) => {
        const spans = parts.map((part, place) => span(part, place % 2 === 0 ? 'plain' : 'added'))
        const lines = told(wrap(spans, width))
        expect(blankless(lines.join(''))).toBe(blankless(parts.join('')))
        for (const each of lines) expect(stringWidth(each)).toBeLessThanOrEqual(width)
      }),
    )
  })
})

it.each<[string, string[], string]>([
  ['writes at the cursor', ['left', 'x'], 'ab cxd'],
  ['takes whole characters back', ['👩‍👩‍👧', 'backspace', 'backspace'], 'ab c'],
  ['a word', ['ctrl+w'], 'ab '],
  ['to both ends', ['home', 'x', 'end', 'y'], 'xab cdy'],
  ['all before the cursor', ['left', 'ctrl+u'], 'd'],
  ['all behind it', ['home', 'right', 'ctrl+k'], 'a'],
  ['passes by keys that write nothing', ['up', 'tab', 'pagedown'], 'ab cd'],
])('a prompt %s', (_what, keys, expected) => {
  const prompt = keys.reduce((each, key) => edited(each, key) ?? each, promptOf('filter', 'ab cd'))
  expect(written(prompt)).toBe(expected)
})
