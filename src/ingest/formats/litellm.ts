// LiteLLM's logs: the standard logging payload (S3, GCS, callbacks), and the rows of its spend logs.

import type { Json, JsonObject, RecordedError, Timing, Usage } from '../../core/types.ts'
import { fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type Damage, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { apiOfAnswer } from '../parts/answer-api.ts'
import { countedUsage } from '../parts/counted.ts'
import { bodyOf, conversationOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'
import { holdsMark } from '../parts/marks.ts'
import { tagSegments } from '../parts/tags.ts'
import { askedOf, calls, isChat, requestOf } from './litellm-request.ts'

export const litellm = {
  name: 'litellm',
  title: "LiteLLM's logging payload and spend logs",
  tells: 'request and answer, latency, TTFT, usage, error, end user, session, tags as segments',
  lacks: 'requests, where messages are not logged; feedback',
  nests: false,
  recognises,
  read,
  specimens: [
    {
      line: {
        id: 'chatcmpl-9',
        trace_id: 't1',
        call_type: 'acompletion',
        stream: true,
        status: 'success',
        model: 'gpt-x',
        model_group: 'support-bot',
        custom_llm_provider: 'azure',
        startTime: 1790000000.12,
        completionStartTime: 1790000000.61,
        endTime: 1790000002.4,
        response_time: 0.49,
        response_cost: 0.0031,
        cache_hit: false,
        end_user: 'u_123',
        request_tags: ['feature:refund'],
        messages: [{ role: 'user', content: 'Hi' }],
        response: { choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }] },
        model_parameters: { temperature: 0.2 },
        error_str: null,
      },
      kind: 'whole',
    },
    {
      line: {
        request_id: 'chatcmpl-8',
        call_type: 'acompletion',
        spend: 0.0001,
        startTime: '2026-09-01 10:00:00.000000',
        endTime: '2026-09-01 10:00:02.500000',
        model: 'gpt-x',
        messages: '{}',
        response: '{"choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}',
        proxy_server_request: '{"model":"support-bot","messages":[{"role":"user","content":"Hi"}]}',
      },
      kind: 'whole',
    },
    {
      line: {
        request_id: 'chatcmpl-7',
        call_type: 'acompletion',
        spend: 0.0001,
        startTime: '2026-09-01 10:00:00.000000',
        endTime: '2026-09-01 10:00:02.500000',
        model: 'gpt-x',
        messages: '{}',
        response: '{}',
        proxy_server_request: '{}',
      },
      kind: 'whole',
    },
    {
      line: {
        request_id: 'e1',
        call_type: 'aembedding',
        spend: 0,
        startTime: '2026-09-01 10:00:00.000000',
        endTime: '2026-09-01 10:00:00.100000',
      },
      kind: 'left-out',
    },
  ],
} as const satisfies LogFormat

/** LiteLLM alone has a call type beside times in this spelling; a row has what was spent, a payload what it cost. */
function recognises(line: Json): boolean {
  if (typeof fieldOf(line, 'call_type') !== 'string' || !isObject(line)) return false
  if (!Object.hasOwn(line, 'startTime') || !Object.hasOwn(line, 'endTime')) return false
  const isRow = textAt(line, 'request_id') !== null && Object.hasOwn(line, 'spend')
  return isRow || (textAt(line, 'id') !== null && Object.hasOwn(line, 'response_cost'))
}

/** A request that lost a picture is another one. For texts that were cut, `record.ts` looks itself. */
const cutPictures = ['[base64_data truncated']
/** An answer of which a part is wanting says nothing of the model. */
const cutAnswers = ['litellm_truncated', 'redacted-by-litellm', ...cutPictures]

function read(line: Json): readonly LogEntry[] {
  if (!isObject(line) || !recognises(line)) {
    return [{ kind: 'rejected', reason: 'no `call_type`, `startTime` and `endTime` of a call of LiteLLM' }]
  }
  const call = textAt(line, 'call_type') ?? ''
  if (call !== '' && !Object.hasOwn(calls, call)) {
    return [{ kind: 'left-out', reason: `a call of the type ${call.slice(0, 60)}, which asks no chat model` }]
  }
  const asked = askedOf(line)
  const made = requestOf(line, call, asked)
  const isStreamed =
    fieldOf(line, 'stream') === true || (typeof made !== 'string' && fieldOf(made.body, 'stream') === true)
  const isAnswered = isAnsweredByModel(line)
  const known: Partial<CapturedExchange> = {
    response: isAnswered ? responseOf(line) : null,
    error: errorOf(line),
    timing: isAnswered ? spanOf(line, isStreamed) : null,
    usage: isAnswered ? usageOf(line) : null,
    capturedAt: instantOf(fieldOf(line, 'startTime')),
    ...partiesOf(line, asked),
    segments: callSegments(line, asked),
    callId: textAt(line, 'id') ?? textAt(line, 'request_id'),
    traceId: textAt(line, 'trace_id') ?? textAt(line, 'session_id'),
  }
  // LiteLLM answers each chat in OpenAI's words, whoever was asked.
  if (typeof made === 'string')
    return [lost(made, { ...known, api: isChat(call) ? 'openai-chat' : (calls[call] ?? null) })]
  const api = made.api ?? apiOfAnswer(known.response ?? null)
  return [{ kind: 'whole', exchange: captured({ ...known, ...made, api, damage: damageOf(made.body) }) }]
}

