// What a call failed with, in the words that logs have for it: a status, an error, an answer that is one.

import type { Json, JsonObject, RecordedError } from '../../core/types.ts'
import { createFrameReader } from '../../providers/framing.ts'
import type { Provider } from '../../providers/provider.ts'
import { rejectionOf } from '../../providers/rejection.ts'
import { fieldOf, isArray, isObject, parseJson, textAt } from '../../providers/shape.ts'
import { isAnswered, statusOf } from './http-status.ts'

const statusFields = ['status', 'status_code', 'statusCode', 'http_status', 'httpStatus', 'response_status']

/**
 * null where the call was answered, or where nothing says how it went. `holders` are asked in their order; `rejection` is
 * how the call's API words its errors, where that is known.
 */
export function failureOf(
  holders: readonly (JsonObject | null)[],
  response: Json,
  rejection: Provider['rejection'] = rejectionOf,
): RecordedError | null {
  const asked = holders.map((holder) => holder ?? undefined)
  const statuses = asked.flatMap((holder) => statusFields.map((field) => statusOf(fieldOf(holder, field))))
  const status = statuses.find((each) => each !== null) ?? null
  const said = asked.map((holder) => fieldOf(holder, 'error') ?? null).find(isError) ?? null
  const body =
    said === null ? errorBody(response) : isObject(said) && !isObject(fieldOf(said, 'error')) ? { error: said } : said
  const isFine = status !== null && status < 400
  // A stream may break after its 200.
  if (isFine ? !isObject(body) : status === null && body === null) return null
  const { code, detail } = rejection(status ?? 0, body ?? response)
  const isSilent = body === null && (response === null || response === '')
  return { status: isFine ? null : (status ?? statusOf(codeIn(body))), code, message: isSilent ? '' : detail }
}

/** The same where the log has its status in a place of its own; null is no status, which says nothing. */
export function failureAt(status: number | null, answer: Json): RecordedError | null {
  if (isAnswered(status)) return failureOf([{ status }], answer)
  const { code, detail } = rejectionOf(status ?? 0, answer)
  return { status, code, message: detail }
}

/** What a log marks as failed, and says no more of. */
export function unsaidFailure(mark: string): RecordedError {
  return { status: null, code: null, message: `${mark}, without a message` }
}

/** Google's errors have the HTTP status for their code. */
function codeIn(body: Json): Json {
  return fieldOf(fieldOf(body, 'error'), 'code') ?? null
}

function isError(value: Json): boolean {
  return isObject(value) || (typeof value === 'string' && value.trim() !== '')
}

/** An answer, or the event of a stream, that is an error; null where there is none. */
function errorBody(response: Json): Json {
  const events = typeof response === 'string' ? eventsIn(response) : isArray(response) ? response : [response]
  return events.find((each) => isError(fieldOf(each, 'error') ?? null) || textAt(each, 'type') === 'error') ?? null
}

function eventsIn(text: string): readonly Json[] {
  if (!text.includes('error')) return []
  const frames = createFrameReader('sse')
  return [...frames.push(Buffer.from(text)), ...frames.end()].map(({ data }) => parseJson(data) ?? null)
}
