// HTTP archives (HAR 1.2), as browsers and recording proxies save them: the calls of models among a session's requests.

import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import type { Json, JsonObject, Timing } from '../../core/types.ts'
import { asksModel, endpointOf, withModel } from '../../providers/endpoint.ts'
import { arrayAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { failureAt } from '../parts/failure.ts'
import { bodyOf, payloadOf, timingOf } from '../parts/fields.ts'
import { isAnswered, statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'

const entry = {
  startedDateTime: '2026-09-01T12:00:00.000+02:00',
  time: 822,
  request: {
    method: 'POST',
    url: 'https://api.openai.com/v1/chat/completions',
    headers: [{ name: 'Authorization', value: 'Bearer 0' }],
    postData: {
      mimeType: 'application/json',
      text: '{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}',
    },
  },
  response: {
    status: 200,
    headers: [{ name: 'content-type', value: 'application/json' }],
    content: {
      mimeType: 'application/json',
      text: '{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}',
    },
  },
  timings: { blocked: 10, send: 0, wait: 240, receive: 572 },
}
const archive = (...entries: readonly JsonObject[]) => ({ log: { version: '1.2', creator: { name: 'x' }, entries } })

export const har = {
  name: 'har',
  title: 'HTTP archives (HAR 1.2)',
  tells: 'request and answer, latency, time to the headers, error',
  lacks: 'TTFT, user, segments, feedback',
  nests: false,
  recognises: isArchive,
  read,
  specimens: [
    { line: archive(entry), kind: 'whole' },
    { line: archive({ ...entry, request: { method: 'GET', url: 'https://x/index.html' } }), kind: 'left-out' },
    { line: archive(), kind: 'left-out' },
  ],
} as const satisfies LogFormat

function isArchive(line: Json): boolean {
  const log = objectAt(line, 'log')
  if (textAt(log ?? undefined, 'version') === null || !Array.isArray(fieldOf(log ?? undefined, 'entries'))) return false
  return arrayAt(log, 'entries').every((each) => textAt(objectAt(each, 'request'), 'url') !== null)
}

function read(line: Json): readonly LogEntry[] {
  if (!isArchive(line)) return [{ kind: 'rejected', reason: 'no `log.entries` with the requests of an HTTP archive' }]
  const entries = arrayAt(objectAt(line, 'log'), 'entries').filter(isObject)
  return entries.length === 0 ? [{ kind: 'left-out', reason: 'an archive without a request' }] : entries.map(entryOf)
}

/** Headers and cookies are read for the encoding alone, and never kept; nor is the query, which may have a key. */
function entryOf(logged: JsonObject): LogEntry {
  const request = objectAt(logged, 'request') ?? {}
  const endpoint = endpointOf(textAt(request, 'url') ?? '')
  if (endpoint === null || textAt(request, 'method')?.toUpperCase() !== 'POST') {
    return { kind: 'left-out', reason: 'a request to an endpoint of no chat model' }
  }
  const response = objectAt(logged, 'response') ?? {}
  const status = statusOf(fieldOf(response, 'status'))
  const answer = answerIn(response)
  const isByModel = status !== null && isAnswered(status)
  const known: Partial<CapturedExchange> = {
    api: endpoint.api,
    response: isByModel ? answer : null,
    error: failureAt(status, answer),
    timing: isByModel ? timingIn(logged) : null,
    capturedAt: instantOf(fieldOf(logged, 'startedDateTime')),
  }
  const sent = bodyOf(fieldOf(objectAt(request, 'postData'), 'text'))
  if (sent === null) return lost('no JSON in its `postData.text`: save the archive with its contents', known)
  const body = withModel(sent, endpoint.model)
  if (!asksModel(body)) return { kind: 'left-out', reason: 'a request that asks no model' }
  return { kind: 'whole', exchange: captured({ ...known, body }) }
}

/** From the sent request on: what comes before it (a queue, DNS, the connection) is another reader's own. −1 is unknown. */
function timingIn(logged: JsonObject): Timing | null {
  const timings = objectAt(logged, 'timings')
  const [wait, receive] = ['wait', 'receive'].map((phase) => {
    const ms = fieldOf(timings, phase)
    return typeof ms === 'number' && ms >= 0 ? ms : null
  })
  if (wait === undefined || wait === null) return timingOf({ total_ms: fieldOf(logged, 'time') ?? null })
  return {
    headersMs: wait,
    firstTokenMs: null,
    totalMs: receive === undefined || receive === null ? null : wait + receive,
  }
}

function answerIn(response: JsonObject): Json {
  const content = objectAt(response, 'content')
  const text = textAt(content, 'text')
  if (text === null || textAt(content, 'encoding') !== 'base64') return payloadOf(text ?? undefined)
  const bytes = Buffer.from(text, 'base64')
  return payloadOf(textIn(inflated(bytes, encodingOf(response))) ?? undefined)
}

function encodingOf(response: JsonObject): string {
  const header = arrayAt(response, 'headers').find((each) => textAt(each, 'name')?.toLowerCase() === 'content-encoding')
  return textAt(header, 'value')?.trim().toLowerCase() ?? ''
}

/** A bomb of a few bytes must not fill the memory: no answer of a chat is longer. */
const limit = { maxOutputLength: 32 * 1024 * 1024 }

const inflaters: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  gzip: (bytes) => gunzipSync(bytes, limit),
  deflate: (bytes) => inflateSync(bytes, limit),
  br: (bytes) => brotliDecompressSync(bytes, limit),
  zstd: (bytes) => zstdDecompressSync(bytes, limit),
}

/** Most tools save what came out of the compression and keep the header; some save the bytes of the wire. */
function inflated(bytes: Uint8Array, encoding: string): Uint8Array {
  const inflate = Object.hasOwn(inflaters, encoding) ? inflaters[encoding] : undefined
  try {
    return inflate?.(bytes) ?? bytes
  } catch {
    return bytes
  }
}

function textIn(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
