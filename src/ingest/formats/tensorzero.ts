// TensorZero's tables: calls of models, the inferences that they served, with their tags, and feedback about both.

import type { Feedback, Instant, Json, JsonObject } from '../../core/types.ts'
import { withModel } from '../../providers/endpoint.ts'
import { fieldOf, isArray, isObject, parseJson, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { apiOfAnswer } from '../parts/answer-api.ts'
import { countedUsage } from '../parts/counted.ts'
import { bodyOf, conversationOf, payloadOf, segmentsOf, timingOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

const inferenceId = '0196372f-1b4b-7013-a446-511e312a3c30'
const episodeId = '0196372f-1b4b-7013-a446-512890c8cd66'
const modelInference = {
  id: '0196372f-2c00-7013-a446-511e312a3c31',
  inference_id: inferenceId,
  raw_request: '{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-x","stream":false}',
  raw_response: '{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}',
  model_name: 'openai::gpt-x',
  model_provider_name: 'openai',
  input_tokens: 12,
  output_tokens: 3,
  response_time_ms: 812,
  ttft_ms: null,
  cached: false,
}
const inference = {
  id: inferenceId,
  function_name: 'greet',
  variant_name: 'baseline',
  episode_id: episodeId,
  input: '{"messages":[]}',
  output: '[{"type":"text","text":"Hello"}]',
  inference_params: '{"chat_completion":{}}',
  processing_time_ms: 820,
  tags: { user_id: 'u1', tier: 'free' },
}

export const tensorzero = {
  name: 'tensorzero',
  title: "TensorZero's tables (calls, inferences, feedback)",
  tells: 'request and answer, latency, TTFT, usage; of inferences episode, user and tags; feedback',
  lacks: 'calls that failed; tags and episodes, where inferences were not exported too',
  nests: false,
  recognises: (line) =>
    isCall(line) || isInference(line) || isFeedback(line) || isDemonstration(line) || isDatapoint(line),
  read,
  assemble,
  specimens: [
    { line: modelInference, kind: 'row' },
    { line: inference, kind: 'row' },
    {
      line: { id: 'f1', target_id: inferenceId, metric_name: 'helpful', value: true, tags: {} },
      kind: 'opinion',
    },
    { line: { id: 'f2', target_id: episodeId, target_type: 'episode', value: 'too long', tags: {} }, kind: 'opinion' },
    { line: { id: 'f3', inference_id: inferenceId, value: '[]', tags: {} }, kind: 'left-out' },
    {
      line: {
        dataset_name: 'd',
        function_name: 'greet',
        id: 'p1',
        episode_id: episodeId,
        input: '{}',
        is_deleted: false,
      },
      kind: 'left-out',
    },
  ],
} as const satisfies LogFormat

function hasTexts(line: Json, fields: readonly string[]): boolean {
  return fields.every((field) => textAt(line, field) !== null)
}

function isCall(line: Json): boolean {
  const raw = ['raw_request', 'raw_response', 'model_provider_name']
  return hasTexts(line, ['id', 'inference_id']) && raw.every((field) => typeof fieldOf(line, field) === 'string')
}

/** A row of ChatInference or JsonInference. */
function isInference(line: Json): boolean {
  const own = ['id', 'function_name', 'variant_name', 'episode_id']
  return hasTexts(line, own) && ['input', 'inference_params'].every((field) => fieldOf(line, field) !== undefined)
}

function isFeedback(line: Json): boolean {
  if (!hasTexts(line, ['id', 'target_id'])) return false
  const value = fieldOf(line, 'value')
  if (textAt(line, 'metric_name') !== null) return typeof value === 'boolean' || typeof value === 'number'
  return typeof value === 'string' && ['inference', 'episode'].includes(textAt(line, 'target_type') ?? '')
}

/** What the answer should have been. */
function isDemonstration(line: Json): boolean {
  const own = new Set(['id', 'inference_id', 'value', 'tags', 'timestamp', 'snapshot_hash'])
  return (
    isObject(line) && hasTexts(line, ['id', 'inference_id', 'value']) && Object.keys(line).every((key) => own.has(key))
  )
}

function isDatapoint(line: Json): boolean {
  return hasTexts(line, ['dataset_name', 'function_name', 'id']) && fieldOf(line, 'is_deleted') !== undefined
}

function read(line: Json): readonly LogEntry[] {
  if (isCall(line)) return [{ kind: 'row', key: textAt(line, 'inference_id') ?? '', order: 1, row: line }]
  if (isInference(line)) return [{ kind: 'row', key: textAt(line, 'id') ?? '', order: 0, row: line }]
  if (isFeedback(line)) return [{ kind: 'opinion', about: textAt(line, 'target_id') ?? '', feedback: feedbackOf(line) }]
  if (isDemonstration(line)) return [{ kind: 'left-out', reason: 'a demonstration, which is no opinion of an answer' }]
  if (isDatapoint(line)) return [{ kind: 'left-out', reason: 'a datapoint of a dataset, which was never asked' }]
  return [{ kind: 'rejected', reason: 'a row of no table of TensorZero that is read (ModelInference, ChatInference)' }]
}

function feedbackOf(line: Json): Feedback {
  const value = fieldOf(line, 'value')
  const name = textAt(line, 'metric_name') ?? 'comment'
  if (typeof value === 'string') return { name, value: null, comment: value }
  if (typeof value === 'boolean') return { name, value: value ? 1 : -1, comment: null }
  // A metric has any scale that its team gave it: only what fits into ours is taken over.
  return { name, value: typeof value === 'number' && Math.abs(value) <= 1 ? value : null, comment: null }
}

/** The call of an inference, and what the inference's own row knows of it. */
function assemble(rows: readonly Json[]): LogEntry {
  const inferred = rows.find(isInference) ?? null
  const calls = rows.filter(isCall)
  const [call] = calls
  const known = knownOf(inferred, call ?? null)
  if (call === undefined) return lost('its call is not in the files: export the table ModelInference too', known)
  if (calls.length > 1) {
    // Of candidates and their judge, no one call is the inference's.
    return lost(`${calls.length} calls of models served it (best-of-n, mixture-of-n), which are not told apart`, known)
  }
  const asked = bodyOf(fieldOf(call, 'raw_request'))
  if (asked === null) return lost('its `raw_request` is no JSON', known)
  const isCached = fieldOf(call, 'cached') === true
  const answer = responseOf(call)
  return {
    kind: 'whole',
    exchange: captured({
      ...known,
      body: 'contents' in asked ? withModel(asked, modelOf(call)) : asked,
      api: apiOfAnswer(answer),
      response: isCached ? null : answer,
      timing: isCached
        ? null
        : timingOf({
            total_ms: fieldOf(call, 'response_time_ms') ?? null,
            ttft_ms: fieldOf(call, 'ttft_ms') ?? null,
          }),
      usage: isCached
        ? null
        : countedUsage({ input: fieldOf(call, 'input_tokens'), output: fieldOf(call, 'output_tokens') }),
    }),
  }
}

function knownOf(inferred: Json, call: Json): Partial<CapturedExchange> {
  const tags = bodyOf(fieldOf(inferred, 'tags')) ?? {}
  // TensorZero's own tags say where in its application something was clicked.
  const own = Object.entries(tags).filter(([key]) => !key.startsWith('tensorzero::'))
  const metadata: JsonObject = { metadata: Object.fromEntries(own) }
  const callId = textAt(inferred, 'id') ?? textAt(call, 'inference_id')
  const episode = textAt(inferred, 'episode_id')
  const user = userOf(metadata)
  return {
    capturedAt: timeIn(callId) ?? instantOf(fieldOf(inferred, 'timestamp') ?? fieldOf(call, 'timestamp')),
    user,
    // Where no client names an episode, each call gets a new one: one user's calls would pass for independent.
    conversation: conversationOf(metadata) ?? (user === null ? episode : null),
    segments: {
      ...segmentsOf({ metadata: { function: fieldOf(inferred, 'function_name') ?? null } }),
      ...segmentsOf(metadata),
    },
    callId,
    traceId: episode,
  }
}

/** TensorZero names with UUIDs of version 7, which begin with the ms since 1970; its timestamps are made of them. */
function timeIn(id: string | null): Instant | null {
  const [, high = '', low = ''] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id ?? '') ?? []
  return high === '' ? null : instantOf(Number.parseInt(`${high}${low}`, 16))
}

/** Google's requests name their model in the path alone. */
function modelOf(call: Json): string | null {
  return textAt(call, 'model_name')?.split('::').at(-1) ?? null
}

/** A stream is logged as its chunks, one a line. */
function responseOf(call: Json): Json {
  const raw = textAt(call, 'raw_response')
  const whole = payloadOf(raw ?? undefined)
  if (raw === null || isObject(whole) || isArray(whole)) return whole
  const chunks = raw
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseJson)
  return chunks.every((chunk) => chunk !== undefined) ? chunks : raw
}
