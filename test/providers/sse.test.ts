// Server-sent events from bytes: every framing, and every place to cut.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSseReader } from '../../src/providers/sse.ts'

function read(pieces: readonly Uint8Array[]) {
  const reader = createSseReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

const bytes = (text: string) => new TextEncoder().encode(text)

describe('createSseReader', () => {
  test.each<[string, string, readonly (readonly [string | null, string])[]]>([
    ['one event', 'data: a\n\n', [[null, 'a']]],
    ['a named event', 'event: error\ndata: a\n\n', [['error', 'a']]],
    [
      'CRLF',
      'data: a\r\n\r\ndata: b\r\n\r\n',
      [
        [null, 'a'],
        [null, 'b'],
      ],
    ],
    [
      'CR',
      'data: a\r\rdata: b\r\r',
      [
        [null, 'a'],
        [null, 'b'],
      ],
    ],
    ['no space after the colon', 'data:a\n\n', [[null, 'a']]],
    ['several data lines', 'data: a\ndata: b\n\n', [[null, 'a\nb']]],
    ['comments and ids', ': ping\n\nid: 1\nretry: 5\ndata: a\n\n', [[null, 'a']]],
    ['a byte order mark', '\uFEFFdata: a\n\n', [[null, 'a']]],
    [
      'no blank line at the end',
      'data: a\n\ndata: b\n',
      [
        [null, 'a'],
        [null, 'b'],
      ],
    ],
    [
      'no line end at the end',
      'data: a\n\ndata: b',
      [
        [null, 'a'],
        [null, 'b'],
      ],
    ],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(read([bytes(text)])).toEqual(expected.map(([event, data]) => ({ event, data })))
  })

  test('the bytes of a character may come apart', () => {
    const all = bytes('data: é漢😀\n\n')
    for (let cut = 0; cut <= all.length; cut += 1) {
      expect(read([all.subarray(0, cut), all.subarray(cut)])).toEqual([{ event: null, data: 'é漢😀' }])
    }
  })

  test('an event without end becomes an error, not a full memory', () => {
    const reader = createSseReader()
    const megabyte = bytes(`data: ${'a'.repeat(1024 * 1024)}`)
    const events = Array.from({ length: 20 }, () => reader.push(megabyte)).flat()
    expect(events).toEqual([{ event: 'error', data: expect.stringContaining('longer than') }])
    expect(reader.end()).toEqual([])
  })

  test('split anywhere, the events are the same', () => {
    const event = fc.record({
      event: fc.constantFrom(null, 'error', 'ping'),
      data: fc.string({ unit: 'grapheme', minLength: 1 }),
    })
    fc.assert(
      fc.property(
        fc.array(event),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.array(fc.nat({ max: 400 })),
        (events, eol, cuts) => {
          const clean = events.map((each) => ({ ...each, data: each.data.replaceAll(/[\r\n]/g, '.') }))
          const text = clean.map(
            ({ event: name, data }) => `${name === null ? '' : `event: ${name}${eol}`}data: ${data}${eol}${eol}`,
          )
          const all = bytes(text.join(''))
          const places = [0, ...cuts.filter((cut) => cut < all.length).toSorted((a, b) => a - b), all.length]
          const pieces = places.slice(1).map((place, at) => all.subarray(places[at], place))
          expect(read(pieces)).toEqual(clean)
        },
      ),
      { numRuns: 200 },
    )
  })
})
