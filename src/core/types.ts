// The nouns of the house: plain, immutable, JSON-shaped. Behaviour is functions over them, in the rooms that own it.

import type { RecordId } from './record.ts'

export type * from './record.ts'

/** What JSON text can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
/** A JSON object: of request bodies, above all. */
export type JsonObject = { readonly [key: string]: Json }

/** ISO 8601 in UTC with milliseconds, e.g. `2026-11-23T02:30:00.000Z`. */
export type Instant = string

/** `production` is what serves users today, `candidate` what may replace it. Every effect is candidate against production. */
export type Arm = 'production' | 'candidate'
/** Both arms. */
export const arms: readonly Arm[] = ['production', 'candidate']

/** One call of a tool that a model asks for. */
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
  /** Input tokens written to the prompt cache, which some providers bill for more; absent where none were. */
  readonly cacheWrite?: number | undefined
}

/** Why the model stopped, in one vocabulary. `refused` and `filtered` are what the provider says, not what a text looks like. */
export type StopReason = 'end' | 'length' | 'tool' | 'filtered' | 'refused' | 'unknown'

/** An answer, whatever API it came from. */
export interface Reply {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly stop: StopReason
  readonly usage: Usage | null
  /** The model as the API names it in its answer, which need not be the one asked for. */
  readonly servedModel: string | null
}

/** The form of answer that a request asks for. */
export interface AskedForm {
  readonly isJson: boolean
  /** JSON Schema of the answer, where the request brings one. */
  readonly schema: JsonObject | null
  /** Names of the tools that it offers. */
  readonly tools: readonly string[]
}

/** Durations of an exchange in ms from the moment the request was sent; null where the log or the API cannot tell. */
export interface Timing {
  readonly headersMs: number | null
  /** First content token of a streamed answer (TTFT); null for answers that came whole. */
  readonly firstTokenMs: number | null
  readonly totalMs: number | null
}

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number
  readonly cachedInput?: number | undefined
  /** Input written to the prompt cache: the price of input where it is left out. */
  readonly cacheWrite?: number | undefined
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
  /** Lower-case name → hash, of those that choose what answers and are no secrets. Absent where there are none, and in runs of old. */
  readonly headerHashes?: Readonly<Record<string, string>> | undefined
  /** Body fields that keep their values: the captured name → the target's. Absent where none is, and in runs of old. */
  readonly rename?: Readonly<Record<string, string>> | undefined
  /** Body fields set on every request (`null` removes one), after renaming. */
  readonly overrides: JsonObject
  /** Requests in flight at most; fewer while the target says that it is too much. */
  readonly concurrency: number
  readonly limits: RateLimits
  readonly timeouts: Timeouts
  readonly retries: number
  readonly pricePerMillion: Price | null
}

/** What the target's key may do in a minute; null where nobody said. */
export interface RateLimits {
  readonly requestsPerMinute: number | null
  /** Input and output together. */
  readonly tokensPerMinute: number | null
}

/** Deadlines of an exchange, each in ms. */
export interface Timeouts {
  readonly connectMs: number
  /** From send to the first token of a streamed answer, or to the headers of one that comes whole. */
  readonly firstTokenMs: number
  /** Between two chunks of the response. */
  readonly idleMs: number
  /** From send to last byte: what a user would wait at most. Counts as infinitely slow. */
  readonly totalMs: number
}

/** Which deadline of `Timeouts` ran out. */
export type TimeoutPhase = 'connect' | 'first-token' | 'idle' | 'total'

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
  /** The record's place in the run. */
  readonly ordinal: number
  readonly arm: Arm
  /** 0 is the pair that is judged; trial 1 asks both arms once more: the noise floor. */
  readonly trial: number
  /** 0, and one more each time that the whole pair was asked again because an arm was rate-limited. The last one counts. */
  readonly round: number
  /** 0 for the first try of a round, 1 for its first retry… */
  readonly tries: number
  /** True on the try that stands for the arm in its round: no further one follows there. */
  readonly isFinal: boolean
  /** Place of this call in its record's random order of calls, 0-based. */
  readonly position: number
  /** When the pacer wanted it sent. */
  readonly dueAt: Instant
  readonly sentAt: Instant
  /** From due to sent, in ms with fractions: our own delay, visible. In open loop a user would have waited for it. */
  readonly delayMs: number
  readonly timing: Timing
  readonly outcome: Outcome
  readonly httpStatus: number | null
}

