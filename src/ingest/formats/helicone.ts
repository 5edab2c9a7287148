// Helicone's export, as JSONL or CSV: one request a line, with its bodies where the export was told to fetch them.

import type { Json, JsonObject, Usage } from '../../core/types.ts'
import { endpointOf, isOtherEndpoint, withModel } from '../../providers/endpoint.ts'
import { fieldOf, isObject, parseJson, textAt, without } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { apiOfAnswer } from '../parts/answer-api.ts'
import { countedUsage, countOf } from '../parts/counted.ts'
import { failureAt } from '../parts/failure.ts'
import { bodyOf, feedbackOf, payloadOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { isAnswered, statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'
import { holdsMark } from '../parts/marks.ts'

export const helicone = {
  name: 'helicone',
  title: "Helicone's export (with bodies)",
  tells: 'request and answer, latency, TTFT, usage, error, user, session, properties as segments, rating',
  lacks: 'bodies, unless they were exported too; in CSV also answers and times',
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
      kind: 'whole',
    },
    {
      line: {
        response_id: 'a3',
        response_created_at: '2026-09-01T10:00:00.812Z',
        response_status: '200',
        request_created_at: '2026-09-01T10:00:00Z',
        request_body: '{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}',
        request_properties: '{"Route":"greeting"}',
        request_user_id: '',
        model: 'gpt-x',
        prompt_tokens: '12',
        completion_tokens: '3',
        latency: '',
        cost: '',
      },
      kind: 'whole',
    },
    {
      line: {
        request_id: 'r4',
        request_created_at: '2026-09-01T10:00:06Z',
        request_body: { model: 'embed-x', input: 'Hi' },
        request_path: 'https://api.openai.com/v1/embeddings',
        request_model: 'embed-x',
      },
      kind: 'left-out',
    },
  ],
} as const satisfies LogFormat

/** Names of Helicone's own, of which an export has nearly all. */
const ownFields = `response_status response_created_at request_path request_model request_body request_properties
  request_user_id delay_ms feedback_rating helicone_user signed_body_url`.split(/\s+/)

/** The columns of its CSV, which has no `request_id`. */
const csvFields = ['response_id', 'response_created_at', 'response_status', 'request_created_at', 'request_properties']

function recognises(line: Json): boolean {
  if (!isObject(line) || textAt(line, 'request_created_at') === null) return false
  if (textAt(line, 'request_id') === null) return csvFields.every((field) => typeof fieldOf(line, field) === 'string')
  return ownFields.filter((field) => Object.hasOwn(line, field)).length >= 2
}

/** What stands where Helicone keeps no body, or keeps it without its pictures. */
const missing = 'helicone_message'
const assets = ['<helicone-asset-id']
const leftOut = [missing, ...assets]

/** `cache_reference_id` of an answer that came from no cache. */
const noCache = '00000000-0000-0000-0000-000000000000'
const sessionField = 'Helicone-Session-Id'

function read(line: Json): readonly LogEntry[] {
  if (!isObject(line) || !recognises(line)) {
    return [{ kind: 'rejected', reason: 'no `request_id` and `request_created_at` beside a request of Helicone' }]
  }
  const path = textAt(line, 'request_path') ?? ''
  if (isOtherEndpoint(path)) return [{ kind: 'left-out', reason: 'a request to an endpoint of no chat model' }]
  const body = columnOf(line, 'request_body')
  const known = knownOf(line, endpointOf(path)?.api ?? null)
  if (body === null || Object.keys(body).length === 0 || fieldOf(body, missing) !== undefined) {
    const advice =
      'export with --include-body; where a body could not be fetched, the exporter leaves it out in silence'
    return [lost(`no \`request_body\`: ${advice}`, known)]
  }
  // Google's requests name their model in the path alone.
  const model = known.api === 'gemini-generate-content' ? textAt(line, 'request_model') : null
  const damage = holdsMark(body, assets)
    ? ({ fidelity: 'truncated', reason: 'Helicone keeps its pictures apart from the body' } as const)
    : null
  return [{ kind: 'whole', exchange: captured({ ...known, body: withModel(body, model), damage }) }]
}

/** A field that is an object. The CSV export doubles the quotes of objects twice, which is undone here. */
function columnOf(line: JsonObject, field: string): JsonObject | null {
  const value = fieldOf(line, field)
  const plain = bodyOf(value)
  if (plain !== null || typeof value !== 'string') return plain
  const undoubled = parseJson(value.replaceAll('""', '"'))
  return isObject(undoubled) ? undoubled : null
}

function knownOf(line: JsonObject, api: string | null) {
  const properties = columnOf(line, 'request_properties') ?? {}
  const firstToken = fieldOf(line, 'time_to_first_token') ?? null
  const status = statusOf(fieldOf(line, 'response_status'))
  const isByModel = isAnsweredByModel(line)
  return {
    api: api ?? apiOfAnswer(responseOf(line)),
    response: isByModel ? responseOf(line) : null,
    error: failureAt(status, payloadOf(fieldOf(line, 'response_body'))),
    // 0 is how an answer that came whole is logged.
    timing: isByModel
      ? timingOf({ total_ms: fieldOf(line, 'delay_ms') ?? null, ttft_ms: firstToken === 0 ? null : firstToken })
      : null,
    usage: isByModel ? usageOf(line, api) : null,
    capturedAt: instantOf(fieldOf(line, 'request_created_at')),
    feedback: feedbackOf(fieldOf(line, 'feedback_rating')),
    conversation: textAt(properties, sessionField),
    // `helicone_user` is whose Helicone account it is.
    user: textAt(line, 'request_user_id') ?? userOf({ metadata: properties }),
    segments: segmentsOf({ metadata: without(properties, [sessionField]) }),
    callId: textAt(line, 'request_id') ?? textAt(line, 'response_id'),
  } satisfies Partial<CapturedExchange>
}

/** Whether the prompt's tokens include those of a cache, Helicone does not say: OpenAI counts them so, others need not. */
function usageOf(line: JsonObject, api: string | null): Usage | null {
  const cachedInput = fieldOf(line, 'prompt_cache_read_tokens')
  const cacheWrite = fieldOf(line, 'prompt_cache_write_tokens')
  const isCached = (countOf(cachedInput) ?? 0) + (countOf(cacheWrite) ?? 0) > 0
  if (isCached && api?.startsWith('openai-') !== true) return null
  return countedUsage({
    input: fieldOf(line, 'prompt_tokens'),
    output: fieldOf(line, 'completion_tokens'),
    cachedInput,
    cacheWrite,
  })
}

/** Neither an error, nor what was broken off (a negative status), nor an answer out of Helicone's cache. */
function isAnsweredByModel(line: JsonObject): boolean {
  const status = fieldOf(line, 'response_status') ?? null
  const cached = textAt(line, 'cache_reference_id') ?? noCache
  const isBrokenOff = typeof status === 'number' && status <= 0
  return cached === noCache && !isBrokenOff && isAnswered(statusOf(status))
}

function responseOf(line: JsonObject): Json {
  const response = payloadOf(fieldOf(line, 'response_body'))
  return holdsMark(response, leftOut) ? null : response
}
