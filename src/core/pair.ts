// The nouns of a pair as people meet it: how it stands among its like, and what both arms said.

import type { Arm, Instant, JsonObject, RecordId, Source, ToolCall, Usage } from './types.ts'

/**
 * What became of a pair; exactly one of them. `regressed` and `improved` are changes that have a direction (newly refused, JSON mended);
 * `changed` is another answer of which nobody can say that without reading it.
 */
export const standings = ['regressed', 'improved', 'changed', 'same'] as const
export type Standing = (typeof standings)[number]

/** Both arms' number; null where there is none, Infinity for the latency of a call that brought no answer. */
export type Both = Readonly<Record<Arm, number | null>>

/** A pair as lists, chips and filters know it: no text. */
export interface PairRow {
  /** The record's place in the run. */
  readonly ordinal: number
  readonly recordId: RecordId
  readonly standing: Standing
  readonly refused: Readonly<Record<Arm, boolean>>
  /** Whether the arm's call brought no answer. */
  readonly failed: Readonly<Record<Arm, boolean>>
  /** The higher, the worse; 0 where nothing is worth a look. */
  readonly badness: number
  /** How it changed, most telling of its kinds ("newly-refused"); null where it did not, or was not measured for it. */
  readonly kind: string | null
  /** Id of its cluster of changes; null where it did not change, or was not measured for it. */
  readonly cluster: string | null
  readonly segments: Readonly<Record<string, string>>
  /** 0..1; null where one side has no text. */
  readonly similarity: number | null
  /** Similarity of production's two answers to this record, where it was asked twice. */
  readonly noiseSimilarity: number | null
  readonly latencyMs: Both
  readonly outputTokens: Both
  readonly costUsd: Both
}

/** What is known of every pair as a number, and how wide that is. */
export const pairNumbers = {
  /** The record's place in the run. */
  ordinal: 'integer',
  /** Its place in `standings`. */
  standing: 'small',
  badness: 'double',
  /** How it changed, kinds as bits. */
  change: 'integer',
  /** What was lost or won, and which arms refused or failed, as bits. */
  flips: 'integer',
  /** Its place in `clusters`; −1 for none. */
  cluster: 'integer',
  /** Its place in `mixes`. */
  mix: 'integer',
  /** NaN for none, as in all that follow. */
  similarity: 'double',
  noiseSimilarity: 'double',
  productionLatencyMs: 'double',
  candidateLatencyMs: 'double',
  productionOutputTokens: 'double',
  candidateOutputTokens: 'double',
  productionCostUsd: 'double',
  candidateCostUsd: 'double',
} as const
export type PairNumber = keyof typeof pairNumbers

interface ArrayOf {
  readonly small: Uint8Array
  readonly integer: Int32Array
  readonly double: Float64Array
}
export type PairNumbers = { readonly [Name in PairNumber]: ArrayOf[(typeof pairNumbers)[Name]] }

/** Room for so many pairs. */
export function emptyPairNumbers(pairs: number): PairNumbers {
  const made = { small: Uint8Array, integer: Int32Array, double: Float64Array }
  const arrays = Object.entries(pairNumbers).map(([name, width]) => [name, new made[width](pairs)])
  return Object.fromEntries(arrays) as PairNumbers
}

/** All pairs of a run as columns, worst first: what rows and their reasons are read from. No texts, and no ids of records. */
export interface PairColumns {
  readonly numbers: PairNumbers
  /** Ids of clusters of changes. */
  readonly clusters: readonly string[]
  /** Records share few mixes of segments. */
  readonly mixes: readonly PairRow['segments'][]
  /** Names of the user's checks. */
  readonly checks: readonly string[]
  /** For each pair a character for each check: `-` lost, `+` won, `.` neither. */
  readonly checkFlips: string
}

/** All pairs of a run, worst first; ties by place, so that the order is the same every time. */
export interface PairTable {
  readonly rows: readonly PairRow[]
  /** Why a pair is worth a look, worst first: "newly refused", "2.1× slower". */
  readonly reasonsOf: (row: PairRow) => readonly string[]
}

/** What was asked, and what both arms said to it. */
export interface PairDetail {
  readonly ordinal: number
  readonly recordId: RecordId
  readonly source: Source
  readonly capturedAt: Instant | null
  readonly api: string
  /** The request as people read it. */
  readonly prompt: string
  /** The request as it was captured. */
  readonly body: JsonObject
  readonly production: SideDetail
  readonly candidate: SideDetail
  /** Production's second answer; null where it was asked once. */
  readonly again: SideDetail | null
}

export interface SideDetail {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  /** "answered", "refused", "cut at the limit", "HTTP 500", "timed out (headers)", … */
  readonly outcome: string
  readonly servedModel: string | null
  /** First send to last byte, retries included; null where no answer came or nobody waits (a batch). */
  readonly latencyMs: number | null
  /** null where the answer came whole. */
  readonly firstTokenMs: number | null
  readonly tries: number
  readonly usage: Usage | null
}
