// A span, and what its dialect tells of the call → an entry.

import type { Json, RecordedError, Timing } from '../../core/types.ts'
import { fieldOf, objectAt, textAt } from '../../providers/shape.ts'
import { bodyOf } from '../chatml/chat.ts'
import { completionOf } from '../chatml/completion.ts'
import { Unclear, uncertain } from '../chatml/unclear.ts'
import { captured, type LogEntry, lost, type Place } from '../log-format.ts'
import { instantOf } from '../parts/instant.ts'
import { numberAt, wordAt } from './attributes.ts'
import type { Told } from './dialect.ts'
import type { Span } from './span.ts'

export function placeOf({ traceId, spanId, parentSpanId }: Span): Place {
  return { id: placeId(traceId, spanId), parent: parentSpanId === null ? null : placeId(traceId, parentSpanId) }
}

/** Spans are named within their trace alone. */
export function placeId(traceId: string, spanId: string): string {
  return `${traceId}/${spanId}`
}

export function callOf(span: Span, told: Told): LogEntry {
  const timing = timingOf(span, told.firstTokenMs)
  const error = errorOf(span)
  // A log record need not belong to a trace.
  const traceId = span.traceId === '' ? null : span.traceId
  const known = {
    api: 'openai-chat',
    error,
    timing,
    usage: told.usage,
    capturedAt: instantOf(span.start),
    // The calls of one trace hang together, whoever asked.
    conversation: told.conversation ?? (told.user === null ? traceId : null),
    user: told.user,
    segments: { ...segmentsOf(span), ...told.segments },
    callId: told.responseId ?? (span.spanId === '' ? null : span.spanId),
    traceId,
  }
  const place = placeOf(span)
  if (told.input === null) return { ...lost(`what was asked is not in its span: ${told.advice}`, known), place }
  const { input, output, model, settings: parameters } = told
  const hasFirstToken = told.isStream || told.firstTokenMs !== null
  const body = bodyOf({ input, output, model, parameters, metadata: null, toolColumn: null, hasFirstToken })
  if (body instanceof Unclear) return { ...lost(uncertain(body), known), place }
  const response =
    error === null ? completionOf(output, { asksForJson: objectAt(body, 'response_format') !== null }) : null
  return { kind: 'whole', exchange: captured({ ...known, body, response, damage: told.damage }), place }
}

function timingOf({ start, end, durationNano }: Span, firstTokenMs: number | null): Timing | null {
  const duration = numberAt({ durationNano }, 'durationNano')
  const [from, to] = [instantOf(start), instantOf(end)]
  const between = from === null || to === null ? null : Date.parse(to) - Date.parse(from)
  const totalMs = nanosBetween(start, end) ?? between ?? (duration === null ? null : duration / 1e6)
  if (firstTokenMs === null && (totalMs === null || totalMs < 0)) return null
  return { headersMs: null, firstTokenMs, totalMs: totalMs !== null && totalMs >= 0 ? totalMs : null }
}

/** Nanoseconds since 1970 are more than a number holds; their difference is not. */
function nanosBetween(start: Json, end: Json): number | null {
  return isNanos(start) && isNanos(end) ? Number(BigInt(end) - BigInt(start)) / 1e6 : null
}

function isNanos(value: Json): value is string {
  return typeof value === 'string' && /^\d{19}$/.test(value)
}

const failed = new Set<Json>([2, 'STATUS_CODE_ERROR', 'ERROR'])

function errorOf({ status, events, attributes }: Span): RecordedError | null {
  const isMarked = wordAt(attributes, 'langfuse.observation.level') === 'ERROR'
  if (!failed.has(fieldOf(status, 'code') ?? null) && !isMarked) return null
  const exception = events.find(({ name }) => name === 'exception')?.attributes ?? {}
  const code = wordAt(attributes, 'error.type') ?? wordAt(exception, 'exception.type')
  const said = textAt(status, 'message') ?? wordAt(attributes, 'langfuse.observation.status_message')
  return {
    status: numberAt(attributes, 'http.response.status_code', 'http.status_code'),
    code,
    message: said ?? wordAt(exception, 'exception.message') ?? code ?? 'an error without a message',
  }
}

const resourceSegments: readonly (readonly [string, readonly string[]])[] = [
  ['service', ['service.name']],
  ['environment', ['deployment.environment.name', 'deployment.environment']],
]

function segmentsOf({ resource }: Span): Readonly<Record<string, string>> {
  const pairs = resourceSegments.flatMap(([name, keys]) => {
    const value = wordAt(resource, ...keys)
    return value === null ? [] : [[name, value] as const]
  })
  return Object.fromEntries(pairs)
}
