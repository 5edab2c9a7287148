// Spans and log records as the collector's file exporter writes them, one object a line.

import type { Json, JsonObject } from '../../src/core/types.ts'

export type Attributes = Readonly<Record<string, Json>>

export interface Made {
  readonly spanId: string
  readonly attributes?: Attributes
  readonly parentSpanId?: string
  readonly events?: readonly { readonly name: string; readonly attributes: Attributes }[]
  readonly status?: JsonObject
  readonly traceId?: string
}

const traceId = '5b8efff798038103d269b633813fc60c'

/** One line of spans, each two seconds long. */
export function otlp(...spans: readonly Made[]): JsonObject {
  const made = spans.map(({ attributes = {}, events = [], ...rest }) => ({
    traceId,
    name: 'x',
    kind: 3,
    startTimeUnixNano: '1790000000000000000',
    endTimeUnixNano: '1790000002000500000',
    status: {},
    ...rest,
    attributes: keyed(attributes),
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: '1790000000000000001',
      attributes: keyed(event.attributes),
    })),
  }))
  const resource = { attributes: keyed({ 'service.name': 'bot', 'deployment.environment.name': 'prod' }) }
  return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'x' }, spans: made }] }] }
}

export interface MadeRecord {
  readonly eventName: string
  readonly spanId: string | null
  readonly attributes?: Attributes
  readonly body?: Json
  readonly at?: number
}

export function otlpLogs(...records: readonly MadeRecord[]): JsonObject {
  const logRecords = records.map(({ eventName, spanId, attributes = {}, body, at = 0 }) => ({
    timeUnixNano: `179000000${at}000000000`,
    eventName,
    ...(spanId === null ? {} : { traceId, spanId }),
    attributes: keyed(attributes),
    ...(body === undefined ? {} : { body: valueOf(body) }),
  }))
  return { resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: { name: 'x' }, logRecords }] }] }
}

function keyed(attributes: Attributes): readonly JsonObject[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: Json): JsonObject {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (value === null) return {}
  if (isList(value)) return { arrayValue: { values: value.map(valueOf) } }
  return { kvlistValue: { values: keyed(value) } }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
