// How many times more one group of users is answered with than another: the ratio of means (tokens, cost) without pairs.

import { finiteNonNegative, type Numbers, requireAlpha, requirePaired, requireWithin } from './check.ts'
import type { Estimator } from './estimator.ts'
import { dot, sum, upperT } from './units.ts'

/** One group's users: user u was answered `count[u]` times, with `total[u]` altogether. */
export interface UserTotals {
  readonly total: Numbers
  readonly count: Numbers
}

/**
 * (Σ total / Σ count of the treatment) / (the same of the control), two separate groups of users, with
 * exp(ln R ∓ t₁₋α·√(v₁/m₁² + v₂/m₂²)): the delta method on the log, each mean m a ratio of sums over users with the variance
 * v = U/(U − 1)·Σ_u (total_u − m·count_u)² / (Σ count)² (Cochran 1977, section 11.7), and t with the smaller group's U − 1 degrees of
 * freedom. (0, Infinity) where a group has one user, or a mean of 0.
 *
 * Finite values ≥ 0, one of each for every user, some count in each group. Throws RangeError otherwise.
 */
export function independentMeansRatio(args: {
  readonly control: UserTotals
  readonly treatment: UserTotals
}): Estimator {
  const [c, t] = [meanOf('control', args.control), meanOf('treatment', args.treatment)]
  const estimate = c.mean === t.mean ? 1 : t.mean / c.mean
  const standardError = Math.sqrt(c.relativeVariance + t.relativeVariance)
  const fewest = Math.min(c.users, t.users)
  return {
    method: 'log-ratio-of-means',
    control: c.mean,
    treatment: t.mean,
    estimate,
    n: c.count + t.count,
    clusters: c.users + t.users,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      const reach = upperT(alphaOneSided, fewest) * standardError
      if (!(reach < Infinity && c.mean > 0 && t.mean > 0)) return { lower: 0, upper: Infinity }
      return { lower: estimate * Math.exp(-reach), upper: estimate * Math.exp(reach) }
    },
  }
}

function meanOf(group: string, { total, count }: UserTotals) {
  requirePaired({ [`${group}.total`]: total, [`${group}.count`]: count })
  requireWithin(`${group}.total`, total, finiteNonNegative)
  requireWithin(`${group}.count`, count, finiteNonNegative)
  const counted = sum(count)
  if (counted === 0) throw new RangeError(`${group}.count is all 0: no mean`)
  const mean = sum(total) / counted
  const residuals = Float64Array.from(total, (value, user) => value - mean * (count[user] ?? 0))
  const users = residuals.length
  const variance = ((users / (users - 1)) * dot(residuals, residuals)) / counted ** 2
  return { mean, users, count: counted, relativeVariance: variance / mean ** 2 }
}
