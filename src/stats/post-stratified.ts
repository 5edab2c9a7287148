// One difference from segments that the arms hold in unequal parts: a canary's mix must not pass for an effect.

import { finite, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Limits } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import { dot, sum } from './units.ts'

/** A difference over segments, each with its weight. */
export interface PostStratified {
  readonly estimate: number
  readonly standardError: number
  readonly limits: (alphaOneSided: number) => Limits
}

/**
 * Σ w·difference over segments, w being each segment's share of both arms together (Holt & Smith 1979), with limits ∓
 * z₁₋α·√(Σ w²·se²). Each segment has the weight of its size in both arms; two arms of unequal mix cannot show an effect
 * that no segment has (Simpson). Replayed pairs have one mix and need none of this.
 *
 * Finite differences, standard errors ≥ 0 (Infinity where nothing is known), sizes above 0; one of each for every
 * segment, at least one. Throws RangeError otherwise.
 */
export function postStratified(args: {
  readonly differences: Numbers
  readonly standardErrors: Numbers
  readonly sizes: Numbers
}): PostStratified {
  const { differences, standardErrors, sizes } = args
  requirePaired({ differences, standardErrors, sizes })
  requireWithin('differences', differences, finite)
  requireWithin('standardErrors', standardErrors, [0, Infinity])
  requireWithin('sizes', sizes, [Number.MIN_VALUE, Number.MAX_VALUE])
  const whole = sum(sizes)
  const weights = Float64Array.from(sizes, (size) => size / whole)
  const estimate = dot(weights, differences)
  const parts = weights.map((weight, s) => weight * (standardErrors[s] ?? Infinity))
  const standardError = Math.sqrt(dot(parts, parts))
  return {
    estimate,
    standardError,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: -normalQuantile(alphaOneSided) })
    },
  }
}
