// Whether two groups are still an even split, asked after every user: for a canary, which is looked at until it is over.

import { asymptoticRho } from './always-valid.ts'
import { requireCount } from './check.ts'

/**
 * The always-valid p-value of "each user falls into either group with probability ½": with d = |n₁/n − ½| and v = ¼,
 * min(1, √(n·v·ρ² + 1)·exp(−d²·n²·ρ² / (2·(n·v·ρ² + 1)))), which is the normal mixture of `asymptoticConfidenceSequence` turned around
 * (Robbins 1970). A coin of ½ is sub-Gaussian with variance ¼ (Hoeffding), so that here it holds at every n and not only for large ones:
 * the chance that p is ever at α or below is at most α, however often it is asked.
 *
 * Whole counts; 1 where nothing is counted. `nOptimal` above 0: users in both groups about whom it is sharpest at α = 0.001. Throws
 * RangeError otherwise.
 */
export function alwaysValidEvenSplit(args: {
  readonly counts: readonly [number, number]
  readonly nOptimal: number
}): number {
  const { counts, nOptimal } = args
  const [one, other] = counts
  requireCount('counts[0]', one)
  requireCount('counts[1]', other)
  const variance = 0.25
  const rho = asymptoticRho({ nOptimal, variance, alpha: 0.001 })
  const n = one + other
  if (n === 0) return 1
  const grown = n * variance * rho ** 2 + 1
  const off = one - n / 2
  return Math.min(1, Math.sqrt(grown) * Math.exp(-((off * rho) ** 2) / (2 * grown)))
}
