// A captured exchange → a record: whose it is hashed, credentials out, named by what it asks.

import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type {
  Feedback,
  Fidelity,
  Json,
  JsonObject,
  RecordId,
  Reply,
  RequestRecord,
  Source,
  ToolCall,
} from '../core/types.ts'
import { createFrameReader } from '../providers/framing.ts'
import type { Provider } from '../providers/provider.ts'
import { without } from '../providers/shape.ts'
import type { CapturedExchange } from './log-format.ts'
import { isHeaderLike, isTooDeep, type Redaction, startRedaction } from './redact.ts'

export interface RecordContext {
  readonly source: Source
  /** Mixed into the hash of whoever asked, so that names cannot be tried out against a store. */
  readonly salt: string
  readonly providers: readonly Provider[]
  /** How often each request was seen in this source so far; counted up here. */
  readonly occurrences: Map<RecordId, number>
}

export interface Recorded {
  readonly record: RequestRecord
  readonly provider: Provider
  /** The id without its ordinal: the same for every recurrence of the request. */
  readonly request: RecordId
  /** Credentials taken out. */
  readonly keys: number
}

/** The record of an exchange, or why there can be none. */
export function recordOf(exchange: CapturedExchange, context: RecordContext): Recorded | { readonly rejected: string } {
  if (isTooDeep(exchange.body) || isTooDeep(exchange.response)) return { rejected: 'its JSON nests too deeply' }
  const provider = providerOf(exchange, context.providers)
  if (provider === null) {
    const known = context.providers.map((each) => each.name).join(', ')
    return { rejected: `its request is of no API that is read; there is ${known}` }
  }
  const redaction = startRedaction()
  const body = redaction.object(provider.withoutParty(exchange.body))
  const kept = { body, canonical: canonicalOf(provider.name, body), keys: redaction.keys(), provider }
  const request = createHash('sha256').update(kept.canonical).digest('hex').slice(0, 24)
  const record: RequestRecord = {
    id: numbered(request, context.occurrences),
    api: provider.name,
    body,
    capturedAt: exchange.capturedAt,
    recorded: recordedReply(exchange.response, provider, redaction),
    recordedTiming: exchange.timing,
    feedback: exchange.feedback.map((each) => cleanedFeedback(each, redaction)),
    cluster: clusterOf(exchange, provider, context.salt),
    segments: cleanedSegments(exchange.segments, redaction),
    fidelity: fidelityOf(kept),
    source: context.source,
  }
  return { record, provider, request, keys: redaction.keys() }
}

/** What production answered then, without credentials. null where it answered with an error, or not in its API's shape. */
export function recordedReply(response: Json, provider: Provider, redaction: Redaction): Reply | null {
  if (response === null || isTooDeep(response)) return null
  const reply = typeof response === 'string' ? streamedReply(response, provider) : provider.reply(response)
  // Redacted after folding: a key may lie across the chunks of a stream.
  const { text } = redaction
  const cleanedCall = (call: ToolCall) => ({ name: text(call.name), arguments: text(call.arguments) })
  return reply && { ...reply, text: text(reply.text), toolCalls: reply.toolCalls.map(cleanedCall) }
}

function streamedReply(text: string, provider: Provider): Reply | null {
  const frames = createFrameReader(provider.framing)
  const reader = provider.stream()
  for (const event of [...frames.push(Buffer.from(text)), ...frames.end()]) reader.push(event)
  const end = reader.end()
  return 'reply' in end ? end.reply : null
}

/** The log's word first; then the one API that the body is certainly in; then the one that the answer is in. */
function providerOf({ api, body, response }: CapturedExchange, roster: readonly Provider[]): Provider | null {
  if (api !== null) return roster.find((provider) => provider.name === api) ?? null
  const accepting = roster.find((provider) => provider.accepts(body))
  return accepting ?? roster.find((provider) => response !== null && provider.reply(response) !== null) ?? null
}

/** What an answer looks like on its way is no part of what was asked. */
const deliveryFields = ['stream', 'stream_options']

function canonicalOf(api: string, body: JsonObject): string {
  const canonical = canonicalize({ api, body: without(body, deliveryFields) })
  if (canonical === undefined) throw new Error('a JSON object has a canonical form')
  return canonical
}

function numbered(request: RecordId, occurrences: Map<RecordId, number>): RecordId {
  const before = occurrences.get(request) ?? 0
  occurrences.set(request, before + 1)
  return before === 0 ? request : `${request}-${before}`
}

function clusterOf({ conversation, user, body }: CapturedExchange, provider: Provider, salt: string): string | null {
  const asker = user ?? provider.party(body)
  const party = conversation === null ? (asker === null ? null : `user\0${asker}`) : `conversation\0${conversation}`
  if (party === null) return null
  const digest = createHash('sha256').update(`${salt}\0${party}`).digest('hex').slice(0, 22)
  return `${conversation === null ? 'u' : 'c'}-${digest}`
}

interface Kept {
  readonly body: JsonObject
  readonly canonical: string
  readonly keys: number
  readonly provider: Provider
}

function fidelityOf({ body, canonical, keys, provider }: Kept): Fidelity {
  if (!provider.accepts(body) || provider.prompt(body).trim() === '') return 'metadata-only'
  // LiteLLM cuts long texts in the middle, and stands these words where it did.
  if (canonical.includes('litellm_truncated')) return 'truncated'
  return keys > 0 || canonical.includes('redacted-by-litellm') ? 'redacted' : 'full'
}

function cleanedFeedback({ name, value, comment }: Feedback, { text }: Redaction): Feedback {
  return { name: text(name), value, comment: comment === null ? null : text(comment) }
}

function cleanedSegments(segments: Readonly<Record<string, string>>, { text }: Redaction): Record<string, string> {
  const clean = Object.entries(segments).filter(([key]) => !isHeaderLike(key))
  return Object.fromEntries(clean.map(([key, value]) => [text(key), text(value)]))
}
