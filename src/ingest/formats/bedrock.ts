// Amazon Bedrock's model invocation log, as it lies in S3: Anthropic's messages are read, other bodies are of no API here.

import type { Json, JsonObject, Timing } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { bodyOf, conversationOf, segmentsOf, timingOf, userOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'

const schemaType = 'ModelInvocationLog'

export const bedrock = {
  name: 'bedrock',
  title: "Amazon Bedrock's model invocation log",
  tells: 'request and answer, usage, segments in `requestMetadata`; times of streams',
  lacks: 'times of whole answers, feedback',
  nests: false,
  recognises: (line) => textAt(line, 'schemaType') === schemaType,
  read,
  specimens: [
    {
      line: {
        schemaType,
        schemaVersion: '1.0',
        timestamp: '2026-09-01T10:00:00Z',
        region: 'us-east-1',
        requestId: 'q1',
        operation: 'InvokeModel',
        modelId: 'anthropic.claude-x-v1:0',
        requestMetadata: { route: 'greeting', session_id: 's1' },
        input: {
          inputContentType: 'application/json',
          inputBodyJson: {
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 256,
            messages: [{ role: 'user', content: 'Hi' }],
          },
          inputTokenCount: 12,
        },
        output: {
          outputContentType: 'application/json',
          outputBodyJson: {
            type: 'message',
            role: 'assistant',
            model: 'claude-x',
            content: [{ type: 'text', text: 'Hello' }],
            stop_reason: 'end_turn',
            usage: { input_tokens: 12, output_tokens: 3 },
          },
          outputTokenCount: 3,
        },
      },
      kind: 'whole',
    },
    {
      line: {
        schemaType,
        operation: 'Converse',
        modelId: 'anthropic.claude-x-v1:0',
        input: { inputBodyJson: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] } },
        output: { outputBodyJson: { stopReason: 'end_turn' } },
      },
      kind: 'rejected',
    },
    {
      line: {
        schemaType,
        operation: 'InvokeModel',
        modelId: 'anthropic.claude-x-v1:0',
        input: { inputBodyS3Path: 's3://logs/q1_input.json.gz' },
      },
      kind: 'rejected',
    },
  ],
} as const satisfies LogFormat

const operations = ['InvokeModel', 'InvokeModelWithResponseStream']

function read(line: Json): readonly LogEntry[] {
  const body = requestOf(line)
  if (typeof body === 'string') return [{ kind: 'rejected', reason: body }]
  const response = responseOf(line)
  const metadata = { metadata: objectAt(line, 'requestMetadata') }
  return [
    {
      kind: 'whole',
      exchange: captured({
        api: 'anthropic-messages',
        body,
        response,
        timing: streamTimingOf(response),
        capturedAt: instantOf(fieldOf(line, 'timestamp')),
        // `identity.arn` is the service's role, which asks for everybody: callers name who asked in the metadata.
        conversation: conversationOf(metadata),
        user: userOf(metadata),
        segments: segmentsOf(metadata),
      }),
    },
  ]
}

/** The body with its model, or why there is none. */
function requestOf(line: Json): JsonObject | string {
  if (textAt(line, 'schemaType') !== schemaType) return `no \`schemaType\` ${schemaType}`
  const operation = textAt(line, 'operation') ?? 'unnamed'
  if (!operations.includes(operation)) {
    return `the operation ${operation.slice(0, 60)} is not read: no API here speaks it; there is ${operations.join(', ')}`
  }
  const input = objectAt(line, 'input')
  const body = bodyOf(fieldOf(input, 'inputBodyJson'))
  if (body === null) {
    return textAt(input, 'inputBodyS3Path') === null
      ? 'no `input.inputBodyJson`: is text delivery enabled in the logging configuration?'
      : 'its request lies in S3 (`inputBodyS3Path`): Bedrock keeps bodies beyond 100 KB beside the log'
  }
  const model = textAt(line, 'modelId')
  if (model === null) return 'no `modelId`'
  // The version stays: it makes a body of plain texts certain, and is not sent (`providers/anthropic-messages`).
  if (textAt(body, 'anthropic_version') === null || arrayAt(body, 'messages').length === 0) {
    return `the body of ${model.slice(0, 100)} is not read; there is Anthropic's messages (\`anthropic_version\`)`
  }
  return { ...body, model }
}

/** The answer, or the list of its stream's chunks; null where the model gave none. */
function responseOf(line: Json): Json {
  if (textAt(line, 'errorCode') !== null) return null
  const body = fieldOf(objectAt(line, 'output'), 'outputBodyJson') ?? null
  const parsed = typeof body === 'string' ? (parseJson(body) ?? null) : body
  return isObject(parsed) || isArray(parsed) ? parsed : null
}

/** The log has no times but those at the end of a stream. Its first byte is no token yet. */
function streamTimingOf(response: Json): Timing | null {
  if (!isArray(response)) return null
  const metrics =
    response.map((chunk) => objectAt(chunk, 'amazon-bedrock-invocationMetrics')).findLast(isObject) ?? null
  const totalMs = timingOf({ total_ms: fieldOf(metrics, 'invocationLatency') ?? null })?.totalMs ?? null
  const headersMs = timingOf({ total_ms: fieldOf(metrics, 'firstByteLatency') ?? null })?.totalMs ?? null
  return totalMs === null && headersMs === null ? null : { headersMs, firstTokenMs: null, totalMs }
}
