// Which order statistics bound a quantile: exact binomial ranks, made continuous so that no confidence is given away.

import { requireAlpha, requireFraction } from './check.ts'
import { betaCdf, normalQuantile } from './dist.ts'

/** Where the limits of a quantile lie in the sorted sample. */
export interface Ranks {
  /** 1-based and fractional; −Infinity where n is too small for a lower limit. */
  readonly lower: number
  /** 1-based and fractional; Infinity where n is too small for an upper limit. */
  readonly upper: number
}

/**
 * Ranks of the one-sided confidence limits of the p-quantile in a sample of n:
 * upper x solves I₁₋ₚ(n − x + 1, x) = 1 − α, x in (0, n]; lower x solves Iₚ(x, n − x + 1) = 1 − α, x ≥ 1.
 * Whole solutions are the binomial ranks (R's qbinom). Conover 1999, section 3.2; interpolation as in Hutson 1999.
 * `n` > 0, not necessarily whole (an effective sample size); `p` in (0, 1); `alphaOneSided` in (0, 0.5]. Throws RangeError
 * outside.
 */
export function orderStatisticRanks(args: {
  readonly n: number
  readonly p: number
  readonly alphaOneSided: number
}): Ranks {
  const { n, p, alphaOneSided: alpha } = args
  requireAlpha(alpha)
  requireFraction('p', p)
  if (!(n > 0 && n < Infinity)) throw new RangeError(`n must be finite and above 0, got ${n}`)
  const z = normalQuantile(alpha)
  const centre = n * p + 0.5
  const spread = Math.sqrt(n * p * (1 - p))
  // Both equations are written with the small probability on the right: 1 − α has lost its digits where α is 1e-15.
  const upper = (x: number): number => probit(betaCdf(p, x, n - x + 1)) - z
  const lower = (x: number): number => z - probit(betaCdf(1 - p, n - x + 1, x))
  return {
    lower:
      n >= 1 && (1 - p) ** n <= alpha
        ? descend(lower, { low: 1, high: n, guess: centre + z * spread, spread })
        : -Infinity,
    upper: p ** n <= alpha ? descend(upper, { low: 0, high: n, guess: centre - z * spread, spread }) : Infinity,
  }
}

/**
 * The smallest n whose p-quantile has a finite upper limit: ⌈ln α / ln p⌉, as pⁿ ≤ α says that the whole sample lying below
 * the quantile would be a surprise. 59 for p = 0.95 at α = 0.05. `p` in (0, 1), `alphaOneSided` in (0, 0.5]; throws
 * RangeError outside.
 */
export function minimumPairs(args: { readonly p: number; readonly alphaOneSided: number }): number {
  requireAlpha(args.alphaOneSided)
  requireFraction('p', args.p)
  const n = Math.ceil(Math.log(args.alphaOneSided) / Math.log(args.p))
  return n > 1 && args.p ** (n - 1) <= args.alphaOneSided ? n - 1 : n
}

/** On the normal scale a binomial tail is almost a straight line in the rank, so the secant needs some five steps. */
function probit(probability: number): number {
  return normalQuantile(Math.min(1, Math.max(0, probability)))
}

/** The root in (low, high] of a function that falls by about 1 / spread: the secant, and bisection where it leaves the bracket. */
function descend(
  f: (x: number) => number,
  from: { readonly low: number; readonly high: number; readonly guess: number; readonly spread: number },
): number {
  let { low, high, guess: x } = from
  const tolerance = 1e-13 * high
  let last: { readonly x: number; readonly y: number } | null = null
  for (let step = 0; step < 90 && high - low > tolerance; step++) {
    // Where 30 steps did not do, the function is not straight enough for the secant: halve.
    if (!(x > low && x < high) || step > 30) x = (low + high) / 2
    const y = f(x)
    if (y === 0) return x
    if (y > 0) low = x
    else high = x
    const next: number = last === null ? x + y * from.spread : x - (y * (x - last.x)) / (y - last.y)
    if (Math.abs(next - x) <= tolerance) return next
    last = Number.isFinite(y) ? { x, y } : null
    x = next
  }
  return high
}
