// The sign-flip permutation test of paired differences: assumes no more than that the arms could change places.

import { type Clusters, finite, type Numbers, requireCount, requirePaired, requireWithin } from './check.ts'
import { denseUnits, sum, unitTotals } from './units.ts'

/** With so many units all assignments of signs (a million) are looked at; above, a random sample of them. */
const mostExactUnits = 20

/** The mean difference among those that other signs would give. */
export interface SignFlip {
  /** The mean difference. */
  readonly mean: number
  /** Assignments looked at, the one observed included: 2^units where `isExact`. */
  readonly count: number
  readonly isExact: boolean
  /** The share of assignments whose sum lies as far above 0 as the one observed, or further. */
  readonly greater: number
  /** As far below. */
  readonly less: number
  /** As far from 0 on either side. */
  readonly twoSided: number
}

/**
 * If the arms do not differ, each difference could as well have had the other sign (Fisher 1935): the p-value is the
 * share of the assignments of signs whose sum is as extreme as the one observed. Pairs of a cluster change sign
 * together. Exact up to 20 units; above, `flips` assignments drawn by `random` with the observed one counted among them
 * (Phipson & Smyth 2010).
 *
 * Finite differences, at least one; `random` uniform in [0, 1), needed above 20 units; `flips` ≥ 1, 9999 unless given.
 * Throws RangeError otherwise.
 */
export function signFlip(args: {
  readonly diffs: Numbers
  readonly cluster?: Clusters | undefined
  readonly random?: (() => number) | undefined
  readonly flips?: number | undefined
}): SignFlip {
  const { diffs, cluster, random, flips = 9999 } = args
  requirePaired({ diffs, cluster })
  requireWithin('diffs', diffs, finite)
  requireCount('flips', flips)
  const totals = unitTotals(diffs, cluster === undefined ? null : denseUnits(cluster))
  const isExact = totals.length <= mostExactUnits
  if (!isExact && (random === undefined || flips === 0)) {
    throw new RangeError(`${totals.length} units have too many assignments to count: give random, and flips above 0`)
  }
  const sums = isExact || random === undefined ? allSums(totals) : drawnSums(totals, flips, random)
  return { mean: sum(diffs) / diffs.length, isExact, ...sharesOf(sums, totals) }
}

/** The sum under each assignment of signs; the observed one first. */
function allSums(totals: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** totals.length)
  sums[0] = sum(totals)
  for (const [unit, total] of totals.entries()) {
    const known = 2 ** unit
    for (let at = 0; at < known; at++) sums[known + at] = (sums[at] ?? 0) - 2 * total
  }
  return sums
}

function drawnSums(totals: Float64Array, flips: number, random: () => number): Float64Array {
  const observed = sum(totals)
  return Float64Array.from({ length: flips + 1 }, (_, flip) =>
    flip === 0 ? observed : observed - 2 * sumOfHeads(totals, random),
  )
}

/** 30 coins come from one draw, and are multiplied: a branch on each would be guessed wrong half the time. */
function sumOfHeads(totals: Float64Array, random: () => number): number {
  let heads = 0
  for (let from = 0; from < totals.length; from += 30) {
    let coins = Math.floor(random() * 2 ** 30)
    const to = Math.min(totals.length, from + 30)
    for (let unit = from; unit < to; unit++) {
      heads += (coins & 1) * (totals[unit] ?? 0)
      coins >>= 1
    }
  }
  return heads
}

function sharesOf(sums: Float64Array, totals: Float64Array): Omit<SignFlip, 'mean' | 'isExact'> {
  const observed = sums[0] ?? 0
  // 0.1 + 0.2 − 0.3 is not 0 to a computer: sums that differ by rounding alone are equal.
  const rounding = 1e-12 * sum(totals.map(Math.abs))
  let [greater, less, twoSided] = [0, 0, 0]
  for (const each of sums) {
    if (each >= observed - rounding) greater++
    if (each <= observed + rounding) less++
    if (Math.abs(each) >= Math.abs(observed) - rounding) twoSided++
  }
  const count = sums.length
  return { count, greater: greater / count, less: less / count, twoSided: twoSided / count }
}
