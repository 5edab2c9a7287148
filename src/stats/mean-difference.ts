// How much more: the mean of paired differences, for scores and rates per pair.

import { type Clusters, type Flags, finite, requireAlpha, requirePaired, requireWithin } from './check.ts'
import type { Estimator, Limits } from './estimator.ts'
import { denseUnits, dot, sum, unitTotals, upperT } from './units.ts'

/**
 * The mean of treatment − control with Student's t limits: mean ± t₁₋α,G−1·se, where
 * se² = G/(G − 1)·Σ_g (Σ_{i in g} (dᵢ − mean))² / n² (Liang & Zeger 1986, CR1). Without clusters each pair is its own unit
 * and this is the paired t interval. A single unit gives (−Infinity, Infinity).
 *
 * Values finite, of any sign; arms and cluster of one length ≥ 1. Throws RangeError otherwise.
 */
export function meanDifference(args: {
  readonly control: Flags
  readonly treatment: Flags
  readonly cluster?: Clusters | undefined
}): Estimator {
  const { control, treatment, cluster } = args
  requirePaired({ control, treatment, cluster })
  requireWithin('control', control, finite)
  requireWithin('treatment', treatment, finite)
  const n = control.length
  const units = cluster === undefined ? null : denseUnits(cluster)
  const difference = new Float64Array(n)
  for (let i = 0; i < n; i++) difference[i] = (treatment[i] ?? 0) - (control[i] ?? 0)
  const estimate = sum(difference) / n
  for (let i = 0; i < n; i++) difference[i] = (difference[i] ?? 0) - estimate
  const residuals = unitTotals(difference, units)
  const count = residuals.length
  const standardError = Math.sqrt(((count / (count - 1)) * dot(residuals, residuals)) / (n * n))
  return {
    method: units === null ? 'paired-t' : 'cluster-t',
    control: sum(control) / n,
    treatment: sum(treatment) / n,
    estimate,
    n,
    clusters: count,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: upperT(alphaOneSided, count) })
    },
  }
}

/** estimate ± t·se; unbounded where there are too few units to know the standard error. */
export function symmetricLimits(args: {
  readonly estimate: number
  readonly standardError: number
  readonly t: number
}): Limits {
  const { estimate, standardError, t } = args
  if (!Number.isFinite(standardError) || t === Infinity) return { lower: -Infinity, upper: Infinity }
  return { lower: estimate - t * standardError, upper: estimate + t * standardError }
}
