// Effects turned so that larger is worse, whatever the metric's direction and scale.

import type { Effect, Evidence, Limits, Rule } from '../core/judgement.ts'
import type { Estimator } from '../stats/estimator.ts'
import { pInferior, pNonInferior } from '../stats/p-value.ts'

/** A rule's view of its effect: `low` and `high` in the direction of worse, `margin` and `neutral` on the same axis. */
export interface Worsening {
  readonly limits: (alpha: number) => Limits
  readonly neutral: number
  readonly margin: number
}

/** Ratios are judged as they are (1.2 is 20 % worse); differences where higher is better are negated. */
export function worseningOf(effect: Effect, limits: Evidence['limits'], rule: Pick<Rule, 'margin'>): Worsening {
  const isMirrored = effect.better === 'higher'
  if (effect.scale === 'ratio') {
    const flip = (limitsOf: Limits): Limits =>
      isMirrored ? { low: 1 / limitsOf.high, high: 1 / limitsOf.low } : limitsOf
    const estimate = isMirrored ? 1 / effect.estimate : effect.estimate
    return { limits: (alpha) => flip(limits(alpha)), estimate, neutral: 1, margin: 1 + rule.margin }
  }
  const flip = (limitsOf: Limits): Limits => (isMirrored ? { low: -limitsOf.high, high: -limitsOf.low } : limitsOf)
  return {
    limits: (alpha) => flip(limits(alpha)),
    estimate: isMirrored ? -effect.estimate : effect.estimate,
    neutral: 0,
    margin: rule.margin,
  }
}

/** The p-value of "not worse than `threshold`": small where the candidate is shown to be worse than that. */
export function pWorseThan(limits: Worsening['limits'], threshold: number): number {
  return pInferior(estimatorOf(limits), threshold)
}

/** The p-value of "worse than `threshold`, or just that": small where the candidate is shown to be better. */
export function pBetterThan(limits: Worsening['limits'], threshold: number): number {
  return pNonInferior(estimatorOf(limits), threshold)
}

/** The gate's limits in the words of the statistics. */
function estimatorOf(limits: Worsening['limits']): Pick<Estimator, 'limits'> {
  return {
    limits: (alpha) => {
      const { low, high } = limits(alpha)
      return { lower: low, upper: high }
    },
  }
}
