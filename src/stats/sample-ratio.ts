// Whether the router split its users as it was told to: where it did not, comparing the arms means nothing.

import { requireCount, requireNonNegative, requirePaired } from './check.ts'
import { chiSquareTail } from './dist.ts'
import { sum } from './units.ts'

/** Counts against the shares that were asked for. */
export interface SampleRatio {
  /** Pearson's Σ(counted − expected)² / expected. */
  readonly statistic: number
  readonly df: number
  readonly p: number
  /** p < 0.001: the run is not to be judged (Fabijan et al. 2019). */
  readonly isMismatch: boolean
}

/**
 * The chi-square test of counts against the shares that were asked for, which need not add up to 1. Count what was
 * assigned (users), not what it led to (requests).
 *
 * Whole counts, some above 0; shares above 0; two or more of each. Throws RangeError otherwise.
 */
export function sampleRatio(args: {
  readonly counts: readonly number[]
  readonly shares: readonly number[]
}): SampleRatio {
  const { counts, shares } = args
  requirePaired({ counts, shares })
  for (const [i, count] of counts.entries()) requireCount(`counts[${i}]`, count)
  for (const [i, share] of shares.entries()) requireNonNegative(`shares[${i}]`, share)
  const total = sum(counts)
  if (counts.length < 2 || total === 0 || shares.includes(0)) {
    throw new RangeError('a split needs two or more shares above 0, and something counted')
  }
  const whole = sum(shares)
  let statistic = 0
  for (const [i, count] of counts.entries()) {
    const expected = (total * (shares[i] ?? 0)) / whole
    statistic += (count - expected) ** 2 / expected
  }
  const df = counts.length - 1
  const p = chiSquareTail(statistic, df)
  return { statistic, df, p, isMismatch: p < 0.001 }
}
