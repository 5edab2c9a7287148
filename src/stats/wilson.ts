// The score interval of a single proportion.

import { requireAlpha, requireNonNegative } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Limits } from './estimator.ts'

/**
 * Wilson's score limits (Wilson 1927) of k events in n: (p + z²/2n ∓ z√(p(1 − p)/n + z²/4n²)) / (1 + z²/n), exactly 0 at
 * k = 0 and 1 at k = n. k and n need not be whole (effective counts): 0 ≤ k ≤ n, n > 0; `alphaOneSided` in (0, 0.5].
 * Throws RangeError otherwise.
 */
export function wilson(args: { readonly k: number; readonly n: number; readonly alphaOneSided: number }): Limits {
  const { k, n, alphaOneSided } = args
  requireAlpha(alphaOneSided)
  requireNonNegative('k', k)
  requireNonNegative('n', n)
  if (n === 0 || k > n) throw new RangeError(`k must be at most n and n above 0, got k = ${k}, n = ${n}`)
  const z2 = normalQuantile(alphaOneSided) ** 2
  const p = k / n
  const centre = p + z2 / (2 * n)
  const reach = Math.sqrt(z2 * ((p * (1 - p)) / n + z2 / (4 * n * n)))
  const shrink = 1 + z2 / n
  // At the ends centre and reach are equal but for their last digit.
  return { lower: k === 0 ? 0 : (centre - reach) / shrink, upper: k === n ? 1 : (centre + reach) / shrink }
}
