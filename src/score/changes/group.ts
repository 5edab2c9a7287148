// The pairs of a run by how they changed: a few clusters to look at in place of hundreds of diffs, and which are beyond noise.

import { createHash } from 'node:crypto'
import type { ChangeCluster, Changes } from '../../core/changes.ts'
import type { JudgeSummary } from '../../core/judged.ts'
import type { MeasureColumn } from '../../core/types.ts'
import { designEffect } from '../../stats/cluster-factors.ts'
import type { ScoredRecord } from '../columns.ts'
import { type Beyond, beyondNoise, type ChangeCounts } from './beyond-noise.ts'
import { type ChangedPairs, changedPairs, type PairsOfKind } from './changed-pairs.ts'
import { directionsOf } from './directions.ts'
import { changeKinds } from './kinds.ts'
import { type Opinions, opinionChanges } from './opinions.ts'
import { type Telling, tellerOf } from './telling.ts'

export interface Grouped {
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  /** By whose values pairs are told apart; null for none. */
  readonly segmentKey: string | null
  readonly opinions: Opinions
  readonly judge: JudgeSummary | null
}

/** A kind in more segments than this is one change, not many. */
const mostSegments = 6
/** Smaller groups are looked at together with their like. */
const leastPairs = 5
/** A template that is shared by so much of its group stands for a cluster of its own; what is left is one at the same share. */
const goodShare = 0.2
/** Of all clusters together, one-sided: how often identical models may show one. */
const alpha = 0.05

/** What a run's measures say about changes, and which of its pairs is in which cluster. */
export interface GroupedChanges {
  readonly changes: Changes
  /** Ids of clusters by the record's place in the run; pairs that did not change have none. */
  readonly clusterOf: ReadonlyMap<number, string>
}

/** null where the run was not measured for changes. */
export function groupChanges(grouped: Grouped): GroupedChanges | null {
  const pairs = changedPairs(grouped.measures, grouped.records, grouped.segmentKey)
  if (pairs === null) return null
  const { measures, opinions, judge } = grouped
  const ranked = clustersIn(pairs, grouped)
  return {
    changes: {
      clusters: ranked.map(({ cluster }) => cluster),
      directions: directionsOf(measures),
      opinions: opinionChanges(measures, opinions),
      judge,
    },
    clusterOf: clusterIds(ranked),
  }
}

function clusterIds(ranked: readonly Ranked[]): ReadonlyMap<number, string> {
  const ids = new Map<number, string>()
  for (const { cluster, members } of ranked) for (const ordinal of members) ids.set(ordinal, cluster.id)
  return ids
}

function clustersIn(pairs: ChangedPairs, { measures, records, segmentKey }: Grouped): Ranked[] {
  const tell = tellerOf(measures, records)
  const unitOf = unitsOf(records)
  return changeKinds
    .flatMap((_, kind) => groupsOf(kind, pairs, unitOf))
    .flatMap((group) => clustersOf(group, segmentKey, tell))
    .toSorted((a, b) => b.rank - a.rank || (a.cluster.id < b.cluster.id ? -1 : 1))
}

/** Pairs of one kind in one segment, or in all that are left. */
interface Group {
  readonly kind: number
  readonly value: string | null
  readonly own: PairsOfKind
  readonly of: number
  readonly noise: ChangeCluster['noise']
  readonly mirror: number
  readonly beyond: Beyond
}

/** The conversation or user of each record as a number; null where every record stands alone. */
type UnitOf = ((ordinal: number) => number) | null

function unitsOf(records: readonly ScoredRecord[]): UnitOf {
  if (records.every(({ cluster }) => cluster === null)) return null
  const units = new Map<string, number>()
  const numbers = records.map(({ cluster }, ordinal) => {
    const name = cluster ?? `alone ${ordinal}`
    const unit = units.get(name) ?? units.size
    units.set(name, unit)
    return unit
  })
  return (ordinal) => numbers[ordinal] ?? -1
}

