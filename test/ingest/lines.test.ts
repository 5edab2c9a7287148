// Bytes into numbered lines, however the bytes come.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLineSplitter, type Line } from '../../src/ingest/containers/lines.ts'

function split(pieces: readonly Uint8Array[], limit?: number): readonly Line[] {
  const splitter = createLineSplitter(limit)
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()]
}

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')
const shown = (lines: readonly Line[]) =>
  lines.map((line) => {
    if (line.kind === 'line') return [line.line, textOf(line.bytes)]
    return [line.line, line.kind, line.kind === 'oversize' ? line.size : null]
  })

describe('createLineSplitter', () => {
  test.each<[string, string, readonly (readonly [number, string])[]]>([
    ['nothing', '', []],
    ['one line', 'a\n', [[1, 'a']]],
    [
      'no line end at the end',
      'a\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'CRLF',
      'a\r\nb\r\n',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a mix of both',
      'a\r\nb\nc',
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
    ],
    ['a carriage return inside', 'a\rb\n', [[1, 'a\rb']]],
    [
      'blank lines are counted',
      '\n\na\n \t\n\r\nb\n\n',
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'a byte order mark',
      '\uFEFFa\nb',
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    ['a byte order mark alone', '\uFEFF\na', [[2, 'a']]],
    [
      'a byte order mark later is text',
      'a\n\uFEFFb',
      [
        [1, 'a'],
        [2, '\uFEFFb'],
      ],
    ],
    ['a line separator of Unicode is text', 'a\u2028b\n', [[1, 'a\u2028b']]],
    ['a NUL byte is text', 'a\0b\n', [[1, 'a\0b']]],
  ])('%s', (_, text, expected) => {
    expect(shown(split([Buffer.from(text)]))).toEqual(expected)
    expect(shown(split([...Buffer.from(text)].map((byte) => Uint8Array.of(byte))))).toEqual(expected)
  })

  test('a line of 4 MB comes whole', () => {
    const long = 'x'.repeat(4 * 1024 * 1024)
    const bytes = Buffer.from(`a\n${long}\nb`)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 65536) }, (_, at) =>
      bytes.subarray(at * 65536, (at + 1) * 65536),
    )
    const lines = split(pieces)
    expect(lines.map((line) => line.line)).toEqual([1, 2, 3])
    expect(lines[1]?.kind === 'line' && textOf(lines[1].bytes) === long).toBe(true)
  })

  test.each([
    [
      'at the limit',
      10,
      [
        [1, 'x'.repeat(10)],
        [2, 'b'],
      ],
    ],
    [
      'one over',
      11,
      [
        [1, 'oversize', 11],
        [2, 'b'],
      ],
    ],
    [
      'far over',
      100_000,
      [
        [1, 'oversize', 100_000],
        [2, 'b'],
      ],
    ],
  ])('a line %s of 10 bytes', (_, length, expected) => {
    const bytes = Buffer.from(`${'x'.repeat(length)}\nb\n`)
    expect(shown(split([bytes], 10))).toEqual(expected)
    expect(shown(split([bytes.subarray(0, 7), bytes.subarray(7, 9), bytes.subarray(9)], 10))).toEqual(expected)
  })

  test('an oversize last line without its end is told too, and keeps an opening', () => {
    const [line] = split([Buffer.from('abcdefgh'), Buffer.from('ijkl')], 10)
    expect(line).toMatchObject({ kind: 'oversize', line: 1, size: 12 })
    expect(line?.kind === 'oversize' && textOf(line.opening)).toBe('abcdefghijkl')
  })

  test('a rest does not hold on to the chunk that it came in', () => {
    const chunk = Buffer.from('a\nrest')
    const splitter = createLineSplitter()
    splitter.push(chunk)
    chunk.fill(0)
    expect(shown(splitter.push(Buffer.from('!\n')))).toEqual([[2, 'rest!']])
  })

  test('cut anywhere, the lines are the same as split text', () => {
    const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', ' ', '{"a":1}', '\n\n'), { maxLength: 40 })
    fc.assert(
      fc.property(text, fc.array(fc.nat(120)), (parts, cuts) => {
        const whole = parts.join('')
        const bytes = Buffer.from(whole)
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
        const expected = whole
          .split('\n')
          .map((line, at) => [at + 1, line.replace(/\r$/, '')] as const)
          .filter(([, line]) => line.trim() !== '')
        expect(shown(split(places.slice(1).map((place, at) => bytes.subarray(places[at], place))))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})
