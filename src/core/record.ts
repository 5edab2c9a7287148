// What a log comes to: records of requests, and the lines that could not be read.

import type { Instant, JsonObject, Reply, Timing, Usage } from './types.ts'

/** sha256 of the canonical request, cut to 24 hex digits, plus `-n` for its nth recurrence in one source. */
export type RecordId = string

/** How much of the request the log kept. Only `full` may vote. */
export type Fidelity = 'full' | 'truncated' | 'redacted' | 'metadata-only'

/** What a user, or somebody for them, thought of an answer. */
export interface Feedback {
  readonly name: string
  /** −1..1, where the source has a scale. */
  readonly value: number | null
  readonly comment: string | null
}

/** Where a record was read. */
export interface Source {
  readonly file: string
  /** 1-based line in the decompressed file. */
  readonly line: number
  readonly format: string
}

/** What production failed with, as the log has it. */
export interface RecordedError {
  readonly status: number | null
  readonly code: string | null
  /** At most 300 characters, redacted. */
  readonly message: string
}

/** One captured production request, after redaction. */
export interface RequestRecord {
  readonly id: RecordId
  /** The provider API that `body` is written in: a name of the `providers` roster. */
  readonly api: string
  readonly body: JsonObject
  readonly capturedAt: Instant | null
  /** What production answered then: evidence of drift, never the production arm by stealth. */
  readonly recorded: Reply | null
  readonly recordedTiming: Timing | null
  /** The bill of the answer, or what the log counted where the answer has none. */
  readonly recordedUsage: Usage | null
  readonly recordedError: RecordedError | null
  readonly feedback: readonly Feedback[]
  /** The unit of independence: the conversation (`c-…`), else the user (`u-…`), hashed; null where every request stands alone. */
  readonly cluster: string | null
  /** Route, task, language, customer tier: what a verdict is also given for. */
  readonly segments: Readonly<Record<string, string>>
  readonly fidelity: Fidelity
  /** Why it is not full, or what was done to a full one; null where nothing was. */
  readonly fidelityReason: string | null
  /** The names that the log gives to the call and to its trace. */
  readonly callId: string | null
  readonly traceId: string | null
  readonly source: Source
}

/** A line that could not be read: kept, counted, never in the way of the rest. */
export interface RejectedLine {
  readonly file: string
  readonly line: number
  readonly reason: string
  /** The line's opening, redacted, at most 200 characters. */
  readonly excerpt: string
}

/** What somebody thought of a call, or of the only call of a trace. */
export interface Opinion {
  /** `RequestRecord.callId` or `RequestRecord.traceId`. */
  readonly about: string
  readonly feedback: Feedback
}

/** A record on its way to the store: what is no plain value is JSON text, which threads and tables take as it is. */
export interface PackedRecord {
  readonly id: RecordId
  readonly api: string
  readonly body: string
  readonly capturedAt: Instant | null
  readonly recorded: string | null
  readonly recordedTiming: string | null
  readonly recordedUsage: string | null
  readonly recordedError: string | null
  readonly feedback: string
  readonly cluster: string | null
  readonly segments: string
  readonly fidelity: Fidelity
  readonly fidelityReason: string | null
  readonly callId: string | null
  readonly traceId: string | null
  readonly source: Source
}

/** A record as the store keeps it. */
export function packed(record: RequestRecord): PackedRecord {
  return {
    ...record,
    body: JSON.stringify(record.body),
    recorded: textOf(record.recorded),
    recordedTiming: textOf(record.recordedTiming),
    recordedUsage: textOf(record.recordedUsage),
    recordedError: textOf(record.recordedError),
    feedback: JSON.stringify(record.feedback),
    segments: JSON.stringify(record.segments),
  }
}

/** A record as the store kept it; throws SyntaxError where its JSON was changed by hand. */
export function unpacked(record: PackedRecord): RequestRecord {
  return {
    ...record,
    body: JSON.parse(record.body),
    recorded: valueOf(record.recorded),
    recordedTiming: valueOf(record.recordedTiming),
    recordedUsage: valueOf(record.recordedUsage),
    recordedError: valueOf(record.recordedError),
    feedback: JSON.parse(record.feedback),
    segments: JSON.parse(record.segments),
  }
}

function textOf(value: Reply | Timing | Usage | RecordedError | null): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** What the type says is what was packed. */
function valueOf(text: string | null) {
  return text === null ? null : JSON.parse(text)
}
