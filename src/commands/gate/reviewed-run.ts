// What people decided about the changes of a run: what counts as unchanged, and what each review came to.

import type { ChangeCluster } from '../../core/changes.ts'
import type { Evidence, Policy, Run, Segment } from '../../core/judgement.ts'
import type { AcceptedPairs, Review, ReviewedChange, ReviewPolicy, Swap } from '../../core/review.ts'
import { type MeasureColumn, present } from '../../core/types.ts'
import { isExpired, type Reviewed, type ReviewedRow, reviewsThatCount, rowReviews } from '../../review/find.ts'
import { acceptChanges } from '../../score/changes/accept.ts'
import { clusterId, groupChanges, templateName } from '../../score/changes/group.ts'
import { changeKinds, tellingKind } from '../../score/changes/kinds.ts'
import type { ScoredRecord } from '../../score/columns.ts'
import { otherValues } from '../../score/effects.ts'
import type { Metric } from '../../score/metric.ts'
import { change } from '../../score/metrics/change.ts'
import { swapOf } from '../run/swap-of.ts'

/** The policy of a run, with what people decided about its swap. */
export function reviewedPolicy(policy: Policy, run: Pick<Run, 'targets'>, { list, at }: ReviewPolicy): Policy {
  const own = reviewsThatCount({ reviews: list, swap: swapOf(run), now: at })
  return own.length === 0 ? policy : { ...policy, reviews: { at, list: own } }
}

export interface Reviewable {
  readonly policy: Policy
  readonly swap: Swap
  readonly measures: readonly MeasureColumn[]
  /** In the order of the run. */
  readonly records: readonly ScoredRecord[]
  readonly metrics: readonly Metric[]
}

export interface ReviewedRun {
  /** Accepted changes count as none in them. */
  readonly measures: readonly MeasureColumn[]
  /** The evidence of those measures, with how many pairs count so and by whose word. */
  readonly told: (evidence: readonly Evidence[]) => readonly Evidence[]
  readonly changes: readonly ReviewedChange[]
  /** The review that counts for the pair at a place of the run; null where nobody decided. */
  readonly reviewAt: (ordinal: number) => Review | null
}

/** A function of what is stored: clusters are those of the measures that are given, which may be the first part of a run. */
export function reviewedRun({ policy, swap, measures, records, metrics }: Reviewable): ReviewedRun {
  const { reviews } = policy
  if (reviews === undefined) return { measures, told: (evidence) => evidence, changes: [], reviewAt: () => null }
  const rows = rowsOf(measures, records, policy)
  const byPlace = reviewsOfRows(rows, { reviews: reviews.list, swap, now: reviews.at })
  const accepted = acceptChanges(measures, {
    records,
    metrics,
    segmentKey: policy.segments[0] ?? null,
    isAccepted: (ordinal) => byPlace.get(ordinal)?.decision === 'accept',
  })
  return {
    measures: accepted.measures,
    told: (evidence) =>
      evidence.map((each) => {
        const metric = metrics.find(({ summaries }) => summaries.some(({ name }) => name === each.metric))
        const places = accepted.placesOf.get(metric?.name ?? '') ?? []
        const own = places.filter(isWithin(each.segment, records, evidence))
        return each.effect === null || own.length === 0 ? each : withAccepted(each, acceptedPairs(own, byPlace))
      }),
    changes: changesIn(rows, byPlace, reviews),
    reviewAt: (ordinal) => byPlace.get(ordinal) ?? null,
  }
}

function withAccepted(evidence: Evidence, accepted: AcceptedPairs): Evidence {
  return { ...evidence, effect: evidence.effect && { ...evidence.effect, accepted } }
}

function acceptedPairs(places: readonly number[], byPlace: ReadonlyMap<number, Review | null>): AcceptedPairs {
  const by = new Set(places.flatMap((place) => byPlace.get(place)?.reviewer ?? []))
  return { pairs: places.length, by: [...by].toSorted() }
}

function isWithin(segment: Segment | null, records: readonly ScoredRecord[], evidence: readonly Evidence[]) {
  if (segment === null) return () => true
  const { key, value } = segment
  const valueAt = (place: number) => records[place]?.segments[key]
  if (value !== otherValues) return (place: number) => valueAt(place) === value
  const named = new Set(evidence.flatMap((each) => (each.segment?.key === key ? [each.segment.value] : [])))
  return (place: number) => {
    const own = valueAt(place)
    return own !== undefined && !named.has(own)
  }
}

