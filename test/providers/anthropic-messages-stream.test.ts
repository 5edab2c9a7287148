// Streams of Anthropic's messages, event by event: what is content, what ends them, what breaks them.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { anthropicMessages } from '../../src/providers/anthropic-messages.ts'
import { read } from './object-streams.ts'

const start: JsonObject = {
  type: 'message_start',
  message: { model: 'claude-a', content: [], usage: { input_tokens: 4, cache_read_input_tokens: 3, output_tokens: 1 } },
}
const stop: JsonObject = { type: 'message_stop' }
const block = (content: Json, index = 0): JsonObject => ({ type: 'content_block_start', index, content_block: content })
const delta = (fields: Json, index = 0): JsonObject => ({ type: 'content_block_delta', index, delta: fields })
const end = (reason: string, usage: Json = { output_tokens: 9 }): JsonObject => ({
  type: 'message_delta',
  delta: { stop_reason: reason },
  usage,
})
const text = { type: 'text', text: '' }
const stream = (events: readonly (Json | string)[]) => read(anthropicMessages, events)

describe('content', () => {
  test.each<[string, readonly Json[], boolean]>([
    ['text', [block(text), delta({ type: 'text_delta', text: ' ' })], true],
    ['a text that begins in its start', [block({ type: 'text', text: 'Hi' })], true],
    ['thinking', [block({ type: 'thinking', thinking: '' }), delta({ type: 'thinking_delta', thinking: 'hm' })], true],
    ['the name of a tool', [block({ type: 'tool_use', name: 'f', input: {} })], true],
    ['a tool of the provider', [block({ type: 'server_tool_use', name: 'web_search', input: {} })], true],
    [
      'arguments',
      [block({ type: 'tool_use', input: {} }), delta({ type: 'input_json_delta', partial_json: '{' })],
      true,
    ],
    [
      'the explanation of a refusal',
      [{ type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: { explanation: 'why' } } }],
      true,
    ],
    ['the start of a text', [block(text)], false],
    ['the start of thinking', [block({ type: 'thinking', thinking: '', signature: '' })], false],
    ['a signature', [block({ type: 'thinking' }), delta({ type: 'signature_delta', signature: 'x' })], false],
    [
      'empty arguments',
      [block({ type: 'tool_use', input: {} }), delta({ type: 'input_json_delta', partial_json: '' })],
      false,
    ],
    ['a ping', [{ type: 'ping' }], false],
    ['the result of a tool', [block({ type: 'web_search_tool_result', content: [] })], false],
    ['the end', [end('end_turn')], false],
    ['an event of tomorrow', [{ type: 'mood', text: 'good' }], false],
    ['a piece of no block', [delta({ type: 'text_delta', text: 'x' }, 5)], false],
  ])('%s: %j → %s', (_, events, expected) => {
    expect(stream([start, ...events]).hasContent.at(-1)).toBe(expected)
  })
})

