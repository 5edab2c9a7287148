// Requests of Anthropic's messages: what is taken for one, what is sent, what it says and who asks.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { anthropicMessages } from '../../src/providers/anthropic-messages.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'

const hello: JsonObject = { model: 'claude-a', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }
const plain = { model: null, stream: false, overrides: {} }
const user = (content: Json): JsonObject => ({ ...hello, messages: [{ role: 'user', content }] })

const sent = (body: JsonObject, options: Partial<Parameters<typeof anthropicMessages.request>[1]>) =>
  anthropicMessages.request(body, { ...plain, ...options }).body

describe('request', () => {
  test('goes to the messages as captured, also without a limit: the API says what it wants', () => {
    expect(anthropicMessages.request(hello, plain)).toEqual({ path: '/messages', body: hello })
    const { max_tokens: _, ...unlimited } = hello
    expect(sent(unlimited, {})).toEqual(unlimited)
  })

  test.each<[string, JsonObject, Parameters<typeof sent>[1], JsonObject]>([
    ['the model is replaced', {}, { model: 'claude-b' }, { model: 'claude-b' }],
    ['an override is set', {}, { overrides: { max_tokens: 20 } }, { max_tokens: 20 }],
    ['streaming sets the flag alone', {}, { stream: true }, { stream: true }],
    ['an override cannot turn the stream off', {}, { stream: true, overrides: { stream: false } }, { stream: true }],
    ['not streaming drops the flag', { stream: true }, {}, {}],
    [
      'what Bedrock and Vertex put into the body is left out',
      { anthropic_version: 'bedrock-2023-05-31', anthropic_beta: ['x'] },
      {},
      {},
    ],
  ])('%s', (_, captured, options, expected) => {
    expect(sent({ ...hello, ...captured }, options)).toEqual({ ...hello, ...expected })
  })

  test.each<[string, string | null, JsonObject]>([
    ['a key', 'sk-ant-api03-x', { 'x-api-key': 'sk-ant-api03-x' }],
    ["a proxy's key", 'k', { 'x-api-key': 'k' }],
    ['an access token', 'sk-ant-oat01-x', { authorization: 'Bearer sk-ant-oat01-x' }],
    ['none', null, {}],
  ])('carries %s once, and the version', (_, key, carried) => {
    expect(anthropicMessages.headers(key)).toEqual({ ...carried, 'anthropic-version': '2023-06-01' })
  })
})

describe('accepts', () => {
  test.each<[string, Json]>([
    ['a system prompt', { ...hello, system: 'Be brief.' }],
    ['a system prompt of blocks', { ...hello, system: [{ type: 'text', text: 'x', cache_control: {} }] }],
    ['its tools', { ...hello, tools: [{ name: 'f', input_schema: { type: 'object' } }] }],
    ["Bedrock's version", { ...hello, anthropic_version: 'bedrock-2023-05-31' }],
    [
      'its image',
      user([
        { type: 'text', text: 'a' },
        { type: 'image', source: { type: 'base64' } },
      ]),
    ],
    ['its document', user([{ type: 'document', source: { type: 'url' } }])],
    [
      'its blocks, beside a system prompt of null',
      { ...user([{ type: 'tool_result', tool_use_id: 'a' }]), system: null },
    ],
    ['a tool result', user([{ type: 'tool_result', tool_use_id: 'a', content: '1' }])],
    [
      'a tool call of its own',
      {
        ...hello,
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: [{ type: 'server_tool_use', id: 'a', name: 'web_search', input: {} }] },
        ],
      },
    ],
  ])('%s, and OpenAI does not', (_, body) => {
    expect(anthropicMessages.accepts(body)).toBe(true)
    expect(openaiChat.accepts(body)).toBe(false)
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['plain texts, which may be a chat of OpenAI', hello],
    ['plain blocks, which may be a chat of OpenAI', user([{ type: 'text', text: 'a', cache_control: {} }])],
    ['thinking, which GLM and LiteLLM have', { ...hello, thinking: { type: 'enabled', budget_tokens: 1024 } }],
    ['stop sequences, which Cohere has', { ...hello, stop_sequences: ['x'] }],
    ['a system prompt without a limit', { system: 'x', messages: hello['messages'] ?? null }],
    ['no message', { ...hello, system: 'x', messages: [] }],
    ['a role of OpenAI', { ...hello, system: 'x', messages: [{ role: 'tool', content: 'x' }] }],
    ['a part of OpenAI', { ...user([{ type: 'image_url', image_url: {} }]), system: 'x' }],
    ['a call of OpenAI', { ...hello, system: 'x', messages: [{ role: 'assistant', content: '', tool_calls: [] }] }],
    ['Bedrock Converse', { ...user([{ text: 'x' }]), system: [{ text: 'x' }] }],
    ['a system prompt of Bedrock Converse', { ...hello, system: [{ text: 'x' }] }],
    ['a picture of Hugging Face', user([{ type: 'image', url: 'x' }])],
    ['Gemini', { contents: [{ role: 'user', parts: [{ text: 'x' }] }] }],
  ])('not %s', (_, body) => {
    expect(anthropicMessages.accepts(body)).toBe(false)
  })
})

describe('prompt', () => {
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: '1' }] }

  test.each<[string, readonly Json[], string]>([
    [
      'the last words of the user, not the result of a tool',
      [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }, { role: 'user', content: 'c' }, result],
      'c',
    ],
    [
      'blocks, with names for what is no text',
      [{ role: 'user', content: [{ type: 'image' }, { type: 'document' }, { type: 'text', text: 'a' }] }],
      '[image]\n[document]\na',
    ],
    ['the last message where no user speaks', [{ role: 'assistant', content: 'a' }], 'a'],
    ['nothing', [], ''],
  ])('%s', (_, messages, expected) => {
    expect(anthropicMessages.prompt({ messages })).toBe(expected)
  })
})

describe('party', () => {
  test.each<[string, JsonObject, string | null]>([
    ['nobody', {}, null],
    ['the user of the metadata', { metadata: { user_id: 'ann' } }, 'ann'],
    ["a gateway's user", { user: 'ann' }, 'ann'],
    ['no metadata', { metadata: null }, null],
  ])('%s', (_, fields, expected) => {
    expect(anthropicMessages.party({ ...hello, ...fields })).toBe(expected)
  })

  test('the body without the party says nothing of it', () => {
    const body = anthropicMessages.withoutParty({ ...hello, metadata: { user_id: 'ann' } })
    expect(JSON.stringify(body)).not.toContain('ann')
    expect(body).toMatchObject(hello)
  })
})
