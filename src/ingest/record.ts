// A captured exchange → a record: whose it is hashed, credentials out, named by what it asks.

import { hash } from 'node:crypto'
import type {
  Feedback,
  Json,
  JsonObject,
  RecordedError,
  Reply,
  RequestRecord,
  Source,
  ToolCall,
} from '../core/types.ts'
import { storedFieldIn } from '../providers/openai-responses.ts'
import type { Provider } from '../providers/provider.ts'
import { without } from '../providers/shape.ts'
import { canonicalJson } from './canonical.ts'
import type { CapturedExchange } from './log-format.ts'
import { markedDamage } from './parts/marks.ts'
import { providerOf } from './parts/provider-of.ts'
import { replyIn } from './parts/reply-in.ts'
import { isHeaderLike, isTooDeep, personalCount, type Redaction, type Taken } from './redact.ts'

export interface RecordContext {
  readonly source: Source
  /** Mixed into the hash of whoever asked, so that names cannot be tried out against a store. */
  readonly salt: string
  readonly providers: readonly Provider[]
  readonly startRedaction: () => Redaction
}

export interface Recorded {
  /** Its id is without an ordinal: the same for every recurrence of the request. */
  readonly record: RequestRecord
  readonly taken: Taken
}

/** The record of an exchange, or why there can be none. */
export function recordOf(exchange: CapturedExchange, context: RecordContext): Recorded | { readonly rejected: string } {
  if (isTooDeep(exchange.body) || isTooDeep(exchange.response)) return { rejected: 'its JSON nests too deeply' }
  const provider = providerOf(exchange, context.providers)
  if (provider === null && exchange.damage === null) {
    const known = context.providers.map((each) => each.name).join(', ')
    return { rejected: `its request is of no API that is read; there is ${known}` }
  }
  const redaction = context.startRedaction()
  const body = redaction.object(bodyIn(exchange, provider))
  const taken = redaction.taken()
  const names = namesOf(exchange, redaction)
  const api = provider?.name ?? exchange.api ?? unknownApi
  // A call whose request was not kept is told from others by its own name alone.
  const canonical = canonicalOf(exchange.body === null ? { api, call: identityOf(exchange, names) } : { api, body })
  const request = hash('sha256', canonical, 'hex').slice(0, 24)
  const known = exchange.reply && cleanedReply(exchange.reply, redaction)
  const recorded = known ?? (provider && recordedReply(exchange.response, provider, redaction))
  const record: RequestRecord = {
    id: request,
    api,
    body,
    capturedAt: exchange.capturedAt,
    recorded,
    // How long an error took says nothing of the model, whatever the log has.
    recordedTiming: exchange.error === null ? exchange.timing : null,
    recordedUsage: recorded?.usage ?? exchange.usage,
    recordedError: exchange.error && cleanedError(exchange.error, redaction),
    feedback: exchange.feedback.map((each) => cleanedFeedback(each, redaction)),
    cluster: clusterOf(exchange, provider, context.salt),
    segments: cleanedSegments(exchange.segments, redaction),
    ...fidelityOf({ body, canonical, taken, provider, exchange }),
    ...names,
    source: context.source,
  }
  return { record, taken: redaction.taken() }
}

/** What stands for the API of a call whose request the log did not keep, nor said what it was. */
const unknownApi = 'unknown'

function bodyIn({ body }: CapturedExchange, provider: Provider | null): JsonObject {
  return body === null ? {} : (provider?.withoutParty(body) ?? body)
}

type Names = Pick<RequestRecord, 'callId' | 'traceId'>

function namesOf({ callId, traceId }: CapturedExchange, { text }: Redaction): Names {
  return { callId: callId && text(callId), traceId: traceId && text(traceId) }
}

function identityOf({ capturedAt, timing }: CapturedExchange, { callId, traceId }: Names): Json {
  return callId ?? [traceId, capturedAt, timing?.totalMs ?? null]
}

