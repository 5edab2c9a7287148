// OpenAI's Batch files: the input has the requests, the output and error files have the answers, joined on `custom_id`.

import type { Json, RecordedError } from '../../core/types.ts'
import { countAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { capturedAtOf, conversationOf, segmentsOf, userOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'

/** Which API each batch endpoint is. */
const apis: Readonly<Record<string, string>> = { '/v1/chat/completions': 'openai-chat' }

export const openaiBatch = {
  name: 'openai-batch',
  title: "OpenAI's Batch files, input and output",
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
    { line: { custom_id: 'req-9', method: 'POST', url: '/v1/embeddings', body: { input: 'Hi' } }, kind: 'rejected' },
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
  const body = objectAt(line, 'body')
  if (key === null || !isObject(line)) return [{ kind: 'rejected', reason: 'no `custom_id`' }]
  if (isReply(line)) {
    const response = answerOf(line)
    const part = { response, error: errorOf(line), capturedAt: instantOf(fieldOf(response, 'created')) }
    return [{ kind: 'half', key, side: 'reply', part }]
  }
  if (!isRequest(line) || body === null) {
    return [{ kind: 'rejected', reason: 'neither a batch request (`url`, `body`) nor a batch answer (`response`)' }]
  }
  const [url = ''] = (textAt(line, 'url') ?? '').split('?')
  const api = Object.hasOwn(apis, url) ? apis[url] : undefined
  if (api === undefined) {
    const known = Object.keys(apis).join(', ')
    return [{ kind: 'rejected', reason: `the endpoint ${url.slice(0, 60)} is not read; there is ${known}` }]
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
  return [{ kind: 'half', key, side: 'request', part }]
}

/** What the call failed with: on its way (`error`), or as the API says it; null where it was answered. */
function errorOf(line: Json): RecordedError | null {
  const response = objectAt(line, 'response')
  const status = countAt(response ?? undefined, 'status_code')
  if (status !== null && status >= 200 && status < 300) return null
  const error = objectAt(line, 'error') ?? objectAt(objectAt(response, 'body'), 'error')
  return { status, code: textAt(error, 'code'), message: textAt(error, 'message') ?? '' }
}

/** The answer's body; null where production answered with an error. */
function answerOf(line: Json): Json {
  const response = objectAt(line, 'response')
  const status = countAt(response, 'status_code') ?? 0
  return status >= 200 && status < 300 ? (fieldOf(response ?? undefined, 'body') ?? null) : null
}
