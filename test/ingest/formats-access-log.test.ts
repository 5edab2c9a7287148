// JSON access logs: nginx's and Envoy's, whose fields a team names itself.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { accessLog } from '../../src/ingest/formats/access-log.ts'
import { recognise } from '../../src/ingest/index.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const [{ line: nginx }, { line: envoy }] = accessLog.specimens
const asked = { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] }

function exchangeOf(line: JsonObject): CapturedExchange {
  const [entry] = accessLog.read(line)
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('a line of nginx becomes a record of what was asked, and how long it took', async () => {
  const { records, reasons, format, text } = await readLines(folder, {
    ...nginx,
    user_id: 'person-1',
    remote_addr: '10.0.0.7',
  })
  expect([reasons, format]).toEqual([[], 'access-log'])
  expect(records).toMatchObject([
    {
      api: 'openai-chat',
      body: asked,
      recorded: null,
      recordedTiming: { headersMs: null, firstTokenMs: null, totalMs: 810 },
      // nginx writes the line when the request ends.
      capturedAt: '2026-09-01T10:00:00.188Z',
      callId: 'q1',
      cluster: expect.stringMatching(/^u-/),
      fidelity: 'full',
    },
  ])
  expect(text).not.toMatch(/person-1|10\.0\.0\.7/)
})

test('lines of other requests are left out, and no line of an application is taken for one', async () => {
  const { records, reasons } = await readLines(folder, nginx, {
    ...nginx,
    request: 'GET /favicon.ico HTTP/2.0',
    request_body: '',
  })
  expect([records.length, reasons]).toEqual([1, []])
  for (const change of [{ request_body: undefined }, { status: 'ok' }, { time_iso8601: 'now' }, { request: 'asked' }]) {
    const line = Object.fromEntries(Object.entries({ ...nginx, ...change }).filter(([, value]) => value !== undefined))
    expect(recognise([line as Json])).toBeNull()
  }
})

test('a dash is no user, and what asks no model is left out', () => {
  expect(exchangeOf({ ...nginx, user_id: '-', request_id: '-', session_id: '-' })).toMatchObject({
    user: null,
    conversation: null,
    callId: null,
  })
  for (const request of ['OPTIONS /v1/chat/completions HTTP/2.0', 'GET /v1/threads/t/messages HTTP/2.0']) {
    expect(accessLog.read({ ...nginx, request, request_body: '' })).toMatchObject([{ kind: 'left-out' }])
  }
  expect(accessLog.read({ ...envoy, method: 'GET' })).toMatchObject([{ kind: 'left-out' }])
  const own = { ...nginx, request: 'POST /api/messages HTTP/1.1', request_body: '{"text":"Hi"}' }
  expect(accessLog.read(own)).toMatchObject([{ kind: 'left-out', reason: expect.stringMatching(/asks no model/) }])
})

describe('the latency', () => {
  const { time_iso8601, request, status, request_body } = nginx
  const bare = { time_iso8601, request, status, request_body }

  test.each<[string, JsonObject, number | null]>([
    ['of nginx is in seconds', { request_time: 1.5 }, 1500],
    ['is the upstream’s where it is known', { request_time: '1.500', upstream_response_time: '1.2' }, 1200],
    ['of several upstreams is the whole', { request_time: '1.500', upstream_response_time: '0.2, 1.2' }, 1500],
    ['without an upstream is the whole', { request_time: '1.500', upstream_response_time: '-' }, 1500],
    ['of Envoy is in milliseconds', { duration: 640, response_flags: '-' }, 640],
    ['of nobody knows whom has no unit', { duration: 640 }, null],
    ['may say its unit', { duration_ms: 640 }, 640],
  ])('%s', (_, change, totalMs) => {
    expect(exchangeOf({ ...bare, ...change }).timing?.totalMs ?? null).toBe(totalMs)
  })

  test('to the headers is nginx’s too', () => {
    expect(exchangeOf({ ...nginx, upstream_header_time: '0.2' }).timing?.headersMs).toBe(200)
  })
})

test.each<[string, JsonObject, string]>([
  [
    'ends at `$time_local`',
    { time_iso8601: null, time_local: '01/Sep/2026:12:00:01 +0200' },
    '2026-09-01T10:00:00.188Z',
  ],
  ['ends at `$msec`', { time_iso8601: null, msec: '1788256801.000' }, '2026-09-01T10:00:00.188Z'],
  ['starts at Envoy’s start', { start_time: '2026-09-01T10:00:00.123Z' }, '2026-09-01T10:00:00.123Z'],
])('a request %s', (_, change, capturedAt) => {
  expect(exchangeOf({ ...nginx, ...change }).capturedAt).toBe(capturedAt)
})

describe('a body', () => {
  test.each<[Json, RegExp]>([
    ['', /client_body_buffer_size/],
    ['-', /client_body_buffer_size/],
    [null, /client_body_buffer_size/],
    ['{\\x22model\\x22:\\x22gpt-x\\x22}', /escape=json/],
    ['{"model":"gpt-x","mess', /cuts long fields/],
  ])('that is %j is lost, and says why', (request_body, reason) => {
    expect(exchangeOf({ ...nginx, request_body })).toMatchObject({
      api: 'openai-chat',
      body: null,
      timing: { totalMs: 810 },
      damage: { reason: expect.stringMatching(reason) },
    })
  })

  test('of Azure’s names its model in the path', () => {
    const request = 'POST /openai/deployments/bot/chat/completions?api-version=1 HTTP/1.1'
    const request_body = JSON.stringify({ messages: asked.messages })
    expect(exchangeOf({ ...nginx, request, request_body }).body).toEqual({ model: 'bot', messages: asked.messages })
  })
})

describe('an answer', () => {
  test('is read where a field has it, whole or as a stream', async () => {
    const message = { role: 'assistant', content: 'Hello' }
    const whole = JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] })
    const stream =
      'data: {"choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    const { records } = await readLines(folder, { ...nginx, response_body: whole }, { ...nginx, response_body: stream })
    expect(records.map((record) => record.recorded?.text)).toEqual(['Hello', 'Hello'])
  })

  test('that is an error has no times', () => {
    expect(exchangeOf({ ...envoy, request_body: JSON.stringify(asked) })).toMatchObject({
      api: 'anthropic-messages',
      timing: null,
      error: { status: 529, message: 'HTTP 529 with no explanation' },
    })
  })

  test('that nobody waited for is none', () => {
    expect(exchangeOf({ ...envoy, response_code: 0, request_body: JSON.stringify(asked) })).toMatchObject({
      timing: null,
      error: null,
    })
  })
})
