// OpenAI's Batch files: the input has the requests, the output and error files have the answers, joined on `custom_id`.

import type { Json, JsonObject, RecordedError } from '../../core/types.ts'
import { endpointOf } from '../../providers/endpoint.ts'
import { rejectionOf } from '../../providers/rejection.ts'
import { arrayAt, countAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'
import { capturedAtOf, conversationOf, segmentsOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

/** Endpoints that batches have for other things than a chat model's answer. */
const others = /\/(?:embeddings|moderations|images\/(?:generations|edits)|videos|audio\/\w+)$/

/** The APIs of OpenAI's own; servers that speak batches after them may have others. */
const apis = new Set(['openai-chat', 'openai-completions', 'openai-responses'])

export const openaiBatch = {
  name: 'openai-batch',
  title: "OpenAI's Batch files, input, output and errors",
  tells: "request and answer, error, usage; the user and segments in the body's `metadata`",
  lacks: 'times, feedback',
  nests: false,
  recognises: (line) => isRequest(line) || isReply(line),
  read,
  specimens: [
    {
      line: {
        custom_id: 'req-7',
        method: 'POST',
        url: '/v1/chat/completions',
        body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Refund policy?' }] },
      },
      kind: 'half',
    },
    {
      line: {
        id: 'batch_req_1',
        custom_id: 'req-7',
        response: {
          status_code: 200,
          request_id: 'ab12',
          body: { choices: [{ index: 0, message: { content: '30 days.' }, finish_reason: 'stop' }] },
        },
        error: null,
      },
      kind: 'half',
    },
    {
      line: {
        id: 'batch_req_2',
        custom_id: 'req-8',
        response: null,
        error: { code: 'batch_expired', message: 'late' },
      },
      kind: 'half',
    },
    { line: { custom_id: 'req-9', method: 'POST', url: '/v1/embeddings', body: { input: 'Hi' } }, kind: 'left-out' },
    { line: { custom_id: 'req-10', method: 'POST', url: '/v1/files', body: { input: 'Hi' } }, kind: 'rejected' },
  ],
} as const satisfies LogFormat

function isRequest(line: Json): boolean {
  return textAt(line, 'custom_id') !== null && textAt(line, 'url') !== null && objectAt(line, 'body') !== null
}

function isReply(line: Json): boolean {
  if (textAt(line, 'custom_id') === null || isRequest(line)) return false
  const response = objectAt(line, 'response')
  if (response !== null) return countAt(response, 'status_code') !== null
  return isObject(fieldOf(line, 'error')) && fieldOf(line, 'response') === null
}

function read(line: Json): readonly LogEntry[] {
  const key = textAt(line, 'custom_id')
  if (key === null || !isObject(line)) return [{ kind: 'rejected', reason: 'no `custom_id`' }]
  if (isReply(line)) return [replyOf(line, key)]
  const body = objectAt(line, 'body')
  if (!isRequest(line) || body === null) {
    return [{ kind: 'rejected', reason: 'neither a batch request (`url`, `body`) nor a batch answer (`response`)' }]
  }
  return [requestOf(line, key, body)]
}

function requestOf(line: JsonObject, key: string, body: JsonObject): LogEntry {
  const [url = ''] = (textAt(line, 'url') ?? '').split('?')
  const api = endpointOf(url)?.api
  if (api === undefined || !apis.has(api)) {
    if (others.test(url)) return { kind: 'left-out', reason: 'a request to an endpoint of no chat model' }
    const known = '/v1/chat/completions, /v1/completions, /v1/responses'
    return { kind: 'rejected', reason: `the endpoint ${url.slice(0, 60)} is not read; there is ${known}` }
  }
  const part = captured({
    api,
    body,
    capturedAt: capturedAtOf(line),
    callId: key,
    // A batch line has no fields of its own for these; the body's `metadata` is where users put them.
    conversation: conversationOf(body),
    user: userOf(body),
    segments: segmentsOf(body),
  })
  return { kind: 'half', key: keyOf(key), side: 'request', part }
}

/** Batches of other providers may be among the files, with the same ids. */
function keyOf(id: string): string {
  return `openai\0${id}`
}

function replyOf(line: JsonObject, key: string): LogEntry {
  const response = answerOf(line)
  if (isOther(response)) return { kind: 'left-out', reason: 'an answer that is no answer of a chat model' }
  const capturedAt = instantOf(fieldOf(response, 'created') ?? fieldOf(response, 'created_at'))
  return { kind: 'half', key: keyOf(key), side: 'reply', part: { response, error: errorOf(line), capturedAt } }
}

/** Embeddings, moderations and pictures: the answers to what was left out. */
function isOther(response: Json): boolean {
  const [first] = [...arrayAt(response, 'data'), ...arrayAt(response, 'results')]
  return (
    textAt(first, 'object') === 'embedding' ||
    objectAt(first, 'category_scores') !== null ||
    textAt(first, 'b64_json') !== null
  )
}

/** What the call failed with: on its way (`error`), or as the API says it; null where it was answered. */
function errorOf(line: Json): RecordedError | null {
  const response = objectAt(line, 'response')
  // 0 is how servers write that there was no answer.
  const status = countAt(response ?? undefined, 'status_code') || null
  if (status !== null && status >= 200 && status < 300) return null
  const error = objectAt(line, 'error') ?? fieldOf(response ?? undefined, 'body') ?? null
  if (error === null) return { status, code: null, message: '' }
  const { code, detail } = rejectionOf(status ?? 0, error)
  return { status, code, message: detail }
}

/** The answer's body; null where production answered with an error. */
function answerOf(line: Json): Json {
  const response = objectAt(line, 'response')
  const status = countAt(response, 'status_code') ?? 0
  return status >= 200 && status < 300 ? (fieldOf(response ?? undefined, 'body') ?? null) : null
}
