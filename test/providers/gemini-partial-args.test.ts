// Arguments of a tool call, piece by piece: every place that a path can name, and the hostile ones.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { createPartialArgs } from '../../src/providers/gemini-partial-args.ts'

const text = (jsonPath: string, stringValue: string): Json => ({ jsonPath, stringValue })

function placed(pieces: readonly Json[]) {
  const args = createPartialArgs()
  return { taken: pieces.map((piece) => args.take(piece)), text: args.text() }
}

describe('createPartialArgs', () => {
  test.each<[string, readonly Json[], string]>([
    ['nothing', [], '{}'],
    ['a text in pieces', [text('$.a', 'x'), text('$.a', ''), text('$.a', 'y')], '{"a":"xy"}'],
    ['a number', [{ jsonPath: '$.a', numberValue: 0 }], '{"a":0}'],
    ['a truth', [{ jsonPath: '$.a', boolValue: false }], '{"a":false}'],
    ['nothing at all', [{ jsonPath: '$.a', nullValue: 'NULL_VALUE' }], '{"a":null}'],
    ['a later value of another kind', [text('$.a', 'x'), { jsonPath: '$.a', numberValue: 1 }], '{"a":1}'],
    ['objects in lists', [text('$.a[0].b', 'x'), text('$.a[1].b', 'y')], '{"a":[{"b":"x"},{"b":"y"}]}'],
    ['lists in lists', [text('$.a[0][0]', 'x'), text('$.a[0][1]', 'y')], '{"a":[["x","y"]]}'],
    ['names in quotes', [text(`$['a b']["c\\"d"]`, 'x')], '{"a b":{"c\\"d":"x"}}'],
    ['names of objects themselves', [text('$.__proto__.constructor', 'x')], '{"__proto__":{"constructor":"x"}}'],
    ['the names of the Python SDK', [{ json_path: '$.a', string_value: 'x' }], '{"a":"x"}'],
  ])('%s', (_, pieces, expected) => {
    expect(placed(pieces)).toEqual({ taken: pieces.map(() => true), text: expected })
  })

  test.each<[string, Json]>([
    ['no path', { stringValue: 'x' }],
    ['no root', text('a.b', 'x')],
    ['the root', text('$', 'x')],
    ['a wildcard', text('$.a[*]', 'x')],
    ['an open bracket', text('$.a[', 'x')],
    ['no value', { jsonPath: '$.a' }],
    ['a list that skips', text('$.a[1000000000]', 'x')],
    ['a list that skips a little', text('$.a[2]', 'x')],
    ['deeper than any argument', text(`$${'.a'.repeat(70)}`, 'x')],
  ])('%s is not placed', (_, piece) => {
    expect(placed([piece]).taken).toEqual([false])
  })

  test('a value is no place for another', () => {
    expect(placed([text('$.a', 'x'), text('$.a.b', 'y')]).taken).toEqual([true, false])
    expect(placed([text('$.a[0]', 'x'), text('$.a.b', 'y')]).taken).toEqual([true, false])
    expect(({} as Record<string, unknown>)['constructor']).toBe(Object)
  })

  test('any arguments, taken apart and put together, are the same', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    const key = fc.stringMatching(/^[a-z_]{1,5}$/)
    const { args } = fc.letrec<{ value: Json; args: Json }>((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value'), { minLength: 1, maxLength: 3 }), tie('args')),
      args: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
    }))
    fc.assert(
      fc.property(args, (whole) => {
        expect(JSON.parse(placed(piecesOf(whole, '$')).text)).toEqual(whole)
      }),
      { numRuns: 200 },
    )
  })
})

function piecesOf(value: Json, path: string): Json[] {
  if (typeof value === 'string') {
    const half = Math.floor(value.length / 2)
    return [text(path, value.slice(0, half)), text(path, value.slice(half))]
  }
  if (typeof value === 'number') return [{ jsonPath: path, numberValue: value }]
  if (typeof value === 'boolean') return [{ jsonPath: path, boolValue: value }]
  if (value === null) return [{ jsonPath: path, nullValue: 'NULL_VALUE' }]
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, each]) => piecesOf(each, isList ? `${path}[${key}]` : `${path}.${key}`))
}
