// Effects turned so that larger is worse, whatever the metric's direction and scale.

import type { Effect, Evidence, Limits, Rule } from '../core/judgement.ts'

/** A rule's view of its effect: `low` and `high` in the direction of worse, `margin` and `neutral` on the same axis. */
export interface Worsening {
  readonly limits: (alpha: number) => Limits
  readonly estimate: number
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

/**
 * The smallest alpha at which the lower limit lies above `threshold`: the p-value of "not worse than that"
 * (STATISTICS section 3; 60 bisections on the normal scale).
 */
export function pWorseThan(limits: Worsening['limits'], threshold: number): number {
  return smallestAlpha((alpha) => limits(alpha).low > threshold)
}

/** The smallest alpha at which the upper limit lies below `threshold`. */
export function pBetterThan(limits: Worsening['limits'], threshold: number): number {
  return smallestAlpha((alpha) => limits(alpha).high < threshold)
}

/** Bisects log alpha in [1e-15, 0.5]; 1 where even a half does not suffice. */
function smallestAlpha(holds: (alpha: number) => boolean): number {
  if (!holds(0.5)) return 1
  let [fails, works] = [Math.log(1e-15), Math.log(0.5)]
  if (holds(Math.exp(fails))) return 1e-15
  for (let step = 0; step < 60; step++) {
    const middle = (fails + works) / 2
    if (holds(Math.exp(middle))) works = middle
    else fails = middle
  }
  return Math.exp(works)
}
