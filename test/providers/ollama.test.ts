// Ollama's own chat: what is taken for a request, what is sent, and what its answers say.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { ollama } from '../../src/providers/ollama.ts'
import { eventsOf, expectSameSplitAnywhere, fold, read, wire } from './object-streams.ts'

const hello: JsonObject = { model: 'gemma', messages: [{ role: 'user', content: 'Hello' }] }
const plain = { model: null, stream: false, overrides: {} }
const chunk = (message: Json, rest: JsonObject = {}): JsonObject => ({ model: 'gemma', message, done: false, ...rest })
const say = (content: string): JsonObject => chunk({ role: 'assistant', content })
const done = (rest: JsonObject = {}): JsonObject => ({
  ...say(''),
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 26,
  eval_count: 2,
  ...rest,
})

describe('request', () => {
  test('says whether it streams: Ollama does unless told not to', () => {
    expect(ollama.request(hello, plain)).toEqual({ path: '/api/chat', body: { ...hello, stream: false } })
    expect(ollama.request(hello, { ...plain, stream: true, overrides: { stream: false } }).body['stream']).toBe(true)
    expect([{}, { stream: true }, { stream: false }].map((fields) => ollama.isStreaming(fields))).toEqual([
      true,
      true,
      false,
    ])
  })

  test('model and overrides', () => {
    const options = { model: 'qwen', stream: false, overrides: { options: { seed: 1 }, keep_alive: null } }
    expect(ollama.request({ ...hello, keep_alive: '5m', options: { num_ctx: 9 } }, options).body).toEqual({
      ...hello,
      model: 'qwen',
      options: { seed: 1 },
      stream: false,
    })
  })

  test('a local server asks for no key, ollama.com does', () => {
    expect(ollama.headers(null)).toEqual({})
    expect(ollama.headers('k')).toEqual({ authorization: 'Bearer k' })
  })
})

describe('accepts', () => {
  test.each<[string, Json]>([
    ['options', { ...hello, options: { temperature: 0 } }],
    ['how long the model is kept', { ...hello, keep_alive: 0 }],
    ['pictures', { ...hello, messages: [{ role: 'user', content: 'a', images: ['aGk='] }] }],
  ])('%s', (_, body) => {
    expect(ollama.accepts(body)).toBe(true)
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['plain texts, which may be a chat of OpenAI', hello],
    ['a limit of OpenAI', { ...hello, options: {}, max_tokens: 1 }],
    ['parts of OpenAI', { options: {}, messages: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] }],
    ['a prompt without messages', { model: 'gemma', prompt: 'x', options: {} }],
    ['options that are none', { ...hello, options: null }],
  ])('not %s', (_, body) => {
    expect(ollama.accepts(body)).toBe(false)
  })
})

test('prompt and party', () => {
  const messages = [
    { role: 'user', content: 'a', images: ['aGk='] },
    { role: 'tool', content: 'b' },
  ]
  expect(ollama.prompt({ messages })).toBe('a\n[image]')
  expect(ollama.prompt({ messages: [] })).toBe('')
  expect(ollama.party({ ...hello, user: 'ann' })).toBe('ann')
  expect(ollama.withoutParty({ ...hello, user: 'ann' })).toEqual(hello)
})

describe('reply', () => {
  const called = { content: '', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] }

  test('a text', () => {
    expect(ollama.reply(done({ message: { role: 'assistant', content: 'Hi', thinking: 'hm' } }))).toEqual({
      text: 'Hi',
      toolCalls: [],
      stop: 'end',
      usage: { input: 26, output: 2, cachedInput: null, reasoning: null },
      servedModel: 'gemma',
    })
  })

  test('tool calls, for which it says stop', () => {
    expect(ollama.reply(done({ message: called }))).toMatchObject({
      toolCalls: [{ name: 'f', arguments: '{"a":1}' }],
      stop: 'tool',
    })
  })

  test.each<[Json, string]>([
    ['length', 'length'],
    ['load', 'unknown'],
    ['unload', 'unknown'],
    [null, 'unknown'],
  ])('done_reason %j is %s', (reason, stop) => {
    expect(ollama.reply(done({ done_reason: reason }))?.stop).toBe(stop)
  })

  test('a prompt from the cache, of which old servers say nothing, leaves no bill', () => {
    const { prompt_eval_count: _, ...rest } = done()
    expect(ollama.reply(rest)?.usage).toBeNull()
  })

  test.each<[string, Json]>([
    ['null', null],
    ['an empty list', []],
    ['a chunk amid an answer', say('Hi')],
    ['an answer of generate', { model: 'gemma', response: 'Hi', done: true }],
    ['an error', { error: 'model not found' }],
    ['an answer of OpenAI', { choices: [{ message: { content: 'x' } }] }],
  ])('%s is not this API', (_, body) => {
    expect(ollama.reply(body)).toBeNull()
  })
})

describe('stream', () => {
  const stream = (events: readonly (Json | string)[]) => read(ollama, events)
  const thought = chunk({ role: 'assistant', content: '', thinking: 'hm' })
  const call = chunk({ content: '', tool_calls: [{ function: { name: 'f' } }] })

  test('content: text, thinking, calls; not the end', () => {
    expect(stream([thought, say(' '), call, say(''), done()]).hasContent).toEqual([true, true, true, false, false])
  })

  test('what is said with the end counts, what comes after it does not', () => {
    const last = done({ message: { content: '!' } })
    expect(stream([say('Hi'), say(' there'), call, last, say('b'), 'junk']).end).toEqual({
      reply: {
        text: 'Hi there!',
        toolCalls: [{ name: 'f', arguments: '{}' }],
        stop: 'tool',
        usage: { input: 26, output: 2, cachedInput: null, reasoning: null },
        servedModel: 'gemma',
      },
    })
  })

  test('split anywhere, and kept as a list, it is the same reply', () => {
    const events = [thought, say('é漢😀'), say('"\n\r\n'), call, done()]
    expectSameSplitAnywhere(ollama, events, 200)
    const end = fold(ollama, [wire(ollama, events)])
    expect({ reply: ollama.reply(eventsOf(events)) }).toEqual(end)
  })

  test('cut at any byte it is broken', () => {
    const all = wire(ollama, [say('Hi'), done()])
    const last = Buffer.from(all).lastIndexOf('}') + 1
    for (let cut = 0; cut < last; cut += 1) expect(fold(ollama, [all.subarray(0, cut)])).toHaveProperty('broken')
    expect(fold(ollama, [all.subarray(0, last)])).toHaveProperty('reply')
  })

  test.each<[string, readonly (Json | string)[], string]>([
    ['nothing came', [], 'the stream was cut'],
    ['cut in the text', [say('a')], 'the stream was cut'],
    [
      'an error in a line',
      [say('a'), { error: 'an error was encountered while running the model' }],
      'an error was encountered while running the model',
    ],
    ['an end alone', [{ done: true }], 'the stream held no answer'],
    ['not JSON', [say('a'), '{"mod'], 'an event of the stream is not JSON'],
  ])('%s', (_, events, broken) => {
    expect(stream(events).end).toEqual({ broken })
  })
})

test('rejection', () => {
  expect(ollama.rejection(404, { error: "model 'x' not found" })).toEqual({
    code: null,
    detail: "model 'x' not found",
  })
})
