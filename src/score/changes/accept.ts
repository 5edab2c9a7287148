// Measures in which accepted changes count as none: what is left can still pass and fail, and by the same margins.

import { type Comparison, type MeasureColumn, present } from '../../core/types.ts'
import type { ScoredRecord } from '../columns.ts'
import type { Metric } from '../metric.ts'
import { change } from '../metrics/change.ts'
import { excusable, isExcused } from './excuses.ts'
import { type ChangeKindName, changeKinds, tellingKind } from './kinds.ts'

export interface Accepting {
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  /** By whose values clusters are told apart; null for none. */
  readonly segmentKey: string | null
  readonly metrics: readonly Metric[]
  /** Whether a person accepted how the pair at this place changed. */
  readonly isAccepted: (ordinal: number) => boolean
}

export interface Accepted {
  readonly measures: readonly MeasureColumn[]
  /** By metric: places of accepted pairs that count as unchanged. */
  readonly placesOf: ReadonlyMap<string, readonly number[]>
}

/**
 * In the metrics that its kind excuses an accepted pair says of the candidate what it says of production. Chance would then speak for
 * the candidate alone, since what it gave the other side is still counted; so for each accepted pair one of those is taken off too:
 * where both arms are measured, a pair of the mirror kind; where likeness is held against the noise floor, a pair of the same kind
 * between production and itself. Both speak for the candidate, and what speaks against it is taken off by a person alone.
 */
export function acceptChanges(measures: readonly MeasureColumn[], accepting: Accepting): Accepted {
  const groups = groupsIn(measures, accepting)
  if (groups.every(({ accepted }) => accepted.length === 0)) return { measures, placesOf: new Map() }
  const placesOf = new Map<string, readonly number[]>()
  const changed = measures.map((column) => {
    const metric = accepting.metrics.find(({ name }) => name === column.metric)
    if (metric === undefined || !excusable.has(metric.name)) return column
    const own = groups.filter(({ kind }) => isExcused(metric.name, kind))
    const accepted = own.flatMap((group) => group.accepted)
    if (accepted.length === 0) return column
    if (metric.on === 'pair') {
      if (column.comparison === 'noise') return column
      const even = [...accepted, ...own.flatMap(({ noiseTakenOff }) => noiseTakenOff)]
      const noise = columnOf(measures, metric.name, 'noise')
      if (column.comparison === 'candidate') placesOf.set(metric.name, measuredIn([column, noise], accepted))
      return likeNoise(column, noise, new Set(even))
    }
    if (column.comparison !== 'candidate') return column
    placesOf.set(metric.name, measuredIn([column], accepted))
    return likeProduction(column, new Set([...accepted, ...own.flatMap(({ mirrorTakenOff }) => mirrorTakenOff)]))
  })
  return { measures: changed, placesOf }
}

/** The pairs of one kind in one segment. */
interface Group {
  readonly kind: ChangeKindName
  readonly accepted: readonly number[]
  /** Pairs of the mirror kind that nobody accepted, at most as many. */
  readonly mirrorTakenOff: readonly number[]
  /** Pairs of the kind between production and itself, at most as many. */
  readonly noiseTakenOff: readonly number[]
}

function groupsIn(measures: readonly MeasureColumn[], { records, segmentKey, isAccepted }: Accepting): Group[] {
  const segmentOf = (ordinal: number) => {
    const segments = records[ordinal]?.segments ?? {}
    return segmentKey !== null && Object.hasOwn(segments, segmentKey) ? `=${segments[segmentKey]}` : ''
  }
  const candidate = byKindAndSegment(columnOf(measures, change.name, 'candidate'), segmentOf)
  const noiseColumn = columnOf(measures, change.name, 'noise')
  const noise = byKindAndSegment(noiseColumn, segmentOf)
  const askedTwice = new Set(noiseColumn?.ordinal.filter((_, place) => noiseColumn.absent[place] === present))
  const pairsOf = (kind: string, segment: string) => candidate.get(`${kind} ${segment}`)?.ordinals ?? []
  return [...candidate.values()].map(({ kind, segment, ordinals }) => {
    const { name, mirror, gravity } = kind
    const accepted = ordinals.filter(isAccepted)
    const twin = changeKinds.find((each) => each.name === mirror)
    const mirrored = twin === undefined ? [] : pairsOf(twin.name, segment)
    const open = mirrored.filter((ordinal) => !isAccepted(ordinal))
    // What was accepted of the mirror is taken off already.
    const mirrors = accepted.length - (mirrored.length - open.length)
    const own = noise.get(`${name} ${segment}`)?.ordinals ?? []
    const isTaken = new Set(accepted)
    const left = own.filter((ordinal) => !isTaken.has(ordinal))
    const twice = accepted.filter((ordinal) => askedTwice.has(ordinal)).length
    return {
      kind: name,
      accepted,
      // Of the two the graver one is never taken off.
      mirrorTakenOff: twin !== undefined && twin.gravity < gravity ? open.slice(0, Math.max(0, mirrors)) : [],
      noiseTakenOff: left.slice(0, Math.max(0, twice - (own.length - left.length))),
    }
  })
}

interface Kindred {
  readonly kind: (typeof changeKinds)[number]
  readonly segment: string
  readonly ordinals: number[]
}

function byKindAndSegment(column: MeasureColumn | undefined, segmentOf: (ordinal: number) => string) {
  const groups = new Map<string, Kindred>()
  for (const [place, ordinal] of column?.ordinal.entries() ?? []) {
    if (column?.absent[place] !== present) continue
    const kind = changeKinds[tellingKind(column.candidate[place] ?? 0)]
    if (kind === undefined) continue
    const segment = segmentOf(ordinal)
    const key = `${kind.name} ${segment}`
    const group = groups.get(key) ?? { kind, segment, ordinals: [] }
    groups.set(key, group)
    group.ordinals.push(ordinal)
  }
  return groups
}

function columnOf(measures: readonly MeasureColumn[], metric: string, comparison: Comparison) {
  return measures.find((each) => each.metric === metric && each.comparison === comparison)
}

/** Those of the places that have a measure in each of the columns. */
function measuredIn(columns: readonly (MeasureColumn | undefined)[], places: readonly number[]): readonly number[] {
  const measured = columns.map(
    (column) => new Set(column?.ordinal.filter((_, place) => column.absent[place] === present)),
  )
  return places.filter((ordinal) => measured.every((own) => own.has(ordinal)))
}

/** The candidate's number is production's at these places. */
function likeProduction(column: MeasureColumn, even: ReadonlySet<number>): MeasureColumn {
  const pick = (own: Float64Array, production: Float64Array) =>
    own.map((number, place) => (even.has(column.ordinal[place] ?? -1) ? (production[place] ?? 0) : number))
  return {
    ...column,
    candidate: pick(column.candidate, column.production),
    candidateWeight: pick(column.candidateWeight, column.productionWeight),
  }
}

/** As alike as production is to itself at these places; where it was asked once nothing is compared, and nothing changes. */
function likeNoise(column: MeasureColumn, noise: MeasureColumn | undefined, even: ReadonlySet<number>): MeasureColumn {
  if (noise === undefined) return column
  const floor = new Map(
    Array.from(noise.ordinal, (ordinal, place) => [ordinal, place] as const)
      .filter(([ordinal, place]) => even.has(ordinal) && noise.absent[place] === present)
      .map(([ordinal, place]) => [ordinal, noise.candidate[place] ?? 0]),
  )
  return {
    ...column,
    candidate: column.candidate.map((number, place) => floor.get(column.ordinal[place] ?? -1) ?? number),
  }
}
