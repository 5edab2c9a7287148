// LangSmith: runs as its bulk export and its API have them, one a line, or a page or a tree of them in one.

import type { Feedback, Json, JsonObject, RecordedError, Timing, Usage } from '../../core/types.ts'
import { arrayAt, countAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { bodyOf, meant } from '../chatml/chat.ts'
import { completionOf } from '../chatml/completion.ts'
import { plainInputs, plainOutputs } from '../chatml/langchain.ts'
import { Unclear, uncertain, worded } from '../chatml/unclear.ts'
import { captured, type LogEntry, type LogFormat, lost, type Place } from '../log-format.ts'
import { tracedUsage } from '../parts/counted.ts'
import { unsaidFailure } from '../parts/failure.ts'
import { conversationOf, feedbackOf, segmentsOf, userOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'
import { tagSegments } from '../parts/tags.ts'
import { isTooDeep } from '../redact.ts'

const run = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  name: 'ChatOpenAI',
  run_type: 'llm',
  start_time: '2026-09-01T10:00:00.000000',
  first_token_time: '2026-09-01T10:00:00.700000',
  end_time: '2026-09-01T10:00:02.500000',
  status: 'success',
  error: null,
  trace_id: '0190a1b2-0000-7000-8000-000000000000',
  parent_run_id: '0190a1b2-0000-7000-8000-000000000000',
  session_id: '0190a1b2-0000-7000-8000-00000000aaaa',
  inputs: {
    messages: [
      [{ lc: 1, type: 'constructor', id: ['langchain', 'schema', 'HumanMessage'], kwargs: { content: 'Hi' } }],
    ],
  },
  outputs: {
    generations: [
      [
        {
          text: 'Hello',
          message: { lc: 1, type: 'constructor', id: ['x', 'AIMessage'], kwargs: { content: 'Hello' } },
        },
      ],
    ],
  },
  extra: {
    invocation_params: { model: 'gpt-x', temperature: 0.2 },
    metadata: { thread_id: 's1', ls_provider: 'openai' },
  },
  tags: ['feature:refund'],
  prompt_tokens: 12,
  completion_tokens: 3,
  total_tokens: 15,
}

export const langsmith = {
  name: 'langsmith',
  title: "LangSmith's runs (bulk export, API)",
  tells: 'the chat of each call, latency, TTFT, usage, errors, user, thread, tags, feedback',
  lacks: 'inputs that were exported as addresses; who gave which feedback',
  nests: true,
  recognises: (line) => isRun(line) || isPage(line),
  read,
  specimens: [
    { line: run, kind: 'whole' },
    { line: { ...run, id: run.trace_id, parent_run_id: null, name: 'agent', run_type: 'chain' }, kind: 'left-out' },
    { line: { ...run, inputs: null, inputs_s3_urls: { ROOT: { s3_url: 'x' } } }, kind: 'whole' },
  ],
} as const satisfies LogFormat

const runTypes = new Set('llm chain tool retriever embedding prompt parser'.split(' '))

function isRun(line: Json): boolean {
  const isPlaced = textAt(line, 'trace_id') !== null || textAt(line, 'dotted_order') !== null
  const isTimed = (fieldOf(line, 'start_time') ?? null) !== null
  return isPlaced && isTimed && textAt(line, 'id') !== null && runTypes.has(textAt(line, 'run_type') ?? '')
}

/** A page of the API's query. */
function isPage(line: Json): boolean {
  const runs = arrayAt(line, 'runs')
  return runs.length > 0 && runs.every(isRun)
}

function read(line: Json): readonly LogEntry[] {
  if (isTooDeep(line)) return [{ kind: 'rejected', reason: 'its JSON nests too deeply' }]
  if (isPage(line)) return arrayAt(line, 'runs').flatMap(read)
  if (isObject(line) && isRun(line)) return [entryOf(line), ...arrayAt(line, 'child_runs').filter(isRun).flatMap(read)]
  return [{ kind: 'rejected', reason: 'no run: `id`, `run_type`, `start_time` and `trace_id` or `dotted_order`' }]
}

function entryOf(line: JsonObject): LogEntry {
  const type = textAt(line, 'run_type')
  const place = placeOf(line)
  if (type === 'llm') return { ...callOf(line), place }
  return { kind: 'left-out', reason: `a run of type ${worded(type)}, which is no call of a model`, place }
}

function placeOf(line: JsonObject): Place {
  const above = arrayAt(line, 'parent_run_ids').at(-1)
  // `<time>Z<root>.<time>Z<parent>.<time>Z<run>`
  const [, inOrder] = /Z([^.]+)\.[^.]+$/.exec(textAt(line, 'dotted_order') ?? '') ?? []
  const parent = textAt(line, 'parent_run_id') ?? (typeof above === 'string' ? above : null) ?? inOrder ?? null
  return { id: textAt(line, 'id') ?? '', parent }
}

function callOf(line: JsonObject): LogEntry {
  const extra = objectIn(line, 'extra') ?? {}
  const metadata = objectIn(extra, 'metadata') ?? {}
  const asked = objectIn(extra, 'invocation_params') ?? objectIn(metadata, 'ls_invocation_params') ?? {}
  const outputs = objectIn(line, 'outputs') ?? {}
  const timing = timingOf(line)
  const error = errorOf(line)
  const user = userOf({ metadata })
  const traceId = textAt(line, 'trace_id')
  const known = {
    api: 'openai-chat',
    error,
    timing,
    usage: usageIn(line, outputs),
    capturedAt: instantOf(fieldOf(line, 'start_time')),
    feedback: feedbackIn(line),
    // `session_id` of the run itself is the project. The calls of one trace hang together, whoever asked.
    conversation: conversationOf({ metadata }) ?? (user === null ? traceId : null),
    user,
    segments: segmentsIn(line, metadata),
    callId: textAt(line, 'id'),
    traceId,
  }
  const input = inputOf(line, asked)
  if (typeof input === 'string') return lost(input, known)
  const output = plainOutputs(outputs)
  const body = bodyOf({
    input,
    output,
    model: textAt(asked, 'model_name') ?? textAt(metadata, 'ls_model_name'),
    parameters: { ...settingsIn(metadata), ...asked },
    metadata: null,
    toolColumn: null,
    hasFirstToken: timing !== null && timing.firstTokenMs !== null,
  })
  if (body instanceof Unclear) return lost(uncertain(body), known)
  const response =
    error === null ? completionOf(output, { asksForJson: objectAt(body, 'response_format') !== null }) : null
  return { kind: 'whole', exchange: captured({ ...known, body, response }) }
}

/** The request, or why it is not there. */
function inputOf(line: JsonObject, asked: JsonObject): JsonObject | string {
  const inputs = objectIn(line, 'inputs')
  if (inputs === null || Object.keys(inputs).length === 0) {
    return fieldOf(line, 'inputs_s3_urls') === undefined
      ? 'it was exported without its inputs: name the field `inputs` in the export'
      : 'its inputs are an address (`inputs_s3_urls`): fetch them before the address ends, or use the bulk export'
  }
  if (isArray(fieldOf(inputs, 'prompts'))) return 'a completion of a text, which is no chat'
  const offered = [inputs, asked].map((holder) => [...arrayAt(holder, 'tools'), ...arrayAt(holder, 'functions')])
  const tools = offered.find((each) => each.length > 0) ?? []
  return { ...plainInputs(inputs), ...(tools.length === 0 ? {} : { tools }) }
}

/** A field that is an object, or the JSON of one: Parquet has texts. */
function objectIn(holder: JsonObject, field: string): JsonObject | null {
  const value = meant(fieldOf(holder, field))
  return isObject(value) ? value : null
}

/** What LangChain reports of every model in the same words; the parameters of the call itself come first. */
function settingsIn(metadata: JsonObject): JsonObject {
  const pairs = ['temperature', 'max_tokens', 'stop'].flatMap((field) => {
    const value = fieldOf(metadata, `ls_${field}`) ?? null
    return value === null ? [] : [[field, value] as const]
  })
  return Object.fromEntries(pairs)
}

function timingOf(line: JsonObject): Timing | null {
  const firstTokenMs = sinceStart(line, 'first_token_time')
  const totalMs = sinceStart(line, 'end_time')
  return firstTokenMs === null && totalMs === null ? null : { headersMs: null, firstTokenMs, totalMs }
}

function sinceStart(line: JsonObject, field: string): number | null {
  const [start, then] = [instantOf(fieldOf(line, 'start_time')), instantOf(fieldOf(line, field))]
  const ms = start === null || then === null ? -1 : Date.parse(then) - Date.parse(start)
  return ms < 0 ? null : ms
}

function errorOf(line: JsonObject): RecordedError | null {
  const message = textAt(line, 'error')
  if (message === null && textAt(line, 'status') !== 'error') return null
  return message === null ? unsaidFailure('status error') : { status: null, code: null, message }
}

/** The run's own columns, else what the message or the wrapper says. Where nobody counted, the columns are 0. */
function usageIn(line: JsonObject, outputs: JsonObject): Usage | null {
  const [prompt, completion] = [countAt(line, 'prompt_tokens'), countAt(line, 'completion_tokens')]
  if (prompt !== null && completion !== null && prompt + completion > 0) {
    const details = objectIn(line, 'prompt_token_details') ?? {}
    const reasoning = countAt(objectIn(line, 'completion_token_details') ?? {}, 'reasoning')
    return tracedUsage({ input: prompt, output: completion, ...cacheIn(details), reasoning })
  }
  const said = objectAt(outputs, 'usage_metadata') ?? objectAt(plainOutputs(outputs), 'usage_metadata')
  const input = countAt(said ?? undefined, 'input_tokens')
  const output = countAt(said ?? undefined, 'output_tokens')
  const reasoning = countAt(objectAt(said, 'output_token_details') ?? undefined, 'reasoning')
  return tracedUsage({ input, output, ...cacheIn(objectAt(said, 'input_token_details') ?? {}), reasoning })
}

function cacheIn(details: JsonObject) {
  return { cachedInput: countAt(details, 'cache_read'), cacheWrite: countAt(details, 'cache_creation') }
}

/** Counts of what was given, by key: the mean of the scores, or the one word that all gave. */
function feedbackIn(line: JsonObject): readonly Feedback[] {
  return Object.entries(objectIn(line, 'feedback_stats') ?? {}).flatMap(([name, stats]) => {
    if (countAt(stats, 'n') === 0) return []
    const words = Object.keys(objectAt(stats, 'values') ?? {})
    const mean = fieldOf(stats, 'avg') ?? null
    return isObject(stats) ? feedbackOf({ name, value: mean ?? (words.length === 1 ? (words[0] ?? null) : null) }) : []
  })
}

/** What LangChain and LangGraph note for themselves is no segment of the user's. */
const ownNotes = /^(?:ls_|lc_|langgraph_|checkpoint|LANGSMITH|langsmith|revision_id|run_id|__)/

function segmentsIn(line: JsonObject, metadata: JsonObject): Readonly<Record<string, string>> {
  const given = Object.fromEntries(Object.entries(metadata).filter(([field]) => !ownNotes.test(field)))
  const tags = meant(fieldOf(line, 'tags'))
  // LangChain tags each step of a chain with its place.
  const named = (isArray(tags) ? tags : []).filter((tag) => typeof tag !== 'string' || !tag.startsWith('seq:step:'))
  return { ...tagSegments(named), ...segmentsOf({ metadata: given }) }
}
