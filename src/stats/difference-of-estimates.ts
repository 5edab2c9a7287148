// Whether two estimates differ, from nothing but their limits: for two runs, two groups, two studies.

import { requireAlpha } from './check.ts'
import { tCdf, tQuantile } from './dist.ts'
import type { Limits } from './estimator.ts'

/** An estimate with its limits, each one-sided at `alphaOneSided`; `units` are the independent ones that it rests on. */
export interface Estimated extends Limits {
  readonly estimate: number
  readonly alphaOneSided: number
  readonly units: number
}

/** The difference of two estimates, with limits at any error rate. */
export interface EstimatesDiffer {
  /** second − first. */
  readonly estimate: number
  /** Two-sided; 1 where nothing can be told. */
  readonly p: number
  readonly limits: (alphaOneSided: number) => Limits
}

/**
 * second − first by MOVER (Zou & Donner 2008, Statistics in Medicine 27:1693): the spread of each estimate towards the other
 * is what its own limit on that side says, so skewed limits stay skewed. A limit at another error rate than it was given for
 * is taken in proportion to Student's t, with Welch's degrees of freedom (Satterthwaite 1946): few units get its heavy tails.
 *
 * `apart` takes the estimates as independent. That stays conservative where they have something in common that moves both
 * the same way, as the same requests do, because Var(y − x) = Var x + Var y − 2 Cov. `anyhow` adds the spreads instead of
 * their squares, which no dependence can exceed.
 *
 * An estimate without a number, or a limit without an end on the side that is needed: nothing can be told. Limits on the
 * wrong side of their estimate count as being at it. Throws RangeError unless 0 < alpha ≤ 0.5 and units ≥ 1, and on NaN.
 */
export function differenceOfEstimates(
  first: Estimated,
  second: Estimated,
  dependence: 'apart' | 'anyhow' = 'apart',
): EstimatesDiffer {
  for (const each of [first, second]) requireEstimated(each)
  const estimate = second.estimate - first.estimate
  const join = dependence === 'apart' ? joinSquares : joinSums
  // How far the difference may be too large, and too small.
  const lower = join(below(second), above(first))
  const upper = join(above(second), below(first))
  if (!Number.isFinite(estimate)) {
    return { estimate, p: 1, limits: () => ({ lower: -Infinity, upper: Infinity }) }
  }
  return {
    estimate,
    p: pOf(estimate, estimate > 0 ? lower : upper),
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return { lower: estimate - reach(lower, alphaOneSided), upper: estimate + reach(upper, alphaOneSided) }
    },
  }
}

/** A standard error that holds on one side of an estimate. */
interface Side {
  readonly error: number
  readonly freedom: number
}

function requireEstimated({ estimate, lower, upper, alphaOneSided, units }: Estimated): void {
  if ([estimate, lower, upper].some(Number.isNaN)) throw new RangeError('an estimate and its limits must not be NaN')
  if (!(alphaOneSided > 0 && alphaOneSided < 0.5)) {
    throw new RangeError(`alphaOneSided must be above 0 and below 0.5, got ${alphaOneSided}`)
  }
  if (!(units >= 1)) throw new RangeError(`units must be at least 1, got ${units}`)
}

function below(of: Estimated): Side {
  return side(of, of.estimate - of.lower)
}

function above(of: Estimated): Side {
  return side(of, of.upper - of.estimate)
}

function side({ alphaOneSided, units }: Estimated, distance: number): Side {
  const freedom = Math.max(1, units - 1)
  return { error: Math.max(0, distance) / -tQuantile(alphaOneSided, freedom), freedom }
}

function joinSums(one: Side, other: Side): Side {
  return { error: one.error + other.error, freedom: Math.min(one.freedom, other.freedom) }
}

function joinSquares(one: Side, other: Side): Side {
  const squares = one.error ** 2 + other.error ** 2
  // Without a spread, or with one that has no end, any degrees of freedom do.
  if (squares === 0 || squares === Infinity) return joinSums(one, other)
  const freedom = squares ** 2 / (one.error ** 4 / one.freedom + other.error ** 4 / other.freedom)
  return { error: Math.sqrt(squares), freedom }
}

function pOf(estimate: number, { error, freedom }: Side): number {
  if (estimate === 0 || error === Infinity) return 1
  return error === 0 ? 0 : 2 * tCdf(-Math.abs(estimate) / error, freedom)
}

function reach({ error, freedom }: Side, alphaOneSided: number): number {
  return error === 0 || error === Infinity ? error : error * -tQuantile(alphaOneSided, freedom)
}
