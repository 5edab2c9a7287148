// Tango's score interval of a paired difference, which needs the discordant pairs alone: for net win rates.

import { requireAlpha, requireCount } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Limits } from './estimator.ts'

/**
 * Score limits (Tango 1998, Statistics in Medicine 17:891) of δ = (treatOnly − ctrlOnly) / n: the δ at which
 * (b − c − nδ) / √(n(2q̃ + δ(1 − δ))) is ±z₁₋α, q̃ being the restricted estimate of P(control only). Its lower side is liberal
 * where events are rare (7.6 % instead of 5 % at n = 200), so gates use Newcombe's method 10.
 *
 * Whole counts ≥ 0, n ≥ 1, treatOnly + ctrlOnly ≤ n; `alphaOneSided` in (0, 0.5]. Throws RangeError otherwise.
 */
export function tango(args: {
  readonly treatOnly: number
  readonly ctrlOnly: number
  readonly n: number
  readonly alphaOneSided: number
}): Limits {
  const { treatOnly: b, ctrlOnly: c, n, alphaOneSided } = args
  requireAlpha(alphaOneSided)
  requireCount('treatOnly', b)
  requireCount('ctrlOnly', c)
  requireCount('n', n)
  if (n === 0 || b + c > n)
    throw new RangeError(`n must be above 0 and hold all discordant pairs, got ${b} + ${c} of ${n}`)
  const z = -normalQuantile(alphaOneSided)
  return { lower: -upperLimit({ b: c, c: b, n, z }), upper: upperLimit({ b, c, n, z }) }
}

/** The largest δ in [(b − c)/n, 1] that the score test does not reject: the score falls as δ grows. */
function upperLimit(args: { readonly b: number; readonly c: number; readonly n: number; readonly z: number }): number {
  const { b, c, n, z } = args
  let [low, high] = [(b - c) / n, 1]
  for (let step = 0; step < 60; step++) {
    const delta = (low + high) / 2
    const half = ((2 * n - b + c) * delta - b - c) / 2
    const restricted = (Math.sqrt(half * half + 2 * n * c * delta * (1 - delta)) - half) / (2 * n)
    const variance = n * (2 * restricted + delta * (1 - delta))
    const excess = n * delta - (b - c)
    if (excess * excess > z * z * variance) high = delta
    else low = delta
  }
  return (low + high) / 2
}
