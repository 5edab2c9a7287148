// A canary's rates: requests of one user depend on each other, so users are what is counted.

import { finiteNonNegative, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Estimator } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import { dot, sum } from './units.ts'

/** One arm's users: of `trials[u]` requests of user u, `events[u]` had the event. */
export interface UserCounts {
  readonly events: Numbers
  readonly trials: Numbers
}

/**
 * Σ events / Σ trials of the treatment − that of the control, two separate groups of users, with d ∓ z₁₋α·√(v₁ + v₂)
 * and each arm's user-robust variance v = U/(U − 1)·Σ_u (k_u − p·m_u)² / (Σ m_u)² (linearised ratio; Cochran 1977,
 * section 11.7). Counting requests instead errs 12 % of the time on each side where 5 % are promised. An arm of one
 * user gives (−Infinity, Infinity). Also for the share of answers that get any feedback: a candidate that silences its
 * critics has better ratings.
 *
 * Counts finite and ≥ 0, events ≤ trials for each user, some trials in each arm. Throws RangeError otherwise.
 */
export function rateDifference(args: { readonly control: UserCounts; readonly treatment: UserCounts }): Estimator {
  const c = armOf('control', args.control)
  const t = armOf('treatment', args.treatment)
  const estimate = t.rate - c.rate
  const standardError = Math.sqrt(c.variance + t.variance)
  return {
    method: 'user-robust',
    control: c.rate,
    treatment: t.rate,
    estimate,
    n: c.trials + t.trials,
    clusters: args.control.trials.length + args.treatment.trials.length,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: -normalQuantile(alphaOneSided) })
    },
  }
}

function armOf(
  arm: string,
  { events, trials }: UserCounts,
): { readonly rate: number; readonly variance: number; readonly trials: number } {
  requirePaired({ [`${arm}.events`]: events, [`${arm}.trials`]: trials })
  requireWithin(`${arm}.events`, events, finiteNonNegative)
  requireWithin(`${arm}.trials`, trials, finiteNonNegative)
  const total = sum(trials)
  if (total === 0) throw new RangeError(`${arm}.trials are all 0: no rate`)
  const rate = sum(events) / total
  const residuals = Float64Array.from(trials, (value, user) => {
    const had = events[user] ?? 0
    if (had > value) throw new RangeError(`${arm}.events[${user}] is ${had} of ${value} trials: more than all of them`)
    return had - rate * value
  })
  const users = residuals.length
  return { rate, variance: ((users / (users - 1)) * dot(residuals, residuals)) / total ** 2, trials: total }
}
