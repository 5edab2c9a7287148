// What Langfuse's rows say of answers and of what people thought of them.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'

const [{ line: base }] = langfuse.specimens
const row = (rest: JsonObject): JsonObject => ({ ...base, ...rest })
const user = { role: 'user', content: 'Hi' }

function read(line: JsonObject) {
  const [entry] = langfuse.read(line)
  if (entry?.kind !== 'whole') throw new Error(`not whole: ${JSON.stringify(entry)}`)
  return entry.exchange
}
const replyTo = (rest: JsonObject) => {
  const { response } = read(row(rest))
  return response === null ? null : openaiChat.reply(response)
}

describe('answers', () => {
  const wantsJson = { model_parameters: '{"response_format":{"type":"json_object"}}' }

  test.each<[string, JsonObject, Json]>([
    ['text', { output: 'Hello "you"' }, 'Hello "you"'],
    ['a completion', { output: '{"choices":[{"index":0,"message":{"content":"Hey"}}]}' }, 'Hey'],
    [
      "Anthropic's message",
      { output: '{"type":"message","role":"assistant","content":[{"type":"text","text":"Hey"}]}' },
      'Hey',
    ],
    ['messages with reasons', { output: '[{"role":"assistant","parts":[{"type":"text","content":"Hey"}]}]' }, 'Hey'],
    ['JSON that was asked for', { ...wantsJson, output: '{"a": 1}' }, '{"a": 1}'],
    ['JSON that nobody asked for', { output: '{"a": 1}' }, null],
    ['a whole conversation', { output: JSON.stringify([user, { role: 'assistant', content: 'Hey' }]) }, null],
    ['an error', { level: 'ERROR', output: 'Hey' }, null],
    ['nothing', { output: null }, null],
  ])('%s', (_, rest, text) => {
    expect(replyTo(rest)?.text ?? null).toBe(text)
  })

  test.each<[string, JsonObject, JsonObject | null]>([
    ['inside', { input: 10, output: 5, total: 15, input_cached_tokens: 4 }, { input: 10, output: 5, cachedInput: 4 }],
    [
      'beside',
      { input: 6, output: 3, total: 15, input_cache_read: 4, output_reasoning: 2 },
      { input: 10, output: 5, reasoning: 2 },
    ],
    [
      'beside, as Anthropic names them',
      { input: 6, output: 3, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, total: 15 },
      { input: 12, output: 3, cachedInput: 4, cacheWrite: 2 },
    ],
    [
      'as none, which is no unknown',
      { input: 6, output: 3, total: 9, input_cache_read: 0, 'completion_details.reasoning': 0 },
      { input: 6, output: 3, cachedInput: 0, reasoning: 0 },
    ],
    ['without a word of caches', { input: 6, output: 3, total: 9 }, { input: 6, cachedInput: null, reasoning: null }],
    ['that do not add up', { input: 6, output: 3, total: 99 }, null],
  ])('tokens counted %s', (_, usage_details, expected) => {
    const { usage } = read(row({ usage_details }))
    if (expected === null) expect(usage).toBeNull()
    else expect(usage).toMatchObject(expected)
  })
})

describe('scores', () => {
  const [, , { line: score }] = langfuse.specimens
  const opinionOf = (rest: JsonObject) => langfuse.read({ ...score, ...rest })[0]

  test.each<[string, JsonObject, number | null]>([
    ['yes', { value: 1 }, 1],
    ['no', { value: 0 }, -1],
    ['a number in reach', { data_type: 'NUMERIC', value: 0.5 }, 0.5],
    ['stars of nobody knows how many', { data_type: 'NUMERIC', value: 4 }, null],
    ['a word for it', { data_type: 'CATEGORICAL', value: 0, string_value: 'thumbs_down' }, -1],
    ['another word', { data_type: 'CATEGORICAL', value: 0, string_value: 'formal' }, null],
  ])('%s', (_, rest, value) => {
    expect(opinionOf(rest)).toEqual({
      kind: 'opinion',
      about: 'o1',
      feedback: { name: 'user-thumb', value, comment: 'helpful' },
    })
  })

  test('of a trace, of a session, and of an evaluator', () => {
    expect(opinionOf({ observation_id: null })).toMatchObject({ kind: 'opinion', about: 't1' })
    expect(opinionOf({ observation_id: null, trace_id: null, session_id: 's1' })).toMatchObject({ kind: 'left-out' })
    expect(opinionOf({ source: 'EVAL' })).toMatchObject({ kind: 'left-out' })
  })

  test("pages of the API hold the same, in the API's words", () => {
    const meta = { page: 1, limit: 50, totalItems: 1, totalPages: 1 }
    const named = { id: 's', traceId: 't1', name: 'ok', value: 0, dataType: 'BOOLEAN', source: 'ANNOTATION' }
    const observed = { id: 'o', traceId: 't1', type: 'GENERATION', startTime: '2026-09-01T10:00:00Z', input: 'Hi' }
    expect(langfuse.recognises({ data: [named], meta })).toBe(true)
    expect(langfuse.read({ data: [named], meta })).toMatchObject([{ kind: 'opinion', about: 't1' }])
    expect(langfuse.read({ data: [observed], meta })).toMatchObject([{ kind: 'whole', exchange: { callId: 'o' } }])
    expect(langfuse.recognises({ data: [{ id: 'x' }], meta })).toBe(false)
  })
})
