// What the browser reads: a run's pairs without their texts, and the texts of those that are looked at.

import type { PairDetail, PairRow } from '../core/pair.ts'

export interface PairSource {
  readonly title: RunTitle
  /** Worst first. */
  readonly rows: readonly PairRow[]
  /** Keys of segments that the run has. */
  readonly segments: readonly string[]
  /** Worst first. */
  readonly clusters: readonly ClusterLine[]
  readonly reasonsOf: (row: PairRow) => readonly string[]
  /** Why no pair of this run has texts any more, as a sentence; null where they are there. */
  readonly textsGone: string | null
  /** By the record's place in the run; what is stored no more is left out. */
  readonly details: (rows: readonly PairRow[]) => Promise<ReadonlyMap<number, PairDetail>>
  /** All that was measured of a pair, beside the noise floor. */
  readonly metricsOf: (row: PairRow) => Promise<readonly MetricLine[]>
  /** When each request was captured, in milliseconds, by the record's place; NaN where the log does not say. */
  readonly capturedMs: () => Promise<Float64Array>
  readonly words: Words
}

export interface RunTitle {
  readonly runId: string
  /** "✗ NO-GO"; "not judged". */
  readonly decision: string
  readonly tone: 'good' | 'bad' | 'doubt'
  readonly production: string
  readonly candidate: string
}

/** A cluster of changes in words. */
export interface ClusterLine {
  readonly id: string
  /** "task=prime"; null where it is about all records. */
  readonly where: string | null
  /** "answers collapsed: 174 → 3 tokens". */
  readonly what: string
  /** "998 of 1,000 pairs". */
  readonly pairs: string
  /** "production against itself: 0 of 298". */
  readonly against: string
  /** Whether production's own noise may be all that it is. */
  readonly isWithinNoise: boolean
  /** The pair that shows it best. */
  readonly example: number
}

/** A metric of one pair as people read it. */
export interface MetricLine {
  readonly title: string
  readonly production: string
  readonly candidate: string
  /** Of production's second answer; null where it was asked once. */
  readonly again: string | null
}

/** Numbers are rounded and worded in one place of the house, and it is not this one. */
export interface Words {
  readonly count: (value: number) => string
  readonly percent: (share: number) => string
  readonly duration: (ms: number) => string
  readonly tokens: (value: number) => string
  readonly usd: (value: number) => string
  readonly factor: (ratio: number) => string
  readonly instant: (at: string) => string
}