interface Row extends ReviewedRow {
  readonly ordinal: number
  readonly isBeyondNoise: boolean | null
  /** Ids of what its cluster would be cut into, were it larger: by its own segment, by its own template. */
  readonly finer: readonly string[]
}

/** The pairs that changed. */
function rowsOf(measures: readonly MeasureColumn[], records: readonly ScoredRecord[], policy: Policy): Row[] {
  const column = measures.find(({ metric, comparison }) => metric === change.name && comparison === 'candidate')
  const segmentKey = policy.segments[0] ?? null
  const grouped = groupChanges({ measures, records, segmentKey, opinions: new Map(), judge: null })
  if (column === undefined || grouped === null) return []
  const clusters = new Map(grouped.changes.clusters.map((cluster) => [cluster.id, cluster]))
  return Array.from(column.ordinal, (ordinal, place): Row | null => {
    const kind = changeKinds[tellingKind(column.candidate[place] ?? 0)]
    const record = records[ordinal]
    if (column.absent[place] !== present || kind === undefined || record === undefined) return null
    const cluster = clusters.get(grouped.clusterOf.get(ordinal) ?? '') ?? null
    const own = segmentKey === null ? undefined : record.segments[segmentKey]
    const segment = segmentKey === null || own === undefined ? null : { key: segmentKey, value: own }
    const template = templateName(column.candidateWeight[place] ?? 0)
    return {
      ordinal,
      recordId: record.id,
      kind: kind.name,
      cluster: cluster?.id ?? null,
      isBeyondNoise: cluster?.isBeyondNoise ?? null,
      finer: cluster === null ? [] : finerThan(cluster, segment, template),
    }
  }).filter((row) => row !== null)
}

/** Of few pairs, as at an early look, a cluster is not yet told apart from others of its kind. */
function finerThan(cluster: ChangeCluster, segment: Segment | null, template: string): string[] {
  const { kind } = cluster
  const byTemplate = cluster.template === null ? [clusterId({ kind, segment: cluster.segment, template })] : []
  if (cluster.segment !== null || segment === null) return byTemplate
  return [...byTemplate, clusterId({ kind, segment, template }), clusterId({ kind, segment, template: null })]
}

/** What was accepted stays so where it is one with others; a regression must be found again as what it was. */
function reviewsOfRows(rows: readonly Row[], reviewed: Reviewed): ReadonlyMap<number, Review | null> {
  const find = rowReviews(reviewed)
  return new Map(
    rows.map((row) => {
      const review = find(row)
      if (review !== null) return [row.ordinal, review]
      const finer = row.finer.map((cluster) => find({ ...row, cluster }))
      return [row.ordinal, finer.find((each) => each?.decision === 'accept') ?? null]
    }),
  )
}

const states = { accept: 'accepted', regression: 'regression', unsure: 'unsure' } as const
const worstFirst = ['regression', 'accepted', 'unsure', 'gone', 'expired'] as const

function changesIn(
  rows: readonly Row[],
  byPlace: ReadonlyMap<number, Review | null>,
  { list, at }: NonNullable<Policy['reviews']>,
): readonly ReviewedChange[] {
  const counts = Map.groupBy(rows, ({ ordinal }) => byPlace.get(ordinal) ?? null)
  return list
    .map((review): ReviewedChange => {
      const isPast = isExpired(review, at)
      const own = isPast ? rows.filter((row) => isAbout(review, row)) : (counts.get(review) ?? [])
      // A regression that stops to block in silence would be one that nobody mended.
      if (!isPast && review.decision === 'regression' && own.length === 0)
        return { review, state: 'gone', pairs: rows.filter((row) => isMerged(review, row)).length, isBeyondNoise: null }
      const isBeyondNoise = review.about.kind === 'pair' ? null : (own[0]?.isBeyondNoise ?? null)
      return { review, state: isPast ? 'expired' : states[review.decision], pairs: own.length, isBeyondNoise }
    })
    .filter(({ state, pairs }) => state === 'gone' || pairs > 0)
    .toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state) || b.pairs - a.pairs)
}

function isAbout({ about }: Review, { recordId, kind, cluster }: Row): boolean {
  return about.kind === 'cluster' ? cluster === about.id : recordId === about.recordId && kind === about.change
}

/** Whether the cluster that a review is about is part of the row's larger one. */
function isMerged({ about }: Review, { finer }: Row): boolean {
  return about.kind === 'cluster' && finer.includes(about.id)
}
