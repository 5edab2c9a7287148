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

/** One-sided, of the limits that a mean is given. */
const meanAlpha = 0.05

/**
 * The mean of estimates of one quantity, weighted by units, with limits that hold for estimates of records in common: nights of n
 * records that share k of them have a correlation of k/n at most, so the variance is ρ·(Σ w·s)² + (1 − ρ)·Σ w²·s², on each side by
 * its own limits (MOVER). `overlap` ρ in [0, 1]; null where no estimate has limits on both sides. Throws RangeError otherwise.
 */
export function meanOfEstimates(estimates: readonly Estimated[], overlap: number): Estimated | null {
  if (!(overlap >= 0 && overlap <= 1)) throw new RangeError(`overlap must be within [0, 1], got ${overlap}`)
  const known = estimates.filter((each) => [each.estimate, each.lower, each.upper].every(Number.isFinite))
  const units = known.reduce((sum, each) => sum + each.units, 0)
  if (units === 0) return null
  const weigh = (value: (each: Estimated) => number): number =>
    known.reduce((sum, each) => sum + (each.units / units) * value(each), 0)
  const estimate = weigh((each) => each.estimate)
  // As few as the fewest: the tails are no lighter than those of the night that knows least.
  const fewest = Math.min(...known.map((each) => each.units))
  const reach = (distance: (each: Estimated) => number): number => {
    const error = (each: Estimated): number => Math.max(0, distance(each)) / quantile(each.alphaOneSided, each.units)
    const together = weigh(error) ** 2
    const apart = known.reduce((sum, each) => sum + ((each.units / units) * error(each)) ** 2, 0)
    return Math.sqrt(overlap * together + (1 - overlap) * apart) * quantile(meanAlpha, fewest)
  }
  return {
    estimate,
    lower: estimate - reach((each) => each.estimate - each.lower),
    upper: estimate + reach((each) => each.upper - each.estimate),
    alphaOneSided: meanAlpha,
    units: fewest,
  }
}

function quantile(alphaOneSided: number, units: number): number {
  return -tQuantile(alphaOneSided, Math.max(1, units - 1))
}
