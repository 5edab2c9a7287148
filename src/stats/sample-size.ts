// How many pairs a plan needs, before there are any: closed forms, not rounded; `morePairs` is for a run under way.

import { requireAlpha, requireFraction, requireNonNegative, requirePositive } from './check.ts'
import { normalQuantile } from './dist.ts'

/** How often the plan may err. */
export interface Errors {
  /** In (0, 0.5]. */
  readonly alphaOneSided: number
  /** The chance to decide where the truth is what was assumed, in (0, 1). */
  readonly power: number
}

/**
 * Pairs for "no more than `margin` more events" where treatment-only pairs have share `p10` and control-only pairs
 * `p01`: (z₁₋α + z_power)²·(p10 + p01 − d²)/(margin − d)², d = p10 − p01. With both 0, `pairsForZeroEvents` is what
 * binds. Shares in [0, 1], together at most 1; `margin` above 0 and other than d. Throws RangeError otherwise.
 */
export function pairsForPairedBinary(
  args: Errors & { readonly p10: number; readonly p01: number; readonly margin: number },
): number {
  const { p10, p01, margin } = args
  requireShares(p10, p01)
  requirePositive({ margin })
  return pairsFor(args, p10 + p01 - (p10 - p01) ** 2, margin - (p10 - p01))
}

/**
 * Pairs for McNemar's test to find a difference, by Connor 1987: ((z₁₋α/₂·√ψ + z_power·√(ψ − d²))/d)², ψ = p10 + p01,
 * d = p10 − p01; and by Miettinen 1968, a little fewer: (z₁₋α/₂·ψ + z_power·√(ψ² − d²(3 + ψ)/4))²/(ψ·d²). Shares as
 * `pairsForPairedBinary`, not equal; `alphaTwoSided` in (0, 1). Throws RangeError otherwise.
 */
export function pairsForMcnemar(args: {
  readonly p10: number
  readonly p01: number
  readonly alphaTwoSided: number
  readonly power: number
}): { readonly connor1987: number; readonly miettinen1968: number } {
  const { p10, p01, alphaTwoSided, power } = args
  requireShares(p10, p01)
  const [za, zb] = scores({ alphaOneSided: alphaTwoSided / 2, power })
  const [psi, d] = [p10 + p01, p10 - p01]
  if (d === 0) throw new RangeError('p10 and p01 are equal: no number of pairs shows a difference')
  return {
    connor1987: ((za * Math.sqrt(psi) + zb * Math.sqrt(psi - d * d)) / d) ** 2,
    miettinen1968: (za * psi + zb * Math.sqrt(psi * psi - (d * d * (3 + psi)) / 4)) ** 2 / (psi * d * d),
  }
}

/**
 * The fewest pairs whose upper limit is at most `margin` where neither arm shows an event: ⌈z₁₋α²(1 − margin)/margin⌉,
 * from Wilson's z²/(n + z²). Whole: it is a limit of what can be shown, not an average. `margin` in (0, 1),
 * `alphaOneSided` in (0, 0.5]. Throws RangeError otherwise.
 */
export function pairsForZeroEvents(args: { readonly margin: number; readonly alphaOneSided: number }): number {
  requireFraction('margin', args.margin)
  requireAlpha(args.alphaOneSided)
  return Math.ceil((normalQuantile(args.alphaOneSided) ** 2 * (1 - args.margin)) / args.margin)
}

/**
 * Pairs for a typical ratio (geometric mean, or a ratio of means near 1) to be shown below `margin`: ((z₁₋α +
 * z_power)·sd/(ln margin − ln trueRatio))², `sdLogRatio` ≥ 0 of a pair's ln T − ln C. Ratios above 0 and not equal.
 * Throws RangeError otherwise.
 */
export function pairsForLogRatio(
  args: Errors & { readonly sdLogRatio: number; readonly margin: number; readonly trueRatio: number },
): number {
  const { sdLogRatio, margin, trueRatio } = args
  requireNonNegative('sdLogRatio', sdLogRatio)
  requirePositive({ margin, trueRatio })
  return pairsFor(args, sdLogRatio ** 2, Math.log(margin) - Math.log(trueRatio))
}

/**
 * Requests for a mean difference `delta` to be found with K answers of each arm to each (Miller 2024, arXiv 2411.00640,
 * eq. 9): (z₁₋α/₂ + z_power)²(ω² + σ²_A/K + σ²_B/K)/δ², ω² being the variance between requests of their expected
 * difference and σ² the variances within an arm. Variances ≥ 0, K ≥ 1, `delta` other than 0, `alphaTwoSided` in (0, 1).
 * Throws RangeError otherwise.
 */
export function requestsForMean(args: {
  readonly omega2: number
  readonly sigma2A: number
  readonly sigma2B: number
  readonly K: number
  readonly delta: number
  readonly alphaTwoSided: number
  readonly power: number
}): number {
  const { omega2, sigma2A, sigma2B, K, delta, alphaTwoSided, power } = args
  for (const [name, value] of Object.entries({ omega2, sigma2A, sigma2B })) requireNonNegative(name, value)
  if (!(K >= 1)) throw new RangeError(`K must be 1 or more, got ${K}`)
  return pairsFor({ alphaOneSided: alphaTwoSided / 2, power }, omega2 + sigma2A / K + sigma2B / K, delta)
}

/**
 * How often to ask each request, where requests are scarce: √(within/between × costRatio), the variance within requests
 * over that between them, and the price of a further request over that of a further answer. Below 1, ask once. `within`
 * ≥ 0, the others above 0; `within` is half the mean of (P − P′)² over production's two answers. Throws RangeError
 * otherwise.
 */
export function optimalReplicates(args: {
  readonly within: number
  readonly between: number
  readonly costRatio: number
}): number {
  const { within, between, costRatio } = args
  requireNonNegative('within', within)
  requirePositive({ between, costRatio })
  return Math.sqrt((within / between) * costRatio)
}

/** (z₁₋α + z_power)²·variance / gap². */
export function pairsFor(errors: Errors, variance: number, gap: number): number {
  const [za, zb] = scores(errors)
  if (!(Math.abs(gap) > 0 && Math.abs(gap) < Infinity)) {
    throw new RangeError(`the truth must differ from the margin, by something finite, got ${gap}`)
  }
  return ((za + zb) ** 2 * variance) / gap ** 2
}

function scores({ alphaOneSided, power }: Errors): readonly [za: number, zb: number] {
  requireAlpha(alphaOneSided)
  requireFraction('power', power)
  return [-normalQuantile(alphaOneSided), normalQuantile(power)]
}

function requireShares(p10: number, p01: number): void {
  if (!(p10 >= 0 && p01 >= 0 && p10 + p01 <= 1)) {
    throw new RangeError(`p10 and p01 must be shares that add up to 1 at most, got ${p10} and ${p01}`)
  }
}
