// A bet against "worse by the margin or more": proof that may be looked at after every pair, for rare events.

import { type Numbers, requireFraction } from './check.ts'

/** What the bettor knows after some pairs; plain numbers, so that a run can be gone on with. */
export interface Bets {
  readonly pairs: number
  /** Σ d and Σ d². */
  readonly total: number
  readonly squares: number
  /** ln of the capital, which began as 1. */
  readonly logCapital: number
}

/** Before the first pair: what `bet` begins with. */
export const noBets: Bets = { pairs: 0, total: 0, squares: 0, logCapital: 0 }

/**
 * One more difference d = treatment − control, in [−1, 1]: of a pair's events, or the mean over a conversation. Against
 * H₀: mean d ≥ margin the share λ of the capital is staked on d < margin, chosen from what came before alone:
 *   μ = S/(t + 20), v = max((0.4 + SS)/(t + 20) − μ², 10⁻⁴), λ = clip((m − μ)/(v + (m − μ)²), 0, 0.75/(1 − m)),
 * and ln K grows by ln(1 − λ(d − m)). Under H₀ the capital is a supermartingale (Waudby-Smith & Ramdas 2024), so by
 * Ville's inequality it ever exceeds 1/α with probability α at most, whatever the number of pairs and of looks. For
 * "worse than the margin" bet on −d against −margin. The order must be random.
 *
 * `margin` in (−1, 1). Throws RangeError otherwise.
 */
export function bet(before: Bets, d: number, margin: number): Bets {
  if (!(d >= -1 && d <= 1)) throw new RangeError(`a difference must be within [-1, 1], got ${d}`)
  requireMargin(margin)
  const { pairs, total, squares, logCapital } = before
  const mean = total / (pairs + 20)
  const variance = Math.max((0.4 + squares) / (pairs + 20) - mean ** 2, 1e-4)
  const gap = margin - mean
  const stake = Math.min(Math.max(gap / (variance + gap ** 2), 0), 0.75 / (1 - margin))
  return {
    pairs: pairs + 1,
    total: total + d,
    squares: squares + d ** 2,
    logCapital: logCapital + Math.log1p(-stake * (d - margin)),
  }
}

/** The capital of a bettor over all pairs. */
export interface EProcess {
  /** ln of the capital after each pair. */
  readonly logK: Float64Array
  /** After how many pairs the capital first exceeded 1/alpha, which settles it for good; null where it never did. */
  readonly firstRejectN: number | null
}

/**
 * `bet` over the differences `d` in their order. `alpha` in (0, 1), `margin` in (−1, 1), d in [−1, 1]; may be empty.
 * Throws RangeError otherwise.
 */
export function eProcess(args: { readonly d: Numbers; readonly margin: number; readonly alpha: number }): EProcess {
  const { d, margin, alpha } = args
  requireFraction('alpha', alpha)
  requireMargin(margin)
  const logK = new Float64Array(d.length)
  let bets = noBets
  let firstRejectN: number | null = null
  for (let i = 0; i < d.length; i++) {
    bets = bet(bets, d[i] ?? Number.NaN, margin)
    logK[i] = bets.logCapital
    if (bets.logCapital > -Math.log(alpha)) firstRejectN ??= bets.pairs
  }
  return { logK, firstRejectN }
}

function requireMargin(margin: number): void {
  if (!(margin > -1 && margin < 1)) throw new RangeError(`margin must be between −1 and 1, exclusive, got ${margin}`)
}
