// What a log format is to the house: one JSON value in (a line, a row, a file), captured exchanges or parts of them out.

import type {
  Feedback,
  Fidelity,
  Instant,
  Json,
  JsonObject,
  RecordedError,
  Reply,
  Timing,
  Usage,
} from '../core/types.ts'

/** One log format. One file each in `formats/`, listed in `index.ts`. Pure: no file, no clock. */
export interface LogFormat {
  /** The file's name and the word in the config. */
  readonly name: string
  readonly title: string
  /** What its records know, and what the log cannot tell: for `shadowgate formats` and the README's table. */
  readonly tells: string
  readonly lacks: string
  /** Whether the line is certainly of this format. Must be false for lines of the other formats. */
  readonly recognises: (line: Json) => boolean
  /** What the line holds. Never throws: a line that is not of this format gives one `rejected`. */
  readonly read: (line: Json) => readonly LogEntry[]
  /** Whether its calls stand inside each other: then its entries have places. */
  readonly nests: boolean
  /** What rows of one call hold together, in order; for formats whose `read` gives `row`s. */
  readonly assemble?: (rows: readonly Json[]) => LogEntry
  /** Lines that the conformance suite reads. */
  readonly specimens: readonly Specimen[]
}

export interface Specimen {
  readonly line: JsonObject
  readonly kind: LogEntry['kind']
}

/**
 * What a line holds. Halves are joined on `key`, and rows glued on it, over all files of one ingest and in any order: a
 * request without its reply is a record that recorded nothing; a reply without its request is rejected.
 */
export type LogEntry = (
  | { readonly kind: 'whole'; readonly exchange: CapturedExchange }
  | { readonly kind: 'half'; readonly key: string; readonly side: 'request'; readonly part: CapturedExchange }
  | { readonly kind: 'half'; readonly key: string; readonly side: 'reply'; readonly part: CapturedReply }
  /** One of several rows that are one call together. */
  | { readonly kind: 'row'; readonly key: string; readonly order: number; readonly row: Json }
  /** What somebody thought of a call that stands elsewhere: `about` is the call's id, or its trace's. */
  | { readonly kind: 'opinion'; readonly about: string; readonly feedback: Feedback }
  /** In order, but no call of a chat model: an agent's span, a tool's, a request for an embedding. */
  | { readonly kind: 'left-out'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string }
) & {
  /** Where calls nest (an agent's around its model's), of every entry: the innermost calls are the ones that count. */
  readonly place?: Place
}

/** Where an entry stands among the calls and spans of its trace. */
export interface Place {
  readonly id: string
  readonly parent: string | null
}

/** One exchange as the log has it: before redaction, and before anybody's name is hashed. `captured` makes one. */
export interface CapturedExchange {
  /** A name of the `providers` roster where the log says which API it is; null where the body must tell. */
  readonly api: string | null
  /** null where the log says that there was a call, but not what was asked. */
  readonly body: JsonObject | null
  /** The answer as the API gave it: an object, the list of a stream's chunks, a stream's text; null where there is none. */
  readonly response: Json
  /** The answer as it was read before: of our own log alone, where `response` is null. */
  readonly reply: Reply | null
  /** What production failed with; null where it answered, or nothing is known. */
  readonly error: RecordedError | null
  readonly timing: Timing | null
  /** What the log counted itself: used where the answer has no bill of its own. */
  readonly usage: Usage | null
  readonly capturedAt: Instant | null
  readonly feedback: readonly Feedback[]
  /** Who asked, in clear: it is hashed into `RequestRecord.cluster` and never stored. */
  readonly conversation: string | null
  readonly user: string | null
  readonly segments: Readonly<Record<string, string>>
  /** The names that the log gives to the call and to its trace: opinions are joined on them, and people find it by them. */
  readonly callId: string | null
  readonly traceId: string | null
  /** What the log itself did to the request, where it did something; the rest is judged by the body. */
  readonly damage: Damage | null
}

export interface Damage {
  readonly fidelity: Exclude<Fidelity, 'full'>
  /** What happened to it, and what to switch on in the tool that logs. */
  readonly reason: string
}

/** The half of an exchange that a log's answer line carries. */
export type CapturedReply = Pick<CapturedExchange, 'response' | 'error' | 'capturedAt'>

const nothing: CapturedExchange = {
  api: null,
  body: null,
  response: null,
  reply: null,
  error: null,
  timing: null,
  usage: null,
  capturedAt: null,
  feedback: [],
  conversation: null,
  user: null,
  segments: {},
  callId: null,
  traceId: null,
  damage: null,
}

/** An exchange of which this is known, and nothing else. */
export function captured(known: Partial<CapturedExchange>): CapturedExchange {
  return { ...nothing, ...known }
}

/** A call of which the log kept no request: counted, and never replayed. */
export function lost(reason: string, known: Partial<CapturedExchange> = {}): LogEntry {
  const damage = { fidelity: 'metadata-only', reason } as const
  return { kind: 'whole', exchange: captured({ ...known, body: null, damage }) }
}
