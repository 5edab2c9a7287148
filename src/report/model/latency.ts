// How long both arms took: quantiles with their changes, the distributions, and what no picture can show.

import { count, counted, duration, percent } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { type DistributionChart, distributionChart, type Quantity } from './distribution.ts'
import { type QuantileRow, quantileRows, type ShiftChart, shiftChart } from './shift.ts'

export interface LatencyModel {
  /** Why there is nothing to show; null where there is. */
  readonly none: string | null
  /** What the pictures can't show, told. */
  readonly told: readonly string[]
  readonly quantiles: readonly QuantileRow[]
  readonly chart: DistributionChart | null
  readonly shift: ShiftChart | null
}

const quantity: Quantity = {
  words: (ms) => (ms === Infinity ? '∞ (no answer)' : duration(ms)),
  axisWords: duration,
  isWhole: false,
}

export function latencyModel(
  input: Pick<ReportInput, 'latencies' | 'latencyShifts' | 'policy' | 'verdict'>,
): LatencyModel {
  const { latencies, latencyShifts: shifts, policy } = input
  const pairs = latencies.production.length
  return {
    none:
      pairs === 0
        ? 'No latency was measured.'
        : shifts.length === 0
          ? 'One pair alone tells nothing of how latencies are spread.'
          : null,
    told: [
      ...unanswered('production', latencies.production),
      ...unanswered('candidate', latencies.candidate),
      ...lookedAt(input),
    ],
    quantiles: quantileRows(shifts, quantity),
    chart: distributionChart(latencies, shifts, quantity),
    shift: shiftChart(shifts, policy.rules),
  }
}

function unanswered(arm: string, values: Float64Array): readonly string[] {
  const missing = values.filter((ms) => ms === Infinity).length
  if (missing === 0) return []
  const share = percent(missing / values.length)
  const calls = counted(values.length, `${arm} call`)
  return [`${count(missing)} of ${calls} (${share}) got no answer: infinitely slow in every figure, not drawn.`]
}

/** A rule that a look decided keeps that look's figures, which are not those of all pairs. */
function lookedAt({ latencyShifts, verdict }: Pick<ReportInput, 'latencyShifts' | 'verdict'>): readonly string[] {
  const isOther = latencyShifts.some(({ effect: { metric, interval } }) => {
    const own = verdict.findings.find(({ rule }) => rule.metric === metric && rule.segment === null)?.effect?.interval
    return own !== undefined && own.level !== interval.level
  })
  return isOther
    ? [
        'Rules on latency were judged along the way: their intervals above are those of the look that decided, and wider.',
      ]
    : []
}
