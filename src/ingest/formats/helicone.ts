// Helicone's export as JSONL: one request a line, with its bodies where the export was told to fetch them.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isObject, objectAt, textAt, without } from '../../providers/shape.ts'
import { endpointOf } from '../endpoint.ts'
import { bodyOf, feedbackOf, segmentsOf, timingOf, userOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat } from '../log-format.ts'
import { holdsMark } from '../marks.ts'

export const helicone = {
  name: 'helicone',
  title: "Helicone's export (JSONL, with bodies)",
  tells: 'request and answer, latency, TTFT, user, session, properties as segments, rating',
  lacks: 'bodies, unless they were exported too',
  nests: false,
  recognises,
  read,
  specimens: [
    {
      line: {
        response_id: 'a1',
        response_created_at: '2026-09-01T10:00:00.812Z',
        response_body: { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' } }] },
        response_status: 200,
        request_id: 'r1',
        request_created_at: '2026-09-01T10:00:00Z',
        request_body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }], stream: true },
        request_path: 'https://api.openai.com/v1/chat/completions',
        request_user_id: 'u1',
        request_properties: { Route: 'greeting', 'Helicone-Session-Id': 's1' },
        request_model: 'gpt-x',
        provider: 'OPENAI',
        delay_ms: 812,
        time_to_first_token: 240,
        feedback_rating: true,
      },
      kind: 'whole',
    },
    {
      line: {
        request_id: 'r2',
        request_created_at: '2026-09-01T10:00:05Z',
        request_body: { helicone_message: 'fetching body from signed_url... contact engineering@helicone.ai' },
        request_model: 'gpt-x',
        signed_body_url: null,
      },
      kind: 'rejected',
    },
  ],
} as const satisfies LogFormat

/** Names of Helicone's own, of which an export has nearly all. */
const ownFields = `response_status response_created_at request_path request_model request_body request_properties
  request_user_id delay_ms feedback_rating helicone_user signed_body_url`.split(/\s+/)

function recognises(line: Json): boolean {
  if (!isObject(line) || textAt(line, 'request_id') === null || textAt(line, 'request_created_at') === null)
    return false
  return ownFields.filter((field) => Object.hasOwn(line, field)).length >= 2
}

/** What stands where Helicone keeps no body, or keeps it without its pictures. */
const missing = 'helicone_message'
const leftOut = [missing, '<helicone-asset-id']

/** `cache_reference_id` of an answer that came from no cache. */
const noCache = '00000000-0000-0000-0000-000000000000'
const sessionField = 'Helicone-Session-Id'

function read(line: Json): readonly LogEntry[] {
  if (!isObject(line) || !recognises(line)) {
    return [{ kind: 'rejected', reason: 'no `request_id` and `request_created_at` beside a request of Helicone' }]
  }
  const body = bodyOf(fieldOf(line, 'request_body'))
  if (body === null || Object.keys(body).length === 0 || fieldOf(body, missing) !== undefined) {
    const advice =
      'export with --include-body; where a body could not be fetched, the exporter leaves it out in silence'
    return [{ kind: 'rejected', reason: `no \`request_body\`: ${advice}` }]
  }
  if (holdsMark(body, leftOut)) return [{ kind: 'rejected', reason: 'Helicone keeps its pictures apart from the body' }]
  return [{ kind: 'whole', exchange: exchangeOf(line, body) }]
}

function exchangeOf(line: JsonObject, body: JsonObject): CapturedExchange {
  const properties = objectAt(line, 'request_properties') ?? {}
  const isAnswered = isAnsweredByModel(line)
  const firstToken = fieldOf(line, 'time_to_first_token') ?? null
  const api = endpointOf(textAt(line, 'request_path') ?? '')?.api ?? null
  return captured({
    api,
    body: withModel(body, api, line),
    response: isAnswered ? responseOf(line) : null,
    // 0 is how an answer that came whole is logged.
    timing: isAnswered
      ? timingOf({ total_ms: fieldOf(line, 'delay_ms') ?? null, ttft_ms: firstToken === 0 ? null : firstToken })
      : null,
    capturedAt: instantOf(fieldOf(line, 'request_created_at')),
    feedback: feedbackOf(fieldOf(line, 'feedback_rating')),
    conversation: textAt(properties, sessionField),
    // `helicone_user` is whose Helicone account it is.
    user: textAt(line, 'request_user_id') ?? userOf({ metadata: properties }),
    segments: segmentsOf({ metadata: without(properties, [sessionField]) }),
  })
}

/** Gemini's requests name their model in the path alone. */
function withModel(body: JsonObject, api: string | null, line: JsonObject): JsonObject {
  const model = textAt(line, 'request_model')
  return api !== 'gemini-generate-content' || model === null || Object.hasOwn(body, 'model') ? body : { model, ...body }
}

/** Neither an error, nor what was broken off (a negative status), nor an answer out of Helicone's cache. */
function isAnsweredByModel(line: JsonObject): boolean {
  const status = fieldOf(line, 'response_status') ?? null
  const cached = textAt(line, 'cache_reference_id') ?? noCache
  return cached === noCache && (typeof status !== 'number' || (status >= 200 && status < 300))
}

function responseOf(line: JsonObject): Json {
  const logged = fieldOf(line, 'response_body') ?? null
  const response = bodyOf(logged) ?? logged
  return holdsMark(response, leftOut) ? null : response
}
