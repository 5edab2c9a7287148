// Amazon Bedrock's model invocation log, as it lies in S3 and in CloudWatch: Converse, and bodies of an API that is read.

import type { Json, JsonObject, RecordedError, Usage } from '../../core/types.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { bedrockCall } from '../chatml/bedrock-call.ts'
import { Unclear } from '../chatml/unclear.ts'
import { captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { countedUsage } from '../parts/counted.ts'
import { bodyOf, conversationOf, segmentsOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

const schemaType = 'ModelInvocationLog'

export const bedrock = {
  name: 'bedrock',
  title: "Amazon Bedrock's model invocation log",
  tells:
    "request and answer (Converse's translated to an OpenAI chat), usage, error, segments in `requestMetadata`; times of streams and of Converse",
  lacks: 'times of other whole answers, feedback; bodies that lie beside the log in S3',
  nests: false,
  recognises: (line) => logsIn(line).length > 0,
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
        modelId: 'amazon.nova-x-v1:0',
        input: { inputBodyJson: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] } },
        output: {
          outputBodyJson: {
            output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
            stopReason: 'end_turn',
            metrics: { latencyMs: 302 },
            usage: { inputTokens: 4, outputTokens: 38, totalTokens: 42 },
          },
        },
      },
      kind: 'whole',
    },
    {
      line: {
        schemaType,
        operation: 'InvokeModel',
        modelId: 'amazon.titan-embed-text-v2:0',
        input: { inputBodyJson: { inputText: 'Hi' } },
      },
      kind: 'left-out',
    },
    {
      line: {
        schemaType,
        operation: 'InvokeModel',
        modelId: 'anthropic.claude-x-v1:0',
        input: { inputBodyS3Path: 's3://logs/q1_input.json.gz' },
      },
      kind: 'whole',
    },
    {
      line: {
        '@timestamp': '2026-09-01 10:00:00.000',
        '@message':
          '{"schemaType":"ModelInvocationLog","operation":"Converse","modelId":"amazon.nova-x-v1:0","errorCode":"ThrottlingException"}',
      },
      kind: 'whole',
    },
    { line: { schemaType, operation: 'CountTokens', modelId: 'anthropic.claude-x-v1:0' }, kind: 'rejected' },
  ],
} as const satisfies LogFormat

const operations = new Set(['InvokeModel', 'InvokeModelWithResponseStream', 'Converse', 'ConverseStream'])

/** Models that answer with no text. */
const otherModels = /embed|rerank|image|canvas|stability|stable-|sonic|nova-reel|pegasus|marengo/i

/** CloudWatch wraps the log in an event (`message`), its queries call it `@message`, and a subscription sends several. */
function logsIn(line: Json): readonly JsonObject[] {
  if (!isObject(line) || textAt(line, 'schemaType') === schemaType) return isObject(line) ? [line] : []
  const events = arrayAt(line, 'logEvents').length > 0 ? arrayAt(line, 'logEvents') : [line]
  return events.flatMap((event) => {
    const message = fieldOf(event, '@message') ?? fieldOf(event, 'message')
    if (typeof message === 'string' && !message.includes(schemaType)) return []
    const log = bodyOf(message)
    return log !== null && textAt(log, 'schemaType') === schemaType ? [log] : []
  })
}

function read(line: Json): readonly LogEntry[] {
  const logs = logsIn(line)
  if (logs.length === 0) return [{ kind: 'rejected', reason: `no \`schemaType\` ${schemaType}` }]
  return logs.flatMap(readLog)
}

function readLog(line: JsonObject): readonly LogEntry[] {
  const operation = textAt(line, 'operation') ?? 'unnamed'
  if (!operations.has(operation)) {
    const known = [...operations].join(', ')
    return [{ kind: 'rejected', reason: `the operation ${operation.slice(0, 60)} is not read; there is ${known}` }]
  }
  const model = textAt(line, 'modelId')
  if (model === null) return [{ kind: 'rejected', reason: 'no `modelId`' }]
  if (otherModels.test(model))
    return [{ kind: 'left-out', reason: `a call of ${model.slice(0, 100)}, which writes no text` }]
  return [entryOf(line, model, operation)]
}

function entryOf(line: JsonObject, model: string, operation: string): LogEntry {
  const metadata = { metadata: objectAt(line, 'requestMetadata') }
  const error = errorOf(line)
  const known = {
    error,
    usage: usageOf(line),
    capturedAt: instantOf(fieldOf(line, 'timestamp')),
    // `identity.arn` is the service's role, which asks for everybody: callers name who asked in the metadata.
    conversation: conversationOf(metadata),
    user: userOf(metadata),
    segments: segmentsOf(metadata),
    callId: textAt(line, 'requestId'),
  }
  const input = objectAt(line, 'input')
  const body = bodyOf(fieldOf(input, 'inputBodyJson'))
  if (body === null) {
    return lost(
      textAt(input, 'inputBodyS3Path') === null
        ? 'no `input.inputBodyJson`: switch on the delivery of texts in the logging configuration'
        : 'its request lies in S3 (`inputBodyS3Path`): Bedrock keeps bodies beyond 100 KB beside the log',
      known,
    )
  }
  const response = error === null ? responseOf(line) : null
  const call = bedrockCall({ body, response, model, operation })
  if (call instanceof Unclear) return lost(call.reason, known)
  return { kind: 'whole', exchange: captured({ ...known, ...call }) }
}

function errorOf(line: JsonObject): RecordedError | null {
  const code = textAt(line, 'errorCode')
  return code === null ? null : { status: null, code, message: '' }
}

/** What was read from a cache, and written to it, stands beside the input. */
function usageOf(line: JsonObject): Usage | null {
  const asked = objectAt(line, 'input')
  const input = countAt(asked, 'inputTokenCount')
  const cachedInput = countAt(asked, 'cacheReadInputTokenCount')
  const cacheWrite = countAt(asked, 'cacheWriteInputTokenCount')
  return countedUsage({
    input: input === null ? null : input + (cachedInput ?? 0) + (cacheWrite ?? 0),
    output: fieldOf(objectAt(line, 'output'), 'outputTokenCount'),
    cachedInput,
    cacheWrite,
  })
}

/** The answer, or the list of its stream's chunks; null where the model gave none, or it lies in S3. */
function responseOf(line: Json): Json {
  const body = fieldOf(objectAt(line, 'output'), 'outputBodyJson') ?? null
  const parsed = typeof body === 'string' ? (parseJson(body) ?? null) : body
  return isObject(parsed) || isArray(parsed) ? parsed : null
}
