// Diffs for people: nothing of either text is lost, words where they can be had, and a note where they can't.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DiffPart } from '../../src/core/changes.ts'
import { diffForPeople } from '../../src/diff/text.ts'

/** `=same`, `-removed` and `+added`, one string for each part. */
const drawn = (parts: readonly DiffPart[]) =>
  parts.map(({ kind, text }) => `${{ same: '=', removed: '-', added: '+' }[kind]}${text}`)

const joined = (parts: readonly DiffPart[], without: DiffPart['kind']) =>
  parts
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('')

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index))

describe('diffForPeople, word by word', () => {
  test.each([
    { why: 'nothing to say of nothing', a: '', b: '', is: [] },
    { why: 'the same text is one part', a: 'the cat\nsat', b: 'the cat\nsat', is: ['=the cat\nsat'] },
    { why: 'an answer where there was none', a: '', b: 'a dog', is: ['+a dog'] },
    { why: 'no answer where there was one', a: 'a dog', b: '', is: ['-a dog'] },
    { why: 'a word replaced', a: 'the cat sat', b: 'the dog sat', is: ['=the', '- cat', '+ dog', '= sat'] },
    {
      why: 'neighbouring changes are one',
      a: 'it is 1 2 3 now',
      b: 'it is 4 5 6 now',
      is: ['=it is', '- 1 2 3', '+ 4 5 6', '= now'],
    },
    {
      why: 'a word that only begins alike is not torn',
      a: 'see foobar',
      b: 'see foo bar',
      is: ['=see', '- foobar', '+ foo bar'],
    },
    { why: 'a comma is not the word before it', a: 'yes, sir', b: 'yes sir', is: ['=yes', '-,', '= sir'] },
    { why: 'a code fence is one mark', a: 'x = 1', b: '```\nx = 1\n```', is: ['+```\n', '=x = 1', '+\n```'] },
    {
      why: 'accents and scripts are letters',
      a: 'Käse für Zoë',
      b: 'Käse von Zoë',
      is: ['=Käse', '- für', '+ von', '= Zoë'],
    },
    { why: 'indentation is seen', a: 'if x:\n  y', b: 'if x:\n    y', is: ['=if x:\n', '-  ', '+    ', '=y'] },
  ])('$why', ({ a, b, is }) => {
    const { parts, note } = diffForPeople(a, b)
    expect({ parts: drawn(parts), note }).toEqual({ parts: is, note: null })
  })
})

describe('diffForPeople, coarser', () => {
  test('lines where too many words differ', () => {
    const forth = numbers(0, 30).join(';')
    const back = numbers(0, 30).toReversed().join(';')
    const { parts, note } = diffForPeople(`1;2\nkeep\n${forth}\nkeep`, `2;1\nkeep\n${back}\nkeep`, { maxEdits: 20 })
    expect(drawn(parts)).toEqual(['-1;2\n', '+2;1\n', '=keep\n', `-${forth}\n`, `+${back}\n`, '=keep'])
    expect(note).toBe('Compared line by line: the texts differ in too many words for more.')
  })

  test('lines where the texts are too long for words', () => {
    const { parts, note } = diffForPeople('1 2\nkeep\n3 4', '5 2\nkeep\n3 6', { maxLength: 10 })
    expect(drawn(parts)).toEqual(['-1 2\n', '+5 2\n', '=keep\n', '-3 4', '+3 6'])
    expect(note).toBe('Compared line by line: the texts are too long for more.')
  })

  test('whole texts where lines have nothing in common, around what both begin and end with', () => {
    const a = ['begin', ...numbers(0, 400), 'end'].join(' ')
    const b = ['begin', ...numbers(0, 400).toReversed(), 'end'].join(' ')
    const { parts, note } = diffForPeople(a, b, { maxEdits: 100 })
    expect(parts.map(({ kind }) => kind)).toEqual(['same', 'removed', 'added', 'same'])
    expect([parts[0]?.text, parts[3]?.text]).toEqual(['begin', ' end'])
    expect(note).toBe('Shown as replaced in whole: the texts differ in too many words for more.')
  })

  test('whole texts where they are too long for lines', () => {
    const { parts, note } = diffForPeople('1\nkeep\n3', '2\nkeep\n4', { maxLength: 2 })
    expect(drawn(parts)).toEqual(['-1\nkeep\n3', '+2\nkeep\n4'])
    expect(note).toBe('Shown as replaced in whole: the texts are too long for more.')
  })

  test('words again for a small change in a text far beyond the longest', () => {
    const long = numbers(0, 60_000).join(' ')
    const { parts, note } = diffForPeople(long, long.replace(' 777 ', ' seven '))
    expect(note).toBeNull()
    expect(drawn(parts.slice(1, 3))).toEqual(['- 777', '+ seven'])
  })

  test('words that only one text has spend no edits', () => {
    const a = numbers(0, 900).map((n) => `${n} both`)
    const b = numbers(900, 1800).map((n) => `${n} both`)
    expect(diffForPeople(a.join(' '), b.join(' ')).note).toBeNull()
  })
})

describe('diffForPeople, for any two texts', () => {
  const unit = fc.constantFrom(
    'a',
    'b',
    'c',
    'é',
    '東',
    '👍',
    ' ',
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    '.',
    '``',
    '\ud800',
  )
  const text = fc.oneof(
    fc.string({ unit, maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(fc.constantFrom('one two', 'two three\n', 'four\n', '\n'), { maxLength: 20 })
      .map((lines) => lines.join('')),
  )
  const options = fc.record(
    { maxEdits: fc.integer({ min: 0, max: 20 }), maxLength: fc.integer({ min: 0, max: 60 }) },
    { requiredKeys: [] },
  )

  test('gives both texts back, in merged parts, and the same parts again', () => {
    fc.assert(
      fc.property(text, text, options, (a, b, bounds) => {
        const { parts, note } = diffForPeople(a, b, bounds)
        expect(joined(parts, 'added')).toBe(a)
        expect(joined(parts, 'removed')).toBe(b)
        const kinds = parts.map(({ kind }) => kind)
        expect(kinds.join(' ')).not.toMatch(/same same|removed removed|added added|added removed/)
        expect(parts.every((part) => part.text !== '')).toBe(true)
        expect(diffForPeople(a, b, bounds)).toEqual({ parts, note })
      }),
      { numRuns: 1000 },
    )
  })

  test('a text and itself are one part without a note, under any bounds', () => {
    fc.assert(
      fc.property(text, options, (a, bounds) => {
        const parts = a === '' ? [] : [{ kind: 'same', text: a }]
        expect(diffForPeople(a, a, bounds)).toEqual({ parts, note: null })
      }),
    )
  })
})
