// Cloudflare's AI Gateway: what Logpush sends, whose bodies are sealed, and the list of logs that its API gives.

import type { Json, JsonObject, Usage } from '../../core/types.ts'
import { endpointOf, isOtherEndpoint, withModel } from '../../providers/endpoint.ts'
import { arrayAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { apiOfAnswer } from '../parts/answer-api.ts'
import { countedUsage } from '../parts/counted.ts'
import { failureAt, unsaidFailure } from '../parts/failure.ts'
import { bodyOf, conversationOf, payloadOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { isAnswered, statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'
import { sealedIn, unsealed, unsealingKeyOf } from '../parts/sealed-field.ts'

const sealed = { type: 'encrypted', key: 'a2V5', iv: 'aXY=', data: 'ZGF0YQ==' }
const pushed = {
  Cached: false,
  Endpoint: 'v1/chat/completions',
  Gateway: 'prod',
  Metadata: sealed,
  Metrics: { cost: 0.0042, durationMs: 812 },
  Model: 'gpt-x',
  Provider: 'openai',
  RateLimited: false,
  RequestBody: sealed,
  ResponseBody: sealed,
  StatusCode: 200,
  Timestamp: '2026-09-01T10:00:00Z',
}
const listed = {
  id: '01J0',
  created_at: '2026-09-01T10:00:00Z',
  provider: 'openai',
  model: 'gpt-x',
  path: 'chat/completions',
  duration: 812,
  success: true,
  cached: false,
  status_code: 200,
  tokens_in: 12,
  tokens_out: 3,
  metadata: '{"route":"greeting"}',
}

/** The format with the private key that opens what Logpush sends; null where nobody gave one. Throws BAD_CONFIG. */
export function cloudflareAiGateway(privateKeyPem: string | null): LogFormat {
  const privateKey = privateKeyPem === null ? null : unsealingKeyOf(privateKeyPem)

  /** A field in clear; or why it cannot be read. */
  const clear = (line: JsonObject, field: string): { readonly value: Json } | { readonly reason: string } => {
    const closed = sealedIn(line, field)
    if (closed === null) return { value: fieldOf(line, field) ?? null }
    if (privateKey === null) {
      return { reason: 'its bodies are encrypted; reading them needs the private key: logs[].privateKey in the config' }
    }
    const value = unsealed(closed, privateKey)
    return value === null ? { reason: `the private key does not open \`${field}\`: is it of this gateway?` } : { value }
  }
  const readPushed = (line: JsonObject): LogEntry => {
    const endpoint = textAt(line, 'Endpoint') ?? ''
    if (isOtherEndpoint(`/${endpoint}`))
      return { kind: 'left-out', reason: 'a request to an endpoint of no chat model' }
    const { api = null, model = null } = endpointOf(endpoint) ?? {}
    const [request, response, metadata] = ['RequestBody', 'ResponseBody', 'Metadata'].map((each) => clear(line, each))
    const answer = response && 'value' in response ? payloadOf(response.value) : null
    const status = statusOf(fieldOf(line, 'StatusCode'))
    const isByModel = isAnswered(status) && fieldOf(line, 'Cached') !== true
    const known: Partial<CapturedExchange> = {
      api: api ?? apiOfAnswer(answer),
      response: isByModel ? answer : null,
      error: failureAt(status, answer),
      timing: isByModel ? timingOf({ total_ms: fieldOf(objectAt(line, 'Metrics'), 'durationMs') ?? null }) : null,
      capturedAt: instantOf(fieldOf(line, 'Timestamp')),
      ...partiesOf(metadata && 'value' in metadata ? metadata.value : null),
    }
    if (request === undefined || 'reason' in request) return lost(request?.reason ?? 'no `RequestBody`', known)
    const body = bodyOf(request.value)
    if (body === null) {
      return lost('no JSON in its `RequestBody`: is the storing of payloads switched off, or was it too large?', known)
    }
    return { kind: 'whole', exchange: captured({ ...known, body: withModel(body, model) }) }
  }

  const format = {
    name: 'cloudflare-ai-gateway',
    title: "Cloudflare's AI Gateway (Logpush, list of logs)",
    tells: 'request and answer, latency, error, user, session and segments of the metadata',
    lacks: 'bodies in the list of logs, and in Logpush without the private key; TTFT, feedback',
    nests: false,
    recognises: (line) => isPushed(line) || isListed(line) || isList(line),
    read: (line) => {
      if (isObject(line) && isPushed(line)) return [readPushed(line)]
      if (isObject(line) && isListed(line)) return [readListed(line)]
      if (isList(line)) return arrayAt(line, 'result').map((each) => readListed(each))
      return [{ kind: 'rejected', reason: 'neither a line of Logpush (`Gateway`, `Provider`) nor a log of the API' }]
    },
    specimens: [
      {
        line: { ...pushed, RequestBody: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] } },
        kind: 'whole',
      },
      { line: pushed, kind: 'whole' },
      { line: { ...pushed, Endpoint: 'v1/embeddings' }, kind: 'left-out' },
      { line: listed, kind: 'whole' },
      { line: { success: true, result: [listed], errors: [] }, kind: 'whole' },
    ],
  } as const satisfies LogFormat
  return format
}

function isPushed(line: Json): boolean {
  const own = ['Gateway', 'Provider', 'Model'].every((field) => typeof fieldOf(line, field) === 'string')
  return (
    own && ['StatusCode', 'RequestBody', 'ResponseBody', 'Cached'].some((field) => fieldOf(line, field) !== undefined)
  )
}

function isListed(line: Json): boolean {
  const texts = ['id', 'created_at', 'provider', 'model'].every((field) => textAt(line, field) !== null)
  return texts && ['tokens_in', 'tokens_out', 'cached', 'success'].every((field) => fieldOf(line, field) !== undefined)
}

/** A page of the API's answer. */
function isList(line: Json): boolean {
  const logs = arrayAt(line, 'result')
  return logs.length > 0 && logs.every(isListed)
}

function readListed(line: Json): LogEntry {
  const path = textAt(line, 'path') ?? ''
  if (isOtherEndpoint(`/${path}`)) return { kind: 'left-out', reason: 'a request to an endpoint of no chat model' }
  const status = statusOf(fieldOf(line, 'status_code'))
  const isFailed = fieldOf(line, 'success') === false
  const isByModel = isAnswered(status) && fieldOf(line, 'cached') !== true && !isFailed
  return lost('the list of logs has no bodies: Logpush sends them', {
    api: endpointOf(path)?.api ?? null,
    error: failureAt(status, null) ?? (isFailed ? unsaidFailure('success false') : null),
    usage: isByModel ? listedUsage(line) : null,
    capturedAt: instantOf(fieldOf(line, 'created_at')),
    ...partiesOf(fieldOf(line, 'metadata') ?? null),
    callId: textAt(line, 'id'),
  })
}

/** Whether `tokens_in` has what was read from a cache, is not said: Anthropic's own count has it not. */
function listedUsage(line: Json): Usage | null {
  if (/anthropic|bedrock/.test(textAt(line, 'provider') ?? '')) return null
  return countedUsage({ input: fieldOf(line, 'tokens_in'), output: fieldOf(line, 'tokens_out') })
}

function partiesOf(logged: Json) {
  const metadata = { metadata: bodyOf(logged) }
  return { user: userOf(metadata), conversation: conversationOf(metadata), segments: segmentsOf(metadata) }
}
