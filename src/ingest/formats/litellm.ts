// LiteLLM's logs: the standard logging payload (S3, GCS, callbacks), and the rows of its spend logs.

import type { Json, JsonObject, Timing } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt, without } from '../../providers/shape.ts'
import { bodyOf, conversationOf, segmentsOf, timingOf, unwrapped, userOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'
import { holdsMark } from '../marks.ts'
import { tagSegments } from '../tags.ts'

export const litellm = {
  name: 'litellm',
  title: "LiteLLM's logging payload and spend logs",
  tells: 'request and answer, latency, TTFT, cost tags, end user, session, error',
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
      kind: 'rejected',
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

/**
 * Which API a call is in. Of a chat's own request the body tells: LiteLLM answers Anthropic's messages through
 * `acompletion` too. What is passed through may be in any.
 */
const calls: Readonly<Record<string, string | null>> = {
  completion: null,
  acompletion: null,
  text_completion: 'openai-completions',
  atext_completion: 'openai-completions',
  responses: 'openai-responses',
  aresponses: 'openai-responses',
  anthropic_messages: 'anthropic-messages',
  generate_content: 'gemini-generate-content',
  agenerate_content: 'gemini-generate-content',
  generate_content_stream: 'gemini-generate-content',
  agenerate_content_stream: 'gemini-generate-content',
  pass_through_endpoint: null,
  allm_passthrough_route: null,
}

const isChat = (call: string) => call === 'completion' || call === 'acompletion'

/** What the proxy itself reads in a request, and hands on to nobody. */
const proxyFields = `litellm_metadata litellm_session_id litellm_trace_id litellm_call_id tags guardrails fallbacks
  num_retries max_retries timeout request_timeout cache caching mock_response disable_fallbacks`.split(/\s+/)

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
    const known = Object.keys(calls).join(', ')
    return [{ kind: 'rejected', reason: `the call type ${call.slice(0, 60)} is not read; there is ${known}` }]
  }
  const asked = askedOf(line)
  const made = asked === null ? madeOf(line, call) : { api: calls[call] ?? null, body: sentOf(asked, call) }
  if (typeof made === 'string') return [{ kind: 'rejected', reason: made }]
  if (holdsMark(made.body, cutPictures)) {
    return [{ kind: 'rejected', reason: 'LiteLLM cut a picture or file out of the request (`base64_data truncated`)' }]
  }
  const isStreamed = fieldOf(line, 'stream') === true || fieldOf(made.body, 'stream') === true
  const isAnswered = isAnsweredByModel(line)
  return [
    {
      kind: 'whole',
      exchange: captured({
        ...made,
        response: isAnswered ? responseOf(line) : null,
        timing: isAnswered ? spanOf(line, isStreamed) : null,
        capturedAt: instantOf(fieldOf(line, 'startTime')),
        ...partiesOf(line, asked),
        segments: callSegments(line, asked),
      }),
    },
  ]
}

/** The request as the proxy got it, which knows settings that the rest of a row does not; null where it is not kept. */
function askedOf(line: JsonObject): JsonObject | null {
  const kept = [
    fieldOf(line, 'proxy_server_request'),
    fieldOf(bodyOf(fieldOf(line, 'metadata')), 'proxy_server_request'),
  ]
  return kept.map((each) => bodyOf(unwrapped(bodyOf(each) ?? undefined))).find(isRequest) ?? null
}

function isRequest(body: JsonObject | null): boolean {
  return body !== null && ['messages', 'input', 'prompt', 'contents'].some((field) => Object.hasOwn(body, field))
}

/** A chat's `metadata` is LiteLLM's: OpenAI refuses it where nothing is stored. Other APIs have one of their own. */
function sentOf(asked: JsonObject, call: string): JsonObject {
  return without(asked, isChat(call) ? [...proxyFields, 'metadata'] : proxyFields)
}

type Made = { readonly api: string | null; readonly body: JsonObject }

/** The request put together of the model, the messages and the settings; or why it cannot be. */
function madeOf(line: JsonObject, call: string): Made | string {
  const model = textAt(line, 'model')
  const kept = fieldOf(line, 'messages') ?? null
  const messages = typeof kept === 'string' ? (parseJson(kept) ?? kept) : kept
  const isEmpty = isArray(messages) ? messages.length === 0 : typeof messages !== 'string' || messages === ''
  if (model === null || isEmpty) {
    return 'no request in it: spend logs keep them where `store_prompts_in_spend_logs` is on, callbacks where logging of messages is'
  }
  const logged = objectAt(line, 'model_parameters') ?? {}
  const settings = { ...without(logged, ['extra_body']), ...objectAt(logged, 'extra_body') }
  if (call === 'responses' || call === 'aresponses') {
    return { api: 'openai-responses', body: { ...settings, model, input: messages } }
  }
  if (!isArray(messages)) return 'its `messages` are no list'
  if (call === 'anthropic_messages') return anthropicOf({ ...settings, model }, messages)
  if (!isChat(call)) return `of ${call === '' ? 'a call without a type' : call} only \`proxy_server_request\` is read`
  if (isTranslated(settings)) {
    return "its settings are logged as LiteLLM put them into the provider's own words; spend logs with `proxy_server_request` keep those asked for"
  }
  if (lacksTools(line, messages, settings)) return 'it is about tools, and they are not in the log'
  return { api: 'openai-chat', body: { ...settings, model, messages } }
}

/** LiteLLM puts the system prompt before the messages, where it is a text; where it is of blocks, it is lost. */
function anthropicOf(body: JsonObject, messages: readonly Json[]): Made | string {
  const [first, ...rest] = messages
  if (textAt(first, 'role') !== 'system') {
    return "whether it had a system prompt is not known: LiteLLM's payload loses one of blocks; spend logs with `proxy_server_request` keep it"
  }
  return { api: 'anthropic-messages', body: { ...body, system: fieldOf(first, 'content') ?? null, messages: rest } }
}

/** What is logged is what was sent. Of Anthropic's, Bedrock's and Google's APIs these names would be another request. */
function isTranslated(settings: JsonObject): boolean {
  const foreign = ['stop_sequences', 'max_output_tokens', 'output_config', 'output_format']
  const schemas = ['input_schema', 'toolSpec', 'functionDeclarations', 'function_declarations']
  const tools = arrayAt(settings, 'tools')
  const choice = textAt(objectAt(settings, 'tool_choice'), 'type') ?? ''
  return (
    foreign.some((field) => Object.hasOwn(settings, field)) ||
    tools.some((tool) => schemas.some((field) => fieldOf(tool, field) !== undefined)) ||
    ['auto', 'any', 'tool', 'none'].includes(choice)
  )
}

/** Rows without the request have no settings at all; that tools were among them shows in what was said. */
function lacksTools(line: JsonObject, messages: readonly Json[], settings: JsonObject): boolean {
  if (Object.hasOwn(settings, 'tools') || Object.hasOwn(settings, 'functions')) return false
  const answers = arrayAt(responseOf(line), 'choices').map((choice) => fieldOf(choice, 'message') ?? null)
  // Where settings are logged, a request may well have gone on without the tools of an earlier one.
  const said = objectAt(line, 'model_parameters') === null ? [...messages, ...answers] : answers
  return said.some((each) => arrayAt(each, 'tool_calls').length > 0 || objectAt(each, 'function_call') !== null)
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
