// OpenTelemetry: spans and log records as the collector writes them (OTLP JSON), in the dialects of those who trace calls.

import type { Feedback, Json, JsonObject } from '../../core/types.ts'
import { fieldOf, textAt } from '../../providers/shape.ts'
import type { LogEntry, LogFormat } from '../log-format.ts'
import { callOf, placeId, placeOf } from '../otel/call.ts'
import type { Dialect, Told } from '../otel/dialect.ts'
import { detailsEvent, genAi } from '../otel/gen-ai.ts'
import { isMessageEvent } from '../otel/gen-ai-events.ts'
import { langfuseAttributes } from '../otel/langfuse-attributes.ts'
import { openInference } from '../otel/openinference.ts'
import { eventIn, type LogRecord, logRecordsOf, type Span, type SpanEvent, spanIn, spansOf } from '../otel/span.ts'
import { traceloop } from '../otel/traceloop.ts'
import { vercel } from '../otel/vercel.ts'
import { feedbackOf } from '../parts/fields.ts'
import { isTooDeep } from '../redact.ts'

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })
const count = (key: string, intValue: string) => ({ key, value: { intValue } })
const trace = '5b8efff798038103d269b633813fc60c'

function specimenOf(spanId: string, name: string, attributes: readonly JsonObject[]): JsonObject {
  const times = { startTimeUnixNano: '1790000000000000000', endTimeUnixNano: '1790000002000000000' }
  const resource = { attributes: [text('service.name', 'bot')] }
  const spans = [{ traceId: trace, spanId, name, kind: 3, ...times, attributes }]
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'x' }, spans }] }] }
}

