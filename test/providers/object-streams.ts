// Streams of JSON objects for the tests of this room: put on the wire in each API's framing, and read back.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { createFrameReader } from '../../src/providers/framing.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { arrayAt, isObject, textAt } from '../../src/providers/shape.ts'
import { wireFolder } from './recorded.ts'

/** The bytes of a stream as the API sends them. */
export function wire(provider: Provider, events: readonly Json[]): Uint8Array {
  const framed = events.map((event) => {
    const text = JSON.stringify(event)
    if (provider.framing === 'ndjson') return `${text}\n`
    const name = textAt(event, 'type')
    return name === null ? `data: ${text}\r\n\r\n` : `event: ${name}\ndata: ${text}\n\n`
  })
  return new TextEncoder().encode(framed.join(''))
}

export function fold(provider: Provider, pieces: readonly Uint8Array[]) {
  const frames = createFrameReader(provider.framing)
  const reader = provider.stream()
  for (const event of [...pieces.flatMap((piece) => frames.push(piece)), ...frames.end()]) reader.push(event)
  return reader.end()
}

/** Reads a stream; a string event is raw `data`. Says for each event whether it was content. */
export function read(provider: Provider, events: readonly (Json | string)[]) {
  const reader = provider.stream()
  const hasContent = events.map(
    (event) => reader.push({ event: null, data: typeof event === 'string' ? event : JSON.stringify(event) }).hasContent,
  )
  return { hasContent, end: reader.end() }
}

export function expectSameSplitAnywhere(provider: Provider, events: readonly Json[], runs: number) {
  const all = wire(provider, events)
  const whole = fold(provider, [all])
  expect(whole).toHaveProperty('reply')
  fc.assert(
    fc.property(fc.array(fc.nat({ max: all.length }), { minLength: 1, maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), all.length]
      expect(
        fold(
          provider,
          places.slice(1).map((place, at) => all.subarray(places[at], place)),
        ),
      ).toEqual(whole)
    }),
    { numRuns: runs },
  )
}

/** The events of a recording that kept one a line. */
export function recordedEvents(path: string): readonly Json[] {
  const lines = readFileSync(join(wireFolder, path), 'utf8').split('\n')
  return lines.filter((line) => line.trim() !== '').map((line): Json => JSON.parse(line))
}

/** The events of a committed specimen. */
export function eventsOf(response: Json): readonly Json[] {
  const events = arrayAt({ response }, 'response')
  expect(events.length > 0 && events.every(isObject)).toBe(true)
  return events
}

/** What the facts of a recording say, read off the files by another program than ours. */
export type Facts = readonly [
  name: string,
  stop: string,
  textLength: number,
  tools: readonly string[],
  input: number,
  output: number,
]
