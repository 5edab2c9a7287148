// Recorded exchanges of real APIs, read as replay reads them: whole, streamed, and split at any byte.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, Reply } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { createSseReader } from '../../src/providers/sse.ts'
import { cassette, framed, isWireAbsent, type Recorded, readJson, specimen, wireFolder } from './recorded.ts'

function fold(pieces: readonly Uint8Array[]) {
  const sse = createSseReader()
  const reader = openaiChat.stream()
  for (const event of [...pieces.flatMap((piece) => sse.push(piece)), ...sse.end()]) reader.push(event)
  return reader.end()
}

const foldText = (text: string) => fold([new TextEncoder().encode(text)])

const wireOf = (response: Json) => (typeof response === 'string' ? response : '')

function replyTo({ response }: Pick<Recorded, 'response'>): Reply | null {
  if (typeof response !== 'string') return openaiChat.reply(response)
  const end = foldText(response)
  return 'reply' in end ? end.reply : null
}

function expectSameSplitAnywhere(text: string, runs: number) {
  const all = new TextEncoder().encode(text)
  const whole = fold([all])
  expect(whole).toHaveProperty('reply')
  fc.assert(
    fc.property(fc.array(fc.nat({ max: all.length }), { minLength: 1, maxLength: 6 }), (cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), all.length]
      expect(fold(places.slice(1).map((place, at) => all.subarray(places[at], place)))).toEqual(whole)
    }),
    { numRuns: runs },
  )
}

describe('specimens', () => {
  test('a whole answer', () => {
    expect(replyTo(specimen('envoy-chat-basic'))).toEqual({
      text: expect.stringMatching(/^Hi there! How can I help you today\?.* what you’d like to do\.$/),
      toolCalls: [],
      stop: 'end',
      usage: { input: 8, output: 377, cachedInput: 0, reasoning: 320 },
      servedModel: 'gpt-5-nano-2025-08-07',
    })
  })

  test('a tool call', () => {
    expect(replyTo(specimen('envoy-chat-tools'))).toMatchObject({
      text: '',
      toolCalls: [{ name: 'get_current_weather', arguments: '{"location":"Boston, MA","unit":"fahrenheit"}' }],
      stop: 'tool',
    })
  })

  test('a rejection', () => {
    const { status, response } = specimen('envoy-chat-unknown-model')
    expect(openaiChat.rejection(status, response)).toEqual({
      code: 'model_not_found',
      detail: 'The model `gpt-4.1-nano-wrong` does not exist or you do not have access to it.',
    })
    expect(openaiChat.reply(response)).toBeNull()
  })

  test('a stream that ends at the limit, with its usage', () => {
    expect(replyTo(specimen('envoy-chat-streaming-detailed-usage'))).toEqual({
      text: '',
      toolCalls: [],
      stop: 'length',
      usage: { input: 12, output: 100, cachedInput: 0, reasoning: 100 },
      servedModel: 'gpt-5-nano-2025-08-07',
    })
  })

  test('a stream whose tool calls begin at index 1', () => {
    expect(replyTo(specimen('vercel-anthropic-fallback-tool-call'))).toMatchObject({
      text: 'Reading it.',
      toolCalls: [{ name: 'read_file', arguments: '{"path": "a.txt"}' }],
      stop: 'tool',
      usage: null,
    })
  })

  test("xAI's reasoning tokens are part of the output", () => {
    expect(replyTo(specimen('vercel-xai-tool-call'))?.usage).toEqual({
      input: 307,
      output: 26 + 255,
      cachedInput: 244,
      reasoning: 255,
    })
  })

  test("Azure's chunks, kept as a list", () => {
    expect(replyTo(specimen('vercel-azure-model-router'))).toMatchObject({
      stop: 'end',
      usage: { input: 15, output: 78, cachedInput: 0, reasoning: 64 },
      servedModel: 'gpt-5-nano-2025-08-07',
    })
  })

  test.each(['envoy-chat-streaming-detailed-usage', 'vercel-anthropic-fallback-tool-call'])(
    '%s, split anywhere, gives the same reply',
    (name) => {
      const { response } = specimen(name)
      expect(response).toBeTypeOf('string')
      expectSameSplitAnywhere(wireOf(response), 150)
    },
  )

  test('a stream cut at any byte is broken, never a shorter answer', () => {
    const { response } = specimen('vercel-anthropic-fallback-tool-call')
    const all = new TextEncoder().encode(wireOf(response))
    const end = Buffer.from(all).lastIndexOf('[DONE]') + '[DONE]'.length
    for (let cut = 0; cut < end; cut += 7) expect(fold([all.subarray(0, cut)])).toHaveProperty('broken')
    expect(fold([all.subarray(0, end)])).toHaveProperty('reply')
  })
})

type Facts = readonly [
  name: string,
  stop: string,
  text: string,
  tools: number,
  input: number | null,
  output: number | null,
]