export const otelGenai = {
  name: 'otel-genai',
  title: 'OpenTelemetry (OTLP JSON): GenAI conventions, Traceloop, OpenInference, Vercel AI SDK, Langfuse',
  tells: 'the chat of each call, latency, usage, errors, user, session, evaluations',
  lacks: 'what was said, unless the instrumentation was told to record it',
  nests: true,
  recognises: (line) => spansOf(line).length > 0 || logRecordsOf(line).length > 0,
  read,
  assemble,
  specimens: [
    {
      line: specimenOf('eee19b7ec3c1b174', 'chat gpt-x', [
        text('gen_ai.operation.name', 'chat'),
        text('gen_ai.request.model', 'gpt-x'),
        count('gen_ai.usage.input_tokens', '12'),
        count('gen_ai.usage.output_tokens', '3'),
        text('gen_ai.input.messages', '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]'),
        text('gen_ai.output.messages', '[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]'),
      ]),
      kind: 'row',
    },
    {
      line: specimenOf('eee19b7ec3c1b175', 'ChatCompletion', [
        text('openinference.span.kind', 'LLM'),
        text('llm.model_name', 'gpt-x'),
        text('llm.input_messages.0.message.role', 'user'),
        text('llm.input_messages.0.message.content', 'Hi'),
      ]),
      kind: 'whole',
    },
    {
      line: specimenOf('eee19b7ec3c1b176', 'execute_tool weather', [text('gen_ai.operation.name', 'execute_tool')]),
      kind: 'left-out',
    },
    {
      line: {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  {
                    timeUnixNano: '1790000003000000000',
                    eventName: 'gen_ai.evaluation.result',
                    traceId: trace,
                    spanId: 'eee19b7ec3c1b175',
                    attributes: [
                      text('gen_ai.response.id', 'chatcmpl-1'),
                      text('gen_ai.evaluation.name', 'Relevance'),
                      { key: 'gen_ai.evaluation.score.value', value: { doubleValue: 0.5 } },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
      kind: 'opinion',
    },
  ],
} as const satisfies LogFormat

/** Whoever names spans of their own stands before the conventions that they follow beside. */
const dialects: readonly Dialect[] = [langfuseAttributes, vercel, openInference, traceloop]

const evaluation = 'gen_ai.evaluation.result'

function read(line: Json): readonly LogEntry[] {
  if (isTooDeep(line)) return [{ kind: 'rejected', reason: 'its JSON nests too deeply' }]
  const entries = [...spansOf(line).flatMap(entriesOf), ...logRecordsOf(line).map(entryOfRecord)]
  if (entries.length > 0) return entries
  return [{ kind: 'rejected', reason: 'no spans (`resourceSpans`) and no log records (`resourceLogs`) of OTLP JSON' }]
}

function entriesOf(span: Span): readonly LogEntry[] {
  const opinions = span.events
    .filter(({ name }) => name === evaluation)
    .map(({ attributes }) => {
      const named = [attributes, span.attributes].map((holder) => textAt(holder, 'gen_ai.response.id'))
      return opinionOf(attributes, named.find((each) => each !== null) ?? span.spanId)
    })
  return [entryOf(span), ...opinions]
}

function entryOf(span: Span): LogEntry {
  for (const dialect of dialects) {
    const told = dialect.read(span)
    if (told !== null) return entryFor(span, told)
  }
  const told = genAi.read(span)
  // What was said may stand in log records, which come in lines of their own.
  if (isTold(told))
    return { kind: 'row', key: placeId(span.traceId, span.spanId), order: 0, row: { span }, place: placeOf(span) }
  return entryFor(span, told ?? 'a span that is no call of a model')
}

function entryFor(span: Span, told: Told | string): LogEntry {
  return isTold(told) ? callOf(span, told) : { kind: 'left-out', reason: told, place: placeOf(span) }
}

function isTold(told: Told | string | null): told is Told {
  return typeof told === 'object' && told !== null
}

function entryOfRecord({ traceId, spanId, event }: LogRecord): LogEntry {
  const isEvaluation = event.name === evaluation
  const responseId = textAt(event.attributes, 'gen_ai.response.id')
  if (!isEvaluation && event.name !== detailsEvent && !isMessageEvent(event.name)) {
    return { kind: 'left-out', reason: 'a log record that is no event of a call' }
  }
  if (isEvaluation && (responseId !== null || traceId === null || spanId === null)) {
    return opinionOf(event.attributes, responseId ?? spanId)
  }
  if (traceId === null || spanId === null) {
    return event.name === detailsEvent
      ? withoutSpan([event], '', responseId ?? '')
      : { kind: 'left-out', reason: 'a message that belongs to no span' }
  }
  const key = placeId(traceId, spanId)
  // The span itself comes first. An evaluation makes no call of the span that it names.
  const row = { kind: 'row', key, order: Number(event.time ?? 1), row: { traceId, spanId, event } } as const
  return isEvaluation ? row : { ...row, place: { id: key, parent: null } }
}

function assemble(rows: readonly Json[]): LogEntry {
  const all = rows.flatMap((row) => eventIn(row) ?? [])
  const evaluations = all.filter(({ name }) => name === evaluation)
  const events = all.filter(({ name }) => name !== evaluation)
  const [span] = rows.flatMap((row) => spanIn(row) ?? [])
  const [first] = rows
  const [traceId, spanId] = [textAt(first, 'traceId') ?? '', textAt(first, 'spanId') ?? '']
  const [judged] = evaluations
  // Its span is in no file, or was read as a whole: there it is found by its name.
  if (span === undefined && events.length === 0 && judged !== undefined) return opinionOf(judged.attributes, spanId)
  if (span === undefined) return withFeedback(withoutSpan(events, traceId, spanId), evaluations)
  const whole = { ...span, events: [...span.events, ...events] }
  const entry = entryFor(whole, genAi.read(whole) ?? 'a span that is no call of a model')
  return withFeedback(entry, evaluations)
}

function withFeedback(entry: LogEntry, evaluations: readonly SpanEvent[]): LogEntry {
  if (entry.kind !== 'whole' || evaluations.length === 0) return entry
  const feedback = evaluations.flatMap(({ attributes }) => feedbackIn(attributes))
  return { ...entry, exchange: { ...entry.exchange, feedback: [...entry.exchange.feedback, ...feedback] } }
}

/** What events say of a call whose span is not there: all but how long it took. */
function withoutSpan(events: readonly SpanEvent[], traceId: string, spanId: string): LogEntry {
  const [first] = events
  const span: Span = {
    traceId,
    spanId,
    parentSpanId: null,
    name: '',
    start: first?.time ?? null,
    end: null,
    durationNano: null,
    attributes: {},
    resource: {},
    status: {},
    events,
  }
  const told = genAi.read(span)
  return entryFor(span, told ?? 'messages of a call whose span is in none of the files')
}

function opinionOf(attributes: JsonObject, about: string | null): LogEntry {
  const [feedback] = feedbackIn(attributes)
  if (about === null) return { kind: 'left-out', reason: 'an evaluation that belongs to no call' }
  return feedback === undefined
    ? { kind: 'left-out', reason: 'an evaluation without a score' }
    : { kind: 'opinion', about, feedback }
}

function feedbackIn(attributes: JsonObject): readonly Feedback[] {
  const score = fieldOf(attributes, 'gen_ai.evaluation.score.value') ?? null
  const value = score ?? textAt(attributes, 'gen_ai.evaluation.score.label')
  const name = textAt(attributes, 'gen_ai.evaluation.name') ?? 'evaluation'
  const comment = textAt(attributes, 'gen_ai.evaluation.explanation')
  return value === null && comment === null ? [] : feedbackOf({ name, value, comment })
}
