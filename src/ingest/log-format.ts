// What a log format is to the house: one JSON line in, captured exchanges or halves of one out.

import type { Feedback, Instant, Json, JsonObject, Timing } from '../core/types.ts'

/** One log format. One file each in `formats/`, listed in `index.ts`. Pure: no file, no clock. */
export interface LogFormat {
  /** The file's name and the word in the config. */
  readonly name: string
  readonly title: string
  /** Whether the line is certainly of this format. Must be false for lines of the other formats. */
  readonly recognises: (line: Json) => boolean
  /** What the line holds. Never throws: a line that is not of this format gives one `rejected`. */
  readonly read: (line: Json) => readonly LogEntry[]
  /** Lines that the conformance suite reads. */
  readonly specimens: readonly Specimen[]
}

export interface Specimen {
  readonly line: JsonObject
  readonly kind: LogEntry['kind']
}

/**
 * What a line holds. Halves are joined on `key` over all files of one ingest, in any order: a request without its reply
 * is a record that recorded nothing; a reply without its request is rejected.
 */
export type LogEntry =
  | { readonly kind: 'whole'; readonly exchange: CapturedExchange }
  | { readonly kind: 'half'; readonly key: string; readonly side: 'request'; readonly part: CapturedExchange }
  | { readonly kind: 'half'; readonly key: string; readonly side: 'reply'; readonly part: CapturedReply }
  | { readonly kind: 'rejected'; readonly reason: string }

/** One exchange as the log has it: before redaction, and before anybody's name is hashed. */
export interface CapturedExchange {
  /** A name of the `providers` roster where the log says which API it is; null where the body must tell. */
  readonly api: string | null
  readonly body: JsonObject
  /** The answer as the API gave it: an object, the list of a stream's chunks, a stream's text; null where there is none. */
  readonly response: Json
  readonly timing: Timing | null
  readonly capturedAt: Instant | null
  readonly feedback: readonly Feedback[]
  /** Who asked, in clear: it is hashed into `RequestRecord.cluster` and never stored. */
  readonly conversation: string | null
  readonly user: string | null
  readonly segments: Readonly<Record<string, string>>
}

/** The half of an exchange that a log's answer line carries. */
export type CapturedReply = Pick<CapturedExchange, 'response' | 'capturedAt'>
