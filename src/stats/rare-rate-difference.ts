// How much more often something rare happens to one group of users than to another: errors, refusals.

import { finiteNonNegative, requireAlpha, requirePaired, requireWithin } from './check.ts'
import { fewUnitsFactor } from './cluster-factors.ts'
import type { Estimator, Limits } from './estimator.ts'
import type { UserCounts } from './rate-difference.ts'
import { dot, sum } from './units.ts'
import { wilson } from './wilson.ts'

/**
 * Σ events / Σ trials of the treatment − that of the control, two separate groups of users, by Newcombe's hybrid of Wilson limits
 * (Newcombe 1998, method 10) at effective sizes: n trials of dependent users are worth n / deff. `rateDifference`, its normal
 * counterpart, has no width at all where neither group has an event.
 *
 * deff is the user-robust variance of the rate over the binomial one, at least 1, and at least m̃ / (1 + events), m̃ = Σm²/Σm being the
 * trials of a trial's user: while nothing has happened yet, whatever may happen could happen to all of one user's requests, so
 * that users are what counts; with each event the estimate is trusted more. t for few users.
 *
 * Counts finite and ≥ 0, events ≤ trials for each user, some trials in each group. Throws RangeError otherwise.
 */
export function rareRateDifference(args: { readonly control: UserCounts; readonly treatment: UserCounts }): Estimator {
  const [c, t] = [groupOf('control', args.control), groupOf('treatment', args.treatment)]
  return {
    method: 'newcombe-effective-size',
    control: c.rate,
    treatment: t.rate,
    estimate: t.rate - c.rate,
    n: c.trials + t.trials,
    clusters: c.users + t.users,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      const [one, two] = [limitsOf(t, alphaOneSided), limitsOf(c, alphaOneSided)]
      return {
        lower: t.rate - c.rate - Math.hypot(t.rate - one.lower, two.upper - c.rate),
        upper: t.rate - c.rate + Math.hypot(one.upper - t.rate, c.rate - two.lower),
      }
    },
  }
}

interface Group {
  readonly rate: number
  readonly trials: number
  readonly users: number
  readonly effect: number
}

function groupOf(name: string, { events, trials }: UserCounts): Group {
  requirePaired({ [`${name}.events`]: events, [`${name}.trials`]: trials })
  requireWithin(`${name}.events`, events, finiteNonNegative)
  requireWithin(`${name}.trials`, trials, finiteNonNegative)
  const total = sum(trials)
  if (total === 0) throw new RangeError(`${name}.trials are all 0: no rate`)
  const happened = sum(events)
  const rate = happened / total
  const residuals = Float64Array.from(trials, (value, user) => {
    const had = events[user] ?? 0
    if (had > value) throw new RangeError(`${name}.events[${user}] is ${had} of ${value} trials: more than all of them`)
    return had - rate * value
  })
  const users = residuals.length
  const binomial = rate * (1 - rate) * total
  const robust = (users / (users - 1)) * dot(residuals, residuals)
  const unseen = dot(trials, trials) / total / (1 + Math.min(happened, total - happened))
  // One user shows no variance between users; where everything is alike there is none to be seen.
  const seen = binomial > 0 && users > 1 ? robust / binomial : 1
  return { rate, trials: total, users, effect: Math.max(1, seen, unseen) }
}

/** Of a single user nothing is known of others. */
function limitsOf({ rate, trials, users, effect }: Group, alphaOneSided: number): Limits {
  if (users < 2) return { lower: 0, upper: 1 }
  const n = trials / (effect * fewUnitsFactor(alphaOneSided, users))
  const { lower, upper } = wilson({ k: rate * n, n, alphaOneSided })
  return { lower: Math.min(lower, rate), upper: Math.max(upper, rate) }
}
