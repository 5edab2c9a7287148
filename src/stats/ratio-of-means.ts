// How many times more: the ratio of two paired totals (tokens, cost), which is what the bill sees.

import { type Clusters, finiteNonNegative, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import type { Estimator } from './estimator.ts'
import { denseUnits, dot, sum, unitTotals, upperT } from './units.ts'

/**
 * Σ treatment / Σ control with Fieller's limits (Fieller 1954) on the totals of the G independent units: the values R with
 * (b − R·a)² ≤ q²·var(b − R·a), a and b the units' means and q = t₁₋α with G − 1 degrees of freedom. They are solved for
 * R − b/a, so that identical arms give exactly (1, 1). The limits are (0, Infinity) where the control's total is not
 * shown to differ from 0 (a² ≤ q²·var a) and with a single unit; the lower one is never below 0. Without any control total
 * the estimate is Infinity, or 1 if the treatment has none either.
 *
 * Values finite and ≥ 0; arms and cluster of one length ≥ 1. Throws RangeError otherwise.
 */
export function ratioOfMeans(args: {
  readonly control: Numbers
  readonly treatment: Numbers
  readonly cluster?: Clusters | undefined
}): Estimator {
  const { control, treatment, cluster } = args
  requirePaired({ control, treatment, cluster })
  requireWithin('control', control, finiteNonNegative)
  requireWithin('treatment', treatment, finiteNonNegative)
  const units = cluster === undefined ? null : denseUnits(cluster)
  const c = unitTotals(control, units)
  const t = unitTotals(treatment, units)
  const totalControl = sum(c)
  const totalTreatment = sum(t)
  const ratio = totalControl === totalTreatment ? 1 : totalTreatment / totalControl
  const mean = totalControl / c.length
  const moments = residualMoments({ c, t, mean, ratio })
  return {
    method: 'fieller',
    control: totalControl / control.length,
    treatment: totalTreatment / control.length,
    estimate: ratio,
    n: control.length,
    clusters: c.length,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      const q2 = upperT(alphaOneSided, c.length) ** 2
      const a = mean * mean - q2 * moments.cc
      // Written so that NaN (a single unit, no control total) is unbounded too.
      if (!(a > 0)) return { lower: 0, upper: Infinity }
      const root = Math.sqrt(q2 * Math.max(0, q2 * moments.uc ** 2 + a * moments.uu))
      return {
        lower: Math.max(0, ratio + (-q2 * moments.uc - root) / a),
        upper: ratio + (-q2 * moments.uc + root) / a,
      }
    },
  }
}

/** Variances and covariance of the means of c and of the residual u = t − ratio·c, over the units. */
function residualMoments(args: {
  readonly c: Float64Array
  readonly t: Float64Array
  readonly mean: number
  readonly ratio: number
}): { readonly cc: number; readonly uu: number; readonly uc: number } {
  const { c, t, mean, ratio } = args
  const [centred, residuals] = [new Float64Array(c.length), new Float64Array(c.length)]
  for (let i = 0; i < c.length; i++) {
    centred[i] = (c[i] ?? 0) - mean
    residuals[i] = (t[i] ?? 0) - ratio * (c[i] ?? 0)
  }
  const scale = 1 / (centred.length * (centred.length - 1))
  return {
    cc: dot(centred, centred) * scale,
    uu: dot(residuals, residuals) * scale,
    uc: dot(residuals, centred) * scale,
  }
}
