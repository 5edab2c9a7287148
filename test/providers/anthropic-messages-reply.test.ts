// Whole answers and errors of Anthropic's messages.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { anthropicMessages } from '../../src/providers/anthropic-messages.ts'

const message = (content: Json, rest: JsonObject = {}): JsonObject => ({
  type: 'message',
  role: 'assistant',
  model: 'claude-a-2026',
  content,
  stop_reason: 'end_turn',
  ...rest,
})
const usageOf = (usage: Json) => anthropicMessages.reply(message([], { usage }))?.usage

describe('reply', () => {
  test('texts are joined; thinking and the tools of the provider are no part of it', () => {
    const content = [
      { type: 'thinking', thinking: 'hm', signature: 'x' },
      { type: 'text', text: 'It is ' },
      { type: 'server_tool_use', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', content: [{ type: 'text', text: 'no' }] },
      { type: 'text', text: 'noon.' },
    ]
    expect(anthropicMessages.reply(message(content))).toEqual({
      text: 'It is noon.',
      toolCalls: [],
      stop: 'end',
      usage: null,
      servedModel: 'claude-a-2026',
    })
  })

  test('tool calls', () => {
    const content = [
      { type: 'tool_use', id: '1', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: '2', name: 'g', input: {} },
      { type: 'tool_use', id: '3', name: 'h' },
    ]
    expect(anthropicMessages.reply(message(content, { stop_reason: 'tool_use' }))).toMatchObject({
      toolCalls: [
        { name: 'f', arguments: '{"a":1}' },
        { name: 'g', arguments: '{}' },
        { name: 'h', arguments: '{}' },
      ],
      stop: 'tool',
    })
  })

  test.each<[Json, string]>([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool'],
    ['refusal', 'refused'],
    ['pause_turn', 'unknown'],
    ['compaction', 'unknown'],
    [null, 'unknown'],
    [7, 'unknown'],
  ])('stop_reason %j is %s', (reason, stop) => {
    expect(anthropicMessages.reply(message([], { stop_reason: reason }))?.stop).toBe(stop)
  })

  test.each<[string, Json, Json, string]>([
    ['its words', [{ type: 'text', text: 'I cannot' }], { explanation: 'why' }, 'I cannot'],
    ['the explanation where it has none', [], { explanation: 'why' }, 'why'],
    ['nothing', [], null, ''],
  ])('the text of a refusal: %s', (_, content, details, text) => {
    const body = message(content, { stop_reason: 'refusal', stop_details: details })
    expect(anthropicMessages.reply(body)).toMatchObject({ text, stop: 'refused' })
  })

  test.each<[string, Json, Json]>([
    ['none', null, null],
    [
      'without a cache',
      { input_tokens: 5, output_tokens: 3 },
      { input: 5, output: 3, cachedInput: null, reasoning: null },
    ],
    [
      'what the cache took and gave is input too',
      {
        input_tokens: 5,
        cache_creation_input_tokens: 10,
        cache_read_input_tokens: 100,
        output_tokens: 3,
        output_tokens_details: { thinking_tokens: 2 },
      },
      { input: 115, output: 3, cachedInput: 100, reasoning: 2, cacheWrite: 10 },
    ],
    [
      'a compaction is billed beside the answer, an adviser of another model is not ours',
      {
        input_tokens: 5,
        output_tokens: 3,
        cache_read_input_tokens: 0,
        iterations: [
          { type: 'compaction', input_tokens: 100, cache_read_input_tokens: 20, output_tokens: 30 },
          { type: 'advisor_message', input_tokens: 1000, output_tokens: 1000 },
          { type: 'message', input_tokens: 5, output_tokens: 3 },
        ],
      },
      { input: 125, output: 33, cachedInput: 0, reasoning: null },
    ],
    ['half a bill', { input_tokens: 5 }, null],
    ['numbers as text', { input_tokens: '5', output_tokens: '3' }, null],
  ])('usage: %s', (_, usage, expected) => {
    expect(usageOf(usage)).toEqual(expected)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['an empty list', []],
    ['an error', { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    ['a request', { model: 'claude-a', messages: [] }],
    ['the older completions', { type: 'completion', completion: 'Hi' }],
    ['a message of OpenAI', { choices: [{ message: { content: 'x' } }] }],
    ['a list that begins amid an answer', [{ type: 'content_block_delta', delta: { text: 'x' } }]],
  ])('%s is not this API', (_, body) => {
    expect(anthropicMessages.reply(body)).toBeNull()
  })

  test('arguments that nest without end are no text, and end nothing', () => {
    const input: Json = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
    expect(anthropicMessages.reply(message([{ type: 'tool_use', name: 'f', input }]))?.toolCalls).toEqual([
      { name: 'f', arguments: '' },
    ])
  })
})

test('rejection', () => {
  const body = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' }, request_id: 'req_1' }
  expect(anthropicMessages.rejection(429, body)).toEqual({ code: 'rate_limit_error', detail: 'Slow down' })
})
