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
 * In the metrics that its kind excuses an accepted pair makes no difference. Chance would then speak for the candidate alone, since
 * what it gave the other side is still counted; so for each accepted pair one of those counts as unchanged too: where both arms are
 * measured, a pair of the mirror kind; where likeness is held against the noise floor, a pair of the same kind between production
 * and itself. All of these speak for the candidate: what speaks against it is taken off by a person alone.
 */
export function acceptChanges(measures: readonly MeasureColumn[], accepting: Accepting): Accepted {
  const groups = groupsIn(measures, accepting)
  if (groups.every(({ accepted }) => accepted.length === 0)) return { measures, placesOf: new Map() }
  const placesOf = new Map<string, readonly number[]>()
  const changed = new Map<MeasureColumn, MeasureColumn>()
  for (const metric of accepting.metrics.filter(({ name }) => excusable.has(name))) {
    const own = groups.filter(({ kind }) => isExcused(metric.name, kind))
    const accepted = own.flatMap((group) => group.accepted)
    const columns = measures.filter((column) => column.metric === metric.name)
    const of = (comparison: Comparison) => columns.find((column) => column.comparison === comparison)
    if (accepted.length === 0) continue
    placesOf.set(metric.name, measuredIn([of('candidate'), ...(metric.on === 'pair' ? [of('noise')] : [])], accepted))
    if (metric.on === 'pair') {
      const touched = new Set(own.filter((group) => group.accepted.length > 0).map(({ segment }) => segment))
      const evened = evenLikeness(columns, {
        accepted: new Set(accepted),
        noiseTakenOff: new Set(own.flatMap(({ noiseTakenOff }) => noiseTakenOff)),
        isTouched: (ordinal) => touched.has(segmentIn(accepting, ordinal)),
      })
      for (const [before, after] of evened) changed.set(before, after)
      continue
    }
    const mirrors = countsRepeats(metric) ? [] : own.flatMap(({ mirrorTakenOff }) => mirrorTakenOff)
    const column = of('candidate')
    if (column) changed.set(column, likeProduction(column, new Set([...accepted, ...mirrors])))
  }
  return { measures: measures.map((column) => changed.get(column) ?? column), placesOf }
}

/** An answer that is given again and again has no way back. */
function countsRepeats({ summaries }: Metric): boolean {
  return summaries.some(({ method }) => method.kind === 'repeat-share')
}

function segmentIn({ records, segmentKey }: Accepting, ordinal: number): string {
  const segments = records[ordinal]?.segments ?? {}
  return segmentKey !== null && Object.hasOwn(segments, segmentKey) ? `=${segments[segmentKey]}` : ''
}

/** The pairs of one kind in one segment. */
interface Group {
  readonly kind: ChangeKindName
  readonly segment: string
  readonly accepted: readonly number[]
  /** Pairs of the mirror kind that nobody accepted, at most as many. */
  readonly mirrorTakenOff: readonly number[]
  /** Pairs of the kind between production and itself, at most as many. */
  readonly noiseTakenOff: readonly number[]
}

function groupsIn(measures: readonly MeasureColumn[], accepting: Accepting): Group[] {
  const { isAccepted } = accepting
  const segmentOf = (ordinal: number) => segmentIn(accepting, ordinal)
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
      segment,
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

interface Evened {
  readonly accepted: ReadonlySet<number>
  readonly noiseTakenOff: ReadonlySet<number>
  /** Whether something was accepted in the record's segment. */
  readonly isTouched: (ordinal: number) => boolean
}

/** What likeness is where nothing changed. */
const alike = 1

/**
 * An accepted pair is as alike as production is to itself. Where production's second answer is taken off it counts as its first. And
 * where something was accepted the candidate's second answer says only how steady it is: nobody knows whether it changed in the
 * accepted way, and one that did would stand in the way of all that was accepted.
 */
function evenLikeness(columns: readonly MeasureColumn[], { accepted, noiseTakenOff, isTouched }: Evened) {
  const values = new Map(columns.map((column) => [column.comparison, likenessIn(column)]))
  const at = (comparison: Comparison, ordinal: number) => values.get(comparison)?.get(ordinal)
  const even = (comparison: Comparison, ordinal: number, now: number): number => {
    const noise = at('noise', ordinal)
    if (noise === undefined || !isTouched(ordinal)) return now
    if (accepted.has(ordinal)) return noise
    const isTakenOff = noiseTakenOff.has(ordinal)
    const floor = isTakenOff ? alike : noise
    const first = at('candidate', ordinal) ?? now
    const cross = isTakenOff ? first : (at('cross', ordinal) ?? first)
    switch (comparison) {
      case 'noise':
        return floor
      case 'candidate':
      case 'cross-candidate':
        return first
      case 'cross':
      case 'cross-both':
        return cross
      case 'candidate-noise':
        return Math.max(now, floor)
      // What the log has is of production alone.
      case 'recorded':
      case 'recorded-again':
        return now
      default:
        return comparison satisfies never
    }
  }
  return columns.map((column): readonly [MeasureColumn, MeasureColumn] => {
    const candidate = column.candidate.map((now, place) => even(column.comparison, column.ordinal[place] ?? -1, now))
    return [column, { ...column, candidate }]
  })
}

function likenessIn(column: MeasureColumn): ReadonlyMap<number, number> {
  return new Map(
    Array.from(column.ordinal, (ordinal, place) => [ordinal, place] as const)
      .filter(([, place]) => column.absent[place] === present)
      .map(([ordinal, place]) => [ordinal, column.candidate[place] ?? 0]),
  )
}
