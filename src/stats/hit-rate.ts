// How much of the prompt came from the cache: the difference of two token-weighted rates.

import { type Clusters, finiteNonNegative, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import type { Estimator } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import { denseUnits, sum, unitTotals, upperT } from './units.ts'

/**
 * Σ treatCached / Σ treatPrompt − Σ controlCached / Σ controlPrompt, each arm in its own tokens, with limits by the
 * leave-one-unit-out jackknife (Quenouille, Tukey): se² = (G − 1)/G·Σ_g (θ₋g − θ)², θ ± t₁₋α,G−1·se. Caches live in
 * conversations, so give these as clusters. (−Infinity, Infinity) for a single unit, and where leaving one unit out leaves
 * an arm without tokens.
 *
 * Tokens finite and ≥ 0, cached ≤ prompt in each pair, some prompt tokens in each arm; all arrays of one length ≥ 1. Throws
 * RangeError otherwise.
 */
export function hitRateDifference(args: {
  readonly controlPrompt: Numbers
  readonly controlCached: Numbers
  readonly treatPrompt: Numbers
  readonly treatCached: Numbers
  readonly cluster?: Clusters | undefined
}): Estimator {
  const { controlPrompt, controlCached, treatPrompt, treatCached, cluster } = args
  requirePaired({ controlPrompt, controlCached, treatPrompt, treatCached, cluster })
  requireCachedWithin({ prompt: controlPrompt, cached: controlCached, arm: 'control' })
  requireCachedWithin({ prompt: treatPrompt, cached: treatCached, arm: 'treat' })
  const units = cluster === undefined ? null : denseUnits(cluster)
  const control = rateOf(unitTotals(controlCached, units), unitTotals(controlPrompt, units))
  const treatment = rateOf(unitTotals(treatCached, units), unitTotals(treatPrompt, units))
  const estimate = treatment.rate - control.rate
  const count = control.without.length
  const squares = new Float64Array(count)
  for (let g = 0; g < count; g++) squares[g] = ((treatment.without[g] ?? 0) - (control.without[g] ?? 0) - estimate) ** 2
  const standardError = Math.sqrt(((count - 1) / count) * sum(squares))
  return {
    method: 'jackknife',
    control: control.rate,
    treatment: treatment.rate,
    estimate,
    n: controlPrompt.length,
    clusters: count,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: upperT(alphaOneSided, count) })
    },
  }
}

/** An arm's rate, and its rate without each unit in turn: NaN where no tokens would be left. */
function rateOf(cached: Float64Array, prompt: Float64Array): { readonly rate: number; readonly without: Float64Array } {
  const totalCached = sum(cached)
  const totalPrompt = sum(prompt)
  const without = new Float64Array(cached.length)
  for (let g = 0; g < without.length; g++)
    without[g] = (totalCached - (cached[g] ?? 0)) / (totalPrompt - (prompt[g] ?? 0))
  return { rate: totalCached / totalPrompt, without }
}

function requireCachedWithin(args: {
  readonly prompt: Numbers
  readonly cached: Numbers
  readonly arm: 'control' | 'treat'
}): void {
  const { prompt, cached, arm } = args
  requireWithin(`${arm}Prompt`, prompt, finiteNonNegative)
  requireWithin(`${arm}Cached`, cached, finiteNonNegative)
  for (let i = 0; i < prompt.length; i++) {
    if ((cached[i] ?? 0) > (prompt[i] ?? 0)) {
      throw new RangeError(`${arm}Cached[${i}] is ${cached[i]} of ${prompt[i]} prompt tokens: more than all of them`)
    }
  }
  if (sum(prompt) === 0) throw new RangeError(`${arm}Prompt has no tokens at all: no rate`)
}
