// HTTP archives, around exchanges that were recorded at real APIs.

import { join } from 'node:path'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { har } from '../../src/ingest/formats/har.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { temporaryFolder } from './files.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()
const recorded = (name: string) => specimen(name, join(import.meta.dirname, '../providers/specimens'))
const plain = {
  startedDateTime: '2026-09-01T12:00:00.000+02:00',
  time: 822,
  request: {
    method: 'POST',
    url: 'https://api.openai.com/v1/chat/completions',
    postData: { text: '{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}' },
  },
  response: {
    status: 200,
    content: { text: '{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}' },
  },
  timings: { blocked: 10, send: 0, wait: 240, receive: 572 },
}

function entry(request: JsonObject, response: JsonObject, rest: JsonObject = {}): JsonObject {
  return { ...plain, request: { ...plain.request, ...request }, response: { ...plain.response, ...response }, ...rest }
}

const asHar = (...entries: readonly JsonObject[]): JsonObject => ({ log: { version: '1.2', creator: {}, entries } })

function exchangeOf(each: JsonObject): CapturedExchange {
  const [read] = har.read(asHar(each))
  if (read?.kind !== 'whole') throw new Error(JSON.stringify(read))
  return read.exchange
}

function textOf(json: Json | undefined): string {
  return typeof json === 'string' ? json : JSON.stringify(json)
}

/** A recorded exchange as an entry. */
function entryOf(name: string, content: JsonObject = {}): JsonObject {
  const { request, status, response } = recorded(name)
  const postData = { mimeType: 'application/json', text: textOf(request) }
  return entry({ postData }, { status: status ?? 0, content: { text: textOf(response), ...content } })
}

test('the calls of a session become records, and nothing of its headers is kept', async () => {
  const cookies = [{ name: 'session', value: 'cookie-words' }]
  const { records, reasons, format, text } = await readLines(
    folder,
    asHar(
      { ...plain, request: { method: 'GET', url: 'https://chat.example/index.html' } },
      entryOf('envoy-chat-basic.json'),
      entry({ cookies, headers: [{ name: 'Authorization', value: 'Bearer header-words' }] }, { cookies }),
      entryOf('envoy-chat-unknown-model.json'),
    ),
  )
  expect([reasons, format]).toEqual([[], 'har'])
  expect(records).toMatchObject([
    { api: 'openai-chat', recorded: { text: expect.stringMatching(/\w/) }, fidelity: 'full' },
    {
      body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] },
      recorded: { text: 'Hello' },
      capturedAt: '2026-09-01T10:00:00.000Z',
      // Without what came before the request was sent.
      recordedTiming: { headersMs: 240, firstTokenMs: null, totalMs: 812 },
    },
    { recorded: null, recordedTiming: null, recordedError: { status: 404, code: 'model_not_found' } },
  ])
  expect(text).not.toMatch(/cookie-words|header-words|Authorization/)
})

test('a stream is folded', async () => {
  const { records } = await readLines(folder, asHar(entryOf('envoy-chat-streaming-detailed-usage.json')))
  expect(records).toMatchObject([
    { body: { stream: true }, recorded: { text: expect.any(String), usage: { input: expect.any(Number) } } },
  ])
})

describe('a content in base64', () => {
  const { response } = recorded('envoy-chat-basic.json')
  const wire = Buffer.from(textOf(response))
  const coded = (bytes: Uint8Array, encoding: string) =>
    exchangeOf(
      entry(
        {},
        {
          headers: [{ name: 'Content-Encoding', value: encoding }],
          content: { encoding: 'base64', text: Buffer.from(bytes).toString('base64') },
        },
      ),
    ).response

  test.each<[string, Uint8Array, string]>([
    ['as it is', wire, 'identity'],
    ['whose header says what it was', wire, 'br'],
    ['that is still in gzip', gzipSync(wire), 'gzip'],
    ['that is still in brotli', brotliCompressSync(wire), 'br'],
    ['that is still in zstd', zstdCompressSync(wire), 'zstd'],
  ])('%s', (_, bytes, encoding) => {
    expect(coded(bytes, encoding)).toEqual(response)
  })

  test('that is no text is no answer', () => {
    expect(coded(gzipSync(wire), 'identity')).toBeNull()
  })
})

test('Google’s models stand in the URL, whose query is not kept', async () => {
  const url = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent?key=query-words'
  const text = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}'
  const read = await readLines(folder, asHar(entry({ url, postData: { text } }, {})))
  expect(read.records).toMatchObject([{ api: 'gemini-generate-content', body: { model: 'gemini-x' } }])
  expect(read.text).not.toContain('query-words')
})

test('an application’s own messages are left out', () => {
  const [read] = har.read(
    asHar(entry({ url: 'https://chat.example/api/messages', postData: { text: '{"text":"Hi"}' } }, {})),
  )
  expect(read).toMatchObject({ kind: 'left-out', reason: expect.stringMatching(/asks no model/) })
})

test('a request that was saved without its contents is lost', () => {
  expect(exchangeOf(entry({ postData: { text: '' } }, {}))).toMatchObject({
    body: null,
    timing: { totalMs: 812 },
    damage: { reason: expect.stringMatching(/save the archive with its contents/) },
  })
})

test('a request without an answer has no times', () => {
  expect(exchangeOf(entry({}, { status: 0, content: {} }))).toMatchObject({ response: null, timing: null, error: null })
})

test.each<[string, JsonObject, JsonObject | null]>([
  ['without a receive', { wait: 240, receive: -1 }, { headersMs: 240, totalMs: null }],
  ['without phases', { wait: -1 }, { headersMs: null, totalMs: 822 }],
])('times %s', (_, timings, expected) => {
  expect(exchangeOf(entry({}, {}, { timings })).timing).toMatchObject(expected ?? {})
})
