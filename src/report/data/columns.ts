// All pairs of a run as columns, small enough to travel in a page: what is written often stands once, in a dictionary.

import { type Both, type PairRow, standings } from '../../core/pair.ts'
import type { ReviewState } from '../../filter/words.ts'

/** A pair as the explorer lists it. */
export interface Listed {
  readonly row: PairRow
  /** Worst first. */
  readonly reasons: readonly string[]
  readonly review: ReviewState
}

/** A number, null for none, and `∞`, which JSON does not know. */
type Figure = number | null | '∞'

export interface Columns {
  /** All words that recur; columns hold their places in it. */
  readonly words: readonly string[]
  readonly ordinal: readonly number[]
  readonly recordId: readonly string[]
  readonly standing: readonly number[]
  /** Production refused 1, the candidate 2, production failed 4, the candidate 8. */
  readonly flags: readonly number[]
  readonly kind: readonly number[]
  readonly cluster: readonly number[]
  /** Key and value by turns. */
  readonly segments: readonly (readonly number[])[]
  readonly reasons: readonly (readonly number[])[]
  readonly review: readonly number[]
  readonly figures: Readonly<Record<FigureName, readonly Figure[]>>
}

type FigureName = 'badness' | 'similarity' | 'noise' | `${'latency' | 'tokens' | 'cost'}${'Production' | 'Candidate'}`

/** Place of what is null. */
const none = -1

export function columnsOf(pairs: readonly Listed[]): Columns {
  const places = new Map<string, number>()
  const place = (word: string | null) => {
    if (word === null) return none
    const known = places.get(word) ?? places.size
    places.set(word, known)
    return known
  }
  const figures = (of: (row: PairRow) => number | null) => pairs.map(({ row }) => figureOf(of(row)))
  const columns = {
    ordinal: pairs.map(({ row }) => row.ordinal),
    recordId: pairs.map(({ row }) => row.recordId),
    standing: pairs.map(({ row }) => standings.indexOf(row.standing)),
    flags: pairs.map(({ row: { refused, failed } }) =>
      [refused.production, refused.candidate, failed.production, failed.candidate].reduce(
        (sum, isSet, bit) => sum + (isSet ? 2 ** bit : 0),
        0,
      ),
    ),
    kind: pairs.map(({ row }) => place(row.kind)),
    cluster: pairs.map(({ row }) => place(row.cluster)),
    segments: pairs.map(({ row }) => Object.entries(row.segments).flatMap((entry) => entry.map(place))),
    reasons: pairs.map(({ reasons }) => reasons.map(place)),
    review: pairs.map(({ review }) => place(review)),
    figures: {
      badness: figures((row) => row.badness),
      similarity: figures((row) => row.similarity),
      noise: figures((row) => row.noiseSimilarity),
      latencyProduction: figures((row) => row.latencyMs.production),
      latencyCandidate: figures((row) => row.latencyMs.candidate),
      tokensProduction: figures((row) => row.outputTokens.production),
      tokensCandidate: figures((row) => row.outputTokens.candidate),
      costProduction: figures((row) => row.costUsd.production),
      costCandidate: figures((row) => row.costUsd.candidate),
    },
  }
  return { words: [...places.keys()], ...columns }
}

/** Seven digits are more than any filter or reader asks for, and half the size. */
function figureOf(value: number | null): Figure {
  return value === Infinity ? '∞' : value === null ? null : Number(value.toPrecision(7))
}

export function listedOf(columns: Columns): readonly Listed[] {
  const word = (place: number | undefined) => columns.words[place ?? none] ?? null
  const words = (places: readonly number[] | undefined) => (places ?? []).map((place) => word(place) ?? '')
  return columns.ordinal.map((ordinal, at) => {
    const flags = columns.flags[at] ?? 0
    const has = (bit: number) => (flags & bit) !== 0
    const figure = (name: FigureName) => numberOf(columns.figures[name][at])
    const both = (name: 'latency' | 'tokens' | 'cost'): Both => ({
      production: figure(`${name}Production`),
      candidate: figure(`${name}Candidate`),
    })
    return {
      row: {
        ordinal,
        recordId: columns.recordId[at] ?? '',
        standing: standings[columns.standing[at] ?? none] ?? 'same',
        refused: { production: has(1), candidate: has(2) },
        failed: { production: has(4), candidate: has(8) },
        badness: figure('badness') ?? 0,
        kind: word(columns.kind[at]),
        cluster: word(columns.cluster[at]),
        segments: segmentsOf(words(columns.segments[at])),
        similarity: figure('similarity'),
        noiseSimilarity: figure('noise'),
        latencyMs: both('latency'),
        outputTokens: both('tokens'),
        costUsd: both('cost'),
      },
      reasons: words(columns.reasons[at]),
      review: (word(columns.review[at]) ?? 'unreviewed') as ReviewState,
    }
  })
}

function numberOf(figure: Figure | undefined): number | null {
  return figure === '∞' ? Infinity : (figure ?? null)
}

function segmentsOf(words: readonly string[]): PairRow['segments'] {
  const entries: [string, string][] = []
  for (let at = 0; at < words.length; at += 2) entries.push([words[at] ?? '', words[at + 1] ?? ''])
  return Object.fromEntries(entries)
}