/** Which two calls of a record are compared. */
export const replayedComparisons = [
  /** production's first answer against the candidate's: what the verdict is about. */
  'candidate',
  /** production's first answer against its second: the noise floor. */
  'noise',
  /** production's second answer against the candidate's first, its first against the candidate's second, and both seconds. */
  'cross',
  'cross-candidate',
  'cross-both',
  /** the candidate's first answer against its second: its own noise. */
  'candidate-noise',
] as const
/** A comparison of two answers that were both given in the replay. */
export type ReplayedComparison = (typeof replayedComparisons)[number]

/**
 * All comparisons, those with the log's own answer last: against production's first answer of now, and against its second. The numbers
 * of the store are places in this list: it grows at its end only.
 */
export const comparisons = [...replayedComparisons, 'recorded', 'recorded-again'] as const
/** A comparison of two answers, of which one may be the log's. */
export type Comparison = (typeof comparisons)[number]

/** The two calls of each comparison: arm and trial. */
export const sidesOf: Readonly<Record<ReplayedComparison, { readonly left: Side; readonly right: Side }>> = {
  candidate: { left: ['production', 0], right: ['candidate', 0] },
  noise: { left: ['production', 0], right: ['production', 1] },
  cross: { left: ['production', 1], right: ['candidate', 0] },
  'cross-candidate': { left: ['production', 0], right: ['candidate', 1] },
  'cross-both': { left: ['production', 1], right: ['candidate', 1] },
  'candidate-noise': { left: ['candidate', 0], right: ['candidate', 1] },
}
/** Whose answer of a record, and to which asking: trial 0 is the one that is judged. */
export type Side = readonly [arm: Arm, trial: number]

/** The final attempts of one record that are compared. `production` holds the left side of every comparison. */
export interface Pair {
  readonly recordId: RecordId
  /** The record's place in the run. */
  readonly ordinal: number
  readonly comparison: Comparison
  readonly production: AnsweredCall
  readonly candidate: AnsweredCall
}

/** What became of one call over all its tries. */
export interface AnsweredCall {
  readonly outcome: Outcome
  /**
   * What a user would have waited for, first send to last byte, retries included; Infinity where no answer came, null where nobody
   * waits (a batch).
   */
  readonly latencyMs: number | null
  /** Infinity where no answer came; null where it came whole. */
  readonly firstTokenMs: number | null
  readonly tries: number
}

/** The answer of a metric for one side or one pair. Absence is a case, never a number. */
export type Measure =
  | { readonly kind: 'value'; readonly value: number; readonly weight?: number }
  | { readonly kind: 'absent'; readonly why: AbsenceReason; readonly detail?: string }

/** The numbers of the store are places in this list: it grows at its end only. */
export const absenceReasons = [
  'no-reply',
  'not-reported',
  'not-streamed',
  'no-price',
  'one-arm-only',
  'excluded',
  /** A batch has no latency. */
  'not-measured',
  /** The request is of another kind than the metric is about. */
  'not-asked',
  /** The answers are too short to tell, or too long to be looked at in the time that a pair may take. */
  'too-short',
  'too-long',
  /** A check of the user's own threw an error, or took too long. */
  'check-failed',
  /** No judge was asked about the pair; or it was, and gave no answer that says anything. */
  'not-judged',
  'judge-failed',
  /** Something was replaced in what is asked now, and was not when the log was written. */
  'redacted',
  /** The log has an answer and none of its text. */
  'not-kept',
] as const
/** Why a pair has no measure of a metric. */
export type AbsenceReason = (typeof absenceReasons)[number]

/** One metric in one pair, as it is kept. Where `absent` is set the numbers are null. */
export interface MeasureRow {
  /** The record's place in the run. */
  readonly ordinal: number
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

/** The measures of one metric in one comparison, in columns that run in step: one place for each pair, in the order of the run. */
export interface MeasureColumn {
  readonly metric: string
  readonly comparison: Comparison
  readonly version: number
  readonly ordinal: Int32Array
  /** 0 where there is none: `absent` says so. */
  readonly production: Float64Array
  readonly productionWeight: Float64Array
  readonly candidate: Float64Array
  readonly candidateWeight: Float64Array
  /** Place in `absenceReasons`; `present` where the pair has a measure. */
  readonly absent: Uint8Array
}

/** `MeasureColumn.absent` of a pair that has its measure. */
export const present = 255
