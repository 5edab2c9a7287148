// Measures → evidence: the effect of each summary, of all records and of each segment.

import type { Effect, Evidence, Limits, Segment } from '../core/judgement.ts'
import type { Comparison } from '../core/types.ts'
import type { Estimator } from '../stats/estimator.ts'
import { type Column, countAbsent, filterColumn, type ScoreTable } from './columns.ts'
import { estimate } from './estimate.ts'
import type { Metric, Summary } from './metric.ts'

export interface EvidenceOptions {
  readonly metrics: readonly Metric[]
  /** Segment keys that get effects of their own. */
  readonly segments: readonly string[]
  /** Confidence of each one-sided limit. */
  readonly level: number
}

/** A segment with fewer records than this is not worth a line. */
const minSegmentRecords = 10
/** More values of one key than this are too many questions (STATISTICS section 6): the largest are asked about. */
const maxSegmentValues = 20

/** Evidence for every summary: first of all records, then segment by segment. */
export function evidenceOf(table: ScoreTable, options: EvidenceOptions): Evidence[] {
  const slices: readonly (Segment | null)[] = [null, ...options.segments.flatMap((key) => segmentsOf(table, key))]
  return slices.flatMap((segment) =>
    options.metrics.flatMap((metric) =>
      metric.summaries.map((summary) => evidence({ table, metric, summary, segment, level: options.level })),
    ),
  )
}

function segmentsOf(table: ScoreTable, key: string): Segment[] {
  const { names, of } = table.values(key)
  const sizes = Array.from(names, () => 0)
  for (const value of of) if (value >= 0) sizes[value] = (sizes[value] ?? 0) + 1
  return names
    .map((name, value): [string, number] => [name, sizes[value] ?? 0])
    .filter(([, size]) => size >= minSegmentRecords)
    .toSorted(([a, sizeA], [b, sizeB]) => sizeB - sizeA || (a < b ? -1 : 1))
    .slice(0, maxSegmentValues)
    .map(([value]) => ({ key, value }))
}

interface Question {
  readonly table: ScoreTable
  readonly metric: Metric
  readonly summary: Summary
  readonly segment: Segment | null
  readonly level: number
}

function evidence({ table, metric, summary, segment, level }: Question): Evidence {
  const columnIn = (comparison: Comparison) => sliceOf(table, segment, table.column(metric.name, comparison))
  const columns = {
    candidate: columnIn('candidate'),
    noise: columnIn('noise'),
    cross: columnIn('cross'),
    candidateNoise: columnIn('candidate-noise'),
    crossCandidate: columnIn('cross-candidate'),
    crossBoth: columnIn('cross-both'),
  }
  // The excess over the noise floor has no noise floor of its own.
  const isExcess = summary.method.kind === 'excess-mean' || summary.method.kind === 'excess-share'
  const main = estimate(summary.method, columns, table.cluster)
  const floor = isExcess
    ? null
    : estimate(summary.method, { ...columns, candidate: columns.noise }, table.cluster).estimator
  const absent: Readonly<Record<string, number>> = countAbsent(columns.candidate)
  return {
    metric: summary.name,
    segment,
    effect: main.estimator && effectOf({ metric, summary, segment, level, absent, estimator: main.estimator, floor }),
    absent: main.why === null ? absent : { ...absent, [main.why]: columns.candidate.record.length },
    minPairs: summary.minPairs,
    minClusters: summary.minClusters ?? 10,
    usersOnly: summary.method.kind === 'users-only' ? summary.method.why : null,
    limits: limitsOf(main.estimator),
    noiseLimits: floor && limitsOf(floor),
  }
}

function sliceOf(table: ScoreTable, segment: Segment | null, column: Column): Column {
  if (segment === null) return column
  const { names, of } = table.values(segment.key)
  const value = names.indexOf(segment.value)
  return filterColumn(column, (record) => of[record] === value)
}

/** `floor` is of production against itself. */
type Found = Omit<Question, 'table'> & Pick<Effect, 'absent'> & { estimator: Estimator; floor: Estimator | null }

function effectOf({ metric, summary, segment, level, absent, estimator, floor }: Found): Effect {
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
  }
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
