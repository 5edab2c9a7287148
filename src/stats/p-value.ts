// p-values by turning limits around: the alpha at which a limit just reaches the margin.

import { normalCdf } from './dist.ts'
import type { Estimator } from './estimator.ts'

/**
 * The p-value against "not worse than the margin", sup{α : lower(α) ≤ margin}: small where the effect is shown to be above
 * the margin. `margin` on the scale of the estimate. Between 6e-16 (|z| is searched up to 8) and 1. Throws RangeError on NaN.
 */
export function pInferior(estimator: Pick<Estimator, 'limits'>, margin: number): number {
  requireMargin(margin)
  return largestAlpha((z) => lowerAt(estimator, z) <= margin)
}

/**
 * The p-value against "worse by the margin or more", sup{α : upper(α) ≥ margin}: small where the effect is shown to be below
 * the margin. Otherwise as `pInferior`.
 */
export function pNonInferior(estimator: Pick<Estimator, 'limits'>, margin: number): number {
  requireMargin(margin)
  return largestAlpha((z) => upperAt(estimator, z) >= margin)
}

// A lower limit of confidence 1 − α < 1/2 is the upper limit of confidence α, and the other way round: so estimators need
// answer for α ≤ 1/2 alone, and p-values still reach 1.
function lowerAt(estimator: Pick<Estimator, 'limits'>, z: number): number {
  return z >= 0 ? estimator.limits(alphaAt(z)).lower : estimator.limits(alphaAt(-z)).upper
}

function upperAt(estimator: Pick<Estimator, 'limits'>, z: number): number {
  return z >= 0 ? estimator.limits(alphaAt(z)).upper : estimator.limits(alphaAt(-z)).lower
}

/** 1 − Φ(z), with all its digits. */
function alphaAt(z: number): number {
  return normalCdf(-z)
}

/**
 * The largest α = 1 − Φ(z), z in [−8, 8], whose limits do not exclude the margin. Subtle: with ties, limits of a quantile
 * ratio can narrow a little as α falls, so bisection alone may find any of several crossings; walking up in steps of a half
 * finds the first one, which is the supremum but for crossings closer together than that.
 */
function largestAlpha(isReached: (z: number) => boolean): number {
  let high = -8
  while (high <= 8 && !isReached(high)) high += 0.5
  if (high === -8) return 1
  if (high > 8) return alphaAt(8)
  let low = high - 0.5
  // 60 halvings of the whole range are 55 of a half; fewer steps are left of them once the ends are neighbours.
  for (let step = 0; step < 55; step++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (isReached(middle)) high = middle
    else low = middle
  }
  return alphaAt(high)
}

function requireMargin(margin: number): void {
  if (Number.isNaN(margin)) throw new RangeError('margin is NaN')
}
