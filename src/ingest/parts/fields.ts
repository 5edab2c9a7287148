// Common spellings of what stands beside a captured request: times, people, segments, feedback.

import type { Feedback, Instant, Json, JsonObject, Timing } from '../../core/types.ts'
import { namesConversation, namesPerson } from '../../providers/party.ts'
import { arrayAt, fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { instantOf } from './instant.ts'

type Line = JsonObject

const capturedAtFields = [
  'timestamp',
  'ts',
  'created_at',
  'createdAt',
  'captured_at',
  'capturedAt',
  'time',
  'start_time',
]
const totalFields = ['latency_ms', 'latencyMs', 'duration_ms', 'durationMs', 'response_time_ms', 'total_ms', 'totalMs']
const firstTokenFields = [
  'ttft_ms',
  'ttftMs',
  'time_to_first_token_ms',
  'timeToFirstTokenMs',
  'first_token_ms',
  'firstTokenMs',
]
const userFields = ['user', 'user_id', 'userId', 'end_user', 'endUser', 'end_user_id', 'customer_id', 'customerId']
const conversationFields = [
  'conversation',
  'conversation_id',
  'conversationId',
  'session',
  'session_id',
  'sessionId',
  'thread_id',
  'threadId',
]
const segmentFields = ['metadata', 'labels', 'tags', 'segments']

/** All of these spellings: what may stand beside a request and is none of it. */
export const besideFields: readonly string[] = [
  ...capturedAtFields,
  ...totalFields,
  ...firstTokenFields,
  ...userFields,
  ...conversationFields,
  ...segmentFields,
  'feedback',
]

/** When the request was captured; null where no field says so. */
export function capturedAtOf(line: Line): Instant | null {
  return first(capturedAtFields, (field) => instantOf(fieldOf(line, field)))
}

/** Only fields whose name says milliseconds: a bare `latency` may be seconds. */
export function timingOf(line: Line): Timing | null {
  const totalMs = first(totalFields, (field) => durationOf(fieldOf(line, field)))
  const firstTokenMs = first(firstTokenFields, (field) => durationOf(fieldOf(line, field)))
  return totalMs === null && firstTokenMs === null ? null : { headersMs: null, firstTokenMs, totalMs }
}

/** Who asked: a field of the line, else one of its metadata. */
export function userOf(line: Line): string | null {
  return first([line, ...segmentObjects(line)], (holder) => first(userFields, (field) => idOf(fieldOf(holder, field))))
}

/** Which conversation the request belongs to: a field of the line, else one of its metadata. */
export function conversationOf(line: Line): string | null {
  return first([line, ...segmentObjects(line)], (holder) =>
    first(conversationFields, (field) => idOf(fieldOf(holder, field))),
  )
}

/** Text, number and boolean values of the line's segments, tags, labels and metadata; none that names a person. */
export function segmentsOf(line: Line): Readonly<Record<string, string>> {
  const pairs = segmentObjects(line)
    .toReversed()
    .flatMap((holder) => Object.entries(holder))
    .filter(([field]) => !namesPerson(field) && !namesConversation(field))
    .flatMap(([field, value]) => (isScalar(value) ? [[field, String(value)] as const] : []))
  return Object.fromEntries(pairs)
}

/** Most specific last in the list of fields, first here. */
function segmentObjects(line: Line): readonly JsonObject[] {
  return segmentFields
    .toReversed()
    .map((field) => objectAt(line, field))
    .filter((holder) => holder !== null)
}

/** What users thought of the answer: a list, one object, a score or a thumb. */
export function feedbackOf(value: Json | undefined): readonly Feedback[] {
  return isArray(value) ? value.flatMap(oneFeedback) : oneFeedback(value)
}

const valueFields = ['value', 'score', 'rating', 'thumbs', 'thumb']

function oneFeedback(feedback: Json | undefined): readonly Feedback[] {
  if (isObject(feedback)) return feedbackObject(feedback)
  const score = scoreOf(feedback)
  return score === null ? [] : [{ name: 'feedback', value: score, comment: null }]
}

function feedbackObject(feedback: JsonObject): readonly Feedback[] {
  const field = valueFields.find((each) => (fieldOf(feedback, each) ?? null) !== null)
  const value = field === undefined ? null : scoreOf(fieldOf(feedback, field))
  const comment = textAt(feedback, 'comment') ?? textAt(feedback, 'text')
  const name = textAt(feedback, 'name') ?? textAt(feedback, 'key') ?? field
  if (value === null && comment === null && field === undefined) return []
  return [{ name: name === undefined || name === 'value' ? 'feedback' : name, value, comment }]
}

const thumbs: Readonly<Record<string, number>> = {
  up: 1,
  thumbs_up: 1,
  positive: 1,
  good: 1,
  like: 1,
  '👍': 1,
  down: -1,
  thumbs_down: -1,
  negative: -1,
  bad: -1,
  dislike: -1,
  '👎': -1,
}

/** −1..1; null where the scale is not known (five stars of how many?). */
function scoreOf(value: Json | undefined): number | null {
  if (typeof value === 'boolean') return value ? 1 : -1
  if (typeof value === 'number') return value >= -1 && value <= 1 ? value : null
  if (typeof value !== 'string') return null
  const word = value.trim().toLowerCase()
  return Object.hasOwn(thumbs, word) ? (thumbs[word] ?? null) : null
}

/** A body that may be JSON in a string, as some logs keep it; null where it is no object. */
export function bodyOf(value: Json | undefined): JsonObject | null {
  const parsed = typeof value === 'string' ? parseJson(value) : value
  return isObject(parsed) ? parsed : null
}

/** An answer that may be JSON in a string: an object, or the list of a stream's chunks. The text of a stream stays a text. */
export function payloadOf(value: Json | undefined): Json {
  const parsed = typeof value === 'string' ? parseJson(value) : value
  if (isObject(parsed) || isArray(parsed)) return parsed
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

/** The body of a logged HTTP message: its headers are never read. Other values are the body themselves. */
export function unwrapped(value: Json | undefined): Json {
  if (!isObject(value)) return value ?? null
  const isEnvelope = ['method', 'url', 'headers', 'status', 'status_code', 'statusCode'].some((field) => field in value)
  const body = fieldOf(value, 'body')
  return isEnvelope && body !== undefined && arrayAt(value, 'messages').length === 0 ? body : value
}

function idOf(value: Json | undefined): string | null {
  if (isObject(value)) return textAt(value, 'id')
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function durationOf(value: Json | undefined): number | null {
  const ms = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : null
}

function isScalar(value: Json): value is string | number | boolean {
  return typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean'
}

function first<From, To>(candidates: readonly From[], ask: (candidate: From) => To | null): To | null {
  for (const candidate of candidates) {
    const answer = ask(candidate)
    if (answer !== null) return answer
  }
  return null
}
