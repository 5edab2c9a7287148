// How many more pairs it would take to decide: a projection, not a promise.

import { requireAlpha, requireCount, requireFraction } from './check.ts'
import { normalQuantile } from './dist.ts'

/** Whole numbers of pairs. */
export interface PairsNeeded {
  /** Pairs in all; Infinity where no number would do. */
  readonly required: number
  /** Beyond those there are; 0 where there are enough by this projection. */
  readonly more: number
}

/** Two projections of when a decision is due. */
export interface MorePairs {
  /** If the estimate stays what it is. */
  readonly atEstimate: PairsNeeded
  /** If the candidate equals production. */
  readonly ifEqual: PairsNeeded
  /** The estimate sits so close to the margin that more than ten times `nMax` pairs would be needed. */
  readonly unreachable: boolean
  /** The limit is infinite: both projections are then the hard minimum for a finite one. */
  readonly isHardMinimum: boolean
}

/**
 * Pairs for the one-sided limit to clear the margin with the given power: n_req = ⌈n·((z₁₋α + z_power)·SE / gap)²⌉ with
 * SE = |limit − estimate| / z₁₋α and gap = |margin − estimate|, or |margin − no effect| for `ifEqual`; in logs for ratios.
 * An infinite limit has no SE: the answer is `hardMinimum` (see `minimumPairs`), or Infinity where none is given.
 *
 * `n` ≥ 1 pairs so far; `limit` the one that stands between the estimate and a decision, at `alphaOneSided` in (0, 0.5);
 * `power` in (0, 1); `margin` above 0 on a ratio; `nMax` (4000) the most pairs that would be sent. Throws RangeError
 * otherwise.
 */
export function morePairs(args: {
  readonly n: number
  readonly estimate: number
  readonly limit: number
  readonly margin: number
  readonly alphaOneSided: number
  readonly power: number
  readonly scale: 'difference' | 'ratio'
  readonly hardMinimum?: number | undefined
  readonly nMax?: number | undefined
}): MorePairs {
  const { n, alphaOneSided, power, scale, hardMinimum = Infinity, nMax = 4000 } = args
  requireCount('n', n)
  requireAlpha(alphaOneSided)
  requireFraction('power', power)
  if (n === 0 || alphaOneSided === 0.5) throw new RangeError('a projection needs n ≥ 1 and alphaOneSided below 0.5')
  const [estimate, limit, margin] = [args.estimate, args.limit, args.margin].map((value) => onScale(value, scale))
  if (estimate === undefined || limit === undefined || margin === undefined || !Number.isFinite(margin)) {
    throw new RangeError(`margin must be finite${scale === 'ratio' ? ' and above 0' : ''}, got ${args.margin}`)
  }
  const needed = (required: number): PairsNeeded => ({ required, more: Math.max(0, required - n) })
  if (!Number.isFinite(limit) || !Number.isFinite(estimate)) {
    const minimum = needed(hardMinimum)
    return { atEstimate: minimum, ifEqual: minimum, unreachable: false, isHardMinimum: true }
  }
  const z = -normalQuantile(alphaOneSided)
  const standardError = Math.abs(limit - estimate) / z
  const project = (gap: number): PairsNeeded =>
    needed(gap === 0 ? Infinity : Math.ceil(n * (((z + normalQuantile(power)) * standardError) / gap) ** 2))
  const atEstimate = project(Math.abs(margin - estimate))
  return {
    atEstimate,
    ifEqual: project(Math.abs(margin)),
    unreachable: atEstimate.required > 10 * nMax,
    isHardMinimum: false,
  }
}

/** Effects of ratios add up in logs; no effect is 0 on both scales. */
function onScale(value: number, scale: 'difference' | 'ratio'): number {
  if (Number.isNaN(value)) throw new RangeError('estimate, limit and margin must be numbers')
  if (scale === 'difference') return value
  if (value < 0) throw new RangeError(`a ratio must not be negative, got ${value}`)
  return Math.log(value)
}
