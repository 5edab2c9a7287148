// Portkey: its export of logs, in both generations of field names, and feedback about a trace.

import type { Feedback, Json, JsonObject, Usage } from '../../core/types.ts'
import { endpointOf, isOtherEndpoint, withModel } from '../../providers/endpoint.ts'
import { fieldOf, isObject, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { apiOfAnswer } from '../parts/answer-api.ts'
import { countedUsage } from '../parts/counted.ts'
import { failureAt, unsaidFailure } from '../parts/failure.ts'
import { bodyOf, conversationOf, payloadOf, segmentsOf, timingOf, unwrapped, userOf } from '../parts/fields.ts'
import { isAnswered, statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'

const row = {
  id: 'l1',
  trace_id: 't1',
  created_at: '2026-09-01T10:00:00Z',
  request: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] },
  response: { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] },
  ai_org: 'openai',
  ai_model: 'gpt-x',
  req_units: 12,
  res_units: 3,
  total_units: 15,
  request_url: 'https://api.portkey.ai/v1/chat/completions',
  cost: 0.002,
  cost_currency: 'USD',
  response_time: 812,
  response_status_code: 200,
  metadata: { _user: 'u1', _environment: 'prod' },
}

export const portkey = {
  name: 'portkey',
  title: "Portkey's export of logs, and its feedback",
  tells: 'request and answer, latency, usage, error, user, metadata as segments, feedback',
  lacks: 'TTFT, and whether an answer came out of the cache',
  nests: false,
  recognises: (line) => isRow(line) || isFeedback(line),
  read,
  specimens: [
    { line: row, kind: 'whole' },
    {
      line: {
        id: 'l2',
        trace_id: 't2',
        created_at: '2026-09-01T10:00:01Z',
        ai_provider: 'openai',
        ai_model: 'gpt-x',
        request_tokens: 12,
        response_tokens: 3,
        total_tokens: 15,
        status_code: 200,
        response_time: 640,
      },
      kind: 'whole',
    },
    { line: { ...row, request_url: 'https://api.portkey.ai/v1/embeddings' }, kind: 'left-out' },
    {
      line: { trace_id: 't1', value: -10, weight: 0.5, metadata: { text: 'off the mark', _user: 'u1' } },
      kind: 'opinion',
    },
  ],
} as const satisfies LogFormat

const counts = ['req_units', 'request_tokens', 'response_status_code', 'status_code', 'response_time', 'request']

function isRow(line: Json): boolean {
  if (textAt(line, 'id') === null || typeof fieldOf(line, 'ai_model') !== 'string') return false
  const isOfOrg = ['ai_org', 'ai_provider'].some((field) => typeof fieldOf(line, field) === 'string')
  return isOfOrg && counts.some((field) => fieldOf(line, field) !== undefined)
}

/** Feedback is a whole number of −10 to 10 with a weight, about a trace; other tools' scores have names. */
function isFeedback(line: Json): boolean {
  const value = fieldOf(line, 'value')
  const isScore = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 10
  return isScore && textAt(line, 'trace_id') !== null && typeof fieldOf(line, 'weight') === 'number' && !isNamed(line)
}

function isNamed(line: Json): boolean {
  return ['name', 'type', 'request', 'input', 'span_id'].some((field) => fieldOf(line, field) !== undefined)
}

function read(line: Json): readonly LogEntry[] {
  if (isObject(line) && isRow(line)) return [callOf(line)]
  if (isFeedback(line)) return [{ kind: 'opinion', about: textAt(line, 'trace_id') ?? '', feedback: feedbackOf(line) }]
  return [{ kind: 'rejected', reason: 'neither a log of Portkey (`id`, `ai_org`, `ai_model`) nor its feedback' }]
}

function feedbackOf(line: Json): Feedback {
  const value = fieldOf(line, 'value')
  const comment = textAt(bodyOf(fieldOf(line, 'metadata')), 'text')
  return { name: 'feedback', value: typeof value === 'number' ? value / 10 : null, comment }
}

function callOf(line: JsonObject): LogEntry {
  const url = textAt(line, 'request_url') ?? ''
  if (isOtherEndpoint(url)) return { kind: 'left-out', reason: 'a request to an endpoint of no chat model' }
  const { api = null, model = null } = endpointOf(url) ?? {}
  const answer = payloadOf(unwrapped(payloadOf(fieldOf(line, 'response'))))
  const status = statusOf(fieldOf(line, 'response_status_code') ?? fieldOf(line, 'status_code'))
  const isFailed = fieldOf(line, 'is_success') === false
  const isByModel = isAnswered(status) && !isFailed
  const metadata = { metadata: bodyOf(fieldOf(line, 'metadata')) }
  const prompt = textAt(line, 'prompt_slug')
  const known: Partial<CapturedExchange> = {
    api: api ?? apiOfAnswer(answer),
    response: isByModel ? answer : null,
    error: failureAt(status, answer) ?? (isFailed ? unsaidFailure('is_success false') : null),
    timing: isByModel ? timingOf({ total_ms: fieldOf(line, 'response_time') ?? null }) : null,
    usage: isByModel ? usageOf(line) : null,
    capturedAt: instantOf(fieldOf(line, 'created_at')),
    user: textAt(metadata.metadata, '_user') ?? userOf(metadata),
    conversation: conversationOf(metadata),
    segments: { ...segmentsOf(metadata), ...(prompt === null ? {} : { prompt }) },
    callId: textAt(line, 'id'),
    traceId: textAt(line, 'trace_id'),
  }
  const body = requestIn(line)
  if (body === null) return lost('no `request` in it: ask for the field when you export, and log full requests', known)
  return { kind: 'whole', exchange: captured({ ...known, body: withModel(body, model) }) }
}

function requestIn(line: JsonObject): JsonObject | null {
  const body = bodyOf(unwrapped(bodyOf(fieldOf(line, 'request')) ?? undefined))
  return body === null || Object.keys(body).length === 0 ? null : body
}

/** Whether the units have what was read from a cache, is not said: Anthropic's own count has it not. */
function usageOf(line: JsonObject): Usage | null {
  const org = textAt(line, 'ai_org') ?? textAt(line, 'ai_provider') ?? ''
  if (/anthropic|bedrock|vertex/.test(org)) return null
  return countedUsage({
    input: fieldOf(line, 'req_units') ?? fieldOf(line, 'request_tokens'),
    output: fieldOf(line, 'res_units') ?? fieldOf(line, 'response_tokens'),
  })
}
