// Requests of Gemini's generateContent: what is taken for one, what is sent, what it says and who asks.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { geminiGenerateContent as gemini } from '../../src/providers/gemini-generate-content.ts'

const hello: JsonObject = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] }
const plain = { model: 'gemini-a', stream: false, overrides: {} }
const request = (body: JsonObject, options: Partial<typeof plain> | { model: null }) =>
  gemini.request(body, { ...plain, ...options })

describe('request', () => {
  test('model and stream are in the path, and not in the body', () => {
    expect(request(hello, {})).toEqual({ path: '/models/gemini-a:generateContent', body: hello })
    expect(request({ ...hello, model: 'x', stream: true }, { stream: true })).toEqual({
      path: '/models/gemini-a:streamGenerateContent?alt=sse',
      body: hello,
    })
  })

  test.each<[string, string | null, JsonObject, string]>([
    ['the captured model', null, { model: 'gemini-c' }, '/models/gemini-c'],
    ['an override of it', 'gemini-a', {}, '/models/gemini-o'],
    ['a model that names its collection', 'models/gemini-a', {}, '/models/gemini-a'],
    ['a tuned model', 'tunedModels/mine', {}, '/tunedModels/mine'],
    ["Vertex' name of a model", 'publishers/google/models/gemini-a', {}, '/models/gemini-a'],
    ["Vertex' full name", 'projects/p/locations/l/publishers/google/models/gemini-a', {}, '/models/gemini-a'],
    ['no path of its own', 'a?key=b#c', {}, '/models/a%3Fkey%3Db%23c'],
  ])('%s', (name, model, body, path) => {
    const overrides = name === 'an override of it' ? { model: 'gemini-o' } : {}
    expect(gemini.request({ ...hello, ...body }, { model, stream: false, overrides }).path).toBe(
      `${path}:generateContent`,
    )
  })

  test('overrides are set and remove', () => {
    const body = { ...hello, generationConfig: { temperature: 1 }, tools: [] }
    expect(request(body, { overrides: { generationConfig: { topK: 1 }, tools: null } }).body).toEqual({
      ...hello,
      generationConfig: { topK: 1 },
    })
  })

  test('a captured stream is known by the mark of its log', () => {
    expect(gemini.isStreaming(hello)).toBe(false)
    expect(gemini.isStreaming({ ...hello, stream: true })).toBe(true)
  })

  test.each<[string | null, JsonObject]>([
    ['AIzaX', { 'x-goog-api-key': 'AIzaX' }],
    ['ya29.x', { authorization: 'Bearer ya29.x' }],
    [null, {}],
  ])('carries %j once', (key, headers) => {
    expect(gemini.headers(key)).toEqual(headers)
  })
})

describe('accepts', () => {
  test.each<[string, Json]>([
    ['contents', hello],
    ['no role', { contents: [{ parts: [{ text: 'x' }] }] }],
    [
      'camelCase',
      { ...hello, systemInstruction: { parts: [{ text: 'x' }] }, generationConfig: { maxOutputTokens: 1 } },
    ],
    ['snake_case', { ...hello, system_instruction: { parts: [{ text: 'x' }] }, generation_config: {} }],
    [
      'calls and their results',
      {
        contents: [
          { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
          { role: 'function', parts: [{ functionResponse: { name: 'f', response: {} } }] },
        ],
      },
    ],
  ])('%s', (_, body) => {
    expect(gemini.accepts(body)).toBe(true)
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['no contents', { contents: [] }],
    ['contents as text', { contents: 'x' }],
    ['contents of texts', { contents: ['x'] }],
    ['no parts', { contents: [{ role: 'user', parts: [] }] }],
    ['parts of texts', { contents: [{ role: 'user', parts: ['x'] }] }],
    ['a role of OpenAI', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }],
    ['an embedding', { content: { parts: [{ text: 'x' }] } }],
    ['a chat', { messages: [{ role: 'user', content: 'x' }] }],
  ])('not %s', (_, body) => {
    expect(gemini.accepts(body)).toBe(false)
  })
})

describe('prompt', () => {
  const called = { role: 'user', parts: [{ functionResponse: { name: 'f', response: { a: 1 } } }] }

  test.each<[string, readonly Json[], string]>([
    [
      'the last words of the user, not the result of a tool',
      [{ role: 'user', parts: [{ text: 'a' }] }, { role: 'model', parts: [{ text: 'b' }] }, called],
      'a',
    ],
    ['without a role it is the user', [{ parts: [{ text: 'a' }] }, { role: 'model', parts: [{ text: 'b' }] }], 'a'],
    [
      'parts, with names for what is no text',
      [
        {
          role: 'user',
          parts: [
            { inlineData: { mimeType: 'image/png' } },
            { file_data: { mime_type: 'application/pdf' } },
            { text: 'a' },
          ],
        },
      ],
      '[image]\n[file]\na',
    ],
    ['nothing', [], ''],
  ])('%s', (_, contents, expected) => {
    expect(gemini.prompt({ contents })).toBe(expected)
  })
})

describe('party', () => {
  test('the API names nobody, a gateway may', () => {
    expect(gemini.party(hello)).toBeNull()
    expect(gemini.party({ ...hello, user: 'ann' })).toBe('ann')
  })

  test("Vertex' labels lose what names a person, and keep the rest", () => {
    const body = { ...hello, user: 'ann', labels: { user_id: 'ann', session: 's', route: 'refund' } }
    expect(gemini.withoutParty(body)).toEqual({ ...hello, labels: { route: 'refund' } })
    expect(gemini.withoutParty(hello)).toEqual(hello)
  })
})
