// The nouns of the house: plain, immutable, JSON-shaped. Behaviour is functions over them, in the rooms that own it.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** ISO 8601 in UTC with milliseconds, e.g. `2026-11-23T02:30:00.000Z`. */
export type Instant = string

/** `production` is what serves users today, `candidate` what may replace it. Every effect is candidate against production. */
export type Arm = 'production' | 'candidate'
export const arms: readonly Arm[] = ['production', 'candidate']

/** sha256 of the canonical request, cut to 24 hex digits, plus `-n` for its nth recurrence in one source. */
export type RecordId = string

/** How much of the request the log kept. Only `full` may vote. */
export type Fidelity = 'full' | 'truncated' | 'redacted' | 'metadata-only'

export interface ToolCall {
  readonly name: string
  /** As the model wrote them: JSON text that may not parse. */
  readonly arguments: string
}

/** Tokens as a bill counts them. `input` includes `cachedInput`; `output` includes `reasoning`. */
export interface Usage {
  readonly input: number
  readonly output: number
  /** Input tokens served from the provider's prompt cache; null where the provider reports none. */
  readonly cachedInput: number | null
  readonly reasoning: number | null
}

/** Why the model stopped, in one vocabulary. `refused` and `filtered` are what the provider says, not what a text looks like. */
export type StopReason = 'end' | 'length' | 'tool' | 'filtered' | 'refused' | 'unknown'

export interface Reply {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly stop: StopReason
  readonly usage: Usage | null
  /** The model as the API names it in its answer, which need not be the one asked for. */
  readonly servedModel: string | null
}

export interface Feedback {
  readonly name: string
  /** −1..1, where the source has a scale. */
  readonly value: number | null
  readonly comment: string | null
}

/** Durations of an exchange in ms from the moment the request was sent; null where the log or the API cannot tell. */
export interface Timing {
  readonly headersMs: number | null
  /** First content token of a streamed answer (TTFT); null for answers that came whole. */
  readonly firstTokenMs: number | null
  readonly totalMs: number | null
}

export interface Source {
  readonly file: string
  /** 1-based line in the decompressed file. */
  readonly line: number
  readonly format: string
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
  readonly feedback: readonly Feedback[]
  /** The unit of independence: the conversation, else the user, hashed; null where every request stands alone. */
  readonly cluster: string | null
  /** Route, task, language, customer tier: what a verdict is also given for. */
  readonly segments: Readonly<Record<string, string>>
  readonly fidelity: Fidelity
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

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number
  readonly cachedInput?: number | undefined
  readonly output: number
}

/** Where an arm's requests go. Safe to print and to store: it names the key's variable, not the key. */
export interface Target {
  readonly arm: Arm
  readonly api: string
  /** Whose server it is, where that differs from the API's maker: a name of `providers/vendors`. */
  readonly vendor: string | null
  readonly baseUrl: string
  /** Replaces the captured model; null sends the captured one. */
  readonly model: string | null
  readonly keyFrom: { readonly env: string } | null
  /** Names of extra headers; their values stay in the config. */
  readonly headerNames: readonly string[]
  /** Body fields set on every request (`null` removes one). */
  readonly overrides: JsonObject
  readonly concurrency: number
  readonly timeouts: Timeouts
  readonly retries: number
  readonly pricePerMillion: Price | null
}

/** Deadlines of an exchange, each in ms. */
export interface Timeouts {
  readonly connectMs: number
  /** From the request's last byte to the response's headers. */
  readonly headersMs: number
  /** Between two chunks of the response. */
  readonly idleMs: number
  /** From send to last byte: what a user would wait at most. Counts as infinitely slow. */
  readonly totalMs: number
}

export type TimeoutPhase = 'connect' | 'headers' | 'idle' | 'total'

/** How one HTTP exchange ended. A failed call is a measurement, not an exception. */
export type Outcome =
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** The API answered with an error. `code` is the provider's own word for it. */
  | { readonly kind: 'rejected'; readonly status: number; readonly code: string | null; readonly detail: string }
  /** The connection or the body broke: refused, reset, cut stream, not the API's shape. */
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly phase: TimeoutPhase }
  | { readonly kind: 'cancelled' }

/** One HTTP exchange. A retry is another Attempt, never a mutation. */
export interface Attempt {
  readonly recordId: RecordId
  readonly arm: Arm
  /** 0 is the pair that is judged; trial ≥ 1 of production is the noise floor (A/A). */
  readonly trial: number
  /** 0 for the first try, 1 for its first retry… */
  readonly tries: number
  /** True on the try that stands for the arm: no further one follows. */
  readonly isFinal: boolean
  /** Place of this call in its record's random order of arms, 0-based. */
  readonly position: number
  /** When the pacer wanted it sent; `sentAt − dueAt` is our own delay, visible. */
  readonly dueAt: Instant
  readonly sentAt: Instant
  readonly timing: Timing
  readonly outcome: Outcome
  readonly httpStatus: number | null
}

/** Which two attempts of a record are compared. */
export type Comparison =
  /** production's first answer against the candidate's: what the verdict is about. */
  | 'candidate'
  /** production's first answer against its second: the noise floor. */
  | 'noise'
  /** production's second answer against the candidate's: steadies the text effects. */
  | 'cross'

/** The final attempts of one record that are compared. `production` holds the left side of every comparison. */
export interface Pair {
  readonly recordId: RecordId
  readonly comparison: Comparison
  readonly production: AnsweredCall
  readonly candidate: AnsweredCall
}

/** What became of one call over all its tries. */
export interface AnsweredCall {
  readonly outcome: Outcome
  /** What a user would have waited for, first send to last byte, retries included; Infinity where no answer came. */
  readonly latencyMs: number
  /** Infinity where no answer came; null where it came whole. */
  readonly firstTokenMs: number | null
  readonly tries: number
}

/** The answer of a metric for one side or one pair. Absence is a case, never a number. */
export type Measure =
  | { readonly kind: 'value'; readonly value: number; readonly weight?: number }
  | { readonly kind: 'absent'; readonly why: AbsenceReason; readonly detail?: string }

export type AbsenceReason = 'no-reply' | 'not-reported' | 'not-streamed' | 'no-price' | 'one-arm-only' | 'excluded'

/** One metric in one pair, as it is kept. Where `absent` is set the numbers are null. */
export interface MeasureRow {
  readonly recordId: RecordId
  readonly comparison: Comparison
  readonly metric: string
  readonly version: number
  /** null for a metric of the pair, whose number stands in `candidate`. */
  readonly production: number | null
  readonly productionWeight: number | null
  readonly candidate: number | null
  readonly candidateWeight: number | null
  readonly absent: AbsenceReason | null
}

/** A stretch of text for people, from the diff of production's answer to the candidate's. */
export interface DiffPart {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}
