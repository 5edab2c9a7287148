// Streams of OpenAI's chat completions, event by event: what is content, what ends them, what breaks them.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'

const done = '[DONE]'
const delta = (fields: Json, rest: JsonObject = {}): JsonObject => ({
  model: 'gpt-a',
  choices: [{ index: 0, delta: fields, finish_reason: null, ...rest }],
})
const stop = delta({}, { finish_reason: 'stop' })

/** Reads a stream; a string event is raw `data`. */
function read(events: readonly (Json | string)[]) {
  const reader = openaiChat.stream()
  const hasContent = events.map(
    (event) => reader.push({ event: null, data: typeof event === 'string' ? event : JSON.stringify(event) }).hasContent,
  )
  return { hasContent, end: reader.end() }
}

describe('content', () => {
  test.each<[string, Json, boolean]>([
    ['text', delta({ content: 'Hi' }), true],
    ['white space is text', delta({ content: ' ' }), true],
    ['a refusal', delta({ refusal: 'No' }), true],
    [
      'the name of a tool',
      delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }),
      true,
    ],
    ['arguments of a tool', delta({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }), true],
    ['a legacy function call', delta({ function_call: { name: 'f', arguments: '' } }), true],
    ['reasoning of DeepSeek and xAI', delta({ reasoning_content: 'hm' }), true],
    ['reasoning of OpenRouter', delta({ reasoning: 'hm' }), true],
    ['sound', delta({ audio: { data: 'aGk=' } }), true],
    ['the role alone', delta({ role: 'assistant', content: '', refusal: null }), false],
    ['an empty delta', delta({}), false],
    ['an empty tool piece', delta({ tool_calls: [{ index: 0, function: { arguments: '' } }] }), false],
    ['usage', { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }, false],
    ["Azure's filter results", { choices: [], prompt_filter_results: [] }, false],
    ['the finish', stop, false],
    ['another choice', { choices: [{ index: 1, delta: { content: 'x' } }] }, false],
  ])('%s: %j → %s', (_, event, expected) => {
    expect(read([event]).hasContent).toEqual([expected])
  })
})

describe('reply', () => {
  test('text, model and usage from the chunk without choices', () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 1 } }
    const { end } = read([
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Hi' }),
      delta({ content: ' there' }),
      stop,
      { choices: [], usage },
      done,
    ])
    expect(end).toEqual({
      reply: {
        text: 'Hi there',
        toolCalls: [],
        stop: 'end',
        usage: { input: 4, output: 2, cachedInput: 1, reasoning: null },
        servedModel: 'gpt-a',
      },
    })
  })

  test('a refusal is the answer', () => {
    const { end } = read([delta({ refusal: 'I can' }), delta({ refusal: 'not' }), stop, done])
    expect(end).toMatchObject({ reply: { text: 'I cannot', stop: 'refused' } })
  })

  const piece = (fields: Json, index?: number, id?: string): Json =>
    delta({
      tool_calls: [
        { ...(index === undefined ? {} : { index }), ...(id === undefined ? {} : { id }), function: fields },
      ],
    })

  test.each<[string, readonly Json[], Json]>([
    [
      'two calls interleaved',
      [
        piece({ name: 'f', arguments: '' }, 0, 'a'),
        piece({ name: 'g', arguments: '{' }, 1, 'b'),
        piece({ arguments: '1' }, 0),
        piece({ arguments: '}' }, 1),
      ],
      [
        { name: 'f', arguments: '1' },
        { name: 'g', arguments: '{}' },
      ],
    ],
    [
      'out of order',
      [piece({ name: 'g', arguments: '2' }, 1), piece({ name: 'f', arguments: '1' }, 0)],
      [
        { name: 'f', arguments: '1' },
        { name: 'g', arguments: '2' },
      ],
    ],
    [
      'the name repeated in every piece',
      [piece({ name: 'f', arguments: '1' }, 0), piece({ name: 'f', arguments: '2' }, 0)],
      [{ name: 'f', arguments: '12' }],
    ],
    [
      'ids without an index',
      [
        piece({ name: 'f', arguments: '1' }, undefined, 'a'),
        piece({ name: 'g', arguments: '2' }, undefined, 'b'),
        piece({ arguments: '3' }),
      ],
      [
        { name: 'f', arguments: '1' },
        { name: 'g', arguments: '23' },
      ],
    ],
    ['whole in one piece', [piece({ name: 'f', arguments: '{"a":1}' }, 0, 'a')], [{ name: 'f', arguments: '{"a":1}' }]],
    [
      'a legacy function call',
      [delta({ function_call: { name: 'f' } }), delta({ function_call: { arguments: '{}' } })],
      [{ name: 'f', arguments: '{}' }],
    ],
  ])('tool calls: %s', (_, events, toolCalls) => {
    const { end } = read([...events, delta({}, { finish_reason: 'tool_calls' }), done])
    expect(end).toMatchObject({ reply: { toolCalls, stop: 'tool' } })
  })

  test('events after the end marker are not read', () => {
    expect(read([delta({ content: 'a' }), stop, done, delta({ content: 'b' }), 'junk']).end).toMatchObject({
      reply: { text: 'a' },
    })
  })

  test('an empty event keeps a connection alive', () => {
    expect(read(['', delta({ content: 'a' }), ' ', stop, done]).end).toMatchObject({ reply: { text: 'a' } })
  })
})

describe('broken', () => {
  test.each<[string, readonly (Json | string)[], string]>([
    ['nothing came', [], 'the stream was cut'],
    ['cut in the text', [delta({ content: 'a' })], 'the stream was cut'],
    ['a finish but no end marker', [delta({ content: 'a' }), stop], 'the stream ended without its end marker'],
    ['an end marker alone', [done], 'the stream held no answer'],
    [
      'an error inside a 200',
      [delta({ content: 'a' }), { error: { message: 'overloaded', code: 503 } }, done],
      'overloaded',
    ],
    ['an error as text', [{ error: 'crash' }], 'crash'],
    ['not JSON', [delta({ content: 'a' }), '{"choices":[{"del'], 'an event of the stream is not JSON'],
    ['no object', ['7'], 'an event of the stream is no object'],
    ['an error with a key', [{ error: { message: 'key sk-proj-a1B2c3D4e5F6g7H8' } }], 'key [secret]'],
  ])('%s', (_, events, broken) => {
    expect(read(events).end).toEqual({ broken })
  })

  test.each([
    ['JSON', '{"message":"overloaded"}'],
    ['text', 'overloaded'],
  ])('an event named error, as %s', (_, data) => {
    const reader = openaiChat.stream()
    reader.push({ event: 'error', data })
    expect(reader.end()).toEqual({ broken: 'overloaded' })
  })

  test('an error of null is none', () => {
    expect(read([{ ...delta({ content: 'a' }), error: null }, stop, done]).end).toMatchObject({
      reply: { text: 'a' },
    })
  })
})
