// The latency ratio of a run whose load came and went: wider limits where the times of sending ask for them.

import type { Numbers } from './check.ts'
import { type LatencyPairs, type QuantileRatio, quantileRatio, quantileRatios } from './quantile-ratio.ts'
import { type TimeDependence, timesOf } from './time-blocks.ts'

/** A ratio of quantiles, and whether it came and went with time. */
export interface QuantileRatioOverTime extends QuantileRatio {
  readonly overTime: TimeDependence
}

/**
 * `quantileRatio`, and where `timeDependence` finds that the ratio came and went (10 blocks of time by the indicators
 * "treatment at or below its quantile" − "control at or below its quantile", which counts timeouts; 30 blocks by ln T −
 * ln C of the pairs without), each limit is the wider of its own and the one with those 10 blocks as clusters. Then say
 * so: the cure is to spread the replay over more hours. `sentAt` finite, any unit; otherwise as `quantileRatio`.
 */
export function quantileRatioOverTime(
  args: LatencyPairs & { readonly p: number; readonly sentAt: Numbers },
): QuantileRatioOverTime {
  const [ratio] = quantileRatiosOverTime({ ...args, ps: [args.p] })
  if (ratio === undefined) throw new Error('one p gives one ratio')
  return ratio
}

/** `quantileRatioOverTime` for several p, which share what does not depend on it; in the order of `ps`. Otherwise as that. */
export function quantileRatiosOverTime(
  args: LatencyPairs & { readonly ps: readonly number[]; readonly sentAt: Numbers },
): readonly QuantileRatioOverTime[] {
  const { control, treatment, sentAt } = args
  const ratios = quantileRatios(args)
  const tested = new Float64Array(treatment.length)
  for (let i = 0; i < tested.length; i++) tested[i] = finiteOrNaN(Math.log((treatment[i] ?? 0) / (control[i] ?? 0)))
  const times = timesOf({ tested, sentAt })
  return ratios.map((own, at) => {
    const values = indicatorDifference({ control, treatment, own })
    const overTime = times.dependenceOf(values)
    if (!overTime.isDependent) return { ...own, overTime }
    const byBlock = quantileRatio({ control, treatment, p: args.ps[at] ?? 0.5, cluster: times.blocks })
    return { ...widerOf(own, byBlock), overTime }
  })
}

function widerOf(own: QuantileRatio, blocks: QuantileRatio): QuantileRatio {
  return {
    ...own,
    method: 'mover-order-statistics-time-blocks',
    clusters: Math.min(own.clusters, blocks.clusters),
    designEffects: (alphaOneSided) => {
      const [a, b] = [own.designEffects(alphaOneSided), blocks.designEffects(alphaOneSided)]
      return { control: Math.max(a.control, b.control), treatment: Math.max(a.treatment, b.treatment) }
    },
    limits: (alphaOneSided) => {
      const [a, b] = [own.limits(alphaOneSided), blocks.limits(alphaOneSided)]
      return { lower: Math.min(a.lower, b.lower), upper: Math.max(a.upper, b.upper) }
    },
  }
}

/** A quantile that is a timeout has everything at or below it: then the timeouts themselves are what varies. */
function indicatorDifference(args: {
  readonly control: Numbers
  readonly treatment: Numbers
  readonly own: Pick<QuantileRatio, 'thresholds'>
}): Float64Array {
  const { control, treatment, own } = args
  const { thresholds } = own
  const difference = new Float64Array(treatment.length)
  for (let i = 0; i < difference.length; i++)
    difference[i] = isAtMost(treatment[i], thresholds.treatment) - isAtMost(control[i], thresholds.control)
  return difference
}

function isAtMost(value: number | undefined, threshold: number): number {
  return (value ?? Infinity) <= threshold ? 1 : 0
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
