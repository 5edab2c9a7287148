// Recorded answers of Gemini's generateContent, read as replay reads them: whole, streamed, and split at any byte.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, Reply } from '../../src/core/types.ts'
import { geminiGenerateContent as gemini } from '../../src/providers/gemini-generate-content.ts'
import { eventsOf, expectSameSplitAnywhere, type Facts, fold, recordedEvents, wire } from './object-streams.ts'
import { isWireAbsent, readJson, specimen, wireFolder } from './recorded.ts'

function replyTo(events: readonly Json[]): Reply {
  const end = fold(gemini, [wire(gemini, events)])
  if (!('reply' in end)) throw new Error(end.broken)
  return end.reply
}

const streamOf = (name: string) => eventsOf(specimen(`vercel-google-${name}`).response)

describe('specimens', () => {
  test('a text', () => {
    expect(replyTo(streamOf('text'))).toEqual({
      text: 'There are **3** "r"s in strawberry.\n\nst**r**awbe**rr**y',
      toolCalls: [],
      stop: 'end',
      usage: { input: 9, output: 23 + 185, cachedInput: null, reasoning: 185 },
      servedModel: 'gemini-3-pro-preview',
    })
  })

  test('a whole answer that calls a tool', () => {
    expect(gemini.reply(specimen('vercel-google-tool-call').response)).toMatchObject({
      text: '',
      toolCalls: [{ name: 'weather', arguments: '{"location":"San Francisco"}' }],
      stop: 'tool',
      usage: { input: 29, output: 15 + 893, reasoning: 893 },
    })
  })

  test('arguments that came in pieces, the last without its mark', () => {
    const [call] = replyTo(streamOf('arguments')).toolCalls
    expect(call?.name).toBe('writeItems')
    expect(JSON.parse(call?.arguments ?? '')).toEqual({
      operations: [
        { action: 'add', description: 'Fresh red apple', itemid: 'apple_001', price: 0.5 },
        { action: 'add', description: 'Ripe yellow banana', itemid: 'banana_001', price: 0.3 },
      ],
    })
  })

  test('a rejection', () => {
    const { status, response } = specimen('vercel-google-retry-info')
    const expected = {
      code: 'RESOURCE_EXHAUSTED',
      detail: expect.stringMatching(/^You exceeded your current quota/),
      // In the body alone: no header of Google's says when to come again.
      retryAfterMs: 34_400,
    }
    expect(gemini.rejection(status, response)).toEqual(expected)
    expect(gemini.rejection(status, [response])).toEqual(expected)
    expect(gemini.reply(response)).toBeNull()
  })

  test.each(['text', 'arguments'])('%s: split anywhere, and kept as a list, it is the same reply', (name) => {
    const events = streamOf(name)
    expectSameSplitAnywhere(gemini, events, 100)
    expect(gemini.reply(events)).toEqual(replyTo(events))
  })

  test('a stream without its last chunk, or cut at any byte of it, is broken', () => {
    const events = streamOf('text')
    expect(gemini.reply(events.slice(0, -1))).toBeNull()
    const all = wire(gemini, events)
    const finish = Buffer.from(all).indexOf('"finishReason"')
    for (let cut = 0; cut < finish; cut += 11) expect(fold(gemini, [all.subarray(0, cut)])).toHaveProperty('broken')
    const lastByte = Buffer.from(all).lastIndexOf('}')
    expect(fold(gemini, [all.subarray(0, lastByte)])).toEqual({ broken: 'an event of the stream is not JSON' })
    expect(fold(gemini, [all.subarray(0, lastByte + 1)])).toHaveProperty('reply')
  })
})

/** Lengths in UTF-16 units. */
const facts: readonly Facts[] = [
  ['google-reasoning-gemini3', 'end', 55, [], 9, 325],
  ['google-reasoning-gemini3.json', 'end', 79, [], 9, 287],
  ['google-reasoning', 'end', 79, [], 9, 285],
  ['google-reasoning.json', 'end', 79, [], 9, 311],
  ['google-stream-no-args-tool-call', 'tool', 0, ['read_theme', 'read_screen', 'read_screen', 'read_screen'], 249, 241],
  ['google-stream-tool-call-arguments', 'tool', 0, ['getWeather', 'getWeather'], 26, 155],
  ['google-stream-tool-call-array-arguments-missing-terminal-function-call', 'tool', 0, ['writeItems'], 54, 195],
  ['google-text', 'end', 55, [], 9, 208],
  ['google-text.json', 'end', 78, [], 9, 272],
  ['google-tool-call-gemini3', 'tool', 0, ['weather'], 29, 819],
  ['google-tool-call-gemini3.json', 'tool', 0, ['weather'], 29, 1816],
  ['google-tool-call', 'tool', 0, ['weather'], 29, 60],
  ['google-tool-call.json', 'tool', 0, ['weather'], 29, 908],
  ['google-vertex-stream-tool-call-arguments-nested.1', 'tool', 0, ['cookRecipe'], 31, 1710],
]

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('the wider recordings (skipped where ../shared/data/wire is absent)', () => {
  const eventsIn = (name: string) =>
    name.endsWith('.json')
      ? [readJson(join(wireFolder, 'vercel-ai/google', name))]
      : recordedEvents(`vercel-ai/google/${name}.chunks.txt`)

  test('none is left out but the error and the Interactions API', () => {
    const files = readdirSync(join(wireFolder, 'vercel-ai/google')).filter((file) => /\.(?:json|txt)$/.test(file))
    const named = facts.map(([name]) => (name.endsWith('.json') ? name : `${name}.chunks.txt`))
    expect(files.toSorted()).toEqual([...named, 'google-429-retry-info.json'].toSorted())
  })

  test.each(facts)('%s is an answer, whole or streamed', (name, stop, length, tools, input, output) => {
    const events = eventsIn(name)
    const reply = replyTo(events)
    expect(reply).toMatchObject({ stop, usage: { input, output } })
    expect(reply.text).toHaveLength(length)
    expect(reply.toolCalls.map((call) => call.name)).toEqual(tools)
    expect(gemini.reply(events.length === 1 ? (events[0] ?? null) : events)).toEqual(reply)
    expectSameSplitAnywhere(gemini, events, 10)
  })

  test.each([
    ['google-stream-tool-call-arguments', [{ location: 'Boston' }, { location: 'San Francisco' }]],
    ['google-stream-no-args-tool-call', [{}, { id: 'A' }, { id: 'B' }, { id: 'C' }]],
  ])('%s: the arguments', (name, expected) => {
    expect(replyTo(eventsIn(name)).toolCalls.map((call): Json => JSON.parse(call.arguments))).toEqual(expected)
  })

  test('a recipe of 75 chunks', () => {
    const [call] = replyTo(eventsIn('google-vertex-stream-tool-call-arguments-nested.1')).toolCalls
    const { recipe } = JSON.parse(call?.arguments ?? '')
    expect(recipe.name).toBe('Lasagna')
    expect(recipe.ingredients).toHaveLength(10)
    expect(recipe.ingredients[9]).toEqual({ amount: '1/2 tsp', name: 'Pepper' })
    expect(recipe.steps).toHaveLength(10)
    expect(recipe.steps[1]).toBe('Cook lasagna noodles according to package directions, drain and set aside.')
  })

  test('answers of the Interactions API are none', () => {
    expect(gemini.reply(readJson(join(wireFolder, 'vercel-ai/google/interactions/basic.json')))).toBeNull()
  })
})
