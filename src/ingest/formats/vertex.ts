// Vertex AI's request-response logging: rows of its BigQuery table, of Gemini and of Anthropic's models.

import type { Instant, Json, JsonObject, Usage } from '../../core/types.ts'
import { geminiGenerateContent } from '../../providers/gemini-generate-content.ts'
import { listIn, textIn, usageOf } from '../../providers/gemini-generate-content-reply.ts'
import { arrayAt, fieldOf, isArray, isObject, parseJson, textAt, without } from '../../providers/shape.ts'
import { captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { failureOf } from '../parts/failure.ts'
import { bodyOf, conversationOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

export const vertex = {
  name: 'vertex',
  title: "Vertex AI's request-response logging (rows from BigQuery)",
  tells: 'request and answer, latency, usage, segments in `labels`',
  lacks: 'TTFT, users, feedback; the answers of streams, where the table has no chunks of them',
  nests: false,
  recognises,
  read,
  specimens: [
    {
      line: {
        endpoint: '',
        deployed_model_id: null,
        logging_time: '2026-09-01 10:00:01 UTC',
        request_id: '3292372995731278848',
        request_payload: [],
        response_payload: [],
        model: 'publishers/google/models/gemini-x',
        model_version: null,
        api_method: 'GenerateContent',
        full_request: {
          contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
          model: 'projects/p/locations/l/publishers/google/models/gemini-x',
        },
        full_response: {
          candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 2, candidatesTokenCount: 1, totalTokenCount: 3 },
        },
        metadata: { request_latency: 812 },
        otel_log: null,
      },
      kind: 'whole',
    },
    {
      line: {
        logging_time: '2026-09-01T10:00:02Z',
        request_id: 7,
        model: 'publishers/anthropic/models/claude-x',
        api_method: 'rawPredict',
        full_request:
          '{"anthropic_version":"vertex-2023-10-16","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}',
        full_response: '{"type":"message","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn"}',
        metadata: '{"request_latency":712.5}',
      },
      kind: 'whole',
    },
    {
      line: {
        logging_time: '2026-09-01T10:00:03Z',
        request_id: 8,
        model: 'publishers/google/models/text-embedding-x',
        api_method: 'predict',
        full_request: { instances: [{ content: 'Hi' }] },
      },
      kind: 'left-out',
    },
  ],
} as const satisfies LogFormat

/** Google writes a method in either case. */
const methods: Readonly<Record<string, string>> = {
  generatecontent: 'gemini-generate-content',
  streamgeneratecontent: 'gemini-generate-content',
  rawpredict: 'anthropic-messages',
  streamrawpredict: 'anthropic-messages',
}

function recognises(line: Json): boolean {
  if (!isObject(line) || textAt(line, 'api_method') === null || !Object.hasOwn(line, 'logging_time')) return false
  return Object.hasOwn(line, 'full_request') || Object.hasOwn(line, 'request_payload')
}

function read(line: Json): readonly LogEntry[] {
  if (!isObject(line) || !recognises(line)) {
    return [{ kind: 'rejected', reason: 'no `api_method` and `logging_time` of a logged request of Vertex AI' }]
  }
  const method = (textAt(line, 'api_method') ?? '').replace(/^.*[./]/, '').toLowerCase()
  const api = Object.hasOwn(methods, method) ? methods[method] : undefined
  if (api === undefined) return [{ kind: 'left-out', reason: `a call of ${method.slice(0, 60)}, which is no chat` }]
  return [entryOf(line, api, method.startsWith('stream'))]
}

function entryOf(line: JsonObject, api: string, isStreamed: boolean): LogEntry {
  const asked = bodyOf(fieldOf(line, 'full_request')) ?? requestIn(line)
  const labels = { labels: bodyOf(fieldOf(asked ?? undefined, 'labels')) }
  const latency = fieldOf(bodyOf(fieldOf(line, 'metadata')) ?? undefined, 'request_latency') ?? null
  const timing = timingOf({ total_ms: latency })
  const error = failureOf([], bodyOf(fieldOf(line, 'full_response')), geminiGenerateContent.rejection)
  const known = {
    api,
    response: error === null ? responseOf(line, isStreamed) : null,
    error,
    usage: usageIn(line),
    timing: error === null ? timing : null,
    capturedAt: startOf(line, timing?.totalMs ?? 0),
    user: userOf(labels),
    conversation: conversationOf(labels),
    segments: segmentsOf(labels),
    callId: idOf(line),
  }
  if (asked === null) return lost('no `full_request`: rows of before the column was there have texts alone', known)
  const isAnthropic =
    textAt(asked, 'anthropic_version') !== null || /publishers\/anthropic\//.test(textAt(line, 'model') ?? '')
  if (api === 'anthropic-messages' && !isAnthropic) {
    return lost("its body is its model's own: of raw predictions Anthropic's messages are read", {
      ...known,
      api: null,
    })
  }
  const model = modelOf(line, asked)
  const body = {
    ...without(asked, ['endpoint', 'model']),
    ...(model === null ? {} : { model }),
    ...(isStreamed ? { stream: true } : {}),
  }
  return { kind: 'whole', exchange: captured({ ...known, body }) }
}

/** The last part of the path, which the API's own bodies name too; a tuned model's endpoint stays a path. */
function modelOf(line: JsonObject, asked: JsonObject): string | null {
  const named = textAt(line, 'model') ?? textAt(asked, 'model') ?? textAt(asked, 'endpoint')
  return named?.replace(/^.*\/models\//, '').replace(/^.*\/(?=endpoints\/)/, '') ?? null
}

/** The table logs a call when it is answered. */
function startOf(line: JsonObject, latencyMs: number): Instant | null {
  const logged = instantOf(fieldOf(line, 'logging_time'))
  return logged === null ? null : new Date(Date.parse(logged) - latencyMs).toISOString()
}

function idOf(line: JsonObject): string | null {
  const id = fieldOf(line, 'request_id')
  return typeof id === 'number' ? String(id) : textAt(line, 'request_id')
}

/** What older tables have: each payload as JSON in a text. Texts that are none are prompts without their settings. */
function payloadsOf(line: JsonObject, field: string): readonly JsonObject[] {
  const items = arrayAt(line, field).map((each) => (typeof each === 'string' ? (parseJson(each) ?? null) : each))
  return items.flatMap((each) => (isArray(each) ? each : [each])).filter(isObject)
}

function requestIn(line: JsonObject): JsonObject | null {
  const [only, ...more] = payloadsOf(line, 'request_payload')
  if (only === undefined || more.length > 0) return null
  return ['contents', 'messages'].some((field) => arrayAt(only, field).length > 0) ? only : null
}

/** A stream is the list of its chunks; what the table puts together of one may be its first chunk and the last one's bill. */
function responseOf(line: JsonObject, isStreamed: boolean): Json {
  const chunks = payloadsOf(line, 'response_payload')
  const kept = fieldOf(line, 'full_response') ?? null
  const whole = typeof kept === 'string' ? (parseJson(kept) ?? null) : kept
  if (!isStreamed) return whole ?? (chunks.length === 1 ? (chunks[0] ?? null) : null)
  if (isArray(whole)) return whole
  if (chunks.length > 0) return chunks
  return isFinished(whole) ? whole : null
}

function isFinished(whole: Json): boolean {
  return (
    textAt(whole, 'stop_reason') !== null ||
    listIn(whole, 'candidates').some((each) => textIn(each, 'finishReason') !== null)
  )
}

function usageIn(line: JsonObject): Usage | null {
  return usageOf(fieldOf(bodyOf(fieldOf(line, 'full_response')), 'usageMetadata'))
}
