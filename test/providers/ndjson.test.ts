// Newline-delimited JSON from bytes: every line end, and every place to cut.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNdjsonReader } from '../../src/providers/ndjson.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

function read(pieces: readonly Uint8Array[]) {
  const reader = createNdjsonReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

const lines = (...data: readonly string[]) => data.map((each) => ({ event: null, data: each }))

describe('createNdjsonReader', () => {
  test.each<[string, string, readonly string[]]>([
    ['lines', '{"a":1}\n{"a":2}\n', ['{"a":1}', '{"a":2}']],
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n', ['{"a":1}', '{"a":2}']],
    ['no line end at the end', '{"a":1}\n{"a":2}', ['{"a":1}', '{"a":2}']],
    ['a lone CR at the end', '{"a":1}\r', ['{"a":1}']],
    ['a lone CR is white space', '{"a":\r1}\n', ['{"a":\r1}']],
    ['blank lines', '\n\r\n  \n{"a":1}\n\n', ['{"a":1}']],
    ['a byte order mark', '\uFEFF{"a":1}\n', ['{"a":1}']],
    ['a line separator within a text', '{"a":"\u2028"}\n', ['{"a":"\u2028"}']],
    ['what is not JSON is given as it came', 'oops\n{"a"', ['oops', '{"a"']],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(read([bytes(text)])).toEqual(lines(...expected))
  })

  test('a line is given as soon as its end is there, not before', () => {
    const reader = createNdjsonReader()
    expect(reader.push(bytes('{"a"'))).toEqual([])
    expect(reader.push(bytes(':1}\n{"b'))).toEqual(lines('{"a":1}'))
    expect(reader.push(bytes('":2}'))).toEqual([])
    expect(reader.end()).toEqual(lines('{"b":2}'))
  })

  test('the bytes of a character may come apart', () => {
    const all = bytes('"é漢😀"\r\n"b"')
    for (let cut = 0; cut <= all.length; cut += 1) {
      expect(read([all.subarray(0, cut), all.subarray(cut)])).toEqual(lines('"é漢😀"', '"b"'))
    }
  })

  test('a line without end becomes an error, not a full memory', () => {
    const reader = createNdjsonReader()
    const megabyte = bytes('a'.repeat(1024 * 1024))
    const events = Array.from({ length: 20 }, () => reader.push(megabyte)).flat()
    expect(events).toEqual([{ event: 'error', data: expect.stringContaining('longer than') }])
    expect(reader.push(bytes('\n{}\n'))).toEqual([])
    expect(reader.end()).toEqual([])
  })

  test('many lines are no long line', () => {
    const reader = createNdjsonReader()
    const line = bytes(`${'a'.repeat(1024 * 1024)}\n`)
    for (let sent = 0; sent < 20; sent += 1) expect(reader.push(line)).toHaveLength(1)
    expect(reader.end()).toEqual([])
  })

  test('split anywhere, the lines are the same', () => {
    const text = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(
        fc.array(text),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat({ max: 400 })),
        (texts, eol, isEnded, cuts) => {
          const data = texts.map((each) => JSON.stringify(each))
          const all = bytes(data.join(eol) + (isEnded ? eol : ''))
          const places = [0, ...cuts.filter((cut) => cut < all.length).toSorted((a, b) => a - b), all.length]
          const pieces = places.slice(1).map((place, at) => all.subarray(places[at], place))
          expect(read(pieces)).toEqual(lines(...data))
        },
      ),
      { numRuns: 200 },
    )
  })
})
