// Whole answers and errors of Gemini's generateContent.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { geminiGenerateContent as gemini } from '../../src/providers/gemini-generate-content.ts'

const answer = (parts: Json, rest: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...rest }],
  modelVersion: 'gemini-a-2026',
})
const usageOf = (usageMetadata: Json) => gemini.reply({ ...answer([]), usageMetadata })?.usage

describe('reply', () => {
  test('texts are joined; thoughts and the code of the provider are no part of it', () => {
    const parts = [
      { text: 'hm', thought: true },
      { text: 'It is ' },
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { output: '1' } },
      { text: 'noon.', thoughtSignature: 'x' },
    ]
    expect(gemini.reply(answer(parts))).toEqual({
      text: 'It is noon.',
      toolCalls: [],
      stop: 'end',
      usage: null,
      servedModel: 'gemini-a-2026',
    })
  })

  test('tool calls', () => {
    const parts = [{ functionCall: { name: 'f', args: { a: 1 } } }, { functionCall: { name: 'g' } }]
    expect(gemini.reply(answer(parts))).toMatchObject({
      toolCalls: [
        { name: 'f', arguments: '{"a":1}' },
        { name: 'g', arguments: '{}' },
      ],
      stop: 'tool',
    })
  })

  test('the snake_case of the Python SDK', () => {
    const body = {
      candidates: [{ content: { parts: [{ function_call: { name: 'f', args: {} } }] }, finish_reason: 'STOP' }],
      usage_metadata: { prompt_token_count: 5, candidates_token_count: 3, cached_content_token_count: 4 },
      model_version: 'gemini-a',
    }
    expect(gemini.reply(body)).toEqual({
      text: '',
      toolCalls: [{ name: 'f', arguments: '{}' }],
      stop: 'tool',
      usage: { input: 5, output: 3, cachedInput: 4, reasoning: null },
      servedModel: 'gemini-a',
    })
  })

  test.each<[Json, string]>([
    ['STOP', 'end'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'filtered'],
    ['RECITATION', 'filtered'],
    ['PROHIBITED_CONTENT', 'filtered'],
    ['BLOCKLIST', 'filtered'],
    ['SPII', 'filtered'],
    ['IMAGE_SAFETY', 'filtered'],
    ['MODEL_ARMOR', 'filtered'],
    ['MALFORMED_FUNCTION_CALL', 'unknown'],
    ['OTHER', 'unknown'],
    [null, 'unknown'],
    [7, 'unknown'],
  ])('finishReason %j is %s', (reason, stop) => {
    expect(gemini.reply(answer([{ text: 'x' }], { finishReason: reason }))?.stop).toBe(stop)
  })

  test('a server in its place says that it calls', () => {
    const parts = [{ functionCall: { name: 'f' } }]
    expect(gemini.reply(answer(parts, { finishReason: 'FUNCTION_CALL' }))?.stop).toBe('tool')
  })

  test('a call cut at the limit is cut, not a call', () => {
    const parts = [{ functionCall: { name: 'f' } }]
    expect(gemini.reply(answer(parts, { finishReason: 'MAX_TOKENS' }))?.stop).toBe('length')
  })

  test('a filtered answer has no content', () => {
    expect(gemini.reply({ candidates: [{ finishReason: 'SAFETY' }] })).toMatchObject({ text: '', stop: 'filtered' })
  })

  test('a blocked prompt is an answer: filtered', () => {
    const body = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
    }
    expect(gemini.reply(body)).toEqual({
      text: '',
      toolCalls: [],
      stop: 'filtered',
      usage: { input: 12, output: 0, cachedInput: null, reasoning: null },
      servedModel: null,
    })
  })

  test.each<[string, Json, Json]>([
    ['none', null, null],
    [
      'the cache is in the prompt, thoughts are beside the candidates, results of tools beside the prompt',
      {
        promptTokenCount: 100,
        cachedContentTokenCount: 80,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 20,
        toolUsePromptTokenCount: 7,
        totalTokenCount: 132,
      },
      { input: 107, output: 25, cachedInput: 80, reasoning: 20 },
    ],
    [
      'nothing but thoughts',
      { promptTokenCount: 9, thoughtsTokenCount: 50 },
      { input: 9, output: 50, cachedInput: null, reasoning: 50 },
    ],
    ['the traffic alone', { trafficType: 'ON_DEMAND' }, null],
    ['numbers as text', { promptTokenCount: '9' }, null],
  ])('usage: %s', (_, usage, expected) => {
    expect(usageOf(usage)).toEqual(expected)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['an empty list', []],
    ['no candidates', { candidates: [] }],
    ['an error', { error: { code: 429, message: 'no' } }],
    ['an error in a list', [{ error: { code: 429, message: 'no' } }]],
    ['a request', { contents: [{ parts: [{ text: 'x' }] }] }],
    ['a list without its end', [{ candidates: [{ content: { parts: [{ text: 'x' }] } }] }]],
  ])('%s is not this API', (_, body) => {
    expect(gemini.reply(body)).toBeNull()
  })

  test('the first candidate of several, whatever their order', () => {
    const candidates = [
      { index: 1, content: { parts: [{ text: 'second' }] }, finishReason: 'MAX_TOKENS' },
      { index: 0, content: { parts: [{ text: 'first' }] }, finishReason: 'STOP' },
    ]
    expect(gemini.reply({ candidates })).toMatchObject({ text: 'first', stop: 'end' })
  })
})

describe('rejection', () => {
  const error = { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' }

  test.each<[string, Json, string | null, string]>([
    ['an object', { error }, 'INVALID_ARGUMENT', 'API key not valid.'],
    ['a list', [{ error }], 'INVALID_ARGUMENT', 'API key not valid.'],
    ['no status', { error: { code: 500, message: 'Internal' } }, '500', 'Internal'],
    ['a status that is no word', { error: { ...error, status: 'x y' } }, '400', 'API key not valid.'],
    ['text', 'upstream gone', null, 'upstream gone'],
  ])('%s', (_, body, code, detail) => {
    expect(gemini.rejection(400, body)).toEqual({ code, detail })
  })
})
