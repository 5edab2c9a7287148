// Requests of OpenAI's responses: what is taken for one, what is sent, what it says and who asks.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'

const hello: JsonObject = { model: 'gpt-a', input: 'Hello' }
const plain = { model: null, stream: false, overrides: {} }
const user = (content: Json): JsonObject => ({ role: 'user', content })

describe('accepts', () => {
  test.each<[string, JsonObject]>([
    ['a text', {}],
    ['a message', { input: [user('Hello')] }],
    ['a message that says it is one', { input: [{ type: 'message', ...user([{ type: 'input_text', text: 'Hi' }]) }] }],
    ['a picture', { input: [user([{ type: 'input_image', image_url: 'data:' }])] }],
    [
      'the whole of a conversation with tools',
      {
        input: [
          user('Weather?'),
          { type: 'reasoning', id: 'rs_1', summary: [] },
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
          { type: 'function_call_output', call_id: 'c', output: 'rain' },
          { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Rain.' }] },
        ],
      },
    ],
    ['what is null', { previous_response_id: null, conversation: null, prompt: null }],
    ['tools and a format', { tools: [{ type: 'function', name: 'f' }], text: { format: { type: 'json_object' } } }],
  ])('%s', (_, fields) => {
    expect(openaiResponses.accepts({ ...hello, ...fields })).toBe(true)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['no input', { model: 'gpt-a' }],
    ['an empty text', { ...hello, input: '' }],
    ['no items', { ...hello, input: [] }],
    ['no model', { input: 'Hello' }],
    ['what follows a stored response', { ...hello, previous_response_id: 'resp_1' }],
    ['what goes on with a stored conversation', { ...hello, conversation: 'conv_1' }],
    ['a stored prompt', { ...hello, prompt: { id: 'pmpt_1' } }],
    ['a stored item', { ...hello, input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['a chat', { ...hello, messages: [user('Hello')] }],
    ["a chat's parts", { ...hello, input: [user([{ type: 'text', text: 'Hello' }])] }],
    ['an embedding', { ...hello, model: 'text-embedding-3-small' }],
    ['embeddings', { ...hello, input: ['a', 'b'] }],
    ['a moderation', { ...hello, model: 'omni-moderation-latest' }],
    ['speech', { ...hello, voice: 'alloy' }],
    ["Gemini's interactions", { model: 'gemini-3-pro', input: 'Hello' }],
    ["Gemini's interactions, going on", { ...hello, previous_interaction_id: 'v1_1' }],
  ])('not %s', (_, body) => {
    expect(openaiResponses.accepts(body)).toBe(false)
  })
})

describe('request', () => {
  test('goes to the responses path as captured', () => {
    const body = { ...hello, instructions: 'Be kind.', store: false, reasoning: { effort: 'low' }, user: null }
    expect(openaiResponses.request(body, plain)).toEqual({ path: '/responses', body })
  })

  test('model, overrides and stream flag', () => {
    const options = { model: 'gpt-b', stream: true, overrides: { temperature: 0, stream: false } }
    expect(openaiResponses.request(hello, options).body).toEqual({
      ...hello,
      model: 'gpt-b',
      temperature: 0,
      stream: true,
    })
  })

  test.each<[string, JsonObject, boolean, string]>([
    ['not streaming drops the flag', { stream: true }, false, 'stream'],
    ['not streaming drops its options', { stream_options: {} }, false, 'stream_options'],
    ['usage is not asked for: it always comes', {}, true, 'stream_options'],
    ['nothing is answered in the background', { background: true }, true, 'background'],
  ])('%s', (_, fields, stream, absent) => {
    expect(openaiResponses.request({ ...hello, ...fields }, { ...plain, stream }).body).not.toHaveProperty(absent)
  })

  test('streaming keeps other options', () => {
    const stream_options = { include_obfuscation: false }
    const { body } = openaiResponses.request({ ...hello, stream_options }, { ...plain, stream: true })
    expect(body).toEqual({ ...hello, stream: true, stream_options })
  })
})

test.each<[string, Json, string]>([
  ['a text', 'Hello', 'Hello'],
  ['a message', [user('Hello')], 'Hello'],
  ['the last message of the user', [user('a'), { role: 'assistant', content: 'b' }, user('c')], 'c'],
  [
    'parts',
    [user([{ type: 'input_text', text: 'See' }, { type: 'input_image' }, { type: 'input_file' }, { type: 'new' }])],
    'See\n[image]\n[file]',
  ],
  ['no user: the output of a tool', [{ type: 'function_call_output', call_id: 'c', output: 'rain' }], 'rain'],
  [
    'no user: parts of such',
    [{ type: 'function_call_output', output: [{ type: 'input_text', text: 'rain' }] }],
    'rain',
  ],
  ['no user: a call', [{ type: 'function_call', name: 'f', arguments: '{}' }], '{}'],
  ['nothing', [], ''],
  ['what is no item', [7], ''],
  ['null', null, ''],
])('prompt: %s', (_, input, expected) => {
  expect(openaiResponses.prompt({ model: 'a', input })).toBe(expected)
})

test('who asks is named once, and taken out', () => {
  const named = {
    ...hello,
    user: 'u',
    safety_identifier: 's',
    prompt_cache_key: 'k',
    metadata: { user_id: 'u', a: '1' },
  }
  expect(openaiResponses.party(named)).toBe('s')
  expect(openaiResponses.withoutParty(named)).toEqual({ ...hello, metadata: { a: '1' } })
})

test('the key is a bearer, and models can be asked for free', () => {
  expect(openaiResponses.headers('k')).toEqual({ authorization: 'Bearer k' })
  expect(openaiResponses.probePath).toBe('/models')
})