/** What production answered then, without credentials. null where it answered with an error, or not in its API's shape. */
export function recordedReply(response: Json, provider: Provider, redaction: Redaction): Reply | null {
  if (response === null || isTooDeep(response)) return null
  const reply = replyIn(response, provider)
  // Redacted after folding: a key may lie across the chunks of a stream.
  return reply && cleanedReply(reply, redaction)
}

function cleanedReply(reply: Reply, { text }: Redaction): Reply {
  const cleanedCall = (call: ToolCall) => ({ name: text(call.name), arguments: text(call.arguments) })
  return { ...reply, text: text(reply.text), toolCalls: reply.toolCalls.map(cleanedCall) }
}

export function cleanedError({ status, code, message }: RecordedError, { text }: Redaction): RecordedError {
  return { status, code: code === null ? null : text(code), message: text(message).slice(0, 300).toWellFormed() }
}

/** What an answer looks like on its way is no part of what was asked. */
const deliveryFields = ['stream', 'stream_options']

function canonicalOf(asked: { readonly api: string; readonly body?: JsonObject; readonly call?: Json }): string {
  const { body } = asked
  return canonicalJson(body === undefined ? asked : { ...asked, body: without(body, deliveryFields) })
}

function clusterOf({ conversation, user, body }: CapturedExchange, provider: Provider | null, salt: string) {
  const asker = user ?? (body && provider?.party(body)) ?? null
  const party = conversation === null ? (asker === null ? null : `user\0${asker}`) : `conversation\0${conversation}`
  if (party === null) return null
  const digest = hash('sha256', `${salt}\0${party}`, 'hex').slice(0, 22)
  return `${conversation === null ? 'u' : 'c'}-${digest}`
}

interface Kept {
  readonly body: JsonObject
  readonly canonical: string
  /** What was in the request. */
  readonly taken: Taken
  readonly provider: Provider | null
  readonly exchange: CapturedExchange
}

function fidelityOf({
  body,
  canonical,
  taken,
  provider,
  exchange,
}: Kept): Pick<RequestRecord, 'fidelity' | 'fidelityReason'> {
  if (exchange.damage !== null) return { fidelity: exchange.damage.fidelity, fidelityReason: exchange.damage.reason }
  // Where the log or the answer says which API it is, a body that could be of several is of that one.
  const isRequest = exchange.api !== null || provider?.allows(body) === true
  if (!isRequest || provider === null || provider.prompt(body).trim() === '') {
    return { fidelity: 'metadata-only', fidelityReason: 'nothing is asked in it' }
  }
  const stored = provider.name === 'openai-responses' ? storedFieldIn(body) : null
  if (stored !== null) {
    return { fidelity: 'truncated', fidelityReason: `it leans on \`${stored}\`, which the provider keeps` }
  }
  const marked = markedDamage(canonical)
  if (marked !== null) return { fidelity: marked.fidelity, fidelityReason: marked.reason }
  if (taken.keys > 0) return { fidelity: 'redacted', fidelityReason: 'a credential was taken out of it' }
  // Both arms are asked the same text, so it votes.
  const pieces = personalCount(taken)
  return { fidelity: 'full', fidelityReason: pieces === 0 ? null : replacedWords(pieces) }
}

function replacedWords(pieces: number): string {
  return pieces === 1 ? '1 piece of personal data was replaced' : `${pieces} pieces of personal data were replaced`
}

export function cleanedFeedback({ name, value, comment }: Feedback, { text }: Redaction): Feedback {
  return { name: text(name), value, comment: comment === null ? null : text(comment) }
}

function cleanedSegments(segments: Readonly<Record<string, string>>, { text }: Redaction): Record<string, string> {
  const clean = Object.entries(segments).filter(([key]) => !isHeaderLike(key))
  return Object.fromEntries(clean.map(([key, value]) => [text(key), text(value)]))
}