function damageOf(body: JsonObject): Damage | null {
  if (!holdsMark(body, cutPictures)) return null
  return { fidelity: 'truncated', reason: 'LiteLLM cut a picture or file out of the request (`base64_data truncated`)' }
}

/** What the provider refused with, or what LiteLLM itself did before it. */
function errorOf(line: JsonObject): RecordedError | null {
  const said =
    objectAt(line, 'error_information') ?? bodyOf(fieldOf(bodyOf(fieldOf(line, 'metadata')), 'error_information'))
  const text = textAt(line, 'error_str')
  if (textAt(line, 'status') !== 'failure' && text === null) return null
  return {
    status: statusOf(fieldOf(said, 'error_code')),
    code: textAt(said, 'error_class'),
    message: textAt(said, 'error_message') ?? text ?? '',
  }
}

/** LiteLLM counts what was read from a cache, and written to it, among the prompt's tokens, whoever was asked. */
function usageOf(line: JsonObject): Usage | null {
  const bill = bodyOf(fieldOf(bodyOf(fieldOf(line, 'metadata')), 'usage_object')) ?? {}
  const input = objectAt(bill, 'prompt_tokens_details')
  return countedUsage({
    input: fieldOf(bill, 'prompt_tokens') ?? fieldOf(line, 'prompt_tokens'),
    output: fieldOf(bill, 'completion_tokens') ?? fieldOf(line, 'completion_tokens'),
    cachedInput: fieldOf(bill, 'cache_read_input_tokens') ?? fieldOf(input, 'cached_tokens'),
    cacheWrite: fieldOf(bill, 'cache_creation_input_tokens') ?? fieldOf(input, 'cache_creation_tokens'),
    reasoning: fieldOf(objectAt(bill, 'completion_tokens_details'), 'reasoning_tokens'),
  })
}

/** Neither an error nor an answer out of LiteLLM's cache, which may be of a similar request only. */
function isAnsweredByModel(line: JsonObject): boolean {
  const hit = fieldOf(line, 'cache_hit')
  if (hit === true || (typeof hit === 'string' && hit.toLowerCase() === 'true')) return false
  return textAt(line, 'status') !== 'failure' && textAt(line, 'error_str') === null
}

function responseOf(line: JsonObject): Json {
  const response = bodyOf(fieldOf(line, 'response'))
  return response === null || Object.keys(response).length === 0 || holdsMark(response, cutAnswers) ? null : response
}

/** `response_time` is the time to the first token where it was streamed, else the whole: the instants say which. */
function spanOf(line: JsonObject, isStreamed: boolean): Timing | null {
  const [start, first, end] = ['startTime', 'completionStartTime', 'endTime'].map((field) => {
    const instant = instantOf(fieldOf(line, field))
    return instant === null ? Number.NaN : Date.parse(instant)
  }) as [number, number, number]
  const total = Number.isNaN(end - start) ? (fieldOf(line, 'request_duration_ms') ?? null) : end - start
  // Where LiteLLM saw no first token, it writes the end.
  return timingOf({ total_ms: total, ttft_ms: isStreamed && first < end ? first - start : null })
}

/**
 * Who asked. Where no client names a session, LiteLLM makes up a new `trace_id` (or `session_id`) for each call: it
 * stands for the conversation only where nothing better is known, else one user's calls would pass for independent.
 */
function partiesOf(line: JsonObject, asked: JsonObject | null) {
  const metadata = { metadata: clientMetadata(line, asked) }
  const user =
    textAt(line, 'end_user') ?? textAt(objectAt(line, 'metadata'), 'user_api_key_end_user_id') ?? userOf(metadata)
  const named = textAt(asked, 'litellm_session_id') ?? conversationOf(metadata)
  const made = user === null ? (textAt(line, 'session_id') ?? textAt(line, 'trace_id')) : null
  return { conversation: named ?? made, user }
}

/** What clients said of their request, in the three places where LiteLLM takes it. */
function clientMetadata(line: JsonObject, asked: JsonObject | null): JsonObject {
  const metadata = bodyOf(fieldOf(line, 'metadata'))
  return {
    ...objectAt(metadata, 'requester_metadata'),
    ...objectAt(metadata, 'spend_logs_metadata'),
    ...objectAt(asked, 'metadata'),
    ...objectAt(asked, 'litellm_metadata'),
  }
}

function callSegments(line: JsonObject, asked: JsonObject | null): Readonly<Record<string, string>> {
  const logged = fieldOf(line, 'request_tags') ?? null
  const tags = typeof logged === 'string' ? (parseJson(logged) ?? null) : logged
  const team = textAt(bodyOf(fieldOf(line, 'metadata')), 'user_api_key_team_alias')
  return {
    ...segmentsOf({ metadata: { model_group: fieldOf(line, 'model_group') ?? null, team } }),
    ...segmentsOf({ metadata: clientMetadata(line, asked) }),
    // LiteLLM tags each call with its client's name and version.
    ...tagSegments(isArray(tags) ? tags.filter((tag) => typeof tag !== 'string' || !/^user-agent:/i.test(tag)) : []),
  }
}
