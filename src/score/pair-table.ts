// Every pair of a run as a row, over its columns: how it stands, how bad it is, and why it is worth a look.

import { type Both, type PairColumns, type PairRow, type PairTable, type Standing, standings } from '../core/pair.ts'
import { changeKinds, tellingKind } from './changes/kinds.ts'
import { type PairTableFrom, pairColumns } from './pair-columns.ts'
import { armsIn, reasonReaders } from './pair-flips.ts'
import { hearReasons, type ReasonReaders } from './pair-reasons.ts'

export function pairTable(from: PairTableFrom): PairTable {
  const table = tableOver(pairColumns(from), (ordinal) => from.records[ordinal]?.id ?? '')
  return { ...table, rows: table.rows.map(plainRow) }
}

/** All that a row says, as a value of its own: what is written as JSON, or spread. */
export function plainRow(row: PairRow): PairRow {
  const { ordinal, recordId, standing, refused, failed, badness, kind, cluster, segments } = row
  const { similarity, noiseSimilarity, latencyMs, outputTokens, costUsd } = row
  return {
    ordinal,
    recordId,
    standing,
    refused,
    failed,
    badness,
    kind,
    cluster,
    segments,
    similarity,
    noiseSimilarity,
    latencyMs,
    outputTokens,
    costUsd,
  }
}

/**
 * Rows that read the columns when they are asked: a hundred thousand are made in no time. They can't be spread: `plainRow` copies one.
 */
export function tableOver(columns: PairColumns, recordIdOf: (ordinal: number) => string): PairTable {
  const from: RowsFrom = { ...columns, recordIdOf }
  const { ordinal } = columns.numbers
  const read = reasonReaders(columns)
  /** Rows that were copied know their ordinal alone. */
  let places: Int32Array | null = null
  const placeOf = (row: PairRow) => {
    if (row instanceof LazyRow) return row.place
    places ??= placesByOrdinal(ordinal)
    return places[row.ordinal] ?? -1
  }
  return {
    rows: Array.from(ordinal.keys(), (place) => new LazyRow(place, from)),
    reasonsOf: (row) => reasonsAt(placeOf(row), read),
  }
}

function placesByOrdinal(ordinals: Int32Array): Int32Array {
  let most = -1
  for (const ordinal of ordinals) most = Math.max(most, ordinal)
  const places = new Int32Array(most + 1).fill(-1)
  for (let place = 0; place < ordinals.length; place++) places[ordinals[place] ?? 0] = place
  return places
}

interface RowsFrom extends PairColumns {
  readonly recordIdOf: (ordinal: number) => string
}

class LazyRow implements PairRow {
  readonly place: number
  readonly #from: RowsFrom
  constructor(place: number, from: RowsFrom) {
    this.place = place
    this.#from = from
  }
  get ordinal() {
    return this.#from.numbers.ordinal[this.place] ?? 0
  }
  get recordId() {
    return this.#from.recordIdOf(this.ordinal)
  }
  get standing(): Standing {
    return standings[this.#from.numbers.standing[this.place] ?? 0] ?? 'same'
  }
  get refused() {
    return armsIn(this.#from.numbers.flips[this.place] ?? 0, 'refused')
  }
  get failed() {
    return armsIn(this.#from.numbers.flips[this.place] ?? 0, 'failed')
  }
  get badness() {
    return this.#from.numbers.badness[this.place] ?? 0
  }
  get kind() {
    return changeKinds[tellingKind(this.#from.numbers.change[this.place] ?? 0)]?.name ?? null
  }
  get cluster() {
    return this.#from.clusters[this.#from.numbers.cluster[this.place] ?? -1] ?? null
  }
  get segments() {
    return this.#from.mixes[this.#from.numbers.mix[this.place] ?? -1] ?? noSegments
  }
  get similarity() {
    return numberIn(this.#from.numbers.similarity, this.place)
  }
  get noiseSimilarity() {
    return numberIn(this.#from.numbers.noiseSimilarity, this.place)
  }
  get latencyMs() {
    const { productionLatencyMs, candidateLatencyMs } = this.#from.numbers
    return bothIn(productionLatencyMs, candidateLatencyMs, this.place)
  }
  get outputTokens() {
    const { productionOutputTokens, candidateOutputTokens } = this.#from.numbers
    return bothIn(productionOutputTokens, candidateOutputTokens, this.place)
  }
  get costUsd() {
    const { productionCostUsd, candidateCostUsd } = this.#from.numbers
    return bothIn(productionCostUsd, candidateCostUsd, this.place)
  }
}

const noSegments: PairRow['segments'] = {}
const noNumbers: Both = { production: null, candidate: null }

/** NaN stands for none. */
function numberIn(column: Float64Array, place: number): number | null {
  const number = column[place] ?? Number.NaN
  return Number.isNaN(number) ? null : number
}

function bothIn(ofProduction: Float64Array, ofCandidate: Float64Array, place: number): Both {
  const [production, candidate] = [numberIn(ofProduction, place), numberIn(ofCandidate, place)]
  // Most pairs have both, and those that have neither share one object.
  return production === null && candidate === null ? noNumbers : { production, candidate }
}

function reasonsAt(place: number, read: ReasonReaders): readonly string[] {
  const reasons: { readonly badness: number; readonly words: string }[] = []
  hearReasons(place, read, (badness, _, words, number) => void reasons.push({ badness, words: words(number) }))
  return reasons.toSorted((a, b) => b.badness - a.badness).map(({ words }) => words)
}
