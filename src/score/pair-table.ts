// Every pair of a run as a row: how it stands, how bad it is, and why it is worth a look.

import { type Both, type PairRow, type PairTable, type Standing, standings } from '../core/pair.ts'
import type { Arm, MeasureColumn } from '../core/types.ts'
import { changeKinds, directionOf, tellingKind } from './changes/kinds.ts'
import type { ColumnReader } from './column-reader.ts'
import type { ScoredRecord } from './columns.ts'
import { change } from './metrics/change.ts'
import { type Hear, hearReasons, type PairReaders, pairReaders } from './pair-reasons.ts'

export interface PairTableFrom {
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  /** Ids of clusters of changes by place. */
  readonly clusterOf: ReadonlyMap<number, string>
}

/** The measures that rows are made of: where there are many pairs, no others need be read. */
export function measuresOfRows(metrics: readonly string[]) {
  return [
    ...metrics
      .filter((metric) => sideMetrics.has(metric) || metric.startsWith('assert-'))
      .map((metric) => ({ metric, comparison: 'candidate' as const, hasProduction: true, hasWeight: false })),
    ...(['candidate', 'noise'] as const).flatMap((comparison) =>
      pairMetrics.map((metric) => ({ metric, comparison, hasProduction: false, hasWeight: metric === change.name })),
    ),
  ]
}

/** `answer-length` is what clusters of changes are told by. */
const sideMetrics = new Set([
  'answered',
  'refused',
  'finished',
  'output-tokens',
  'answer-length',
  'latency',
  'cost',
  'json-valid',
  'json-kept',
])
const pairMetrics = ['text-similarity', 'same-tool-calls', change.name]

export function pairTable(from: PairTableFrom): PairTable {
  const table = lazyPairTable(from)
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
 * The same pairs, whose rows read the columns when they are asked: a hundred thousand are made in about a fifth of the time.
 * They can't be spread: `plainRow` copies one.
 */
export function lazyPairTable({ measures, records, clusterOf }: PairTableFrom): PairTable {
  // Every pair has a measure of `answered`, whatever became of it.
  const all = measures.find(({ metric, comparison }) => metric === 'answered' && comparison === 'candidate')
  const ordinals = all?.ordinal ?? new Int32Array()
  const read = pairReaders(measures)
  let places = 0
  for (const ordinal of ordinals) places = Math.max(places, ordinal + 1)
  const [badness, standing] = [new Float64Array(places), new Uint8Array(places)]
  const heard = { badness: 0, isWorse: false, isBetter: false }
  const hear: Hear = (more, direction) => {
    heard.badness += more
    if (direction === 'worse') heard.isWorse = true
    if (direction === 'better') heard.isBetter = true
  }
  for (const ordinal of ordinals) {
    heard.badness = 0
    const way = directionOf(maskOf(ordinal, read))
    heard.isWorse = way === 'worse'
    heard.isBetter = way === 'better'
    hearReasons(ordinal, read, hear)
    badness[ordinal] = heard.badness
    standing[ordinal] = standings.indexOf(standingOf(ordinal, read, heard))
  }
  const columns: RowColumns = { read, records, clusterOf, badness, standing }
  const worstFirst = ordinals.toSorted((a, b) => (badness[b] ?? 0) - (badness[a] ?? 0) || a - b)
  return {
    rows: Array.from(worstFirst, (ordinal) => new LazyRow(ordinal, columns)),
    reasonsOf: ({ ordinal }) => reasonsOf(ordinal, read),
  }
}

interface RowColumns {
  readonly read: PairReaders
  readonly records: readonly ScoredRecord[]
  readonly clusterOf: ReadonlyMap<number, string>
  /** By the record's place; standings by their place in `standings`. */
  readonly badness: Float64Array
  readonly standing: Uint8Array
}

class LazyRow implements PairRow {
  readonly ordinal: number
  readonly #from: RowColumns
  constructor(ordinal: number, from: RowColumns) {
    this.ordinal = ordinal
    this.#from = from
  }
  get recordId() {
    return this.#from.records[this.ordinal]?.id ?? ''
  }
  get standing(): Standing {
    return standings[this.#from.standing[this.ordinal] ?? 0] ?? 'same'
  }
  get refused() {
    return armsWhere(this.#from.read.refused, this.ordinal, 1)
  }
  get failed() {
    return armsWhere(this.#from.read.answered, this.ordinal, 0)
  }
  get badness() {
    return this.#from.badness[this.ordinal] ?? 0
  }
  get kind() {
    return changeKinds[tellingKind(maskOf(this.ordinal, this.#from.read))]?.name ?? null
  }
  get cluster() {
    return this.#from.clusterOf.get(this.ordinal) ?? null
  }
  get segments() {
    return this.#from.records[this.ordinal]?.segments ?? none
  }
  get similarity() {
    return candidateIn(this.#from.read.similarity, this.ordinal)
  }
  get noiseSimilarity() {
    return candidateIn(this.#from.read.noise, this.ordinal)
  }
  get latencyMs() {
    return bothIn(this.#from.read.latency, this.ordinal)
  }
  get outputTokens() {
    return bothIn(this.#from.read.tokens, this.ordinal)
  }
  get costUsd() {
    return bothIn(this.#from.read.cost, this.ordinal)
  }
}

const neither: Both = { production: null, candidate: null }
const none: PairRow['segments'] = {}

function bothIn(read: ColumnReader, ordinal: number): Both {
  return read.has(ordinal) ? { production: read.production(ordinal), candidate: read.candidate(ordinal) } : neither
}

function candidateIn(read: ColumnReader, ordinal: number): number | null {
  return read.has(ordinal) ? read.candidate(ordinal) : null
}

type InArms = Readonly<Record<Arm, boolean>>
const inArms = [false, true].map((candidate) => [false, true].map((production): InArms => ({ production, candidate })))
const inNone: InArms = { production: false, candidate: false }

/** Which arms have that number. One object serves all pairs. */
function armsWhere(read: ColumnReader, ordinal: number, number: number): InArms {
  if (!read.has(ordinal)) return inNone
  const [production, candidate] = [read.production(ordinal) === number, read.candidate(ordinal) === number]
  return inArms[Number(candidate)]?.[Number(production)] ?? inNone
}

/** How the pair changed, kinds as bits. */
function maskOf(ordinal: number, { change: read }: PairReaders): number {
  return read.has(ordinal) ? read.candidate(ordinal) : 0
}

/** What has a direction of its own decides; of the rest nobody can say, unless it is the same. */
function standingOf(
  ordinal: number,
  read: PairReaders,
  { isWorse, isBetter }: { readonly isWorse: boolean; readonly isBetter: boolean },
): Standing {
  if (isWorse) return 'regressed'
  if (isBetter) return 'improved'
  const isOther =
    maskOf(ordinal, read) !== 0 ||
    (read.tools.has(ordinal) && read.tools.candidate(ordinal) === 0) ||
    (read.similarity.has(ordinal) && read.similarity.candidate(ordinal) < 1)
  return isOther ? 'changed' : 'same'
}

function reasonsOf(ordinal: number, read: PairReaders): readonly string[] {
  const reasons: { readonly badness: number; readonly words: string }[] = []
  hearReasons(ordinal, read, (badness, _, words, number) => void reasons.push({ badness, words: words(number) }))
  return reasons.toSorted((a, b) => b.badness - a.badness).map(({ words }) => words)
}
