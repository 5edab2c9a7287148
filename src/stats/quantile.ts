// Sample quantiles by type 7 (R's default), with timeouts as Infinity.

import type { Numbers } from './check.ts'

/**
 * The p-quantile of `sorted` (ascending, not empty; Infinity allowed for timeouts) by type 7: linear interpolation at
 * position (n − 1)·p, `p` in [0, 1]. Infinity where the interpolation would lean on an infinite neighbour. Hyndman & Fan
 * 1996, definition 7. Throws RangeError on an empty or unsorted sample, on NaN and on `p` outside its range.
 */
export function quantileType7(sorted: Numbers, p: number): number {
  if (sorted.length === 0) throw new RangeError('sorted is empty: no quantile')
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p must be within [0, 1], got ${p}`)
  for (let i = 0; i < sorted.length; i++) {
    const value = sorted[i] ?? Number.NaN
    if (Number.isNaN(value) || value < (sorted[i - 1] ?? value)) throw new RangeError(`sorted is out of order at ${i}`)
  }
  const { below, weight } = positionType7(sorted.length, p)
  const low = sorted[below] ?? Infinity
  if (weight === 0) return low
  const high = sorted[below + 1] ?? Infinity
  // Infinity − Infinity is not a number.
  return high === low || high === Infinity ? high : low + weight * (high - low)
}

/** Where type 7 looks: between elements `below` and `below + 1` (from 0), at `weight` in [0, 1) of the way. */
export function positionType7(n: number, p: number): { readonly below: number; readonly weight: number } {
  const position = (n - 1) * p
  // 100 × 0.07 is 7.000000000000001 to a computer; a weight of 1e-15 on a timeout would be a quantile of Infinity.
  const nearest = Math.round(position)
  if (Math.abs(position - nearest) <= 4 * Number.EPSILON * Math.max(1, position)) return { below: nearest, weight: 0 }
  const below = Math.floor(position)
  return { below, weight: position - below }
}

/**
 * ln of `sorted` at a fractional 1-based `rank`, interpolated on the log scale: Infinity beyond the last element or where an
 * infinite neighbour has weight, −Infinity before the first or at a zero.
 */
export function logAtRank(sorted: Float64Array, rank: number): number {
  if (rank < 1) return -Infinity
  if (rank > sorted.length) return Infinity
  const whole = Math.floor(rank)
  return logBetween(sorted, { below: whole - 1, weight: rank - whole })
}

/** ln of `sorted` at a position as `positionType7` gives it. */
export function logBetween(sorted: Float64Array, at: { readonly below: number; readonly weight: number }): number {
  const low = Math.log(sorted[at.below] ?? Infinity)
  if (at.weight === 0) return low
  const high = Math.log(sorted[at.below + 1] ?? Infinity)
  if (high === Infinity) return high
  // A zero is −Infinity in logs: any step away from it would be NaN. Equal neighbours need no step at all.
  if (low === -Infinity || high === low) return low
  return low + at.weight * (high - low)
}
