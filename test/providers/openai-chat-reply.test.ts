// Answers and errors of OpenAI's chat completions, those of odd servers too.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'

function answer(message: Json, rest: JsonObject = {}): JsonObject {
  return { model: 'gpt-a-2026', choices: [{ index: 0, message, finish_reason: 'stop', ...rest }] }
}

function deep(levels: number): Json {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels))
}

describe('reply', () => {
  test.each<[string, Json, string, string]>([
    ['text', { content: 'Hi' }, 'Hi', 'end'],
    [
      'text parts',
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      'ab',
      'end',
    ],
    ['no content', { content: null }, '', 'end'],
    ['reasoning is no answer', { content: 'Hi', reasoning_content: 'hm' }, 'Hi', 'end'],
    ['a refusal', { content: null, refusal: 'I cannot' }, 'I cannot', 'refused'],
    ['a refusal beside content', { content: 'Well', refusal: 'I cannot' }, 'I cannot', 'refused'],
    ['a refusal part', { content: [{ type: 'refusal', refusal: 'I cannot' }] }, 'I cannot', 'refused'],
    ['an empty refusal is none', { content: 'Hi', refusal: '' }, 'Hi', 'end'],
    ['spoken content', { content: null, audio: { transcript: 'beep' } }, 'beep', 'end'],
  ])('%s', (_, message, text, stop) => {
    expect(openaiChat.reply(answer(message))).toMatchObject({ text, stop, toolCalls: [], servedModel: 'gpt-a-2026' })
  })

  test.each<[Json, string]>([
    ['stop', 'end'],
    ['length', 'length'],
    ['tool_calls', 'tool'],
    ['function_call', 'tool'],
    ['content_filter', 'filtered'],
    ['eos', 'unknown'],
    [null, 'unknown'],
    [7, 'unknown'],
  ])('finish_reason %j is %s', (reason, stop) => {
    expect(openaiChat.reply(answer({ content: 'x' }, { finish_reason: reason }))?.stop).toBe(stop)
  })

  test('tool calls of every spelling', () => {
    const message = {
      content: null,
      tool_calls: [
        { id: '1', type: 'function', function: { name: 'f', arguments: '{"a":' } },
        { id: '2', type: 'function', function: { name: 'g', arguments: { b: 1 } } },
        { id: '3', type: 'custom', custom: { name: 'h', input: 'raw' } },
      ],
      function_call: { name: 'i', arguments: '{}' },
    }
    expect(openaiChat.reply(answer(message))?.toolCalls).toEqual([
      { name: 'f', arguments: '{"a":' },
      { name: 'g', arguments: '{"b":1}' },
      { name: 'h', arguments: 'raw' },
      { name: 'i', arguments: '{}' },
    ])
  })

  test.each<[string, Json, Json]>([
    ['none', null, null],
    [
      'without details',
      { prompt_tokens: 5, completion_tokens: 3 },
      { input: 5, output: 3, cachedInput: null, reasoning: null },
    ],
    [
      'with details',
      {
        prompt_tokens: 5,
        completion_tokens: 3,
        total_tokens: 8,
        prompt_tokens_details: { cached_tokens: 4 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
      { input: 5, output: 3, cachedInput: 4, reasoning: 2 },
    ],
    [
      'details of null',
      { prompt_tokens: 5, completion_tokens: 3, prompt_tokens_details: null },
      { input: 5, output: 3, cachedInput: null, reasoning: null },
    ],
    [
      'reasoning left out of the output, by the sum',
      {
        prompt_tokens: 12,
        completion_tokens: 2,
        total_tokens: 334,
        completion_tokens_details: { reasoning_tokens: 320 },
      },
      { input: 12, output: 322, cachedInput: null, reasoning: 320 },
    ],
    [
      'more reasoning than output, no sum',
      { prompt_tokens: 12, completion_tokens: 2, completion_tokens_details: { reasoning_tokens: 320 } },
      { input: 12, output: 322, cachedInput: null, reasoning: 320 },
    ],
    ['half a bill', { prompt_tokens: 5 }, null],
    ['numbers as text', { prompt_tokens: '5', completion_tokens: '3' }, null],
    ['negative', { prompt_tokens: -1, completion_tokens: 3 }, null],
  ])('usage: %s', (_, usage, expected) => {
    const body = answer({ content: 'x' })
    expect(openaiChat.reply({ ...body, usage })?.usage).toEqual(expected)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['text', 'Hello'],
    ['no choices', { choices: [] }],
    ['an error inside a 200', { error: { message: 'no' } }],
    ['the older completions', { choices: [{ text: 'Hi', index: 0 }] }],
    ['the models list', { object: 'list', data: [] }],
    ['an empty list', []],
  ])('%s is not this API', (_, body) => {
    expect(openaiChat.reply(body)).toBeNull()
  })

  test('the first choice of several, whatever their order', () => {
    const choices = [
      { index: 1, message: { content: 'second' }, finish_reason: 'length' },
      { index: 0, message: { content: 'first' }, finish_reason: 'stop' },
    ]
    expect(openaiChat.reply({ choices })).toMatchObject({ text: 'first', stop: 'end', servedModel: null })
  })
})

describe('rejection', () => {
  test.each<[string, number, Json, string | null, string]>([
    [
      'OpenAI',
      400,
      { error: { message: 'Bad', type: 'invalid_request_error', code: 'bad_param' } },
      'bad_param',
      'Bad',
    ],
    [
      'a code of null',
      400,
      { error: { message: 'Bad', type: 'invalid_request_error', code: null } },
      'invalid_request_error',
      'Bad',
    ],
    ['a code of number', 429, { error: { message: 'Slow', code: 429 } }, '429', 'Slow'],
    ['Google, in an array', 404, [{ error: { code: 404, message: 'Gone', status: 'NOT_FOUND' } }], '404', 'Gone'],
    ['an error as text', 500, { error: 'model crashed' }, null, 'model crashed'],
    ['a message alone', 503, { message: 'no upstream' }, null, 'no upstream'],
    ['FastAPI', 422, { detail: [{ msg: 'field required', type: 'missing' }] }, null, 'field required'],
    ['FastAPI, text', 401, { detail: 'Not allowed' }, null, 'Not allowed'],
    ['plain text', 502, 'upstream\n\tconnect error', null, 'upstream connect error'],
    [
      'HTML',
      502,
      '<html><head><title>502 Bad Gateway</title><style>b{}</style></head><body><h1>Bad &amp; gone</h1></body></html>',
      null,
      '502 Bad Gateway Bad & gone',
    ],
    ['nothing', 504, '', null, 'HTTP 504 with no explanation'],
    ['null', 500, null, null, 'HTTP 500 with no explanation'],
    ['an object that says nothing we know', 500, { oops: 1 }, null, '{"oops":1}'],
    ['an error without words', 500, { error: {} }, null, '{}'],
    ['nesting without end', 500, deep(50_000), null, 'HTTP 500 with no explanation'],
  ])('%s', (_, status, body, code, detail) => {
    expect(openaiChat.rejection(status, body)).toEqual({ code, detail })
  })

  test('a long detail is cut at 300 characters, never inside one', () => {
    const { detail } = openaiChat.rejection(500, '😀'.repeat(1000))
    expect(Array.from(detail)).toHaveLength(300)
    expect(detail.isWellFormed()).toBe(true)
    expect(detail.endsWith('…')).toBe(true)
  })

  test('a cut leaves no half of an address', () => {
    for (const padding of [276, 285, 292, 297]) {
      const message = `${'.'.repeat(padding)} planted.mail@example.com has no access`
      expect(openaiChat.rejection(403, { error: { message } }).detail).toBe(`${'.'.repeat(padding)}…`)
    }
  })

  test('a quoted key is cut out, also where the cut falls into it', () => {
    const key = `sk-proj-${'a1B2c3D4'.repeat(6)}`
    for (const padding of [0, 250, 290, 295]) {
      const { detail } = openaiChat.rejection(401, { error: { message: `${'.'.repeat(padding)}key ${key}` } })
      expect(detail).not.toContain('a1B2')
    }
    expect(openaiChat.rejection(401, `<html><body>key ${key}</body></html>`).detail).toBe('key [secret]')
  })
})
