// Measures → evidence: the effect of each summary, of all records and of each segment.

import type { Effect, Evidence, Limits, Segment } from '../core/judgement.ts'
import type { Comparison, ReplayedComparison } from '../core/types.ts'
import type { Estimator } from '../stats/estimator.ts'
import { minimumPairs } from '../stats/order-statistic-ranks.ts'
import type { TimeDependence } from '../stats/time-blocks.ts'
import { type Column, countAbsent, emptyColumn, partitionColumn, type ScoreTable } from './columns.ts'
import { type Columns, type Estimate, estimates, typicalRatioIn } from './estimate.ts'
import type { Metric, Summary } from './metric.ts'

/** Of what there is to be evidence, and how sure its limits. */
export interface EvidenceOptions {
  readonly metrics: readonly Metric[]
  /** Segment keys that get effects of their own. */
  readonly segments: readonly string[]
  /** The metrics that are cut by segments: all, where it does not say. */
  readonly inSegments?: readonly Metric[]
  /** Confidence of each one-sided limit. */
  readonly level: number
}

/** A segment with fewer records than this is not worth a line. */
const minSegmentRecords = 10
/** More values of one key than this are too many questions, each of which makes the others less sure (Holm): the largest are asked about by name. */
const maxSegmentValues = 20
/** The values of a key that are too many or too small for a line of their own, together. */
export const otherValues = '(other)'

/** Evidence for every summary: first of all records, then segment by segment. */
export function evidenceOf(table: ScoreTable, asked: EvidenceOptions): Evidence[] {
  // What no rule is about is not cut by segments either.
  const options = { ...asked, metrics: asked.metrics.filter(({ summaries }) => summaries.length > 0) }
  const whole = options.metrics.flatMap((metric) =>
    evidenceIn(null, metric, columnsOf(table, metric), { table, options, sentAt: table.sentAt }),
  )
  // Whether load came and went is told by all records: ten blocks of a segment's few would show it by chance.
  const overTime = new Set(whole.flatMap(({ effect }) => (effect?.overTime ? [effect.metric] : [])))
  return [...whole, ...options.segments.flatMap((key) => evidenceBySegment(key, table, options, overTime))]
}

/**
 * Evidence of drift: the log's answers in the place of production's, production's of now in that of the candidate's. Both answers of
 * now stand beside the log's alike, so that nothing hangs on which of them came first.
 */
export function driftEvidence(table: ScoreTable, metrics: readonly Metric[], level: number): Evidence[] {
  return metrics.flatMap((metric) => {
    const column = (comparison: Comparison) => table.column(metric.name, comparison)
    const columns = { ...columnsOf(table, metric), candidate: column('recorded'), cross: column('recorded-again') }
    const none = { 'cross-candidate': emptyColumn, 'cross-both': emptyColumn, 'candidate-noise': emptyColumn }
    const asked = { table, options: { metrics, segments: [], level }, sentAt: null }
    return evidenceIn(null, metric, { ...columns, ...none }, asked)
  })
}

const allComparisons = ['candidate', 'noise', 'cross', 'cross-candidate', 'cross-both', 'candidate-noise'] as const

function columnsOf(table: ScoreTable, { name }: Metric): Record<ReplayedComparison, Column> {
  const entries = allComparisons.map((comparison) => [comparison, table.column(name, comparison)] as const)
  return Object.fromEntries(entries) as Record<ReplayedComparison, Column>
}

function evidenceBySegment(
  key: string,
  table: ScoreTable,
  options: EvidenceOptions,
  overTime: ReadonlySet<string>,
): Evidence[] {
  const { names, of } = segmentsOf(table, key)
  const bySegment: Evidence[][] = names.map(() => [])
  for (const metric of options.inSegments ?? options.metrics) {
    if (metric.summaries.length === 0) continue
    const sentAt = metric.summaries.some(({ name }) => overTime.has(name)) ? table.sentAt : null
    const parts = allComparisons.map(
      (comparison) => [comparison, partitionColumn(table.column(metric.name, comparison), of, names.length)] as const,
    )
    for (const [index, value] of names.entries()) {
      const columns = Object.fromEntries(
        parts.map(([comparison, columnsOfParts]) => [comparison, columnsOfParts[index]]),
      )
      bySegment[index]?.push(
        ...evidenceIn({ key, value }, metric, columns as Record<ReplayedComparison, Column>, {
          table,
          options,
          sentAt,
        }),
      )
    }
  }
  return bySegment.flat()
}

