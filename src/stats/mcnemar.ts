// McNemar's test of paired events, exact, mid-p and by chi-square: p-values to print beside an interval.

import { requireCount } from './check.ts'
import { binomialCdf, binomialPmf, chiSquareTail } from './dist.ts'

/** McNemar's p-values, each in 0..1. */
export interface McNemar {
  /** Two-sided; 1 without discordant pairs. */
  readonly exact: number
  /** One-sided: the probability of as many treatment-only events or more, if both arms were alike. */
  readonly exactGreater: number
  /** Two-sided, halving the weight of what was seen: 2·(P(X ≤ min) − P(X = min)/2), at most 1. */
  readonly midP: number
}

/**
 * The discordant pairs as a fair coin: X ~ Binomial(treatOnly + ctrlOnly, 1/2) (McNemar 1947; mid-p: Fagerland, Lydersen &
 * Laake 2013). Whole counts ≥ 0; throws RangeError otherwise.
 */
export function mcnemar(args: { readonly treatOnly: number; readonly ctrlOnly: number }): McNemar {
  const { treatOnly, ctrlOnly } = args
  requireCount('treatOnly', treatOnly)
  requireCount('ctrlOnly', ctrlOnly)
  const m = treatOnly + ctrlOnly
  if (m === 0) return { exact: 1, exactGreater: 1, midP: 1 }
  const fewer = Math.min(treatOnly, ctrlOnly)
  const tail = binomialCdf(fewer, m, 0.5)
  return {
    exact: Math.min(1, 2 * tail),
    // The coin is fair: P(X ≥ b) = P(X ≤ m − b).
    exactGreater: binomialCdf(ctrlOnly, m, 0.5),
    midP: Math.min(1, 2 * tail - binomialPmf(fewer, m, 0.5)),
  }
}

/**
 * The large-sample form, (|b − c| − correction)² / (b + c) against chi-square with 1 degree of freedom, as R's
 * mcnemar.test; correction is 1 (Edwards 1948) unless `correct` is false. For readers who expect it; `mcnemar` holds for
 * any counts. 0 and p = 1 without discordant pairs. Whole counts ≥ 0; throws RangeError otherwise.
 */
export function mcnemarChiSquare(args: {
  readonly treatOnly: number
  readonly ctrlOnly: number
  readonly correct?: boolean | undefined
}): { readonly statistic: number; readonly p: number } {
  const { treatOnly, ctrlOnly, correct = true } = args
  requireCount('treatOnly', treatOnly)
  requireCount('ctrlOnly', ctrlOnly)
  if (treatOnly === ctrlOnly) return { statistic: 0, p: 1 }
  const distance = Math.abs(treatOnly - ctrlOnly) - (correct ? 1 : 0)
  const statistic = distance ** 2 / (treatOnly + ctrlOnly)
  return { statistic, p: chiSquareTail(statistic, 1) }
}
