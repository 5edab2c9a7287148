// How many times more for the typical request: the geometric mean of the pairs' own ratios, beside what the bill sees.

import { type Clusters, type Numbers, requirePaired, requireWithin } from './check.ts'
import type { Estimator } from './estimator.ts'
import { meanDifference } from './mean-difference.ts'

/**
 * exp(mean(ln treatment − ln control)) with `meanDifference`'s limits of the logarithms. Where it disagrees with
 * `ratioOfMeans` by more than 15 %, a few giant answers drive the cost. `control` and `treatment` are the arms'
 * geometric means.
 *
 * Values finite and above 0; arms and cluster of one length ≥ 1. Throws RangeError otherwise.
 */
export function typicalRatio(args: {
  readonly control: Numbers
  readonly treatment: Numbers
  readonly cluster?: Clusters | undefined
}): Estimator {
  const { control, treatment, cluster } = args
  requirePaired({ control, treatment, cluster })
  const positive = [Number.MIN_VALUE, Number.MAX_VALUE] as const
  requireWithin('control', control, positive)
  requireWithin('treatment', treatment, positive)
  const [c, t] = [Float64Array.from(control, Math.log), Float64Array.from(treatment, Math.log)]
  const log = meanDifference({ control: c, treatment: t, cluster })
  return {
    ...log,
    method: `geometric-${log.method}`,
    control: Math.exp(log.control),
    treatment: Math.exp(log.treatment),
    estimate: Math.exp(log.estimate),
    limits: (alphaOneSided) => {
      const { lower, upper } = log.limits(alphaOneSided)
      return { lower: Math.exp(lower), upper: Math.exp(upper) }
    },
  }
}
