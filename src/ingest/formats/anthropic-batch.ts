// Anthropic's Message Batches: what was sent (`params`) and the results file, joined on `custom_id`.

import type { Json, JsonObject, RecordedError } from '../../core/types.ts'
import { rejectionOf } from '../../providers/rejection.ts'
import { arrayAt, fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'
import { capturedAtOf, conversationOf, segmentsOf } from '../parts/fields.ts'

export const anthropicBatch = {
  name: 'anthropic-batch',
  title: "Anthropic's Message Batches, requests and results",
  tells: 'request and answer, error, usage, the user in `metadata`',
  lacks: 'times, feedback',
  nests: false,
  recognises: (line) => isRequest(line) || isBatch(line) || isResult(line),
  read,
  specimens: [
    {
      line: {
        custom_id: 'c1',
        params: { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] },
      },
      kind: 'half',
    },
    {
      line: {
        custom_id: 'c1',
        result: {
          type: 'succeeded',
          message: {
            id: 'msg_1',
            type: 'message',
            role: 'assistant',
            model: 'claude-x',
            content: [{ type: 'text', text: 'Hello' }],
            stop_reason: 'end_turn',
            usage: { input_tokens: 12, cache_read_input_tokens: 2048, output_tokens: 3 },
          },
        },
      },
      kind: 'half',
    },
    { line: { custom_id: 'c2', result: { type: 'expired' } }, kind: 'half' },
    {
      line: {
        requests: [
          {
            custom_id: 'c3',
            params: { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user', content: 'Ho' }] },
          },
        ],
      },
      kind: 'half',
    },
  ],
} as const satisfies LogFormat

/** How a request of a batch can end. */
const ends = new Set(['succeeded', 'errored', 'canceled', 'expired'])

function isRequest(line: Json): boolean {
  const params = objectAt(line, 'params')
  return textAt(line, 'custom_id') !== null && params !== null && arrayAt(params, 'messages').length > 0
}

/** The body that makes a batch, saved whole. */
function isBatch(line: Json): boolean {
  const requests = arrayAt(line, 'requests')
  return requests.length > 0 && requests.every(isRequest)
}

function isResult(line: Json): boolean {
  return textAt(line, 'custom_id') !== null && ends.has(textAt(objectAt(line, 'result'), 'type') ?? '')
}

function read(line: Json): readonly LogEntry[] {
  if (isBatch(line)) return arrayAt(line, 'requests').flatMap(read)
  const id = textAt(line, 'custom_id')
  const params = objectAt(line, 'params')
  const result = objectAt(line, 'result')
  if (id !== null && isObject(line) && params !== null && isRequest(line)) return [requestOf(line, id, params)]
  if (id !== null && result !== null && isResult(line)) return [resultOf(id, result)]
  return [{ kind: 'rejected', reason: 'neither a request (`custom_id`, `params`) nor a result of a message batch' }]
}

function requestOf(line: JsonObject, id: string, params: JsonObject): LogEntry {
  const metadata = objectAt(params, 'metadata') ?? {}
  const part = captured({
    api: 'anthropic-messages',
    body: params,
    capturedAt: capturedAtOf(line),
    callId: id,
    conversation: conversationOf({ metadata }),
    // `metadata.user_id` is the body's own, which the API's reader knows.
    segments: segmentsOf({ metadata }),
  })
  return { kind: 'half', key: keyOf(id), side: 'request', part }
}

function resultOf(id: string, result: JsonObject): LogEntry {
  const error = errorOf(result)
  const response = error === null ? (fieldOf(result, 'message') ?? null) : null
  return { kind: 'half', key: keyOf(id), side: 'reply', part: { response, error, capturedAt: null } }
}

/** Batches of other providers may be among the files, with the same ids. */
function keyOf(id: string): string {
  return `anthropic\0${id}`
}

/** What came of those that no model answered: nobody is billed for them. */
const unanswered: Readonly<Record<string, string>> = {
  canceled: 'the batch was canceled before the request was sent',
  expired: 'the batch ended after 24 hours before the request was sent',
}

function errorOf(result: JsonObject): RecordedError | null {
  const end = textAt(result, 'type') ?? ''
  if (end === 'succeeded') return null
  const message = Object.hasOwn(unanswered, end) ? unanswered[end] : undefined
  if (message !== undefined) return { status: null, code: end, message }
  const { code, detail } = rejectionOf(0, innermost(fieldOf(result, 'error') ?? null))
  return { status: null, code, message: detail }
}

/** The API wraps its error in an object of type `error`. */
function innermost(error: Json): Json {
  return textAt(error, 'type') === 'error' ? (objectAt(error, 'error') ?? error) : error
}
