// The plain fall-back: a line with `request` and `response`, and what stands beside them in common spellings.

import type { Json, JsonObject } from '../../core/types.ts'
import { providers } from '../../providers/index.ts'
import { fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'
import { evidenceOf } from '../parts/evidence.ts'
import { failureOf } from '../parts/failure.ts'
import {
  besideFields,
  bodyOf,
  capturedAtOf,
  conversationOf,
  feedbackOf,
  segmentsOf,
  timingOf,
  unwrapped,
  userOf,
} from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'
import { replyIn } from '../parts/reply-in.ts'

export const requestResponse = {
  name: 'request-response',
  title: 'JSONL of { request, response }',
  tells:
    'all that stands beside the bodies in common spellings: time, latency, TTFT, status, error, user, conversation, segments, feedback',
  lacks: 'what the line has not',
  nests: false,
  recognises: (line) => !isOfGateway(line) && partsOf(line) !== null,
  read,
  specimens: [
    {
      line: {
        timestamp: '2026-09-01T10:00:00Z',
        request: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] },
        response: { model: 'gpt-x', choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] },
        latency_ms: 812,
        user_id: 'u1',
        metadata: { route: 'greeting' },
      },
      kind: 'whole',
    },
    { line: { request: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] } }, kind: 'whole' },
    {
      line: {
        request: {
          method: 'POST',
          url: '/v1/chat/completions',
          headers: { authorization: 'Bearer 0' },
          body: '{"model":"gpt-x","messages":[{"role":"user","content":"Hi"}]}',
        },
        response: { status: 200, body: '{"choices":[]}' },
      },
      kind: 'whole',
    },
    {
      line: {
        ts: '2026-09-01T10:00:00Z',
        model: 'gpt-x',
        messages: [{ role: 'user', content: 'Hi' }],
        temperature: 0,
        completion: { model: 'gpt-x', choices: [{ index: 0, message: { content: 'Hello' }, finish_reason: 'stop' }] },
      },
      kind: 'whole',
    },
  ],
} as const satisfies LogFormat

/** Fields of which every chat API's request has one. */
const requestFields = ['messages', 'model', 'contents', 'input', 'prompt']

/** A line of Portkey's, or of our own router, has a request too, and says more about it. */
function isOfGateway(line: Json): boolean {
  if ((textAt(line, 'schema') ?? '').startsWith('shadowgate.')) return true
  const isOfOrg = ['ai_org', 'ai_provider'].some((field) => fieldOf(line, field) !== undefined)
  return isOfOrg && typeof fieldOf(line, 'ai_model') === 'string'
}

/** Where teams put the answer. */
const answerFields = ['response', 'completion', 'output', 'reply', 'answer']

interface Parts {
  readonly line: JsonObject
  readonly body: JsonObject
  readonly response: Json
}

function partsOf(line: Json): Parts | null {
  if (!isObject(line)) return null
  const body = bodyOf(unwrapped(bodyOf(fieldOf(line, 'request')) ?? undefined))
  if (body !== null && requestFields.some((field) => Object.hasOwn(body, field))) {
    const answer = answerFields.find((field) => (fieldOf(line, field) ?? null) !== null) ?? 'response'
    return { line, body, response: answerOf(fieldOf(line, answer)) }
  }
  return Object.hasOwn(line, 'request') ? null : bareParts(line)
}

/** Fields of requests, of whichever API: nothing else may stand in a line that is the bare request. */
const settingFields = new Set(
  `model messages contents input prompt system instructions tools tool_choice toolConfig functions function_call
  temperature top_p top_k n stop stop_sequences max_tokens max_completion_tokens max_output_tokens presence_penalty
  frequency_penalty seed logprobs top_logprobs logit_bias response_format reasoning_effort reasoning text thinking stream
  stream_options parallel_tool_calls generationConfig generation_config systemInstruction system_instruction
  safetySettings options format keep_alive think raw suffix echo best_of store service_tier safety_identifier
  prompt_cache_key anthropic_version`.split(/\s+/),
)
const envelopeFields = new Set(
  'url path endpoint provider status status_code statusCode error id request_id requestId trace_id traceId'.split(' '),
)

/** A line that is the request itself, with an answer of its API beside its settings. */
function bareParts(line: JsonObject): Parts | null {
  const given = answerFields.filter((field) => Object.hasOwn(line, field))
  const [field, ...more] = given
  if (field === undefined || more.length > 0) return null
  const isOther = (name: string) => name !== field && !settingFields.has(name)
  const others = Object.keys(line).filter(isOther)
  if (!others.every((name) => besideFields.includes(name) || envelopeFields.has(name))) return null
  const body = Object.fromEntries(Object.entries(line).filter(([name]) => settingFields.has(name)))
  const response = answerOf(fieldOf(line, field))
  if (response === null) return null
  const isCertain = providers.some((provider) => provider.allows(body) && replyIn(response, provider) !== null)
  return isCertain ? { line, body, response } : null
}

function read(line: Json): readonly LogEntry[] {
  const parts = partsOf(line)
  if (parts === null || isOfGateway(line))
    return [{ kind: 'rejected', reason: 'no `request` with the body of a model call' }]
  const { line: beside, body, response } = parts
  const { api, body: asked } = evidenceOf(beside, body, response)
  const provider = providers.find((each) => (api === null ? each.allows(asked) : each.name === api))
  const error = failureOf([objectAt(beside, 'response'), beside], response, provider?.rejection)
  return [
    {
      kind: 'whole',
      exchange: captured({
        api,
        body: asked,
        response: error === null ? response : null,
        error,
        // How long an error took says nothing of the model.
        timing: error === null ? timingOf(beside) : null,
        capturedAt: capturedAtOf(beside) ?? instantOf(fieldOf(response, 'created')),
        feedback: feedbackOf(fieldOf(beside, 'feedback')),
        conversation: conversationOf(beside),
        user: userOf(beside),
        segments: segmentsOf(beside),
        callId: textAt(beside, 'request_id') ?? textAt(beside, 'requestId') ?? textAt(beside, 'id'),
        traceId: textAt(beside, 'trace_id') ?? textAt(beside, 'traceId'),
      }),
    },
  ]
}

/** The answer, or the list or the text of its stream. */
function answerOf(logged: Json | undefined): Json {
  const body = unwrapped(bodyOf(logged) ?? logged)
  const parsed = typeof body === 'string' ? (parseJson(body) ?? body) : body
  const meant = isObject(parsed) || isArray(parsed) ? parsed : body
  return isArray(meant) && meant.length > 0 && meant.every(isEventLine) ? eventText(meant) : meant
}

/** Some keep a stream as the list of its lines. */
function isEventLine(item: Json): item is string {
  return typeof item === 'string' && (item.trim() === '' || /^(?:data|event|id|retry|):/.test(item))
}

function eventText(lines: readonly string[]): string {
  // Where the empty lines were left out, each `data` ends its event.
  return lines.map((line) => (line.startsWith('data:') ? `${line.trimEnd()}\n\n` : `${line.trimEnd()}\n`)).join('')
}
