// Pairs → measures: every metric over every pair.

import { unreachable } from '../core/fault.ts'
import type { AbsenceReason, AnsweredCall, Comparison, Measure, MeasureRow, Pair } from '../core/types.ts'
import type { MeasureContext, Metric } from './metric.ts'

/** Why a pair does not vote at all; null where it does. The replay's own pace is no fault of a model. */
export function exclusionOf(pair: Pair): 'rate-limited' | null {
  return isRateLimited(pair.production) || isRateLimited(pair.candidate) ? 'rate-limited' : null
}

function isRateLimited(call: AnsweredCall): boolean {
  return call.outcome.kind === 'rejected' && call.outcome.status === 429
}

/** One row for each metric that the comparison is for. */
export function measurePair(pair: Pair, metrics: readonly Metric[], context: MeasureContext): MeasureRow[] {
  const isExcluded = exclusionOf(pair) !== null
  const rows: MeasureRow[] = []
  for (const metric of metrics) {
    if (isMeasuredIn(metric, pair.comparison)) rows.push(rowOf(metric, pair, isExcluded, context))
  }
  return rows
}

/** Metrics of one side need no comparison across: both answers are measured elsewhere. */
function isMeasuredIn(metric: Metric, comparison: Comparison): boolean {
  if (metric.comparisons !== undefined) return metric.comparisons.includes(comparison)
  return metric.on === 'pair' || comparison === 'candidate' || isOfProduction(comparison)
}

/** Whether both answers are production's. */
function isOfProduction(comparison: Comparison): boolean {
  return comparison === 'noise' || comparison === 'recorded' || comparison === 'recorded-again'
}

function rowOf(metric: Metric, pair: Pair, isExcluded: boolean, context: MeasureContext): MeasureRow {
  const head = { ordinal: pair.ordinal, comparison: pair.comparison, metric: metric.name, version: metric.version }
  if (isExcluded) return { ...head, ...nothing, absent: 'excluded' }
  switch (metric.on) {
    case 'side': {
      const rightArm = isOfProduction(pair.comparison) ? 'production' : 'candidate'
      const left = metric.measure(pair.production, 'production', context)
      const right = metric.measure(pair.candidate, rightArm, context)
      return { ...head, ...bothSides(left, right) }
    }
    case 'pair': {
      const measure = metric.measure(pair.production, pair.candidate, context)
      if (measure.kind === 'absent') return { ...head, ...nothing, absent: measure.why }
      return { ...head, ...nothing, candidate: measure.value, candidateWeight: measure.weight ?? null, absent: null }
    }
    case 'both': {
      const { left, right } = metric.measure(pair.production, pair.candidate, context)
      return { ...head, ...bothSides(left, right) }
    }
    default:
      return unreachable(metric)
  }
}

const nothing = { production: null, productionWeight: null, candidate: null, candidateWeight: null }

function bothSides(left: Measure, right: Measure): Omit<MeasureRow, 'ordinal' | 'comparison' | 'metric' | 'version'> {
  if (left.kind === 'absent' && right.kind === 'absent') return { ...nothing, absent: left.why }
  if (left.kind === 'absent') return { ...nothing, absent: lackOf(left.why) }
  if (right.kind === 'absent') return { ...nothing, absent: lackOf(right.why) }
  return {
    production: left.value,
    productionWeight: left.weight ?? null,
    candidate: right.value,
    candidateWeight: right.weight ?? null,
    absent: null,
  }
}

/**
 * What one arm alone keeps silent about biases what is left, and the gate must know; where no answer came there is nothing to
 * be silent about, and `answered` counts it.
 */
function lackOf(why: AbsenceReason): AbsenceReason {
  return why === 'not-reported' || why === 'not-streamed' ? 'one-arm-only' : why
}
