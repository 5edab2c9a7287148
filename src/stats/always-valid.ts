// Limits that hold at every moment at once: for a canary, which has no last look.

import { requireAlpha, requireFraction, requireNonNegative } from './check.ts'
import { normalCdf } from './dist.ts'

/**
 * The half-width of an asymptotic confidence sequence of a mean after `n` observations (Waudby-Smith et al. 2024,
 * proposition 2.5): √((n·v·ρ² + 1)/(n²·ρ²) · ln((n·v·ρ² + 1)/α²)). All intervals mean ∓ half-width together miss the
 * truth with probability α; for limits used on one side alone give twice the one-sided alpha. `n` > 0, `variance` ≥ 0
 * of one observation, `rho` > 0 (`asymptoticRho`), `alpha` in (0, 1). Throws RangeError otherwise.
 */
export function asymptoticConfidenceSequence(args: {
  readonly n: number
  readonly variance: number
  readonly alpha: number
  readonly rho: number
}): number {
  const { n, variance, alpha, rho } = args
  requireNonNegative('n', n)
  requireNonNegative('variance', variance)
  requireNonNegative('rho', rho)
  requireFraction('alpha', alpha)
  if (n === 0 || rho === 0) throw new RangeError(`n and rho must be above 0, got ${n} and ${rho}`)
  const grown = n * variance * rho ** 2 + 1
  return Math.sqrt((grown / (n * rho) ** 2) * Math.log(grown / alpha ** 2))
}

/**
 * The ρ that makes the sequence narrowest about `nOptimal` observations: ρ² = (−2·ln α + ln(−2·ln α) + 1)/(nOptimal·v).
 * `nOptimal` and `variance` above 0, `alpha` in (0, 0.8]. Throws RangeError otherwise.
 */
export function asymptoticRho(args: {
  readonly nOptimal: number
  readonly variance: number
  readonly alpha: number
}): number {
  const { nOptimal, variance, alpha } = args
  requireNonNegative('nOptimal', nOptimal)
  requireNonNegative('variance', variance)
  requireFraction('alpha', alpha)
  if (nOptimal === 0 || variance === 0) throw new RangeError('nOptimal and variance must be above 0')
  const twiceLog = -2 * Math.log(alpha)
  if (alpha > 0.8) throw new RangeError(`alpha must be at most 0.8: nothing is narrowest beyond, got ${alpha}`)
  return Math.sqrt((twiceLog + Math.log(twiceLog) + 1) / (nOptimal * variance))
}

/**
 * The alpha to ask any estimator's limits for after `n` observations, so that looking at every n is paid for: 1 − Φ(z)
 * with the sequence's half-width in standard errors, which no longer depends on the variance. Not before n is large
 * enough for the estimate to be normal. Below `alphaOneSided` always; smallest where the sequence is wide, far from
 * `nOptimal`. `n` and `nOptimal` above 0, `alphaOneSided` in (0, 0.4]. Throws RangeError otherwise.
 */
export function alwaysValidAlpha(args: {
  readonly n: number
  readonly nOptimal: number
  readonly alphaOneSided: number
}): number {
  const { n, nOptimal, alphaOneSided } = args
  requireAlpha(alphaOneSided)
  const alpha = 2 * alphaOneSided
  const rho = asymptoticRho({ nOptimal, variance: 1, alpha })
  return normalCdf(-Math.sqrt(n) * asymptoticConfidenceSequence({ n, variance: 1, alpha, rho }))
}
