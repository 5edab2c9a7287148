// By how much dependence within units widens an interval: the two factors that clustered limits are made of.

import { type Clusters, type Flags, finite, requireAlpha, requireCount, requirePaired, requireWithin } from './check.ts'
import { normalQuantile } from './dist.ts'
import { denseUnits, dot, sum, type Units, unitTotals, upperT } from './units.ts'

/**
 * The design effect of a mean (Kish 1965): its cluster-robust variance G/(G − 1)·Σ_g (Σ_{i in g} (xᵢ − mean))²/n² (CR1,
 * Liang & Zeger 1986) over Σ(xᵢ − mean)²/n². 1 where nothing varies, Infinity for a single unit, which shows nothing of
 * how units vary. Below 1 where the pairs of a unit make up for each other: chance, mostly, so cut it at 1 before you
 * trust it.
 *
 * Finite values (of a difference: one for each pair); values and cluster of one length ≥ 1. Throws RangeError
 * otherwise.
 */
export function designEffect(args: { readonly values: Flags; readonly cluster: Clusters }): number {
  const { values, cluster } = args
  requirePaired({ values, cluster })
  requireWithin('values', values, finite)
  return designEffectIn(values, denseUnits(cluster))
}

/** `designEffect` of finite values whose units are known. */
export function designEffectIn(values: Flags, units: Units): number {
  if (units.count === 1) return Infinity
  const mean = sum(values) / values.length
  const residuals = new Float64Array(values.length)
  for (let i = 0; i < residuals.length; i++) residuals[i] = (values[i] ?? 0) - mean
  const totals = unitTotals(residuals, units)
  const naive = dot(residuals, residuals)
  // Equal values need not equal their mean to the last digit; what is left then is rounding, and the same in all pairs.
  return naive <= 1e-28 * dot(values, values) ? 1 : ((units.count / (units.count - 1)) * dot(totals, totals)) / naive
}

/**
 * (t₁₋α,G−1 / z₁₋α)²: by how much few units widen a normal interval (squared, as a factor on the variance). Infinity
 * for a single unit. `clusters` ≥ 1, whole; `alphaOneSided` in (0, 0.5]. Throws RangeError otherwise.
 */
export function fewUnitsFactor(alphaOneSided: number, clusters: number): number {
  requireAlpha(alphaOneSided)
  requireCount('clusters', clusters)
  if (clusters === 0) throw new RangeError('clusters must be 1 or more')
  // At alpha = 0.5 both quantiles are 0; the ratio has a limit there, and is flat near it.
  const alpha = Math.min(alphaOneSided, 0.499)
  return (upperT(alpha, clusters) / normalQuantile(alpha)) ** 2
}

/**
 * κ = max(1, deff)·(t₁₋α,G−1 / z₁₋α)²: n dependent pairs are worth n/κ independent ones at this alpha. `designEffect` ≥
 * 0, Infinity allowed. Throws RangeError otherwise.
 */
export function clusterFactor(args: {
  readonly designEffect: number
  readonly clusters: number
  readonly alphaOneSided: number
}): number {
  if (!(args.designEffect >= 0)) throw new RangeError(`designEffect must not be negative, got ${args.designEffect}`)
  return Math.max(1, args.designEffect) * fewUnitsFactor(args.alphaOneSided, args.clusters)
}
