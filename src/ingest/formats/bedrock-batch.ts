// Bedrock's batch inference: an output line has its request too (`modelInput`); an input line has nothing else.

import type { Json, JsonObject, RecordedError } from '../../core/types.ts'
import { countAt, fieldOf, objectAt, textAt } from '../../providers/shape.ts'
import { bedrockCall } from '../chatml/bedrock-call.ts'
import { Unclear } from '../chatml/unclear.ts'
import { captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'

export const bedrockBatch = {
  name: 'bedrock-batch',
  title: "Amazon Bedrock's batch inference, output files",
  tells: "request and answer (Converse's translated to an OpenAI chat), usage, error",
  lacks: 'times, users, feedback; models, where no answer names one',
  nests: false,
  recognises: (line) => textAt(line, 'recordId') !== null && objectAt(line, 'modelInput') !== null,
  read,
  specimens: [
    {
      line: {
        recordId: '3223593EFGH',
        modelInput: {
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 256,
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        },
        modelOutput: {
          type: 'message',
          role: 'assistant',
          model: 'claude-x',
          content: [{ type: 'text', text: 'Hello' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 12, output_tokens: 3 },
        },
      },
      kind: 'whole',
    },
    {
      line: {
        recordId: '1223213ABCD',
        modelInput: { inputText: 'Hello world' },
        error: { errorCode: 400, errorMessage: 'bad request' },
      },
      kind: 'whole',
    },
  ],
} as const satisfies LogFormat

function read(line: Json): readonly LogEntry[] {
  const id = textAt(line, 'recordId')
  const body = objectAt(line, 'modelInput')
  if (id === null || body === null) return [{ kind: 'rejected', reason: 'no `recordId` with a `modelInput`' }]
  const error = errorOf(objectAt(line, 'error'))
  const response = error === null ? objectAt(line, 'modelOutput') : null
  if (response !== null && (fieldOf(response, 'embedding') ?? fieldOf(response, 'embeddings')) !== undefined) {
    return [{ kind: 'left-out', reason: 'an embedding' }]
  }
  const call = bedrockCall({ body, response, model: textAt(response, 'model'), operation: null })
  if (call instanceof Unclear) return [lost(call.reason, { error, callId: id })]
  return [{ kind: 'whole', exchange: captured({ ...call, error, callId: id }) }]
}

/** Its code is an HTTP status. */
function errorOf(error: JsonObject | null): RecordedError | null {
  if (error === null) return null
  const status = countAt(error, 'errorCode')
  return { status, code: textAt(error, 'errorCode'), message: textAt(error, 'errorMessage') ?? '' }
}
