// Langfuse: rows of its observations and scores (blob export), pages of its API, and traces with all their observations.

import type { Feedback, Json, JsonObject, RecordedError, Timing } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { bodyOf, meant } from '../chatml/chat.ts'
import { completionOf } from '../chatml/completion.ts'
import { Unclear, uncertain } from '../chatml/unclear.ts'
import { usageOf } from '../chatml/usage.ts'
import { captured, type LogEntry, type LogFormat, lost, type Place } from '../log-format.ts'
import { unsaidFailure } from '../parts/failure.ts'
import { feedbackOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'
import { tagSegments } from '../parts/tags.ts'
import { isTooDeep } from '../redact.ts'

const row = {
  id: 'o1',
  trace_id: 't1',
  type: 'GENERATION',
  start_time: '2026-09-01 10:00:00.000000',
  end_time: '2026-09-01 10:00:02.500000',
  completion_start_time: '2026-09-01 10:00:00.700000',
  provided_model_name: 'gpt-x',
  model_parameters: '{"temperature":0.2}',
  input: '[{"role":"user","content":"Hi"}]',
  output: '{"role":"assistant","content":"Hello"}',
  usage_details: { input: 12, output: 3, total: 15 },
  user_id: 'u1',
  session_id: 's1',
  level: 'DEFAULT',
}

const score = {
  id: 'sc1',
  timestamp: '2026-09-01 10:05:00.000000',
  trace_id: 't1',
  observation_id: 'o1',
  name: 'user-thumb',
  value: 1,
  string_value: null,
  data_type: 'BOOLEAN',
  source: 'API',
  comment: 'helpful',
}

/** As the export with traces apart has them. */
const traceRow = {
  id: 't1',
  timestamp: '2026-09-01 10:00:00.000000',
  name: 'chat',
  environment: 'default',
  project_id: 'p1',
  metadata: {},
  user_id: 'u1',
  session_id: null,
  release: null,
  version: null,
  public: false,
  bookmarked: false,
  tags: [],
  input: 'Hi',
  output: 'Hello',
}

export const langfuse = {
  name: 'langfuse',
  title: "Langfuse's observations, scores and traces",
  tells: 'the chat of each call, latency, TTFT, usage, errors, user, session, tags, scores',
  lacks: 'settings that a framework did not report; user, session and tags, where traces were exported apart',
  nests: true,
  recognises: (line) => isRow(line) || isScore(line) || isTrace(line) || isTraceRow(line) || isPage(line),
  read,
  specimens: [
    { line: row, kind: 'whole' },
    { line: { ...row, id: 'o2', type: 'SPAN' }, kind: 'left-out' },
    { line: score, kind: 'opinion' },
    { line: traceRow, kind: 'left-out' },
    {
      line: {
        trace: { id: 't2', timestamp: '2026-09-01T10:00:00.000Z', userId: 'u1', tags: ['beta'] },
        observations: [
          {
            id: 'g',
            traceId: 't2',
            type: 'GENERATION',
            startTime: '2026-09-01T10:00:00.100Z',
            endTime: '2026-09-01T10:00:01.000Z',
            model: 'gpt-x',
            input: 'Refund policy?',
            output: '30 days.',
          },
        ],
      },
      kind: 'whole',
    },
  ],
} as const satisfies LogFormat

const types = new Set('GENERATION SPAN EVENT AGENT TOOL CHAIN RETRIEVER EVALUATOR EMBEDDING GUARDRAIL'.split(' '))

/** Exports write snake_case, the API and the application camelCase. */
function at(holder: Json | undefined, field: string): Json | undefined {
  return fieldOf(holder, field) ?? fieldOf(holder, camel(field))
}

function camel(field: string): string {
  return field.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function wordAt(holder: Json | undefined, field: string): string | null {
  const value = at(holder, field)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function isRow(line: Json): boolean {
  const isObserved = ['id', 'trace_id', 'start_time'].every((field) => wordAt(line, field) !== null)
  return isObserved && types.has(textAt(line, 'type') ?? '') && fieldOf(line, 'request') === undefined
}

const sources = new Set(['API', 'ANNOTATION', 'EVAL'])

/** A score is of a trace, of an observation in it, or of a session. */
function isScore(line: Json): boolean {
  const isScored = wordAt(line, 'trace_id') !== null || wordAt(line, 'session_id') !== null
  const hasValue = [at(line, 'value'), at(line, 'string_value')].some((value) => value !== undefined)
  return isScored && hasValue && wordAt(line, 'name') !== null && sources.has(wordAt(line, 'source') ?? '')
}

function isTrace(line: Json): boolean {
  const observations = arrayAt(line, 'observations')
  return observations.length > 0 && observations.every(isRow)
}

const traceFields = ['user_id', 'session_id', 'release', 'version', 'environment', 'public', 'tags']
const othersFields = ['type', 'trace_id', 'request', 'messages']

/** A trace without its observations: what was asked stands in them. Most of its columns may be null. */
function isTraceRow(line: Json): boolean {
  if (!isObject(line) || wordAt(line, 'id') === null || wordAt(line, 'timestamp') === null) return false
  const has = (field: string) => Object.hasOwn(line, field) || Object.hasOwn(line, camel(field))
  return traceFields.every(has) && !othersFields.some(has)
}

/** A page of the API: the same items, with what is known of the page beside them. */
function isPage(line: Json): boolean {
  const data = arrayAt(line, 'data')
  return (
    data.length > 0 &&
    objectAt(line, 'meta') !== null &&
    data.every((each) => isRow(each) || isScore(each) || isTraceRow(each))
  )
}

function read(line: Json): readonly LogEntry[] {
  if (isTrace(line)) {
    const trace = objectAt(line, 'trace') ?? line
    const observations = arrayAt(line, 'observations').map((each) => entryOf(each, trace))
    return [...observations, ...arrayAt(trace, 'scores').map(opinionOf)]
  }
  if (isTraceRow(line)) {
    const scores = arrayAt(line, 'scores').filter(isScore).map(opinionOf)
    return [{ kind: 'left-out', reason: 'a trace, whose calls stand in its observations' }, ...scores]
  }
  if (isPage(line)) return arrayAt(line, 'data').flatMap(read)
  if (isRow(line)) return [entryOf(line, null)]
  if (isScore(line)) return [opinionOf(line)]
  return [
    {
      kind: 'rejected',
      reason: 'neither an observation (`id`, `trace_id`, `type`, `start_time`), a score nor a trace',
    },
  ]
}

function entryOf(observation: Json, trace: Json): LogEntry {
  const type = textAt(observation, 'type')
  const place = placeOf(observation)
  if (type === 'GENERATION') return { ...callOf(observation, trace), place }
  return { kind: 'left-out', reason: `an observation of type ${type}, which is no call of a model`, place }
}

function placeOf(observation: Json): Place {
  const trace = wordAt(observation, 'trace_id') ?? ''
  const parent = wordAt(observation, 'parent_observation_id')
  return { id: `${trace}/${wordAt(observation, 'id')}`, parent: parent === null ? null : `${trace}/${parent}` }
}

function callOf(generation: Json, trace: Json): LogEntry {
  if (isTooDeep(generation)) return { kind: 'rejected', reason: 'its JSON nests too deeply' }
  const timing = timingOf(generation)
  const output = at(generation, 'output') ?? null
  const error = errorOf(generation)
  const user = wordAt(generation, 'user_id') ?? wordAt(trace, 'user_id')
  const session = wordAt(generation, 'session_id') ?? wordAt(trace, 'session_id')
  const traceId = wordAt(generation, 'trace_id')
  const known = {
    api: 'openai-chat',
    error,
    timing,
    usage: usageOf(objectIn(generation, 'usage_details')),
    capturedAt: instantOf(at(generation, 'start_time')),
    // The calls of one trace hang together, whoever asked.
    conversation: session ?? (user === null ? traceId : null),
    user,
    segments: segmentsOf(generation, trace),
    callId: wordAt(generation, 'id'),
    traceId,
  }
  const body = bodyOf({
    input: at(generation, 'input') ?? null,
    output,
    model: wordAt(generation, 'provided_model_name') ?? wordAt(generation, 'model'),
    parameters: objectIn(generation, 'model_parameters'),
    metadata: objectIn(generation, 'metadata'),
    toolColumn: objectIn(generation, 'tool_definitions'),
    hasFirstToken: timing !== null && timing.firstTokenMs !== null,
  })
  if (body instanceof Unclear) return lost(uncertain(body), known)
  const response =
    error === null ? completionOf(output, { asksForJson: objectAt(body, 'response_format') !== null }) : null
  return { kind: 'whole', exchange: captured({ ...known, body, response }) }
}

/** Langfuse knows that a call failed, and in words why. */
function errorOf(generation: Json): RecordedError | null {
  if (wordAt(generation, 'level') !== 'ERROR') return null
  const message = wordAt(generation, 'status_message')
  return message === null ? unsaidFailure('level ERROR') : { status: null, code: null, message }
}

/** A field that is an object, or the JSON of one. */
function objectIn(holder: Json, field: string): JsonObject | null {
  const value = meant(at(holder, field))
  return isObject(value) ? value : null
}

/** From the times alone: the column `latency` is seconds or milliseconds, by the age of the export's integration. */
function timingOf(generation: Json): Timing | null {
  const firstTokenMs = sinceStart(generation, 'completion_start_time')
  const totalMs = sinceStart(generation, 'end_time')
  return firstTokenMs === null && totalMs === null ? null : { headersMs: null, firstTokenMs, totalMs }
}

function sinceStart(generation: Json, field: string): number | null {
  const start = instantOf(at(generation, 'start_time'))
  const then = instantOf(at(generation, field))
  const ms = start === null || then === null ? -1 : Date.parse(then) - Date.parse(start)
  return ms < 0 ? null : ms
}

/** What people said; an evaluator's score is no user's opinion. */
function opinionOf(given: Json): LogEntry {
  if (wordAt(given, 'source') === 'EVAL') return { kind: 'left-out', reason: "an evaluator's score, not a user's" }
  const about = wordAt(given, 'observation_id') ?? wordAt(given, 'trace_id')
  const [feedback] = feedbackIn(given)
  if (about === null) return { kind: 'left-out', reason: 'a score of a whole session' }
  return feedback === undefined
    ? { kind: 'left-out', reason: 'a score without a value' }
    : { kind: 'opinion', about, feedback }
}

/** A category's `value` is its number in a list that the score does not have; what was chosen is the text. */
function feedbackIn(given: Json): readonly Feedback[] {
  const type = wordAt(given, 'data_type')
  const number = at(given, 'value') ?? null
  const value = type === 'CATEGORICAL' ? (wordAt(given, 'string_value') ?? number) : number
  const isNo = type === 'BOOLEAN' && (value === 0 || value === false)
  return feedbackOf({
    name: wordAt(given, 'name') ?? 'feedback',
    value: isNo ? -1 : value,
    comment: wordAt(given, 'comment'),
  })
}

function segmentsOf(generation: Json, trace: Json): Readonly<Record<string, string>> {
  const pairs = ['release', 'environment', 'prompt_name'].flatMap((field) => {
    const value = wordAt(generation, field) ?? wordAt(trace, field)
    return value === null ? [] : [[field, value] as const]
  })
  const tags = meant(at(generation, 'tags') ?? at(trace, 'tags'))
  return { ...tagSegments(isArray(tags) ? tags : []), ...Object.fromEntries(pairs) }
}
