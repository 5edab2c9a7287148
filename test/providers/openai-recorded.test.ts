// Recorded exchanges of OpenAI's completions and responses, of Azure's too: whole, streamed, split at any byte, in pieces.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, Reply } from '../../src/core/types.ts'
import { providers } from '../../src/providers/index.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { openaiCompletions } from '../../src/providers/openai-completions.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { arrayAt, isObject, objectAt, parseJson, textAt } from '../../src/providers/shape.ts'
import { expectSameSplitAnywhere, fold, wire } from './object-streams.ts'
import { answers, completions, type Facts, shortened, streams, unclosed } from './openai-recorded-facts.ts'
import { cassette, framed, isWireAbsent, readJson, specimen, wireFolder } from './recorded.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const folded = (provider: Provider, text: string) => fold(provider, [bytes(text)])

function replyOf(end: ReturnType<typeof fold>): Reply {
  if ('broken' in end) throw new Error(end.broken)
  return end.reply
}

function expectTextSplitAnywhere(provider: Provider, text: string, runs: number) {
  const all = bytes(text)
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

/** The events of a specimen that kept no framing. */
function eventsOf(name: string): readonly JsonObject[] {
  return arrayAt({ events: specimen(name).response }, 'events').filter(isObject)
}

/** The same events, the last one without the output that it repeats: what is then left is in the pieces. */
function withoutRepetition(events: readonly JsonObject[]): readonly JsonObject[] {
  return events.map((event) =>
    /^response\.(?:completed|incomplete)$/.test(textAt(event, 'type') ?? '')
      ? { ...event, response: { ...objectAt(event, 'response'), output: [] } }
      : event,
  )
}

describe('specimens of completions', () => {
  test('the first of several choices of several prompts', () => {
    const { request, response } = specimen('envoy-completion-token-batch')
    expect(openaiCompletions.accepts(request)).toBe(true)
    expect(openaiCompletions.prompt(isObject(request) ? request : {})).toBe('[31 tokens]\n\n[18 tokens]')
    expect(openaiCompletions.reply(response)).toEqual({
      text: ' + fib(n-3) + fib(n-4)\n```\nThis is a recursive algorithm, so it will run forever',
      toolCalls: [],
      stop: 'length',
      usage: { input: 49, output: 57, cachedInput: null, reasoning: null },
      servedModel: 'babbage:2023-07-21-v2',
    })
  })

  test('a stream, split anywhere, cut anywhere', () => {
    const { response } = specimen('envoy-completion-streaming-usage')
    const text = typeof response === 'string' ? response : ''
    expect(replyOf(folded(openaiCompletions, text))).toEqual({
      text: ' + fib(n-3) + fib(n-4)\n\ndef fibn(n):\n    if n <= 1:\n       ',
      toolCalls: [],
      stop: 'length',
      usage: { input: 31, output: 25, cachedInput: null, reasoning: null },
      servedModel: 'babbage:2023-07-21-v2',
    })
    expectTextSplitAnywhere(openaiCompletions, text, 100)
    const end = text.lastIndexOf('[DONE]') + '[DONE]'.length
    for (let cut = 0; cut < end; cut += 53) {
      expect(folded(openaiCompletions, text.slice(0, cut))).toHaveProperty('broken')
    }
    expect(folded(openaiChat, text)).toEqual({ broken: 'the stream held no answer' })
  })

  test('a rejection', () => {
    const { status, response } = specimen('envoy-completion-unknown-model')
    expect(openaiCompletions.rejection(status, response).code).toBe('model_not_found')
    expect(openaiCompletions.reply(response)).toBeNull()
  })
})

describe('specimens of responses', () => {
  test('two messages, the first a commentary', () => {
    const reply = openaiResponses.reply(specimen('vercel-responses-whole').response)
    expect(reply).toMatchObject({
      text: expect.stringMatching(/^I’ll quickly check reliable.*headlines for today.*latest AI updates for today/s),
      stop: 'end',
      usage: { input: 7243, output: 423, cachedInput: 3072, reasoning: 58 },
      servedModel: 'gpt-5.3-codex',
    })
  })

  test("a tool call of Azure's, also from its pieces", () => {
    const events = eventsOf('vercel-responses-tool-call')
    const reply = replyOf(fold(openaiResponses, [wire(openaiResponses, events)]))
    expect(reply).toEqual({
      text: '',
      toolCalls: [{ name: 'weather', arguments: '{"location":"San Francisco"}' }],
      stop: 'tool',
      usage: { input: 45, output: 24, cachedInput: 0, reasoning: 0 },
      servedModel: 'gpt-5.1',
    })
    expect(openaiResponses.reply(withoutRepetition(events))).toEqual(reply)
    expectSameSplitAnywhere(openaiResponses, events, 60)
  })

  test('an item whose id changes with every event', () => {
    const events = eventsOf('vercel-responses-id-rotation')
    const reply = openaiResponses.reply(events)
    expect(reply?.text).toBe(deltasOf(events))
    expect(reply).toMatchObject({ stop: 'end', usage: { input: 19, output: 105, cachedInput: 0, reasoning: 44 } })
    const pieces = withoutRepetition(events).filter((event) => textAt(event, 'type') !== 'response.output_item.done')
    expect(openaiResponses.reply(pieces)).toEqual(reply)
    expectSameSplitAnywhere(openaiResponses, events, 30)
  })

  test('a stream that fails', () => {
    const events = eventsOf('vercel-responses-error')
    const broken = expect.stringMatching(/^You exceeded your current quota/)
    expect(fold(openaiResponses, [wire(openaiResponses, events)])).toEqual({ broken })
    const failure = events.filter((event) => textAt(event, 'type') === 'response.failed')
    expect(fold(openaiResponses, [wire(openaiResponses, failure)])).toEqual({ broken })
  })

  test('a stream cut at any byte before its last event is whole is broken', () => {
    const all = wire(openaiResponses, eventsOf('vercel-responses-tool-call'))
    const end = Buffer.from(all).lastIndexOf('}') + 1
    for (let cut = 0; cut < end; cut += 41) {
      expect(fold(openaiResponses, [all.subarray(0, cut)])).toHaveProperty('broken')
    }
    expect(fold(openaiResponses, [all.subarray(0, end)])).toHaveProperty('reply')
  })
})

/** What the pieces of text say, up to the first end. */
function deltasOf(events: readonly JsonObject[]): string {
  const end = events.findIndex((event) => textAt(event, 'type') === 'response.completed')
  return events
    .slice(0, end)
    .filter((event) => textAt(event, 'type') === 'response.output_text.delta')
    .map((event) => textAt(event, 'delta') ?? '')
    .join('')
}

function expectFacts(reply: Reply | null, [, stop, text, tools, input, output, cachedInput, reasoning]: Facts) {
  expect(reply).toMatchObject({ stop, usage: { input, output, cachedInput, reasoning } })
  expect(reply?.text.startsWith(text)).toBe(true)
  expect(reply?.text === '').toBe(text === '')
  expect(reply?.toolCalls.map(({ name }) => name)).toEqual(tools)
  expect(reply?.servedModel).toMatch(/^gpt-/)
}

/** The events of a recording that kept one a line. */
function recorded(path: string): readonly JsonObject[] {
  const lines = readFileSync(join(wireFolder, 'vercel-ai', `${path}.chunks.txt`), 'utf8').split('\n')
  return lines
    .filter((line) => line.trim() !== '')
    .map((line): Json => JSON.parse(path.endsWith(unclosed) && parseJson(line) === undefined ? `${line}}` : line))
    .filter(isObject)
}

/** Recordings of several turns hold several answers, one after the other. */
function turnsOf(events: readonly JsonObject[]): readonly (readonly JsonObject[])[] {
  const starts = events.flatMap((event, at) => (textAt(event, 'type') === 'response.created' ? [at] : []))
  return starts.map((start, turn) => events.slice(start, starts[turn + 1]))
}

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('the wider recordings (skipped where ../shared/data/wire is absent)', () => {
  test.each(completions)('%s', (name, stop, text, input, output) => {
    const { request, response } = cassette(name)
    expect(providers.filter((provider) => provider.accepts(request))).toEqual([openaiCompletions])
    const reply =
      typeof response === 'string' ? replyOf(folded(openaiCompletions, response)) : openaiCompletions.reply(response)
    expect(reply).toMatchObject({ stop, toolCalls: [] })
    expect(reply?.text.startsWith(text)).toBe(true)
    expect(reply?.usage?.input ?? null).toBe(input)
    expect(reply?.usage?.output ?? null).toBe(output)
    if (typeof response === 'string') expectTextSplitAnywhere(openaiCompletions, response, 20)
  })

  test.each([
    ['completion-bad-request', 'integer_below_min_value', "Invalid 'max_tokens'"],
    ['completion-unknown-model', 'model_not_found', 'The model `babbage-002-wrong`'],
  ])('%s is rejected', (name, code, detail) => {
    const { status, request, response } = cassette(name)
    expect(openaiCompletions.accepts(request)).toBe(true)
    const rejection = openaiCompletions.rejection(status, response)
    expect(rejection.code).toBe(code)
    expect(rejection.detail.startsWith(detail)).toBe(true)
  })

  test("the AI SDK's completions, whole and streamed", () => {
    const folder = join(wireFolder, 'vercel-ai/openai/completion')
    expect(openaiCompletions.reply(readJson(join(folder, 'openai-completion-text.json')))).toMatchObject({
      text: expect.stringMatching(/^The new holiday is called "Gratitude Day"/),
      stop: 'length',
      usage: { input: 14, output: 16 },
    })
    const text = framed('vercel-ai/openai/completion/openai-completion-text.chunks.txt')
    expect(replyOf(folded(openaiCompletions, text))).toMatchObject({
      text: expect.stringMatching(/^The holiday is called "Gratitude Day" and/),
      stop: 'length',
      usage: { input: 14, output: 16 },
    })
    expectTextSplitAnywhere(openaiCompletions, text, 20)
  })

  test.each(answers)('%s', (...facts) => {
    const body = readJson(join(wireFolder, 'vercel-ai', facts[0]))
    expectFacts(openaiResponses.reply(body), facts)
    expect(providers.filter((provider) => provider.reply(body) !== null)).toEqual([openaiResponses])
  })

  test.each(streams)('%s, streamed', (...facts) => {
    const events = recorded(facts[0])
    const reply = replyOf(fold(openaiResponses, [wire(openaiResponses, events)]))
    expectFacts(reply, facts)
    expect(reply.text === deltasOf(events)).toBe(!shortened.has(facts[0]))
    expectSameSplitAnywhere(openaiResponses, events, 4)
  })

  test.each(streams.map(([path]) => path))('%s: the pieces say what the end repeats', (path) => {
    for (const turn of turnsOf(recorded(path))) {
      const reply = openaiResponses.reply(turn)
      expect(reply).not.toBeNull()
      expect(openaiResponses.reply(withoutRepetition(turn))).toEqual(reply)
    }
  })

  test.each([
    ['openai/responses/openai-reasoning-encrypted-content.1', ['tool', 'tool', 'tool', 'end']],
    ['azure/azure-reasoning-encrypted-content.1', ['tool', 'tool', 'tool', 'end']],
    ['openai/responses/openai-shell-tool.1', ['tool', 'end']],
  ])('%s holds several turns', (path, stops) => {
    expect(turnsOf(recorded(path)).map((turn) => openaiResponses.reply(turn)?.stop)).toEqual(stops)
  })

  test('a recording whose lines are not all JSON is broken, as it came', () => {
    const path = `vercel-ai/openai/responses/${unclosed}.chunks.txt`
    expect(folded(openaiResponses, framed(path))).toEqual({ broken: 'an event of the stream is not JSON' })
  })

  test.each([
    ['openai/responses/openai-error.1.json', 'insufficient_quota', 'You exceeded your current quota'],
    ['openai/responses/reasoning-model-temperature-error.json', 'invalid_request_error', 'Unsupported parameter'],
    ['openai/chat/reasoning-model-legacy-parameter-error.json', 'unsupported_parameter', 'Unsupported parameter'],
  ])('%s is rejected', (path, code, detail) => {
    const body = readJson(join(wireFolder, 'vercel-ai', path))
    const rejection = openaiResponses.rejection(400, body)
    expect(rejection.code).toBe(code)
    expect(rejection.detail.startsWith(detail)).toBe(true)
    for (const provider of [openaiChat, openaiResponses, openaiCompletions]) expect(provider.reply(body)).toBeNull()
  })

  test('DeepSeek on Azure answers as a chat', () => {
    const body = readJson(join(wireFolder, 'vercel-ai/azure/azure-deepseek-reasoning.1.json'))
    expect(openaiChat.reply(body)).toMatchObject({
      text: expect.stringMatching(/^Absolutely!/),
      stop: 'end',
      usage: { input: 19, output: 1969, cachedInput: null, reasoning: null },
      servedModel: 'deepseek-v4-pro',
    })
  })

  test('no recording of this family is left out', () => {
    const listed = new Set([
      ...answers.map(([path]) => path),
      ...streams.map(([path]) => `${path}.chunks.txt`),
      'openai/responses/openai-error.1.json',
      'openai/responses/openai-error.1.chunks.txt',
      'openai/responses/reasoning-model-temperature-error.json',
      'azure/azure-deepseek-reasoning.1.json',
    ])
    const present = ['openai/responses', 'azure'].flatMap((folder) =>
      readdirSync(join(wireFolder, 'vercel-ai', folder)).map((file) => `${folder}/${file}`),
    )
    expect(present.filter((path) => !listed.has(path))).toEqual([])
    const cassettes = readdirSync(join(wireFolder, 'envoy-openai-vcr')).filter((file) => file.startsWith('completion-'))
    expect(cassettes).toHaveLength(completions.length + 2)
    expect(existsSync(join(wireFolder, 'vercel-ai/openai/completion'))).toBe(true)
  })
})
