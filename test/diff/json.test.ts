// The structural diff of JSON: its lines rebuild both values, keys have no order, and hostile values cost a bounded amount.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { type JsonDiffOptions, type JsonLine, jsonDiffForPeople } from '../../src/diff/json.ts'
import { documentIn, isSameJson } from '../../src/diff/json-text.ts'

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>
const whole: JsonDiffOptions = { context: Infinity, maxLines: Infinity, maxScalar: Infinity }

/** The JSON that lines spell, with the commas that they leave out. */
function rebuilt(lines: readonly JsonLine[]): Json {
  const text = lines.map((line, at) => {
    const isLast = (lines[at + 1]?.depth ?? -1) < line.depth || /^[\]}]$/.test(lines[at + 1]?.text ?? '')
    const isOpening = (lines[at + 1]?.depth ?? -1) > line.depth
    const name = line.key === null ? '' : `${JSON.stringify(line.key)}:`
    return `${name}${line.text}${isLast || isOpening ? '' : ','}`
  })
  return JSON.parse(text.join('').replace(/,$/, ''))
}

const show = (left: Json, right: Json, options: JsonDiffOptions = whole) =>
  jsonDiffForPeople(left, right, options).lines.map(
    ({ kind, depth, key, text }) =>
      `${{ same: ' ', removed: '-', added: '+', folded: '~' }[kind]}${'  '.repeat(depth)}${key === null ? '' : `${key}: `}${text}`,
  )

describe('the lines', () => {
  test('rebuild both values', () => {
    fc.assert(
      fc.property(json, json, (production, candidate) => {
        const { lines, note } = jsonDiffForPeople(production, candidate, whole)
        expect(note).toBeNull()
        const of = (own: JsonLine['kind']) => rebuilt(lines.filter(({ kind }) => kind === 'same' || kind === own))
        expect(isSameJson(of('removed'), production)).toBe(true)
        expect(isSameJson(of('added'), candidate)).toBe(true)
      }),
    )
  })

  test('of equal values are all the same, whatever the order of their keys', () => {
    expect(
      show({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 }).filter((line) => !line.startsWith(' ')),
    ).toEqual([])
    fc.assert(
      fc.property(json, (value) =>
        jsonDiffForPeople(value, structuredClone(value), whole).lines.every(({ kind }) => kind === 'same'),
      ),
    )
  })

  test('of equal values are not folded', () => {
    expect(show([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7, 8, 9], {}).length).toBe(11)
  })

  test('find an element that was put in, and an edit inside one', () => {
    expect(show([{ id: 1, on: true }, { id: 2 }], [0, { id: 1, on: true }, { id: 3 }])).toEqual([
      ' [',
      '+  0',
      '   {',
      '     id: 1',
      '     on: true',
      '   }',
      '   {',
      '-    id: 2',
      '+    id: 3',
      '   }',
      ' ]',
    ])
  })

  test('tell an empty container from one with members, and "5" from 5', () => {
    expect(show({ a: [], b: '5' }, { a: [1], b: 5 })).toEqual([
      ' {',
      '-  a: []',
      '+  a: [',
      '+    1',
      '+  ]',
      '-  b: "5"',
      '+  b: 5',
      ' }',
    ])
  })

  test('know a member called __proto__', () => {
    const [left, right] = [JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":2}')]
    expect(show(left, right)).toEqual([' {', '-  __proto__: 1', '+  __proto__: 2', ' }'])
  })
})

test('what is the same is folded, but for what is around a change and what the change is inside of', () => {
  const members = (from: number) =>
    Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${from + index}`, index]))
  const value = (x: number) => ({ ...members(0), inner: { ...members(10), x }, ...members(30) })
  expect(show(value(1), value(2), { context: 1 })).toEqual([
    ' {',
    '~  9 lines that both have',
    '   inner: {',
    '~    8 lines that both have',
    '     k18: 8',
    '-    x: 1',
    '+    x: 2',
    '   }',
    '~  10 lines that both have',
  ])
})

describe('hostile values', () => {
  const deep = (levels: number) => {
    let value: Json = 0
    for (let level = 0; level < levels; level++) value = [value]
    return value
  }

  test('ten thousand elements that all differ are compared place by place', () => {
    const numbers = (step: number) => Array.from({ length: 9000 }, (_, index) => index * step)
    const { lines, note } = jsonDiffForPeople(numbers(2), numbers(3))
    expect(lines.length).toBe(2000)
    expect(note).toMatch(/further lines/)
  })

  test.each([
    ['a depth of 100,000', deep(100_000), 1],
    ['a depth of 100,000 in the candidate', 1, deep(100_000)],
    ['30,000 elements', Array.from({ length: 30_000 }, () => 0), []],
  ])('%s: no lines, and a note', (_, left, right) => {
    expect(jsonDiffForPeople(left, right)).toEqual({
      lines: [],
      note: expect.stringContaining('too large or too deep'),
    })
  })

  test('a string of a megabyte is cut, and that is said', () => {
    const { lines, note } = jsonDiffForPeople(['x'.repeat(1_000_000)], ['y'.repeat(1_000_000)])
    expect(Math.max(...lines.map(({ text }) => text.length))).toBe(4001)
    expect(note).toBe('Long values are cut.')
  })
})

test.each([
  ['bare', ' {"a":1} ', { a: 1 }],
  ['in a fence', '```json\n{"a":1}\n```\n', { a: 1 }],
  ['in two fences', '```json\n{}\n```\n```json\n{}\n```', undefined],
  ['with words around it', 'Here:\n```json\n{}\n```', undefined],
  ['a scalar', '42', undefined],
])('a document %s', (_, text, expected) => expect(documentIn(text)).toEqual(expected))
