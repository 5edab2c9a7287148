// Langfuse: rows of its observations (blob export, API), and traces with all their observations in one line.

import type { Feedback, Json, JsonObject, Timing } from '../../core/types.ts'
import { namesConversation, namesPerson } from '../../providers/party.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { bodyOf, meant } from '../chatml/chat.ts'
import { completionOf } from '../chatml/completion.ts'
import { Unclear } from '../chatml/unclear.ts'
import { usageOf } from '../chatml/usage.ts'
import { feedbackOf } from '../fields.ts'
import { instantOf } from '../instant.ts'
import { captured, type LogEntry, type LogFormat } from '../log-format.ts'
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

export const langfuse = {
  name: 'langfuse',
  title: "Langfuse's observations and traces",
  tells: 'the chat of each call, latency, TTFT, usage, user, session, tags, scores',
  lacks: 'settings that a framework did not report',
  nests: true,
  recognises: (line) => isRow(line) || isTrace(line),
  read,
  specimens: [
    { line: row, kind: 'whole' },
    { line: { ...row, id: 'o2', type: 'SPAN' }, kind: 'rejected' },
    {
      line: {
        trace: { id: 't2', timestamp: '2026-09-01T10:00:00.000Z', userId: 'u1', tags: ['beta'] },
        observations: [
          { id: 'a', traceId: 't2', type: 'AGENT', startTime: '2026-09-01T10:00:00.000Z' },
          {
            id: 'g',
            traceId: 't2',
            parentObservationId: 'a',
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

function isTrace(line: Json): boolean {
  const observations = arrayAt(line, 'observations')
  return observations.length > 0 && observations.every(isRow)
}

function read(line: Json): readonly LogEntry[] {
  if (isTrace(line)) return ofTrace(line)
  if (!isRow(line)) return [rejected('neither an observation (`id`, `trace_id`, `type`, `start_time`) nor a trace')]
  const type = textAt(line, 'type') ?? ''
  return type === 'GENERATION'
    ? [entryOf(line, null, [])]
    : [rejected(`an observation of type ${type}, which is no call of a model`)]
}

/** The calls of a trace. A generation around another is the same call seen from further out: see `callsOf`. */
function ofTrace(line: Json): readonly LogEntry[] {
  const trace = objectAt(line, 'trace') ?? line
  const observations = arrayAt(line, 'observations')
  const generations = observations.filter((each) => textAt(each, 'type') === 'GENERATION')
  if (generations.length === 0) return [rejected('a trace without a generation')]
  const inner = innerOf(observations, generations)
  const scores = arrayAt(trace, 'scores')
  const feedbackFor = (generation: Json) => {
    const isOnly = generations.length === 1
    return scores.filter((score) => {
      const about = wordAt(score, 'observation_id')
      return about === null ? isOnly : about === textAt(generation, 'id')
    })
  }
  const entryFor = (generation: Json) => entryOf(generation, trace, feedbackFor(generation))
  return (inner.get(null) ?? []).flatMap((each) => callsOf(each, inner, entryFor))
}

type Inner = ReadonlyMap<Json, readonly Json[]>

/**
 * The innermost generations are the calls. Where one inside another cannot be read (some tracers flatten its messages)
 * and it is alone there, the outer one is the same call and stands in.
 */
function callsOf(generation: Json, inner: Inner, entryFor: (generation: Json) => LogEntry): readonly LogEntry[] {
  const within = inner.get(generation) ?? []
  const calls = within.flatMap((each) => callsOf(each, inner, entryFor))
  const isReadable = calls.some((entry) => entry.kind !== 'rejected')
  return isReadable || within.length > 1 ? calls : [entryFor(generation)]
}

/** The farthest that is looked up from a generation for another around it; a circle of parents ends there too. */
const maxSteps = 200

/** The generations next inside each generation; those inside none under null. */
function innerOf(observations: readonly Json[], generations: readonly Json[]): Inner {
  const byId = new Map(observations.map((each) => [textAt(each, 'id'), each] as const))
  const parentOf = (each: Json) => byId.get(wordAt(each, 'parent_observation_id')) ?? null
  const inner = new Map<Json, Json[]>()
  for (const generation of generations) {
    let around: Json = null
    let above = parentOf(generation)
    for (let step = 0; above !== null; step += 1) {
      if (around === null && textAt(above, 'type') === 'GENERATION') around = above
      above = parentOf(above)
      if (step < maxSteps) continue
      around = null
      break
    }
    const beside = inner.get(around)
    if (beside === undefined) inner.set(around, [generation])
    else beside.push(generation)
  }
  return inner
}

function entryOf(generation: Json, trace: Json, scores: readonly Json[]): LogEntry {
  if (isTooDeep(generation)) return rejected('JSON that nests too deeply')
  const timing = timingOf(generation)
  const body = bodyOf({
    input: at(generation, 'input') ?? null,
    output: at(generation, 'output') ?? null,
    model: wordAt(generation, 'provided_model_name') ?? wordAt(generation, 'model'),
    parameters: objectIn(generation, 'model_parameters'),
    metadata: objectIn(generation, 'metadata'),
    toolColumn: objectIn(generation, 'tool_definitions'),
    hasFirstToken: timing !== null && timing.firstTokenMs !== null,
  })
  if (body instanceof Unclear) return rejected(`its request is not certain: ${body.reason}`)
  const isFailed = wordAt(generation, 'level') === 'ERROR'
  const usage = usageOf(objectIn(generation, 'usage_details'))
  const output = at(generation, 'output') ?? null
  const user = wordAt(generation, 'user_id') ?? wordAt(trace, 'user_id')
  const session = wordAt(generation, 'session_id') ?? wordAt(trace, 'session_id')
  const traceId = wordAt(generation, 'trace_id')
  return {
    kind: 'whole',
    exchange: captured({
      api: 'openai-chat',
      body,
      response: isFailed ? null : completionOf(output, objectAt(body, 'response_format') !== null, usage),
      timing,
      capturedAt: instantOf(at(generation, 'start_time')),
      feedback: scores.flatMap(opinionOf),
      // The calls of one trace hang together, whoever asked.
      conversation: session ?? (user === null ? traceId : null),
      user,
      segments: segmentsOf(generation, trace),
    }),
  }
}

function rejected(reason: string): LogEntry {
  return { kind: 'rejected', reason }
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
function opinionOf(score: Json): readonly Feedback[] {
  if (!isObject(score) || wordAt(score, 'source') === 'EVAL') return []
  const isNo = wordAt(score, 'data_type') === 'BOOLEAN' && fieldOf(score, 'value') === 0
  const [opinion] = feedbackOf({
    name: wordAt(score, 'name') ?? 'feedback',
    value: isNo ? -1 : (fieldOf(score, 'value') ?? null),
    comment: wordAt(score, 'comment'),
  })
  return opinion === undefined ? [] : [opinion]
}

function segmentsOf(generation: Json, trace: Json): Readonly<Record<string, string>> {
  const pairs = ['release', 'environment', 'prompt_name'].flatMap((field) => {
    const value = wordAt(generation, field) ?? wordAt(trace, field)
    return value === null ? [] : [[field, value] as const]
  })
  return Object.fromEntries([...tagsOf(at(generation, 'tags') ?? at(trace, 'tags')), ...pairs])
}

/** `feature:refund` is a segment of its own; what has no colon is one segment together. */
function tagsOf(value: Json | undefined): readonly (readonly [string, string])[] {
  const list = meant(value)
  const tags = (isArray(list) ? list : []).filter((tag) => typeof tag === 'string' && tag !== '').map(String)
  const split = tags.map((tag) => /^([^:]+):(.+)$/.exec(tag))
  const named = split.flatMap((match) => {
    const [, field = '', of = ''] = match ?? []
    return match === null || namesPerson(field) || namesConversation(field) ? [] : [[field, of] as const]
  })
  const plain = tags.filter((tag) => !tag.includes(':')).toSorted()
  return plain.length === 0 ? named : [['tags', plain.join(', ')], ...named]
}
