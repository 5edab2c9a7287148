// A difference of rates between two groups of users whose requests are of several kinds in unequal parts.

import { finiteNonNegative, requireAlpha, requireWithin } from './check.ts'
import type { Estimator } from './estimator.ts'
import { symmetricLimits } from './mean-difference.ts'
import type { UserCounts } from './rate-difference.ts'
import { dot, sum, upperT } from './units.ts'

/** Both groups in one stratum. Place u is the same user of a group in every stratum; one without requests there has 0 trials. */
export interface Stratum {
  readonly control: UserCounts
  readonly treatment: UserCounts
}

/**
 * Σ_s w_s·(rate of the treatment − rate of the control in s), w_s being the stratum's share of all trials (Holt & Smith 1979), so that a mix
 * of requests that differs can't pass for an effect (Simpson). Limits d ∓ t·√(v₁ + v₂), each group's variance taken over users across
 * strata, U/(U − 1)·Σ_u (Σ_s w_s·(k_us − p_s·m_us)/M_s)², since one user asks in several. At least the binomial variance of each stratum
 * with one event and one other added, so that where nothing happened nothing is claimed. A stratum in which a group has no trials
 * tells nothing and is left out.
 *
 * Counts finite and ≥ 0, events ≤ trials; a stratum with trials in both groups. Throws RangeError otherwise.
 */
export function stratifiedRateDifference(strata: readonly Stratum[]): Estimator {
  const known = strata
    .map(({ control, treatment }) => ({ control: ratesOf(control), treatment: ratesOf(treatment) }))
    .filter(({ control, treatment }) => control.trials > 0 && treatment.trials > 0)
  if (known.length === 0) throw new RangeError('no stratum has trials in both groups: no difference')
  const whole = sum(known.map(({ control, treatment }) => control.trials + treatment.trials))
  const weights = known.map(({ control, treatment }) => (control.trials + treatment.trials) / whole)
  const [c, t] = [
    groupOver(
      known.map(({ control }) => control),
      weights,
    ),
    groupOver(
      known.map(({ treatment }) => treatment),
      weights,
    ),
  ]
  const estimate = t.rate - c.rate
  const standardError = Math.sqrt(c.variance + t.variance)
  return {
    method: 'post-stratified user-robust',
    control: c.rate,
    treatment: t.rate,
    estimate,
    n: whole,
    clusters: c.users + t.users,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return symmetricLimits({ estimate, standardError, t: upperT(alphaOneSided, Math.min(c.users, t.users)) })
    },
  }
}

interface Rates {
  readonly rate: number
  readonly trials: number
  readonly events: number
  readonly counts: UserCounts
}

function ratesOf(counts: UserCounts): Rates {
  requireWithin('events', counts.events, finiteNonNegative)
  requireWithin('trials', counts.trials, finiteNonNegative)
  const [events, trials] = [sum(counts.events), sum(counts.trials)]
  if (events > trials) throw new RangeError(`${events} events of ${trials} trials: more than all of them`)
  return { rate: trials === 0 ? 0 : events / trials, trials, events, counts }
}

function groupOver(strata: readonly Rates[], weights: readonly number[]) {
  const users = Math.max(...strata.map(({ counts }) => counts.trials.length))
  const influence = new Float64Array(users)
  const asks = new Uint8Array(users)
  let [rate, floor] = [0, 0]
  for (const [s, stratum] of strata.entries()) {
    const weight = weights[s] ?? 0
    const { events, trials } = stratum.counts
    rate += weight * stratum.rate
    const share = (stratum.events + 1) / (stratum.trials + 2)
    floor += (weight ** 2 * share * (1 - share)) / stratum.trials
    for (let u = 0; u < trials.length; u++) {
      const asked = trials[u] ?? 0
      if (asked > 0) asks[u] = 1
      influence[u] = (influence[u] ?? 0) + (weight * ((events[u] ?? 0) - stratum.rate * asked)) / stratum.trials
    }
  }
  const count = sum(asks)
  return { rate, users: count, variance: Math.max(floor, (count / (count - 1)) * dot(influence, influence)) }
}
