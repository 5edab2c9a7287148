// The latency ratio of a run whose load came and went: wider limits where the times of sending ask for them.

import type { Numbers } from './check.ts'
import { quantileType7 } from './quantile.ts'
import { type LatencyPairs, type QuantileRatio, quantileRatio } from './quantile-ratio.ts'
import { type TimeDependence, timeBlocks, timeDependence } from './time-blocks.ts'

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
  const { control, treatment, p, sentAt } = args
  const own = quantileRatio(args)
  const overTime = timeDependence({
    values: indicatorDifference({ control, treatment, p }),
    tested: Float64Array.from(treatment, (t, i) => finiteOrNaN(Math.log(t) - Math.log(control[i] ?? Number.NaN))),
    sentAt,
  })
  if (!overTime.isDependent) return { ...own, overTime }
  const blocks = quantileRatio({ control, treatment, p, cluster: timeBlocks({ sentAt }) })
  return {
    ...own,
    method: 'mover-order-statistics-time-blocks',
    clusters: Math.min(own.clusters, blocks.clusters),
    overTime,
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

function indicatorDifference(args: {
  readonly control: Numbers
  readonly treatment: Numbers
  readonly p: number
}): Float64Array {
  const [c, t] = [args.control, args.treatment].map((values) => thresholdOf(values, args.p))
  return Float64Array.from(args.treatment, (value, i) => isAtMost(value, t) - isAtMost(args.control[i], c))
}

/** A quantile that is a timeout has everything at or below it: then the timeouts themselves are what varies. */
function thresholdOf(values: Numbers, p: number): number {
  return Math.min(Number.MAX_VALUE, quantileType7(new Float64Array(values).toSorted(), p))
}

function isAtMost(value: number | undefined, threshold: number | undefined): number {
  return (value ?? Infinity) <= (threshold ?? Infinity) ? 1 : 0
}

function finiteOrNaN(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN
}
