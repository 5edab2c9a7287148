// promptfoo's results, as a file of one evaluation or one result a line: the prompts of past evaluations as a log.

import type { Feedback, Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { type CapturedExchange, captured, type LogEntry, type LogFormat, lost } from '../log-format.ts'
import { countedUsage } from '../parts/counted.ts'
import { segmentsOf, timingOf } from '../parts/fields.ts'
import { statusOf } from '../parts/http-status.ts'
import { instantOf } from '../parts/instant.ts'
import { holdsMark } from '../parts/marks.ts'

const row = {
  id: 'r1',
  promptIdx: 0,
  testIdx: 0,
  testCase: { vars: { topic: 'trains' }, metadata: { task: 'haiku' } },
  promptId: 'p1',
  provider: { id: 'openai:chat:gpt-x', label: '' },
  prompt: { raw: 'Write about trains', label: 'Write about {{topic}}' },
  vars: { topic: 'trains' },
  response: { output: 'Steel', tokenUsage: { total: 15, prompt: 12, completion: 3 }, cached: false },
  success: true,
  score: 1,
  latencyMs: 812,
  failureReason: 0,
}

export const promptfoo = {
  name: 'promptfoo',
  title: "promptfoo's results (JSON of an evaluation, JSONL)",
  tells: 'OpenAI chats and their answers, latency, usage, error, metadata of tests as segments, ratings by people',
  lacks: 'TTFT, other APIs, tool calls; settings left to promptfoo, and in JSONL those of its config',
  nests: false,
  recognises: (line) => isResult(line) || isEvaluation(line),
  read,
  specimens: [
    { line: row, kind: 'whole' },
    { line: { ...row, provider: { id: 'anthropic:messages:claude-x' } }, kind: 'whole' },
    {
      line: { evalId: 'e1', results: { version: 3, timestamp: '2026-09-01T10:00:00Z', results: [row] } },
      kind: 'whole',
    },
  ],
} as const satisfies LogFormat

function isResult(line: Json): boolean {
  const isAsked = typeof fieldOf(objectAt(line, 'prompt'), 'raw') === 'string' && providerOf(line) !== null
  return isAsked && ['promptIdx', 'testIdx', 'success'].every((field) => fieldOf(line, field) !== undefined)
}

function providerOf(line: Json): string | null {
  return textAt(objectAt(line, 'provider'), 'id')
}

/** A file of `eval --output`, or a summary alone. */
function resultsIn(line: Json): readonly Json[] {
  return arrayAt(objectAt(line, 'results') ?? line, 'results')
}

function isEvaluation(line: Json): boolean {
  const results = resultsIn(line)
  return results.length > 0 && results.every(isResult)
}

function read(line: Json): readonly LogEntry[] {
  if (isResult(line)) return [entryOf(line, null, null)]
  if (!isEvaluation(line)) {
    return [
      { kind: 'rejected', reason: 'neither a result of promptfoo (`prompt.raw`, `provider.id`) nor a file of them' },
    ]
  }
  const summary = objectAt(line, 'results') ?? line
  const config = objectAt(line, 'config')
  return resultsIn(line).map((each) => entryOf(each, config, fieldOf(summary, 'timestamp') ?? null))
}

function entryOf(line: Json, config: JsonObject | null, timestamp: Json): LogEntry {
  const response = objectAt(line, 'response')
  // An answer out of promptfoo's cache is of the same request, but its times and tokens are the cache's.
  const isCached = fieldOf(response, 'cached') === true
  const message = textAt(line, 'error') ?? textAt(response, 'error')
  const isFailed = message !== null && fieldOf(line, 'failureReason') !== assertionFailed && !hasOutput(response)
  const bill = objectAt(line, 'tokenUsage') ?? objectAt(response, 'tokenUsage')
  const known: Partial<CapturedExchange> = {
    api: 'openai-chat',
    response: isFailed || isTransformed(line, config) ? null : completionOf(response),
    error: isFailed ? { status: statusOf(httpStatusIn(response)), code: null, message } : null,
    timing: isCached || isFailed ? null : timingOf({ total_ms: fieldOf(line, 'latencyMs') ?? null }),
    usage: isCached
      ? null
      : countedUsage({
          input: fieldOf(bill, 'prompt'),
          output: fieldOf(bill, 'completion'),
          reasoning: fieldOf(objectAt(bill, 'completionDetails'), 'reasoning'),
        }),
    capturedAt: instantOf(timestamp),
    feedback: ratingsOf(line),
    segments: segmentsOf({ metadata: objectAt(objectAt(line, 'testCase'), 'metadata') }),
    callId: textAt(line, 'id'),
  }
  const body = requestOf(line, config)
  if (typeof body === 'string') return lost(body, { ...known, api: null, response: null })
  return { kind: 'whole', exchange: captured({ ...known, body }) }
}

function httpStatusIn(response: Json): Json | undefined {
  return fieldOf(objectAt(objectAt(response, 'metadata'), 'http'), 'status')
}

/** `failureReason` of an answer that a check refused: `error` is then the check's word. */
const assertionFailed = 1

function hasOutput(response: Json): boolean {
  return (fieldOf(response, 'output') ?? null) !== null
}

/** The body, or why there is none that is certain. */
function requestOf(line: Json, config: JsonObject | null): JsonObject | string {
  const provider = providerOf(line) ?? ''
  const model = modelOf(provider)
  if (model === null) {
    return `what ${provider.slice(0, 60)} was sent is not certain; there is openai:chat:, and gpt and o models of openai:`
  }
  const settings = settingsOf(line, config)
  if (settings === null) return "its provider's settings lie in other files (`file://`)"
  const messages = messagesOf(textAt(objectAt(line, 'prompt'), 'raw') ?? '')
  return typeof messages === 'string' ? messages : { ...settings, model, messages }
}

/** promptfoo asks `openai:chat:` at the chat's endpoint, and tells by the model's name where the endpoint is not named. */
function modelOf(provider: string): string | null {
  const [, named] = /^openai:chat:(.+)$/.exec(provider) ?? []
  if (named !== undefined) return named
  const [, known] = /^openai:((?:gpt-(?:3\.5-turbo|[45])|o[134])[\w.-]*)$/.exec(provider) ?? []
  return known === undefined || /instruct|audio|realtime|image|codex|-pro|deep-research/.test(known) ? null : known
}

/** The chat that the prompt is; a text that is no JSON is what the user says. */
function messagesOf(raw: string): readonly Json[] | string {
  const text = raw.trim()
  if (text === '') return 'its prompt is empty'
  if (/^- *(?:role|content) *:/.test(text)) return 'its prompt is a chat in YAML, which is not read'
  const parsed = parseJson(text)
  if (!isObject(parsed) && !isArray(parsed)) return [{ role: 'user', content: raw }]
  const isChat = isArray(parsed) && parsed.length > 0 && parsed.every((each) => textAt(each, 'role') !== null)
  return isChat ? parsed : 'its prompt is JSON, and no chat'
}

/** What promptfoo's configuration of OpenAI calls as the API does. */
const sameNames = `temperature max_tokens max_completion_tokens top_p frequency_penalty presence_penalty seed stop tools
  tool_choice functions function_call response_format reasoning_effort service_tier verbosity`.split(/\s+/)

/** The settings that the file's config gives to the provider, and the row to its prompt; null where they are not in it. */
function settingsOf(line: Json, config: JsonObject | null): JsonObject | null {
  const given = { ...objectAt(listedIn(config, line), 'config'), ...objectAt(objectAt(line, 'prompt'), 'config') }
  const settings = Object.fromEntries(Object.entries(given).filter(([name]) => sameNames.includes(name)))
  return holdsMark(settings, ['file://']) ? null : settings
}

function listedIn(config: JsonObject | null, line: Json): Json {
  return arrayAt(config, 'providers').find((each) => textAt(each, 'id') === providerOf(line)) ?? null
}

/** A transform makes another output of the answer, which is not kept beside it. */
function isTransformed(line: Json, config: JsonObject | null): boolean {
  const options = objectAt(objectAt(line, 'testCase'), 'options')
  const transforms = [options, listedIn(config, line)].flatMap((each) => [
    fieldOf(each, 'transform') ?? null,
    fieldOf(each, 'postprocess') ?? null,
  ])
  return transforms.some((transform) => transform !== null)
}

/** A text as the one choice of a completion. Other outputs are what promptfoo, or a transform, made of an answer. */
function completionOf(response: Json): Json {
  const content = fieldOf(response, 'output')
  if (typeof content !== 'string') return null
  const finish_reason = textAt(response, 'finishReason')
  return { choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason }] }
}

/** Checks are no users: only what a person marked in promptfoo's viewer is feedback. */
function ratingsOf(line: Json): readonly Feedback[] {
  return arrayAt(objectAt(line, 'gradingResult'), 'componentResults')
    .filter((each) => textAt(objectAt(each, 'assertion'), 'type') === 'human')
    .map((each) => ({
      name: 'human',
      value: fieldOf(each, 'pass') === true ? 1 : -1,
      comment: textAt(each, 'comment') ?? null,
    }))
}
