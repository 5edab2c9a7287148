// Measures → evidence: the effect of each summary, of all records and of each segment.

import type { Effect, Evidence, Limits, Segment } from '../core/judgement.ts'
import type { Estimator } from '../stats/estimator.ts'
import { type Column, filterColumn, type ScoreTable } from './columns.ts'
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
  const sizes = new Map<string, number>()
  for (const record of table.records) {
    const value = record.segments[key]
    if (value !== undefined) sizes.set(value, (sizes.get(value) ?? 0) + 1)
  }
  return [...sizes]
    .filter(([, size]) => size >= minSegmentRecords)
    .toSorted(([a, sizeA], [b, sizeB]) => sizeB - sizeA || (a < b ? -1 : 1))
    .map(([value]) => ({ key, value }))
}

interface Question {
  readonly table: ScoreTable
  readonly metric: Metric
  readonly summary: Summary
  readonly segment: Segment | null
  readonly level: number
}

function evidence(question: Question): Evidence {
  const { table, metric, summary, segment, level } = question
  const slice = (column: Column) =>
    segment === null
      ? column
      : filterColumn(column, (record) => table.records[record]?.segments[segment.key] === segment.value)
  const columns = {
    candidate: slice(table.column(metric.name, 'candidate')),
    noise: slice(table.column(metric.name, 'noise')),
    cross: slice(table.column(metric.name, 'cross')),
  }
  const isExcess = summary.method.kind === 'excess-mean' || summary.method.kind === 'excess-share'
  const main = estimate(summary.method, columns, table.cluster)
  const noise = isExcess ? null : estimate(summary.method, { ...columns, candidate: columns.noise }, table.cluster)
  const absent = countBy(columns.candidate.absent.map(({ why }) => why))
  const effect = main.estimator && effectOf(question, main.estimator, noise?.estimator ?? null, absent)
  return {
    metric: summary.name,
    segment,
    effect,
    absent: main.why === null ? absent : { ...absent, [main.why]: columns.candidate.record.length },
    minPairs: summary.minPairs,
    usersOnly: summary.method.kind === 'users-only' ? summary.method.why : null,
    limits: limitsOf(main.estimator),
    noiseLimits: noise?.estimator ? limitsOf(noise.estimator) : null,
  }

  function effectOf(asked: Question, estimator: Estimator, floor: Estimator | null, left: Effect['absent']): Effect {
    const interval = (of: Estimator) => ({ ...limitsOf(of)(1 - level), level: round(2 * level - 1) })
    const scale = isRatio(asked.summary) ? 'ratio' : 'difference'
    return {
      metric: summary.name,
      segment,
      better: metric.better,
      unit: metric.unit,
      pairs: estimator.n,
      clusters: estimator.clusters,
      absent: left,
      production: estimator.control,
      candidate: estimator.treatment,
      estimate: estimator.estimate,
      scale,
      interval: interval(estimator),
      method: estimator.method,
      noise: floor && { estimate: floor.estimate, interval: interval(floor), pairs: floor.n },
    }
  }
}

function isRatio(summary: Summary): boolean {
  return summary.method.kind === 'quantile-ratio' || summary.method.kind === 'mean-ratio'
}

function limitsOf(estimator: Estimator | null): (alpha: number) => Limits {
  if (estimator === null) return () => ({ low: -Infinity, high: Infinity })
  return (alpha) => {
    const { lower, upper } = estimator.limits(alpha)
    return { low: lower, high: upper }
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** 2 × 0.95 − 1 is 0.8999999999999999 in floating point. */
function round(level: number): number {
  return Number(level.toFixed(12))
}
