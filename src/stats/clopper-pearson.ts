// The exact interval of a single proportion: wider than Wilson's, and never below what it promises.

import { requireAlpha, requireCount } from './check.ts'
import { betaQuantile } from './dist.ts'
import type { Limits } from './estimator.ts'

/**
 * Clopper & Pearson's limits (1934) of k events in n: the p at which k or more, k or fewer, have probability α; as beta
 * quantiles, lower = B(α; k, n − k + 1) and upper = B(1 − α; k + 1, n − k), exactly 0 at k = 0 and 1 at k = n.
 *
 * Whole counts, 0 ≤ k ≤ n, n > 0; `alphaOneSided` in (0, 0.5]. Throws RangeError otherwise.
 */
export function clopperPearson(args: {
  readonly k: number
  readonly n: number
  readonly alphaOneSided: number
}): Limits {
  const { k, n, alphaOneSided } = args
  requireAlpha(alphaOneSided)
  requireCount('k', k)
  requireCount('n', n)
  if (n === 0 || k > n) throw new RangeError(`k must be at most n and n above 0, got k = ${k}, n = ${n}`)
  return { lower: lowerLimit(k, n, alphaOneSided), upper: 1 - lowerLimit(n - k, n, alphaOneSided) }
}

/** The upper limit of the events is 1 − the lower limit of all others. */
function lowerLimit(k: number, n: number, alphaOneSided: number): number {
  return k === 0 ? 0 : betaQuantile(alphaOneSided, k, n - k + 1)
}