describe('reply', () => {
  test('text, model, and the later of each count', () => {
    const events = [start, block(text), delta({ text: 'Hi' }), delta({ text: ' there' }), end('max_tokens'), stop]
    expect(stream(events).end).toEqual({
      reply: {
        text: 'Hi there',
        toolCalls: [],
        stop: 'length',
        usage: { input: 7, output: 9, cachedInput: 3, reasoning: null },
        servedModel: 'claude-a',
      },
    })
  })

  test('a count of null leaves the earlier one', () => {
    const usage = { input_tokens: 40, cache_read_input_tokens: null, output_tokens: 9 }
    expect(stream([start, end('end_turn', usage), stop]).end).toMatchObject({
      reply: { usage: { input: 43, output: 9, cachedInput: 3 } },
    })
  })

  test.each<[string, readonly Json[], Json]>([
    [
      'interleaved',
      [
        block({ type: 'tool_use', name: 'f', input: {} }, 0),
        block({ type: 'tool_use', name: 'g', input: {} }, 1),
        delta({ partial_json: '{"a":' }, 0),
        delta({ partial_json: '{}' }, 1),
        delta({ partial_json: '1}' }, 0),
      ],
      [
        { name: 'f', arguments: '{"a":1}' },
        { name: 'g', arguments: '{}' },
      ],
    ],
    [
      'out of order',
      [block({ type: 'tool_use', name: 'g', input: {} }, 1), block({ type: 'tool_use', name: 'f', input: {} }, 0)],
      [
        { name: 'f', arguments: '{}' },
        { name: 'g', arguments: '{}' },
      ],
    ],
    [
      'whole in its start',
      [block({ type: 'tool_use', name: 'f', input: { a: 1 } })],
      [{ name: 'f', arguments: '{"a":1}' }],
    ],
    [
      'not those of the provider',
      [block({ type: 'server_tool_use', name: 'web_search', input: {} }), delta({ partial_json: '{"q":1}' })],
      [],
    ],
  ])('tool calls: %s', (_, events, toolCalls) => {
    expect(stream([start, ...events, end('tool_use'), stop]).end).toMatchObject({ reply: { toolCalls, stop: 'tool' } })
  })

  test('the explanation does not follow words that came before the refusal', () => {
    const refusal = { type: 'message_delta', delta: { stop_reason: 'refusal', stop_details: { explanation: 'why' } } }
    const { end: folded } = stream([start, block(text), delta({ text: 'First,' }), refusal, stop])
    expect(folded).toMatchObject({ reply: { text: 'First,', stop: 'refused' } })
  })

  test('a second start begins anew: nothing of the first answer is left', () => {
    const first = [start, block({ type: 'text', text: 'a' }), block({ type: 'text', text: 'b' }, 1), end('max_tokens')]
    const second = [start, block({ type: 'text', text: 'c' })]
    expect(stream([...first, ...second, end('end_turn'), stop]).end).toMatchObject({
      reply: { text: 'c', stop: 'end' },
    })
    expect(stream([...first, ...second]).end).toEqual({ broken: 'the stream was cut' })
  })

  test('events after the end marker are not read', () => {
    const after = [block({ type: 'text', text: 'b' }, 1), '[DONE]']
    expect(stream([start, block({ type: 'text', text: 'a' }), end('end_turn'), stop, ...after]).end).toMatchObject({
      reply: { text: 'a', stop: 'end' },
    })
  })

  test('an empty event keeps a connection alive', () => {
    expect(stream(['', start, ' ', block({ type: 'text', text: 'a' }), stop]).end).toMatchObject({
      reply: { text: 'a' },
    })
  })
})

describe('broken', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }

  test.each<[string, readonly (Json | string)[], string]>([
    ['nothing came', [], 'the stream was cut'],
    ['cut in the text', [start, block(text), delta({ text: 'a' })], 'the stream was cut'],
    ['an end but no end marker', [start, end('end_turn')], 'the stream ended without its end marker'],
    ['an end marker alone', [stop], 'the stream held no answer'],
    ['an error inside a 200', [start, overloaded, stop], 'Overloaded'],
    ['not JSON', [start, '{"type":"content_bl'], 'an event of the stream is not JSON'],
    ["OpenAI's end marker", [start, '[DONE]'], 'an event of the stream is not JSON'],
    ['no object', [start, '7'], 'an event of the stream is no object'],
    ['a list', [start, '[7]'], 'an event of the stream is no object'],
    ['an error with a key', [{ error: { message: 'key sk-ant-api03-a1B2c3D4e5F6g7H8' } }], 'key [secret]'],
  ])('%s', (_, events, broken) => {
    expect(stream(events).end).toEqual({ broken })
  })

  test.each([
    ['JSON', '{"message":"Overloaded"}', 'Overloaded'],
    ['text', 'Overloaded', 'Overloaded'],
    ['nothing said', 'null', 'the stream brought an error'],
  ])('an event named error, as %s', (_, data, broken) => {
    const reader = anthropicMessages.stream()
    reader.push({ event: 'error', data })
    expect(reader.end()).toEqual({ broken })
  })
})
