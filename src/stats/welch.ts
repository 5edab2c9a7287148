// How much more, between two groups that share nothing: Welch's t, for a canary's means.

import { finite, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import { tCdf, tQuantile } from './dist.ts'
import type { Estimator } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import { dot, sum } from './units.ts'

/** A difference of two means, with its t-test. */
export interface Welch extends Estimator {
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** estimate / standardError. */
  readonly t: number
  /** The two-sided p-value of "the means are equal". */
  readonly p: number
}

/**
 * mean(treatment) − mean(control) of independent groups of unequal variance (Welch 1947), with Satterthwaite's degrees
 * of freedom. A group of one value gives (−Infinity, Infinity) and p = 1. Without any variance the estimate is exact.
 *
 * Finite values, at least one in each group, whose lengths may differ. Throws RangeError otherwise.
 */
export function welch(args: { readonly control: Numbers; readonly treatment: Numbers }): Welch {
  const c = groupOf('control', args.control)
  const t = groupOf('treatment', args.treatment)
  const estimate = t.mean - c.mean
  const isKnown = c.n > 1 && t.n > 1
  const standardError = isKnown ? Math.sqrt(c.variance + t.variance) : Infinity
  const spread = c.variance ** 2 / (c.n - 1) + t.variance ** 2 / (t.n - 1)
  // Without variance any degrees of freedom do: all quantiles are multiplied by 0.
  const degreesOfFreedom = isKnown && spread > 0 ? (c.variance + t.variance) ** 2 / spread : c.n + t.n - 1
  const statistic = estimate === 0 ? 0 : estimate / standardError
  return {
    method: 'welch',
    control: c.mean,
    treatment: t.mean,
    estimate,
    n: c.n + t.n,
    clusters: c.n + t.n,
    standardError,
    degreesOfFreedom,
    t: statistic,
    p: Math.min(1, 2 * tCdf(-Math.abs(statistic), degreesOfFreedom)),
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: Math.max(0, -tQuantile(alphaOneSided, degreesOfFreedom)) })
    },
  }
}

/** Mean, and the variance of the mean: NaN for one value. */
function groupOf(
  name: string,
  values: Numbers,
): { readonly n: number; readonly mean: number; readonly variance: number } {
  requirePaired({ [name]: values })
  requireWithin(name, values, finite)
  const n = values.length
  const mean = sum(values) / n
  const centred = Float64Array.from(values, (value) => value - mean)
  return { n, mean, variance: dot(centred, centred) / (n - 1) / n }
}