/** The values of a key that get a line, largest first and the rest together, and which of them each record has. */
function segmentsOf(table: ScoreTable, key: string): { readonly names: string[]; readonly of: Int32Array } {
  const { names, of } = table.values(key)
  const sizes = new Int32Array(names.length)
  for (const value of of) if (value >= 0) sizes[value] = (sizes[value] ?? 0) + 1
  const named = [...names.keys()]
    .filter((value) => (sizes[value] ?? 0) >= minSegmentRecords)
    .toSorted((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1))
    .slice(0, maxSegmentValues)
  const rest = sizes.reduce((sum, size, value) => (named.includes(value) ? sum : sum + size), 0)
  const hasRest = rest >= minSegmentRecords
  const lineOf = Int32Array.from(names, (_, value) => {
    const line = named.indexOf(value)
    return line === -1 && hasRest ? named.length : line
  })
  return {
    names: [...named.map((value) => names[value] ?? ''), ...(hasRest ? [otherValues] : [])],
    of: of.map((value) => (value < 0 ? -1 : (lineOf[value] ?? -1))),
  }
}

interface Asked {
  readonly table: ScoreTable
  readonly options: EvidenceOptions
  /** null where the times of sending tell nothing. */
  readonly sentAt: Float64Array | null
}

function evidenceIn(
  segment: Segment | null,
  metric: Metric,
  columns: Record<ReplayedComparison, Column>,
  { table, options: { level }, sentAt }: Asked,
): Evidence[] {
  const around = { clusters: table.cluster, sentAt }
  const own: Columns = {
    candidate: columns.candidate,
    noise: columns.noise,
    cross: columns.cross,
    candidateNoise: columns['candidate-noise'],
    crossCandidate: columns['cross-candidate'],
    crossBoth: columns['cross-both'],
  }
  const methods = metric.summaries.map(({ method }) => method)
  const found = estimates(methods, own, around)
  // The excess over the noise floor has no noise floor of its own.
  const isExcess = methods.some(({ kind }) => kind === 'excess-mean' || kind === 'excess-share')
  const floors = isExcess ? [] : estimates(methods, { ...own, candidate: own.noise }, around)
  const absent: Readonly<Record<string, number>> = countAbsent(own.candidate)
  return metric.summaries.map((summary, index) => {
    const main: Estimate = found[index] ?? { estimator: null, why: null }
    const floor = floors[index]?.estimator ?? null
    const { estimator } = main
    const typical = summary.method.kind === 'mean-ratio' ? typicalRatioIn(own.candidate) : null
    return {
      metric: summary.name,
      segment,
      effect: estimator && effectOf({ metric, summary, segment, level, absent, estimator, floor, typical }),
      absent: main.why === null ? absent : { ...absent, [main.why]: own.candidate.record.length },
      minPairs: summary.minPairs,
      minClusters: summary.minClusters ?? 10,
      leastPairs: leastPairsOf(summary),
      usersOnly: summary.method.kind === 'users-only' ? summary.method.why : null,
      limits: limitsOf(estimator),
      noiseLimits: floor && limitsOf(floor),
    }
  })
}

/** Order statistics have no upper limit below so many pairs; other methods have one from the first pairs on. */
function leastPairsOf({ method, minPairs }: Summary): Evidence['leastPairs'] {
  return (alpha) =>
    method.kind === 'quantile-ratio'
      ? Math.max(minPairs, minimumPairs({ p: method.p, alphaOneSided: alpha }))
      : Infinity
}

interface Found {
  readonly metric: Metric
  readonly summary: Summary
  readonly segment: Segment | null
  readonly level: number
  readonly absent: Effect['absent']
  readonly estimator: Estimator
  /** Of production against itself. */
  readonly floor: Estimator | null
  readonly typical: number | null
}

function effectOf({ metric, summary, segment, level, absent, estimator, floor, typical }: Found): Effect {
  const { kind } = summary.method
  const interval = (of: Estimator) => ({ ...limitsOf(of)(1 - level), level: round(2 * level - 1) })
  return {
    metric: summary.name,
    segment,
    better: metric.better,
    unit: metric.unit,
    pairs: estimator.n,
    clusters: estimator.clusters,
    absent,
    production: estimator.control,
    candidate: estimator.treatment,
    estimate: estimator.estimate,
    scale: kind === 'quantile-ratio' || kind === 'mean-ratio' ? 'ratio' : 'difference',
    interval: interval(estimator),
    method: estimator.method,
    noise: floor && { estimate: floor.estimate, interval: interval(floor), pairs: floor.n },
    typical,
    overTime: overTimeOf(estimator),
  }
}

function overTimeOf({ overTime }: Estimator & { readonly overTime?: TimeDependence }): Effect['overTime'] {
  if (!overTime?.isDependent) return null
  return overTime.isShown ? 'shown' : 'allowed-for'
}

function limitsOf(estimator: Estimator | null): (alpha: number) => Limits {
  if (estimator === null) return () => ({ low: -Infinity, high: Infinity })
  return (alpha) => {
    const { lower, upper } = estimator.limits(alpha)
    return { low: lower, high: upper }
  }
}

/** 2 × 0.95 − 1 is 0.8999999999999999 in floating point. */
function round(level: number): number {
  return Number(level.toFixed(12))
}
