// Which pairs are listed, and in what order.

import type { PairRow } from '../core/pair.ts'
import { matches } from '../filter/match.ts'
import type { Term } from '../filter/parse.ts'
import { numberWords, type ReviewState, stateWords } from '../filter/words.ts'

/** The first means all; the others are words of the filter. */
export const chips = ['all', 'regressed', 'improved', 'changed', 'refused', 'error', 'unreviewed'] as const
export type Chip = (typeof chips)[number]

export const chipNames: Readonly<Record<Chip, string>> = {
  all: 'all',
  regressed: 'regressed',
  improved: 'improved',
  changed: 'changed',
  refused: 'refused',
  error: 'errors',
  unreviewed: 'unreviewed',
}

export const sorts = ['worst', 'latency', 'tokens', 'similarity', 'segment', 'captured'] as const
export type Sort = (typeof sorts)[number]

export const sortNames: Readonly<Record<Sort, string>> = {
  worst: 'worst first',
  latency: 'slowest first',
  tokens: 'longest first',
  similarity: 'least similar first',
  segment: 'by segment',
  captured: 'by time of capture',
}

export interface Listed {
  /** Worst first. */
  readonly rows: readonly PairRow[]
  readonly chip: Chip
  readonly sort: Sort
  readonly terms: readonly Term[]
  readonly stateOf: (row: PairRow) => ReviewState
  /** Pairs whose texts hold what the filter looks for; null where it looks for no text. */
  readonly found: ReadonlySet<number> | null
  /** Until it is read, pairs stand in the order that they had. */
  readonly capturedMs: Float64Array | null
}

export function listing({ rows, chip, sort, terms, stateOf, found, capturedMs }: Listed): readonly PairRow[] {
  const isIn = isInChip(chip)
  const shown = rows.filter((row) => {
    const review = stateOf(row)
    // Terms of text are not known here: `found` knows of them.
    const isMet = isIn(row, review) && matches(terms, { row, review, text: null })
    return isMet && (found === null || found.has(row.ordinal))
  })
  const key = sortKey(sort, capturedMs)
  // What has no such number comes last. A stable sort leaves equals worst first.
  return key === null ? shown : sorted(shown, key)
}

function isInChip(chip: Chip): (row: PairRow, review: ReviewState) => boolean {
  return stateWords.find(({ word }) => word === chip)?.is ?? (() => true)
}

/** How many pairs each chip has. */
export function chipCounts(
  rows: readonly PairRow[],
  stateOf: (row: PairRow) => ReviewState,
): Readonly<Record<Chip | 'same', number>> {
  const counts = {
    all: rows.length,
    regressed: 0,
    improved: 0,
    changed: 0,
    same: 0,
    refused: 0,
    error: 0,
    unreviewed: 0,
  }
  for (const row of rows) {
    counts[row.standing] += 1
    if (row.refused.production || row.refused.candidate) counts.refused += 1
    if (row.failed.production || row.failed.candidate) counts.error += 1
    if (row.standing !== 'same' && stateOf(row) === 'unreviewed') counts.unreviewed += 1
  }
  return counts
}

type Key = (row: PairRow) => number | string | null

function numberKey(word: string, sign: number): Key {
  const number = numberWords.find((each) => each.word === word)
  return (row) => {
    const value = number?.of(row) ?? null
    return value === null ? null : sign * value
  }
}

function sortKey(sort: Sort, capturedMs: Float64Array | null): Key | null {
  switch (sort) {
    case 'worst':
      return null
    case 'latency':
    case 'tokens':
      return numberKey(sort, -1)
    case 'similarity':
      return numberKey(sort, 1)
    case 'segment':
      return ({ segments }) =>
        Object.entries(segments)
          .map(([key, value]) => `${key}=${value}`)
          .join(' ')
    case 'captured':
      return (
        capturedMs &&
        (({ ordinal }) => (Number.isNaN(capturedMs[ordinal] ?? Number.NaN) ? null : (capturedMs[ordinal] ?? null)))
      )
    default:
      return sort satisfies never
  }
}

function sorted(rows: readonly PairRow[], key: Key): readonly PairRow[] {
  const keyed = rows.map((row) => ({ row, key: key(row) }))
  const order = (a: (typeof keyed)[number], b: (typeof keyed)[number]) => {
    if (a.key === b.key) return 0
    if (a.key === null) return 1
    if (b.key === null) return -1
    return a.key < b.key ? -1 : 1
  }
  return keyed.toSorted(order).map(({ row }) => row)
}

/** A cluster with those of its pairs that are listed. */
export interface ClusterCount {
  readonly id: string
  readonly listed: number
  /** Of them, how many nobody has decided about. */
  readonly open: number
}

/** By the cluster's id. */
export function clusterCounts(
  list: readonly PairRow[],
  stateOf: (row: PairRow) => ReviewState,
): ReadonlyMap<string, ClusterCount> {
  const counts = new Map<string, { id: string; listed: number; open: number }>()
  for (const row of list) {
    if (row.cluster === null) continue
    let count = counts.get(row.cluster)
    if (count === undefined) {
      count = { id: row.cluster, listed: 0, open: 0 }
      counts.set(row.cluster, count)
    }
    count.listed += 1
    if (stateOf(row) === 'unreviewed') count.open += 1
  }
  return counts
}
