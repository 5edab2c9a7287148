// Access logs of proxies in JSON, with the request's body: nginx's `log_format … escape=json`, and Envoy's.

import type { Instant, Json, JsonObject, Timing } from '../../core/types.ts'
import { asksModel, endpointOf, withModel } from '../../providers/endpoint.ts'
import { fieldOf, isObject, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { failureAt } from '../parts/failure.ts'
import { bodyOf, conversationOf, payloadOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { isAnswered, statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'

const asked = '{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}'

export const accessLog = {
  name: 'access-log',
  title: 'JSON access logs with request bodies (nginx, Envoy)',
  tells: 'request, status, latency, user; the answer, where a field `response_body` has it',
  lacks: 'answers, as proxies log them; TTFT, feedback',
  nests: false,
  recognises: (line) => isAccess(line),
  read,
  specimens: [
    {
      line: {
        time_iso8601: '2026-09-01T10:00:01+00:00',
        request: 'POST /v1/chat/completions HTTP/1.1',
        status: '200',
        request_time: '0.812',
        upstream_response_time: '0.810',
        request_id: 'q1',
        request_body: asked,
      },
      kind: 'whole',
    },
    {
      line: {
        start_time: '2026-09-01T10:00:00.123Z',
        method: 'POST',
        path: '/v1/messages?beta=true',
        response_code: 529,
        duration: 640,
        request_body: '-',
      },
      kind: 'whole',
    },
    {
      line: { time: '2026-09-01T10:00:02Z', method: 'GET', path: '/healthz', status: 200, request_body: null },
      kind: 'left-out',
    },
  ],
} as const satisfies LogFormat

/** Which names the fields have, the team says; these are those of nginx's variables, of Envoy's and of most examples. */
const pathFields = ['request_uri', 'uri', 'path', 'url', 'request']
const statusFields = ['status', 'response_code', 'status_code']
const bodyFields = ['request_body', 'requestBody', 'req_body', 'body']
const answerFields = ['response_body', 'responseBody', 'resp_body']
/** nginx writes these at the end of a request. */
const endFields = ['time_iso8601', 'msec', 'time_local', '@timestamp', 'timestamp', 'time', 'ts']
const startFields = ['start_time', 'startTime']

function isAccess(line: Json): boolean {
  return pathOf(line) !== null && statusIn(line) !== undefined && isTimed(line) && isLoggingBodies(line)
}

/** nginx's `$request`: method, path and version. */
const firstLine = /^([A-Z]{3,7}) (\S+) HTTP\/[\d.]+$/

/** The path, of itself or in the request's first line. */
function pathOf(line: Json): string | null {
  for (const field of pathFields) {
    const text = textAt(line, field) ?? ''
    const [, , target = text] = firstLine.exec(text) ?? []
    if (/^(?:\/|https?:\/\/)\S*$/.test(target)) return target
  }
  return null
}

/** Browsers ask with OPTIONS before they post. Where the log has no method, the body tells. */
function isPosted(line: Json): boolean {
  const method =
    textAt(line, 'request_method') ?? textAt(line, 'method') ?? firstLine.exec(textAt(line, 'request') ?? '')?.[1]
  return (method ?? 'POST').toUpperCase() === 'POST'
}

/** 0 is a client that went before there was an answer. */
function statusIn(line: Json): Json | undefined {
  return statusFields.map((field) => fieldOf(line, field)).find(isStatus)
}

function isStatus(value: Json | undefined): boolean {
  return value === 0 || value === '0' || statusOf(value) !== null
}

function isTimed(line: Json): boolean {
  return [...startFields, ...endFields].some((field) => timeIn(fieldOf(line, field)) !== null)
}

/** A log of bodies has the field in each line, empty for a request without a body. */
function isLoggingBodies(line: Json): boolean {
  const isBare = ['request_created_at', 'custom_id'].every((field) => fieldOf(line, field) === undefined)
  return isBare && bodyFields.some((field) => isBodyLike(fieldOf(line, field)))
}

function isBodyLike(value: Json | undefined): boolean {
  return value === null || typeof value === 'string' || isObject(value)
}

const local = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** An instant, also as nginx's `$time_local` writes it. */
function timeIn(value: Json | undefined): Instant | null {
  const [, day, month = '', year, time, zone] = (typeof value === 'string' && local.exec(value)) || []
  const number = months.indexOf(month) + 1
  return number === 0 ? instantOf(value) : instantOf(`${year}-${String(number).padStart(2, '0')}-${day} ${time}${zone}`)
}

function read(logged: Json): readonly LogEntry[] {
  if (!isObject(logged) || !isAccess(logged)) {
    return [{ kind: 'rejected', reason: 'no path, status, time and `request_body` of an access log beside each other' }]
  }
  // A variable without a value is logged as a dash.
  const line = Object.fromEntries(Object.entries(logged).filter(([, value]) => value !== '-'))
  const endpoint = endpointOf(pathOf(line) ?? '')
  if (endpoint === null || !isPosted(line))
    return [{ kind: 'left-out', reason: 'a request to an endpoint of no chat model' }]
  const status = statusOf(statusIn(line))
  const answer = payloadOf(valueOf(line, answerFields))
  const isByModel = status !== null && isAnswered(status)
  const known: Partial<CapturedExchange> = {
    api: endpoint.api,
    response: isByModel ? answer : null,
    error: failureAt(status, answer),
    timing: isByModel ? latencyOf(logged) : null,
    capturedAt: startOf(line),
    user: userOf(line),
    conversation: conversationOf(line),
    segments: segmentsOf(line),
    callId: textAt(line, 'request_id') ?? textAt(line, 'x_request_id'),
    traceId: textAt(line, 'trace_id'),
  }
  const request = requestOf(line)
  if (typeof request === 'string') return [lost(request, known)]
  const body = withModel(request, endpoint.model)
  if (!asksModel(body)) return [{ kind: 'left-out', reason: 'a request that asks no model' }]
  return [{ kind: 'whole', exchange: captured({ ...known, body }) }]
}

function valueOf(line: JsonObject, fields: readonly string[]): Json | undefined {
  return fields.map((field) => fieldOf(line, field)).find((value) => value !== undefined && value !== null)
}

/** The body; or why there is none. */
function requestOf(line: JsonObject): JsonObject | string {
  const logged = valueOf(line, bodyFields) ?? ''
  const body = bodyOf(logged)
  if (body !== null) return body
  if (logged === '') {
    return 'no body in it: nginx logs only those that fit into `client_body_buffer_size`'
  }
  return typeof logged === 'string' && /\\x[0-9A-F]{2}/.test(logged)
    ? 'its body is escaped as plain text: write `escape=json` into nginx’s `log_format`'
    : 'its body is no JSON: what writes the log cuts long fields'
}

/** nginx counts seconds, Envoy ms: an Envoy is told by its own names. */
function latencyOf(line: JsonObject): Timing | null {
  const inMs = timingOf(line)
  if (inMs !== null) return inMs
  // Several upstreams were asked one after the other where several times stand there; the whole is what users waited.
  const totalMs = secondsAt(line, 'upstream_response_time') ?? secondsAt(line, 'request_time')
  if (totalMs !== null) return { headersMs: secondsAt(line, 'upstream_header_time'), firstTokenMs: null, totalMs }
  const isEnvoy = ['response_flags', 'response_code', 'upstream_service_time'].some((field) =>
    Object.hasOwn(line, field),
  )
  return isEnvoy ? timingOf({ total_ms: fieldOf(line, 'duration') ?? null }) : null
}

function secondsAt(line: JsonObject, field: string): number | null {
  const value = fieldOf(line, field)
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : ''
  return /^\d+(?:\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : null
}

function startOf(line: JsonObject): Instant | null {
  const start = startFields.map((field) => timeIn(fieldOf(line, field))).find((instant) => instant !== null)
  if (start !== undefined) return start
  const end = endFields.map((field) => timeIn(fieldOf(line, field))).find((instant) => instant !== null)
  if (end === undefined) return null
  return new Date(Date.parse(end) - (secondsAt(line, 'request_time') ?? 0)).toISOString()
}
