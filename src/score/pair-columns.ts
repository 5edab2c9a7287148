// Every pair of a run in columns, worst first: how it stands, how bad it is, and what the words beside it are made of.

import { emptyPairNumbers, type PairColumns, type PairRow, type Standing, standings } from '../core/pair.ts'
import type { MeasureColumn } from '../core/types.ts'
import { directionOf } from './changes/kinds.ts'
import type { ColumnReader } from './column-reader.ts'
import type { ScoredRecord } from './columns.ts'
import { change } from './metrics/change.ts'
import { armBits, flipsOf, signOf } from './pair-flips.ts'
import { type Hear, hearReasons, type PairReaders, pairReaders } from './pair-reasons.ts'

export interface PairTableFrom {
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  /** Ids of clusters of changes by place. */
  readonly clusterOf: ReadonlyMap<number, string>
}

/** To be raised with every change of what columns say of the same measures, or of how pairs are grouped: a store may hold earlier ones. */
export const pairColumnsVersion = 1

/** The measures that columns are made of: where there are many pairs, no others need be read. */
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

export function pairColumns({ measures, records, clusterOf }: PairTableFrom): PairColumns {
  // Every pair has a measure of `answered`, whatever became of it.
  const all = measures.find(({ metric, comparison }) => metric === 'answered' && comparison === 'candidate')
  const ordinals = all?.ordinal ?? new Int32Array()
  const read = pairReaders(measures)
  const { badness, standing, worstFirst } = ranked(ordinals, read)
  const numbers = emptyPairNumbers(worstFirst.length)
  const [clusters, mixes] = [placesOf<string>(), placesOf<PairRow['segments']>()]
  const marks: string[] = []
  for (let place = 0; place < worstFirst.length; place++) {
    const ordinal = worstFirst[place] ?? 0
    const cluster = clusterOf.get(ordinal)
    numbers.ordinal[place] = ordinal
    numbers.standing[place] = standing[ordinal] ?? 0
    numbers.badness[place] = badness[ordinal] ?? 0
    numbers.change[place] = maskOf(ordinal, read)
    numbers.flips[place] = flipsOf(ordinal, read) | armBits(ordinal, read)
    numbers.cluster[place] = cluster === undefined ? -1 : clusters.of(cluster)
    numbers.mix[place] = mixes.of(records[ordinal]?.segments ?? noSegments)
    numbers.similarity[place] = candidateIn(read.similarity, ordinal)
    numbers.noiseSimilarity[place] = candidateIn(read.noise, ordinal)
    numbers.productionLatencyMs[place] = productionIn(read.latency, ordinal)
    numbers.candidateLatencyMs[place] = candidateIn(read.latency, ordinal)
    numbers.productionOutputTokens[place] = productionIn(read.tokens, ordinal)
    numbers.candidateOutputTokens[place] = candidateIn(read.tokens, ordinal)
    numbers.productionCostUsd[place] = productionIn(read.cost, ordinal)
    numbers.candidateCostUsd[place] = candidateIn(read.cost, ordinal)
    for (const check of read.checks) marks.push(signOf(check.read, ordinal))
  }
  return {
    numbers,
    clusters: clusters.all(),
    mixes: mixes.all(),
    checks: read.checks.map(({ name }) => name),
    checkFlips: marks.join(''),
  }
}

/** Badness and standing by the record's place, and the places of pairs, worst first. */
function ranked(ordinals: Int32Array, read: PairReaders) {
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
  return {
    badness,
    standing,
    worstFirst: ordinals.toSorted((a, b) => (badness[b] ?? 0) - (badness[a] ?? 0) || a - b),
  }
}

const noSegments: PairRow['segments'] = {}

/** Numbers things in the order in which they are first asked for. */
function placesOf<T>() {
  const places = new Map<T, number>()
  return {
    of: (thing: T) => {
      const known = places.get(thing)
      if (known !== undefined) return known
      places.set(thing, places.size)
      return places.size - 1
    },
    all: () => [...places.keys()],
  }
}

function productionIn(read: ColumnReader, ordinal: number): number {
  return read.has(ordinal) ? read.production(ordinal) : Number.NaN
}

function candidateIn(read: ColumnReader, ordinal: number): number {
  return read.has(ordinal) ? read.candidate(ordinal) : Number.NaN
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