const cassettes: readonly Facts[] = [
  ['azure-chat-basic', 'end', 'Hi there! How can I help today?', 0, 8, 271],
  ['chat-audio-to-text', 'end', "Please play the audio, and I'll", 0, 28, 17],
  ['chat-basic', 'end', 'Hi there! How can I help you today?', 0, 8, 377],
  ['chat-detailed-usage', 'length', '', 0, 12, 100],
  ['chat-image-to-text', 'end', 'A tiny blue cartoon character.', 0, 22, 719],
  ['chat-json-mode', 'end', '{"name":"Alex Smith","age":29', 0, 21, 280],
  ['chat-multimodal', 'length', '', 0, 2245, 100],
  ['chat-multiturn', 'end', 'What city or region?', 0, 50, 526],
  ['chat-openai-agents-python', 'end', '{"searches":[{"query":"Acme Corp', 0, 171, 1962],
  ['chat-parallel-tools', 'tool', '', 1, 162, 219],
  ['chat-reasoning', 'end', 'Ball costs 5 cents.', 0, 27, 267],
  ['chat-streaming', 'end', 'Hi there! How can I help today?', 0, null, null],
  ['chat-streaming-detailed-usage', 'length', '', 0, 12, 100],
  ['chat-streaming-web-search', 'end', 'The URL https://httpbin.org/', 0, null, null],
  ['chat-text-to-audio', 'end', 'beep', 0, 22, 18],
  ['chat-text-to-image-tool', 'length', '', 0, 206, 150],
  ['chat-tools', 'tool', '', 1, 162, 287],
  ['chat-web-search', 'end', 'The URL https://httpbin.org/', 0, 26, 22],
]

// Recordings outside the repository: ../shared/data/wire.
describe.skipIf(isWireAbsent)('the wider recordings (skipped where ../shared/data/wire is absent)', () => {
  test.each(cassettes)('%s', (name, stop, text, tools, input, output) => {
    const recorded = cassette(name)
    const reply = replyTo(recorded)
    expect(openaiChat.accepts(recorded.request)).toBe(true)
    expect(reply).toMatchObject({ stop })
    expect(reply?.text.startsWith(text)).toBe(true)
    expect(text === '').toBe(reply?.text === '')
    expect(reply?.toolCalls).toHaveLength(tools)
    expect(reply?.usage?.input ?? null).toBe(input)
    expect(reply?.usage?.output ?? null).toBe(output)
  })

  test.each([
    ['chat-bad-request', 'unsupported_parameter', "Unsupported parameter: 'max_tokens'"],
    ['chat-no-messages', 'empty_array', "Invalid 'messages': empty array."],
    ['chat-unknown-model', 'model_not_found', 'The model `gpt-4.1-nano-wrong`'],
  ])('%s is rejected', (name, code, detail) => {
    const { status, response } = cassette(name)
    const rejection = openaiChat.rejection(status, response)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(rejection.code).toBe(code)
    expect(rejection.detail.startsWith(detail)).toBe(true)
  })

  test('every cassette of completions, not chats, is refused', () => {
    expect(openaiChat.accepts(cassette('completion-basic').request)).toBe(false)
    expect(openaiChat.reply(cassette('completion-basic').response)).toBeNull()
  })

  const streams = [
    ['vercel-ai/openai/chat/openai-text.chunks.txt', 300],
    ['vercel-ai/openai-compatible/chat/xai-text.chunks.txt', 342],
    ['vercel-ai/openai-compatible/chat/xai-tool-call.chunks.txt', 253],
    ['vercel-ai/openai/chat/azure-model-router.1.chunks.txt', 78],
    ['tensorzero/chat_completions_streaming_example.jsonl', 17],
    ['tensorzero/chat_completions_streaming_function_example.jsonl', 17],
    ['tensorzero/chat_completions_streaming_json_example.jsonl', 17],
  ] as const

  test.each(streams)('%s folds, whole and split', (path, output) => {
    const text = framed(path)
    expectSameSplitAnywhere(text, 10)
    const end = foldText(text)
    if (!('reply' in end)) throw new Error(end.broken)
    expect(end.reply.usage?.output).toBe(output)
    expect(end.reply.text === '').toBe(end.reply.toolCalls.length > 0)
    expect(end.reply.toolCalls.every((call) => JSON.parse(call.arguments) !== null && call.name !== '')).toBe(true)
    // The same, independently: every piece of content in the order of the lines.
    expect(end.reply.text).toBe(contentOf(path))
  })

  test.each([
    'tensorzero/chat_completions_example.json',
    'tensorzero/chat_completions_function_example.json',
    'tensorzero/chat_completions_json_example.json',
    'vercel-ai/openai/chat/openai-text.json',
    'vercel-ai/openai-compatible/chat/xai-text.json',
  ])('%s is an answer', (path) => {
    const body = readJson(join(wireFolder, path))
    const reply = openaiChat.reply(body)
    expect(reply?.stop).toBe('end')
    expect((reply?.text ?? '') === '').toBe(reply?.toolCalls.length === 1)
  })

  test('streams of other APIs are never taken for a reply', () => {
    const path = 'vercel-ai/anthropic/anthropic-text.chunks.txt'
    if (!existsSync(join(wireFolder, path))) throw new Error(`${path} is gone`)
    expect(foldText(framed(path))).toHaveProperty('broken')
  })
})

function contentOf(path: string): string {
  const lines = readFileSync(join(wireFolder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  return lines
    .map((line) => {
      const chunk: { choices: { delta: { content?: string | null } }[] } = JSON.parse(line)
      return chunk.choices[0]?.delta.content ?? ''
    })
    .join('')
}
