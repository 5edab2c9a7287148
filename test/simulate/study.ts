// The nouns: a case is one row of a table, a figure is what is counted in it, the design is what it is held against.

import type { Chance } from './chance.ts'

/**
 * As the files in `tables/` are called. The design is the simulation of the methods that was made before this code, in NumPy and
 * SciPy, by seeds of its own: it has figures for all but `drift`, `nights` and `canary`.
 */
export const tableNames = [
  'quantiles',
  'means',
  'shares',
  'dependence',
  'whole-gate',
  'segments',
  'texts',
  'timeouts',
  'drift',
  'nights',
  'canary',
] as const
export type TableName = (typeof tableNames)[number]

export interface Figure {
  readonly name: string
  /**
   * `error`: how often a verdict is wrong with the truth at the margin, which alpha bounds. `share`: how often something comes
   * about. `mean`: of a number, as of pairs.
   */
  readonly kind: 'error' | 'share' | 'mean'
  /** What the design measured; the least and the most where it gives a range; null where it gives nothing. */
  readonly design: number | Range | null
  /** Replicates behind the design's figure. */
  readonly designRuns: number
}

export type Range = readonly [least: number, most: number]

export interface Case {
  readonly table: TableName
  readonly name: string
  /** Pairs; conversations where the name says so. */
  readonly n: number
  /** Replicates, as a share of `--runs`. */
  readonly runs: number
  /** Whether the design leaves details of the generator open, so that its figure is not to be met to the digit. */
  readonly isInferred: boolean
  /** Why the gate errs less often than the design's figure says, where it does so on purpose. */
  readonly isStricter: string | null
  readonly figures: readonly Figure[]
  /** Called once for a batch of replicates; what it gives makes one, and tells the value of each figure (1 and 0 of a share). */
  readonly prepare: () => (chance: Chance) => readonly number[]
}

/** Replicates of a table's figures, where it says no other number. */
const usualRuns = 4000

export function errorFigure(name: string, design: Figure['design'], designRuns = usualRuns): Figure {
  return { name, kind: 'error', design, designRuns }
}

export function shareFigure(name: string, design: Figure['design'], designRuns = usualRuns): Figure {
  return { name, kind: 'share', design, designRuns }
}

export function meanFigure(name: string, design: Figure['design'], designRuns = usualRuns): Figure {
  return { name, kind: 'mean', design, designRuns }
}

/** The two errors of a rule whose truth is exactly at the margin: shown to hold, shown to be broken. */
export function bothErrors(go: Figure['design'], noGo: Figure['design'], designRuns = usualRuns): readonly Figure[] {
  return [errorFigure('false GO', go, designRuns), errorFigure('false NO-GO', noGo, designRuns)]
}
