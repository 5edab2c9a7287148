// How many pairs a latency gate needs: as many as the density of the latencies about their quantile asks for.

import { type Numbers, nonNegative, requireFraction, requirePaired, requirePositive, requireWithin } from './check.ts'
import { normalQuantile } from './dist.ts'
import { quantileType7 } from './quantile.ts'
import { type Errors, pairsFor } from './sample-size.ts'

/**
 * Pairs for the ratio of p-quantiles to be shown below `margin`: (z₁₋α + z_power)²·2(1 − φ)·p(1 − p)/(f·q)² over
 * (ln margin − ln trueRatio)², not rounded. `phi` in [−1, 1) as `quantileRatio` gives it; `logDensity` = f·q > 0, the
 * density of the log latency at its p-quantile (`lognormalDensity`, `pilotDensity`); `trueRatio` above 0 and other than
 * `margin` (above it: pairs to show the failure). Never fewer than `minimumPairs`, which this does not look at. Throws
 * RangeError otherwise.
 */
export function pairsForQuantileRatio(
  args: Errors & {
    readonly p: number
    readonly phi: number
    readonly logDensity: number
    readonly margin: number
    readonly trueRatio: number
  },
): number {
  const { p, phi, logDensity, margin, trueRatio } = args
  requireFraction('p', p)
  requirePositive({ logDensity, margin, trueRatio })
  if (!(phi >= -1 && phi < 1)) throw new RangeError(`phi must be in [-1, 1), got ${phi}`)
  return pairsFor(args, (2 * (1 - phi) * p * (1 - p)) / logDensity ** 2, Math.log(margin) - Math.log(trueRatio))
}

/**
 * f·q of a lognormal latency: φ(z_p)/σ, σ > 0 being the standard deviation of its logarithm. Throws RangeError
 * otherwise.
 */
export function lognormalDensity(args: { readonly p: number; readonly sigma: number }): number {
  const { p, sigma } = args
  requireFraction('p', p)
  requirePositive({ sigma })
  return Math.exp(-0.5 * normalQuantile(p) ** 2) / Math.sqrt(2 * Math.PI) / sigma
}

/**
 * f·q from a pilot's or the log's own latencies: (p_u − p_l)/(ln Q(p_u) − ln Q(p_l)), p_u and p_l lying `reach` above
 * and below p: 0.05 unless given, and no more than half the way to 0 or 1. Latencies ≥ 0, Infinity allowed, not empty;
 * `p` in (0, 1); `reach` above 0. Throws RangeError otherwise, and where the quantiles about p are timeouts, zeros or
 * equal: there is no density then.
 */
export function pilotDensity(args: {
  readonly latencies: Numbers
  readonly p: number
  readonly reach?: number | undefined
}): number {
  const { latencies, p } = args
  requirePaired({ latencies })
  requireWithin('latencies', latencies, nonNegative)
  requireFraction('p', p)
  const reach = Math.min(args.reach ?? 0.05, p / 2, (1 - p) / 2)
  requirePositive({ reach })
  const sorted = new Float64Array(latencies).toSorted()
  const width = Math.log(quantileType7(sorted, p + reach)) - Math.log(quantileType7(sorted, p - reach))
  if (!(width > 0 && width < Infinity)) {
    throw new RangeError(`latencies about p = ${p} are timeouts, zeros or all equal: no density`)
  }
  return (2 * reach) / width
}
