// Requests of OpenAI's chat completions: what is taken for one, what is sent, what it says and who asks.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'

const hello: JsonObject = { model: 'gpt-a', messages: [{ role: 'user', content: 'Hello' }] }
const plain = { model: null, stream: false, overrides: {} }

const sent = (body: JsonObject, options: Partial<Parameters<typeof openaiChat.request>[1]>) =>
  openaiChat.request(body, { ...plain, ...options }).body

describe('request', () => {
  test('goes to the chat path as captured', () => {
    expect(openaiChat.request(hello, plain)).toEqual({ path: '/chat/completions', body: hello })
  })

  test.each<[string, JsonObject, Parameters<typeof sent>[1], JsonObject]>([
    ['the model is replaced', {}, { model: 'gpt-b' }, { model: 'gpt-b' }],
    ['an override is set', {}, { overrides: { temperature: 0 } }, { temperature: 0 }],
    ['an override replaces whole fields', { a: { b: 1, c: 2 } }, { overrides: { a: { b: 3 } } }, { a: { b: 3 } }],
    ['an override of the model wins over the target', {}, { model: 'b', overrides: { model: 'c' } }, { model: 'c' }],
    ['streaming asks for usage', {}, { stream: true }, { stream: true, stream_options: { include_usage: true } }],
    [
      'streaming keeps other options',
      { stream: true, stream_options: { include_obfuscation: false, include_usage: false } },
      { stream: true },
      { stream: true, stream_options: { include_obfuscation: false, include_usage: true } },
    ],
    ['a captured null is sent as it was', { stop: null }, {}, { stop: null }],
    [
      'an override cannot turn the stream off',
      {},
      { stream: true, overrides: { stream: false, stream_options: {} } },
      { stream: true, stream_options: {} },
    ],
  ])('%s', (_, captured, options, expected) => {
    expect(sent({ ...hello, ...captured }, options)).toEqual({ ...hello, ...expected })
  })

  test.each<[string, JsonObject, Parameters<typeof sent>[1], string]>([
    ['null removes a field', { max_tokens: 10 }, { overrides: { max_tokens: null } }, 'max_tokens'],
    ['not streaming drops the flag', { stream: true }, {}, 'stream'],
    ['not streaming drops its options', { stream: true, stream_options: {} }, {}, 'stream_options'],
    [
      'an override may refuse stream options',
      {},
      { stream: true, overrides: { stream_options: null } },
      'stream_options',
    ],
  ])('%s', (_, captured, options, absent) => {
    expect(sent({ ...hello, ...captured }, options)).not.toHaveProperty(absent)
  })

  test('leaves the captured body as it is', () => {
    const body = { ...hello, stream: true, stream_options: { include_usage: false } }
    const before = JSON.stringify(body)
    sent(body, { model: 'b', stream: true, overrides: { model: null } })
    expect(JSON.stringify(body)).toBe(before)
  })

  test('carries the key, and nothing without one', () => {
    expect(openaiChat.headers('k')).toEqual({ authorization: 'Bearer k' })
    expect(openaiChat.headers(null)).toEqual({})
    expect(openaiChat.probePath).toBe('/models')
  })
})

describe('accepts', () => {
  test.each<[string, Json]>([
    ['a chat', hello],
    ['a chat without a model', { messages: hello['messages'] ?? null }],
    [
      'tools and their results',
      {
        messages: [
          { role: 'assistant', content: null, tool_calls: [] },
          { role: 'tool', content: '1', tool_call_id: 'a' },
        ],
      },
    ],
    [
      'parts',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'image_url', image_url: { url: 'data:' } },
            ],
          },
        ],
      },
    ],
    ['a developer message', { messages: [{ role: 'developer', content: 'x' }] }],
  ])('%s', (_, body) => {
    expect(openaiChat.accepts(body)).toBe(true)
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['no messages', { model: 'gpt-a' }],
    ['no message', { messages: [] }],
    ['messages that are no list', { messages: {} }],
    ['an unknown role', { messages: [{ role: 'model', content: 'x' }] }],
    ['a message that is text', { messages: ['x'] }],
    ['Anthropic, by its system field', { system: 'x', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }],
    [
      'Anthropic, by its tools',
      { tools: [{ name: 'f', input_schema: {} }], messages: [{ role: 'user', content: 'x' }] },
    ],
    ['Anthropic, by its parts', { messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a' }] }] }],
    ['Bedrock Converse', { messages: [{ role: 'user', content: [{ text: 'x' }] }] }],
    ['Gemini', { contents: [{ role: 'user', parts: [{ text: 'x' }] }] }],
    ['OpenAI Responses', { model: 'gpt-a', input: 'x' }],
    ['the older completions', { model: 'gpt-a', prompt: 'x' }],
  ])('not %s', (_, body) => {
    expect(openaiChat.accepts(body)).toBe(false)
  })
})

describe('prompt', () => {
  test.each<[string, readonly Json[], string]>([
    [
      'the last user message',
      [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
        { role: 'user', content: 'c' },
        { role: 'assistant', content: null },
      ],
      'c',
    ],
    [
      'parts, with names for what is no text',
      [
        {
          role: 'user',
          content: [{ type: 'text', text: 'a' }, { type: 'image_url', image_url: {} }, { type: 'input_audio' }],
        },
      ],
      'a\n[image]\n[audio]',
    ],
    ['the last message where no user speaks', [{ role: 'system', content: 'a' }], 'a'],
    ['nothing', [], ''],
  ])('%s', (_, messages, expected) => {
    expect(openaiChat.prompt({ messages })).toBe(expected)
  })
})

describe('party', () => {
  test.each<[string, JsonObject, string | null]>([
    ['nobody', {}, null],
    ['the user', { user: 'ann' }, 'ann'],
    ['the safety identifier first', { user: 'ann', safety_identifier: 'h1' }, 'h1'],
    ['not the cache key', { prompt_cache_key: 'k' }, null],
    ['an empty name is none', { user: '' }, null],
  ])('%s', (_, fields, expected) => {
    expect(openaiChat.party({ ...hello, ...fields })).toBe(expected)
  })

  test('the body without the party says nothing of it and keeps the rest', () => {
    const body = {
      ...hello,
      user: 'ann',
      safety_identifier: 'ann',
      prompt_cache_key: 'ann',
      metadata: { user_id: 'ann', sessionId: 'ann', route: 'refund' },
    }
    expect(openaiChat.withoutParty(body)).toEqual({ ...hello, metadata: { route: 'refund' } })
    expect(openaiChat.withoutParty(hello)).toEqual(hello)
  })
})
