// Many nights of one question: how much error each may have, what together they come to, and their mean.

import { requireFraction, requireNonNegative } from './check.ts'
import type { Estimated } from './difference-of-estimates.ts'
import { tQuantile } from './dist.ts'

/** A job that slept for longer has no more to spend for it. */
const mostDays = 7
const daysOfYear = 365

/**
 * The error rate of one night's alarms, so that a year of nights, however many there are and however they hang together, has
 * `perYear` nights with a false alarm in expectation: perYear × days since the night before / 365, of at most a week. Expectations
 * add up under any dependence, which nights that share a cohort need: conditional guarantees (SAFFRON, Ramdas et al. 2018; e-detectors,
 * Shin, Ramdas & Rinaldo 2023) ask that a night be new given those before it. Procedures for any dependence that bound errors for ever
 * (LOND, Javanmard & Montanari 2018, reshaped; e-LOND, Xu & Ramdas 2024) give the three-hundredth night next to nothing; a rate in
 * time keeps every night as keen as the first, at the price that false alarms are rare and not excluded. `perYear` in (0, 1), `days`
 * ≥ 0. Throws RangeError otherwise.
 */
export function alarmAlpha(args: { readonly perYear: number; readonly days: number }): number {
  const { perYear, days } = args
  requireFraction('perYear', perYear)
  requireNonNegative('days', days)
  return (perYear * Math.min(days, mostDays)) / daysOfYear
}

/**
 * At most the chance that one of several nights errs, each with its own rate: 1 − Π(1 − αᵢ). Exact for independent nights. Nights of
 * equal rates that share their records are independent given those, and E[(1 − q)ⁿ] ≥ (1 − E q)ⁿ (Jensen), so sharing only makes it
 * less. Rates in [0, 1]. Throws RangeError otherwise.
 */
export function chanceOfAny(alphas: readonly number[]): number {
  let none = 0
  for (const alpha of alphas) {
    if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`an error rate must be within [0, 1], got ${alpha}`)
    none += Math.log1p(-alpha)
  }
  return -Math.expm1(none)
}

/** Estimates of one quantity, added up one after the other: a year of nights costs no more than a walk over it. */
export interface Pooled {
  /** Estimates that had limits on both sides. */
  readonly count: number
  readonly units: number
  /** Of the estimate that rests on the fewest. */
  readonly fewest: number
  /** Σ units × estimate. */
  readonly total: number
  readonly below: Reach
  readonly above: Reach
}

/** Standard errors on one side: Σ u·s and Σ (u·s)². */
interface Reach {
  readonly sum: number
  readonly squares: number
}

const noReach: Reach = { sum: 0, squares: 0 }
/** Before the first estimate: what `pool` begins with. */
export const nothingPooled: Pooled = { count: 0, units: 0, fewest: Infinity, total: 0, below: noReach, above: noReach }

/**
 * One estimate more; one without a number, or without a limit on either side, changes nothing. Limits one-sided at `alphaOneSided` in
 * (0, 0.5), of the same quantity on the same scale each time. Throws RangeError otherwise.
 */
export function pool(before: Pooled, { estimate, lower, upper, alphaOneSided, units }: Estimated): Pooled {
  if (![estimate, lower, upper].every(Number.isFinite)) return before
  const reached = ({ sum, squares }: Reach, distance: number): Reach => {
    const own = (units * Math.max(0, distance)) / quantile(alphaOneSided, units)
    return { sum: sum + own, squares: squares + own ** 2 }
  }
  return {
    count: before.count + 1,
    units: before.units + units,
    fewest: Math.min(before.fewest, units),
    total: before.total + units * estimate,
    below: reached(before.below, estimate - lower),
    above: reached(before.above, upper - estimate),
  }
}

/** One-sided, of the limits that a mean is given. */
const meanAlpha = 0.05

/**
 * The mean, weighted by units, with limits that hold for estimates of records in common: nights of n records that share k of them have
 * a correlation of k/n at most, so the variance is ρ·(Σ w·s)² + (1 − ρ)·Σ w²·s², on each side by its own limits (MOVER). Its tails are
 * no lighter than those of the estimate that knows least. `overlap` ρ in [0, 1]; null where nothing was pooled. Throws RangeError
 * otherwise.
 */
export function pooledMean(pooled: Pooled, overlap: number): Estimated | null {
  if (!(overlap >= 0 && overlap <= 1)) throw new RangeError(`overlap must be within [0, 1], got ${overlap}`)
  const { units, fewest, total, below, above } = pooled
  if (pooled.count === 0) return null
  const estimate = total / units
  const reach = ({ sum, squares }: Reach): number =>
    (Math.sqrt(overlap * sum ** 2 + (1 - overlap) * squares) / units) * quantile(meanAlpha, fewest)
  return {
    estimate,
    lower: estimate - reach(below),
    upper: estimate + reach(above),
    alphaOneSided: meanAlpha,
    units: fewest,
  }
}

function quantile(alphaOneSided: number, units: number): number {
  return -tQuantile(alphaOneSided, Math.max(1, units - 1))
}
