// The common spellings beside a captured request.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import {
  capturedAtOf,
  conversationOf,
  feedbackOf,
  segmentsOf,
  timingOf,
  unwrapped,
  userOf,
} from '../../src/ingest/parts/fields.ts'
import { instantOf } from '../../src/ingest/parts/instant.ts'

describe('instantOf', () => {
  test.each<[string, Json, string | null]>([
    ['ISO', '2026-09-01T10:00:00Z', '2026-09-01T10:00:00.000Z'],
    ['an offset', '2026-09-01T10:00:00.5+02:00', '2026-09-01T08:00:00.500Z'],
    ['an offset without a colon', '2026-09-01T10:00:00-0130', '2026-09-01T11:30:00.000Z'],
    ['no zone is UTC', '2026-09-01T10:00:00.123', '2026-09-01T10:00:00.123Z'],
    ['a space and microseconds', '2026-09-01 10:00:00.123456', '2026-09-01T10:00:00.123Z'],
    ['spelled UTC', '2026-09-01 10:00:00 UTC', '2026-09-01T10:00:00.000Z'],
    ['minutes', '2026-09-01T10:00', '2026-09-01T10:00:00.000Z'],
    ['a day', '2026-09-01', '2026-09-01T00:00:00.000Z'],
    ['epoch seconds', 1790000000, '2026-09-21T14:13:20.000Z'],
    ['epoch seconds with a fraction', 1790000000.5, '2026-09-21T14:13:20.500Z'],
    ['epoch milliseconds', 1790000000123, '2026-09-21T14:13:20.123Z'],
    ['epoch microseconds', 1790000000123456, '2026-09-21T14:13:20.123Z'],
    ['epoch nanoseconds as text', '1790000000123456789', '2026-09-21T14:13:20.123Z'],
    ['epoch as text', '1790000000', '2026-09-21T14:13:20.000Z'],
    ['zero', 0, null],
    ['a small number', 4711, null],
    ['a month that is none', '2026-13-01', null],
    ['a date of some country', '09/01/2026', null],
    ['words', 'yesterday', null],
    ['nothing', null, null],
    ['a list', [1790000000], null],
  ])('%s', (_, value, expected) => {
    expect(instantOf(value)).toBe(expected)
  })
})

describe('times', () => {
  test.each(['timestamp', 'ts', 'created_at', 'capturedAt'])('captured at, as %s', (field) => {
    expect(capturedAtOf({ [field]: '2026-09-01T10:00:00Z' })).toBe('2026-09-01T10:00:00.000Z')
  })

  test('a field that is no time does not hide one that is', () => {
    expect(capturedAtOf({ timestamp: 'n/a', ts: 1790000000 })).toBe('2026-09-21T14:13:20.000Z')
  })

  test.each<[string, JsonObject, Json]>([
    ['total', { latency_ms: 812 }, { headersMs: null, firstTokenMs: null, totalMs: 812 }],
    ['total, otherwise', { durationMs: '812.5' }, { headersMs: null, firstTokenMs: null, totalMs: 812.5 }],
    ['first token', { ttft_ms: 0 }, { headersMs: null, firstTokenMs: 0, totalMs: null }],
    ['both', { latencyMs: 9, time_to_first_token_ms: 3 }, { headersMs: null, firstTokenMs: 3, totalMs: 9 }],
    ['no unit in the name', { latency: 812 }, null],
    ['negative', { latency_ms: -1 }, null],
    ['not a number', { latency_ms: 'fast', ttft_ms: '' }, null],
  ])('%s', (_, line, expected) => {
    expect(timingOf(line)).toEqual(expected)
  })
})

describe('who', () => {
  test.each<[string, JsonObject, string | null, string | null]>([
    ['nobody', {}, null, null],
    ['fields', { user: 'ann', conversation_id: 'c1' }, 'ann', 'c1'],
    ['a number', { user_id: 7 }, '7', null],
    ['an object', { user: { id: 'ann' }, session: { id: 's1' } }, 'ann', 's1'],
    ['metadata', { metadata: { user_id: 'ann', session_id: 's1' } }, 'ann', 's1'],
    ['blank is nobody', { user: ' ', sessionId: '' }, null, null],
  ])('%s', (_, line, user, conversation) => {
    expect([userOf(line), conversationOf(line)]).toEqual([user, conversation])
  })
})

describe('segmentsOf', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'text, numbers and booleans',
      { segments: { route: 'a', tier: 2, beta: true } },
      { route: 'a', tier: '2', beta: 'true' },
    ],
    [
      'lists and objects are left out',
      { tags: ['a'], metadata: { list: [1], nested: { a: 1 }, none: null, empty: '', ok: 'x' } },
      { ok: 'x' },
    ],
    [
      'nobody is a segment',
      { metadata: { user_id: 'ann', email: 'a@b.test', sessionId: 's', route: 'a', user_tier: 'gold' } },
      { route: 'a', user_tier: 'gold' },
    ],
    [
      'segments win over metadata',
      { segments: { route: 'a' }, metadata: { route: 'b', lang: 'en' } },
      { route: 'a', lang: 'en' },
    ],
    ['none', {}, {}],
  ])('%s', (_, line, expected) => {
    expect(segmentsOf(line)).toEqual(expected)
  })
})

describe('feedbackOf', () => {
  test.each<[string, Json, Json]>([
    ['none', null, []],
    [
      'a list',
      [
        { name: 'helpful', value: 0.5, comment: 'ok' },
        { name: 'tone', value: -1 },
      ],
      [
        { name: 'helpful', value: 0.5, comment: 'ok' },
        { name: 'tone', value: -1, comment: null },
      ],
    ],
    ['a score', { score: 1 }, [{ name: 'score', value: 1, comment: null }]],
    ['thumbs', { thumbs: 'down' }, [{ name: 'thumbs', value: -1, comment: null }]],
    ['a thumb alone', 'up', [{ name: 'feedback', value: 1, comment: null }]],
    ['a boolean', false, [{ name: 'feedback', value: -1, comment: null }]],
    ['stars of an unknown scale', { score: 4 }, [{ name: 'score', value: null, comment: null }]],
    ['a comment alone', { comment: 'nice' }, [{ name: 'feedback', value: null, comment: 'nice' }]],
    ['words', 'meh', []],
    ['an empty object', {}, []],
    ['lists in lists', [[['up']]], []],
  ])('%s', (_, value, expected) => {
    expect(feedbackOf(value)).toEqual(expected)
  })
})

describe('unwrapped', () => {
  test.each<[string, Json, Json]>([
    ['a body', { model: 'a' }, { model: 'a' }],
    ['an envelope', { method: 'POST', body: { model: 'a' } }, { model: 'a' }],
    ['an envelope of text', { url: '/', body: '{}' }, '{}'],
    ['an answer', { status: 200, headers: {}, body: { id: 1 } }, { id: 1 }],
    ['a body with a field called body', { body: 'x', model: 'a' }, { body: 'x', model: 'a' }],
    ['a chat with a field called url', { url: 'x', body: 'y', messages: [1] }, { url: 'x', body: 'y', messages: [1] }],
  ])('%s', (_, value, expected) => {
    expect(unwrapped(value)).toEqual(expected)
  })
})