/** A segment in which the kind is beyond noise by itself stands alone; all others are looked at together. */
function groupsOf(kind: number, pairs: ChangedPairs, unitOf: UnitOf): Group[] {
  const own = pairs.ofKind[kind] ?? []
  if (own.every((each) => sizeOf(each) === 0)) return []
  const level = alpha / pairs.tests(leastPairs)
  const places = Array.from(pairs.segments.keys())
  // Records without a value have no name to be found by, and where there is one segment there is nothing to tell apart.
  const isLarge = (segment: number) => pairs.segments[segment] !== null && sizeOf(own[segment]) >= leastPairs
  const loud = (pairs.segments.length === 1 ? [] : places.filter(isLarge))
    .map((segment) => groupIn(kind, [segment], pairs, { level, unitOf }))
    .filter(({ beyond }) => beyond.isBeyond === true)
  const named = loud.length > mostSegments ? [] : loud
  const names = new Set(named.map(({ value }) => value))
  const left = places.filter((segment) => !names.has(pairs.segments[segment] ?? null))
  const rest = groupIn(kind, left, pairs, { level, unitOf })
  return sizeOf(rest.own) === 0 ? named : [...named, rest]
}

function groupIn(
  kind: number,
  segments: readonly number[],
  pairs: ChangedPairs,
  { level, unitOf }: { readonly level: number; readonly unitOf: UnitOf },
): Group {
  const sum = (of: (segment: number) => number | undefined) =>
    segments.reduce((total, segment) => total + (of(segment) ?? 0), 0)
  const mirrorName = changeKinds[kind]?.mirror ?? null
  const mirror = changeKinds.findIndex(({ name }) => name === mirrorName)
  const all = segments.map((segment) => pairs.ofKind[kind]?.[segment] ?? { ordinals: [], templates: [] })
  const own = { ordinals: all.flatMap(({ ordinals }) => ordinals), templates: all.flatMap((each) => each.templates) }
  const counts = {
    pairs: own.ordinals.length,
    of: sum((segment) => pairs.sizes[segment]),
    noise: sum((segment) => pairs.noiseOfKind[kind]?.[segment]),
    noiseOf: sum((segment) => pairs.noiseSizes[segment]),
    mirror: mirror === -1 ? null : sum((segment) => sizeOf(pairs.ofKind[mirror]?.[segment])),
  }
  const effectOf = () =>
    unitOf === null
      ? 1
      : dependence(
          own.ordinals,
          segments.flatMap((segment) => pairs.measured[segment] ?? []),
          unitOf,
        )
  const [only, ...others] = segments
  const isOne = only !== undefined && others.length === 0
  return {
    kind,
    value: isOne ? (pairs.segments[only] ?? null) : null,
    own,
    of: counts.of,
    noise: counts.noiseOf === 0 ? null : { pairs: counts.noise, of: counts.noiseOf },
    mirror: counts.mirror ?? 0,
    beyond: counts.pairs === 0 ? { isBeyond: false, excess: 0 } : beyondNoise(asIndependent(counts, effectOf()), level),
  }
}

/** By how much turns of one conversation, which change together, count for less than so many pairs: 1 and more. */
function dependence(changed: readonly number[], all: readonly number[], unitOf: (ordinal: number) => number): number {
  const isChanged = new Set(changed)
  const values = Float64Array.from(all, (ordinal) => (isChanged.has(ordinal) ? 1 : 0))
  const cluster = Int32Array.from(all, unitOf)
  return Math.max(1, all.length === 0 ? 1 : designEffect({ values, cluster }))
}

