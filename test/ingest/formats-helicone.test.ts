// Helicone's export. The lines are made from its schema: no recorded one with bodies is public.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { helicone } from '../../src/ingest/formats/helicone.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { temporaryFolder } from './files.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()
const line = specimen('helicone-made-from-schema.json')
const hi = [{ role: 'user', content: 'Hi' }]

function exchangeOf(change: JsonObject): CapturedExchange {
  const [entry] = helicone.read({ ...line, ...change })
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('a line becomes a record', async () => {
  const { records, reasons, format, text } = await readLines(folder, line)
  expect([reasons, format]).toEqual([[], 'helicone'])
  expect(records).toMatchObject([
    {
      api: 'openai-chat',
      body: { model: 'gpt-x', messages: hi, stream: true },
      capturedAt: '2026-09-01T10:00:00.000Z',
      recorded: { text: 'Hello', stop: 'end', usage: { input: 12, output: 3, cachedInput: 0 } },
      recordedTiming: { headersMs: null, firstTokenMs: 240, totalMs: 812 },
      feedback: [{ name: 'feedback', value: 1, comment: null }],
      cluster: expect.stringMatching(/^c-/),
      segments: { Route: 'greeting', 'Helicone-Session-Path': '/triage' },
      fidelity: 'full',
    },
  ])
  expect(text).not.toMatch(/person-1|session-1/)
})

describe('a body that the export did not bring', () => {
  test.each<[string, Json]>([
    ['nothing', null],
    ['an empty text', ''],
    ['an empty object', {}],
    ['what Helicone writes in its place', { helicone_message: 'request body too large' }],
  ])('%s leaves the rest of the call, and says how to get it', async (_, body) => {
    const { records, reasons } = await readLines(folder, { ...line, request_body: body })
    expect(reasons).toEqual([])
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: {},
        recorded: { text: 'Hello' },
        recordedTiming: { totalMs: 812 },
        fidelity: 'metadata-only',
        fidelityReason: expect.stringMatching(/no `request_body`: export with --include-body/),
      },
    ])
  })

  test('is truncated where its pictures are kept elsewhere', () => {
    const content = [{ type: 'image_url', image_url: { url: '<helicone-asset-id key="a"/>' } }]
    const body = { model: 'gpt-x', messages: [{ role: 'user', content }] }
    expect(exchangeOf({ request_body: body })).toMatchObject({
      body,
      damage: { fidelity: 'truncated', reason: expect.stringMatching(/pictures/) },
    })
  })

  test('of the answer alone leaves a request that recorded nothing', () => {
    for (const body of [null, { helicone_message: 'embeddings response omitted' }]) {
      expect(exchangeOf({ response_body: body })).toMatchObject({ response: null, body: { messages: hi } })
    }
  })
})

describe('the API', () => {
  test.each<[string, string | null]>([
    ['https://api.openai.com/v1/chat/completions?x=1', 'openai-chat'],
    ['/v1/completions', 'openai-completions'],
    ['/v1/responses', 'openai-responses'],
    ['https://api.anthropic.com/v1/messages', 'anthropic-messages'],
    ['/v1beta/models/g:streamGenerateContent?alt=sse', 'gemini-generate-content'],
    ['/v1/other', null],
  ])('of %s is %s', (path, api) => {
    expect(exchangeOf({ request_path: path }).api).toBe(api)
  })

  test('of Google’s names the model in the path, so the body is given it', () => {
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
    const { body: read } = exchangeOf({ request_path: '/models/g:generateContent', request_body: body })
    expect(read).toEqual({ model: 'gpt-x', ...body })
  })

  test('bodies may be JSON in texts', () => {
    const change = { request_body: JSON.stringify({ messages: hi }), response_body: '{"choices":[]}' }
    expect(exchangeOf(change)).toMatchObject({ body: { messages: hi }, response: { choices: [] } })
  })
})

describe('an answer', () => {
  test.each<[string, JsonObject]>([
    ['an error', { response_status: 429 }],
    ['one that was broken off', { response_status: -3 }],
    ['one out of the cache', { cache_reference_id: '5f0c2c9e-0000-4000-8000-000000000000' }],
  ])('%s is no model’s: neither text nor times', (_, change) => {
    expect(exchangeOf(change)).toMatchObject({ response: null, timing: null, body: { messages: hi } })
  })

  test('that came whole has no time to the first token', () => {
    for (const time of [null, 0]) {
      expect(exchangeOf({ time_to_first_token: time }).timing).toMatchObject({ firstTokenMs: null, totalMs: 812 })
    }
  })

  test.each<[Json, readonly (number | null)[]]>([
    [true, [1]],
    [false, [-1]],
    [null, []],
  ])('rated %s', (rating, values) => {
    expect(exchangeOf({ feedback_rating: rating }).feedback.map(({ value }) => value)).toEqual(values)
  })
})

describe('the bill', () => {
  const cached = { prompt_tokens: 1500, completion_tokens: 3, prompt_cache_read_tokens: 1200, response_body: null }

  test('is the log’s own count', () => {
    expect(exchangeOf(cached).usage).toEqual({ input: 1500, output: 3, cachedInput: 1200, reasoning: null })
    expect(exchangeOf({ ...cached, response_status: 500 }).usage).toBeNull()
  })

  test('is not certain where another API than OpenAI’s read from a cache', () => {
    const request_path = 'https://api.anthropic.com/v1/messages'
    expect(exchangeOf({ ...cached, request_path }).usage).toBeNull()
    expect(exchangeOf({ ...cached, request_path, prompt_cache_read_tokens: 0 }).usage).toMatchObject({ input: 1500 })
  })
})

test('a failure says with what', () => {
  const response_body = { error: { code: 'rate_limit_exceeded', message: 'slow down' } }
  const error = { status: 429, code: 'rate_limit_exceeded', message: 'slow down' }
  expect(exchangeOf({ response_status: 429, response_body })).toMatchObject({ error, response: null })
  expect(exchangeOf({ response_status: -3 }).error).toBeNull()
})

test('embeddings are left out', () => {
  const request_path = 'https://api.openai.com/v1/embeddings'
  expect(helicone.read({ ...line, request_path })).toMatchObject([{ kind: 'left-out' }])
})

test('a row of its CSV has the request, which the exporter quotes twice', async () => {
  const asked = { model: 'gpt-x', messages: [{ role: 'user', content: '' }, ...hi] }
  const [, , { line: row }] = helicone.specimens
  const { records, format } = await readLines(
    folder,
    { ...row, request_body: JSON.stringify(asked).replaceAll('"', '""') },
    { ...row, response_status: '500', request_body: JSON.stringify(asked), response_id: 'a4' },
  )
  expect(format).toBe('helicone')
  expect(records).toMatchObject([
    { body: asked, callId: 'a3', segments: { Route: 'greeting' }, recordedUsage: { input: 12, output: 3 } },
    { body: asked, callId: 'a4', recordedUsage: null, recordedError: { status: 500 } },
  ])
  expect(records.map((record) => record.recordedTiming)).toEqual([null, null])
})

test('the user is the request’s, else a property’s, never the account of Helicone', () => {
  expect(exchangeOf({}).user).toBe('person-1')
  expect(exchangeOf({ request_user_id: null, helicone_user: 'owner' }).user).toBeNull()
  expect(exchangeOf({ request_user_id: null, request_properties: { user_id: 'p' } })).toMatchObject({
    user: 'p',
    conversation: null,
    segments: {},
  })
})
