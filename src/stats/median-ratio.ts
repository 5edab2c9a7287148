// The paired ratio of medians as R's statpsych has it: a cross-check of `quantileRatio`, which needs no standard error.

import { type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import { binomialCdf, normalQuantile } from './dist.ts'
import type { Estimator } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import { quantileType7 } from './quantile.ts'

/**
 * median(treatment) / median(control) with limits exp(d ∓ z₁₋α·se) in logs (Price & Bonett 2020; statpsych's
 * ci.ratio.median.ps): each arm's se is the width between its a-th values from both ends, a = round(n/2 − √n), over
 * twice the normal score of that rank, and the covariance (4·p₀₀ − 1)·se·se follows from the share p₀₀ of pairs below
 * both medians. With ties it errs up to 9 % where 5 % are promised, so gates use `quantileRatio`. A single pair gives
 * (0, Infinity).
 *
 * Values finite and above 0; arms of one length ≥ 1. Throws RangeError otherwise.
 */
export function medianRatioPaired(args: { readonly control: Numbers; readonly treatment: Numbers }): Estimator {
  const { control, treatment } = args
  requirePaired({ control, treatment })
  const positive = [Number.MIN_VALUE, Number.MAX_VALUE] as const
  requireWithin('control', control, positive)
  requireWithin('treatment', treatment, positive)
  const n = control.length
  const c = medianOf(control)
  const t = medianOf(treatment)
  let below = 0
  for (let i = 0; i < n; i++) {
    if ((control[i] ?? 0) < c.median && (treatment[i] ?? 0) < t.median) below++
  }
  const belowBoth = (below + 0.25) / (n % 2 === 0 ? n + 1 : n)
  const covariance = (4 * belowBoth - 1) * c.standardError * t.standardError
  const standardError = Math.sqrt(c.standardError ** 2 + t.standardError ** 2 - 2 * covariance)
  const estimate = t.median / c.median
  return {
    method: 'price-bonett',
    control: c.median,
    treatment: t.median,
    estimate,
    n,
    clusters: n,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      const log = symmetricLimits({ estimate: Math.log(estimate), standardError, t: -normalQuantile(alphaOneSided) })
      return { lower: Math.exp(log.lower), upper: Math.exp(log.upper) }
    },
  }
}

/** An arm's median, and the standard error of its logarithm: NaN for one value. */
function medianOf(values: Numbers): { readonly median: number; readonly standardError: number } {
  const sorted = new Float64Array(values).toSorted()
  const n = sorted.length
  const rank = Math.max(1, Math.round(n / 2 - Math.sqrt(n)))
  const score = -normalQuantile(binomialCdf(rank - 1, n, 0.5))
  const width = Math.log(sorted[n - rank] ?? Number.NaN) - Math.log(sorted[rank - 1] ?? Number.NaN)
  return { median: quantileType7(sorted, 0.5), standardError: width / (2 * score) }
}