/** The counts of so many fewer pairs that would be independent. */
function asIndependent(counts: ChangeCounts, effect: number): ChangeCounts {
  if (effect === 1) return counts
  const less = (count: number) => Math.floor(count / effect)
  const of = Math.max(1, less(counts.of))
  const noiseOf = counts.noiseOf === 0 ? 0 : Math.max(1, less(counts.noiseOf))
  return {
    of,
    noiseOf,
    pairs: Math.min(of, less(counts.pairs)),
    // Rounded up: a floor that is lower than it is would make a change of nothing.
    noise: Math.min(noiseOf, Math.ceil(counts.noise / effect)),
    mirror: counts.mirror === null ? null : Math.ceil(counts.mirror / effect),
  }
}

interface Ranked {
  readonly cluster: ChangeCluster
  /** Higher comes first. */
  readonly rank: number
  /** Places of its records. */
  readonly members: readonly number[]
}

function clustersOf(group: Group, segmentKey: string | null, tell: (ordinals: readonly number[]) => Telling): Ranked[] {
  const { beyond, own } = group
  const { name: kind, words, mirror, gravity } = changeKinds[group.kind] as (typeof changeKinds)[number]
  const segment = segmentKey === null || group.value === null ? null : { key: segmentKey, value: group.value }
  const twin = changeKinds.find(({ name }) => name === mirror)
  // What is noise is not worth telling apart.
  const parts = beyond.isBeyond === false ? [wholeOf(own)] : partsOf(own)
  return parts.map(({ template, typical, members }) => ({
    members,
    rank:
      beyond.isBeyond === false ? -1 / (1 + members.length) : (gravity * beyond.excess * members.length) / sizeOf(own),
    cluster: {
      id: clusterId({ kind, segment, template }),
      kind,
      words,
      segment,
      template,
      pairs: members.length,
      of: group.of,
      noise: group.noise,
      mirror: twin === undefined ? null : { words: twin.words, pairs: group.mirror },
      isBeyondNoise: beyond.isBeyond,
      ...tell(typical),
    },
  }))
}

function sizeOf(pairs: PairsOfKind | undefined): number {
  return pairs?.ordinals.length ?? 0
}

interface Part {
  readonly template: string | null
  readonly members: readonly number[]
  /** The pairs that it is told by: those that have the template, where it has one. */
  readonly typical: readonly number[]
}

function wholeOf({ ordinals }: PairsOfKind): Part {
  return { template: null, members: ordinals, typical: ordinals }
}

/** Cut by the templates that a good part shares. What is left is a part too, or, where it is little, goes with the largest. */
function partsOf(pairs: PairsOfKind): Part[] {
  const { ordinals, templates } = pairs
  const places = [...Map.groupBy(ordinals.keys(), (place) => templates[place] ?? 0)]
  const ordinalsAt = (own: readonly number[]) => own.map((place) => ordinals[place] ?? 0)
  const isShared = ([template, own]: readonly [number, readonly number[]]) =>
    template !== 0 && isGoodPart(own.length, ordinals.length)
  const shared = places
    .filter(isShared)
    .toSorted(([a, one], [b, other]) => other.length - one.length || a - b)
    .map(([template, own]) => ({
      template: templateName(template),
      members: ordinalsAt(own),
      typical: ordinalsAt(own),
    }))
  const rest = places.filter((each) => !isShared(each)).flatMap(([, own]) => ordinalsAt(own))
  const [largest, ...others] = shared
  if (largest === undefined) return [wholeOf(pairs)]
  if (isGoodPart(rest.length, ordinals.length)) return [...shared, { template: null, members: rest, typical: rest }]
  return [{ ...largest, members: [...largest.members, ...rest] }, ...others]
}

/** As clusters name it. */
export function templateName(template: number): string {
  return template.toString(16).padStart(12, '0')
}

function isGoodPart(pairs: number, of: number): boolean {
  return pairs >= leastPairs && pairs >= goodShare * of
}

/** Of nothing else, so that what a person decided about a cluster is found again. */
export function clusterId({ kind, segment, template }: Pick<ChangeCluster, 'kind' | 'segment' | 'template'>): string {
  const parts = [kind, segment?.key ?? '', segment?.value ?? '', template ?? '']
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}
