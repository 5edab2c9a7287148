// Spans and log records of OpenTelemetry, as OTLP JSON has them, with their attributes as plain JSON.

import type { Json, JsonObject } from '../../core/types.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, textAt } from '../../providers/shape.ts'

/** An event on a span, or a log record that is one. `body` is a log record's own. */
export type SpanEvent = {
  readonly name: string
  readonly time: string | null
  readonly attributes: JsonObject
  readonly body: Json
}

/** Plain JSON itself, so that it can wait as a row. */
export type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  readonly name: string
  readonly start: Json
  readonly end: Json
  readonly durationNano: Json
  readonly attributes: JsonObject
  readonly resource: JsonObject
  readonly status: JsonObject
  readonly events: readonly SpanEvent[]
}

export type LogRecord = { readonly traceId: string | null; readonly spanId: string | null; readonly event: SpanEvent }

/** The spans of a line: a collector's object of many, or one span with plain attributes, as CloudWatch has it. */
export function spansOf(line: Json): readonly Span[] {
  if (isFlat(line)) return [spanOf(line, objectAt(objectAt(line, 'resource'), 'attributes') ?? {})]
  return arrayAt(line, 'resourceSpans').flatMap((resourceSpan) => {
    const resource = attributesOf(fieldOf(objectAt(resourceSpan, 'resource'), 'attributes'))
    const spans = arrayAt(resourceSpan, 'scopeSpans').flatMap((scope) => arrayAt(scope, 'spans'))
    return spans.filter(isSpan).map((span) => spanOf(span, resource))
  })
}

export function logRecordsOf(line: Json): readonly LogRecord[] {
  const scopes = arrayAt(line, 'resourceLogs').flatMap((resourceLog) => arrayAt(resourceLog, 'scopeLogs'))
  return scopes
    .flatMap((scope) => arrayAt(scope, 'logRecords'))
    .filter(isObject)
    .map(recordOf)
}

/** A span that waited as a row; null where the row is none. */
export function spanIn(row: Json): Span | null {
  const span = objectAt(row, 'span')
  if (span === null) return null
  return {
    ...spanOf({ ...span, attributes: [], events: [] }, objectAt(span, 'resource') ?? {}),
    start: fieldOf(span, 'start') ?? null,
    end: fieldOf(span, 'end') ?? null,
    attributes: objectAt(span, 'attributes') ?? {},
    events: arrayAt(span, 'events').flatMap((event) => eventIn({ event }) ?? []),
  }
}

/** An event that waited as a row; null where the row is none. */
export function eventIn(row: Json): SpanEvent | null {
  const event = objectAt(row, 'event')
  if (event === null) return null
  const attributes = objectAt(event, 'attributes') ?? {}
  const body = fieldOf(event, 'body') ?? null
  return { name: textAt(event, 'name') ?? '', time: textAt(event, 'time'), attributes, body }
}

function isSpan(span: Json): boolean {
  return textAt(span, 'traceId') !== null && textAt(span, 'spanId') !== null
}

function isFlat(line: Json): boolean {
  return isSpan(line) && textAt(line, 'name') !== null && objectAt(line, 'attributes') !== null
}

function spanOf(span: Json, resource: JsonObject): Span {
  return {
    traceId: textAt(span, 'traceId') ?? '',
    spanId: textAt(span, 'spanId') ?? '',
    parentSpanId: textAt(span, 'parentSpanId'),
    name: textAt(span, 'name') ?? '',
    start: fieldOf(span, 'startTimeUnixNano') ?? null,
    end: fieldOf(span, 'endTimeUnixNano') ?? null,
    durationNano: fieldOf(span, 'durationNano') ?? null,
    attributes: attributesOf(fieldOf(span, 'attributes')),
    resource,
    status: objectAt(span, 'status') ?? {},
    events: arrayAt(span, 'events').map(eventOf),
  }
}

function eventOf(event: Json): SpanEvent {
  return {
    name: textAt(event, 'name') ?? '',
    time: timeOf(fieldOf(event, 'timeUnixNano')),
    attributes: attributesOf(fieldOf(event, 'attributes')),
    body: null,
  }
}

function recordOf(record: JsonObject): LogRecord {
  const attributes = attributesOf(fieldOf(record, 'attributes'))
  const time = timeOf(fieldOf(record, 'timeUnixNano')) ?? timeOf(fieldOf(record, 'observedTimeUnixNano'))
  // Before log records had names of their own, events had theirs in an attribute.
  const name = textAt(record, 'eventName') ?? textAt(attributes, 'event.name') ?? ''
  const body = plainOf(fieldOf(record, 'body') ?? null)
  return {
    traceId: textAt(record, 'traceId'),
    spanId: textAt(record, 'spanId'),
    event: { name, time, attributes, body },
  }
}

function timeOf(value: Json | undefined): string | null {
  return (typeof value === 'string' || typeof value === 'number') && Number(value) > 0 ? String(value) : null
}

/** A list of keys and values, or an object that is plain already. */
function attributesOf(value: Json | undefined): JsonObject {
  if (isObject(value)) return value
  const pairs = (isArray(value) ? value : []).flatMap((each) => {
    const key = textAt(each, 'key')
    return key === null ? [] : [[key, plainOf(fieldOf(each, 'value') ?? null)] as const]
  })
  return Object.fromEntries(pairs)
}

/** The value that an `AnyValue` wraps. Whole numbers are text in OTLP JSON, bytes are base64. */
function plainOf(value: Json): Json {
  if (!isObject(value)) return value
  const list = objectAt(value, 'arrayValue')
  if (list !== null) return arrayAt(list, 'values').map(plainOf)
  const fields = objectAt(value, 'kvlistValue')
  if (fields !== null) return attributesOf(arrayAt(fields, 'values'))
  const whole = fieldOf(value, 'intValue')
  if (whole !== undefined) return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole
  const bytes = fieldOf(value, 'bytesValue')
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64').toString('utf8')
  return ['stringValue', 'doubleValue', 'boolValue'].map((kind) => fieldOf(value, kind)).find(isKnown) ?? null
}

function isKnown(value: Json | undefined): value is Json {
  return value !== undefined
}
