// The plain fall-back: a line with `request` and `response`, and what stands beside them in common spellings.

import type { Json, JsonObject } from '../../core/types.ts'
import { fieldOf, isObject } from '../../providers/shape.ts'
import { bodyOf, capturedAtOf, conversationOf, feedbackOf, segmentsOf, timingOf, unwrapped, userOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'

export const requestResponse = {
  name: 'request-response',
  title: 'JSONL of { request, response }',
  tells:
    'all that stands beside the bodies in common spellings: time, latency, TTFT, user, conversation, segments, feedback',
  lacks: 'what the line has not',
  nests: false,
  recognises: (line) => requestOf(line) !== null && !isOfGateway(line),
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
  ],
} as const satisfies LogFormat

/** Fields of which every chat API's request has one. */
const requestFields = ['messages', 'model', 'contents', 'input', 'prompt']

/** A line of Portkey's has a request too, and says more about it. */
function isOfGateway(line: Json): boolean {
  const isOfOrg = ['ai_org', 'ai_provider'].some((field) => fieldOf(line, field) !== undefined)
  return isOfOrg && typeof fieldOf(line, 'ai_model') === 'string'
}

function requestOf(line: Json): JsonObject | null {
  const body = bodyOf(unwrapped(bodyOf(fieldOf(line, 'request')) ?? undefined))
  return body !== null && requestFields.some((field) => Object.hasOwn(body, field)) ? body : null
}

function read(line: Json): readonly LogEntry[] {
  const body = requestOf(line)
  if (body === null || !isObject(line) || isOfGateway(line)) {
    return [{ kind: 'rejected', reason: 'no `request` with the body of a model call' }]
  }
  const response = responseOf(line)
  return [
    {
      kind: 'whole',
      exchange: captured({
        body,
        response,
        timing: timingOf(line),
        capturedAt: capturedAtOf(line) ?? instantOf(fieldOf(response, 'created')),
        feedback: feedbackOf(fieldOf(line, 'feedback')),
        conversation: conversationOf(line),
        user: userOf(line),
        segments: segmentsOf(line),
      }),
    },
  ]
}

function responseOf(line: JsonObject): Json {
  const logged = fieldOf(line, 'response')
  const body = unwrapped(bodyOf(logged) ?? logged)
  return bodyOf(body) ?? body
}
