// Effects turned so that larger is worse, whatever the metric's direction and scale.

import type { Effect, Evidence, Limits, Rule, Scale } from '../core/judgement.ts'
import { standardErrorOf as standardErrorOfLimits } from '../stats/blind-segments.ts'
import type { Estimator } from '../stats/estimator.ts'
import { pInferior, pNonInferior } from '../stats/p-value.ts'

/** A rule's view of its effect: `limits` in the direction of worse, and what they are held against on the same axis. */
export interface Worsening {
  readonly limits: (alpha: number) => Limits
  readonly neutral: number
  /** As much worse as the rule allows. */
  readonly margin: number
  /** As much better: where the arms were swapped, this would be the margin. */
  readonly counterMargin: number
}

/**
 * Ratios are judged as they are (1.2 is 20 % worse) and have their reciprocal as the counterpart; where higher is better
 * they are inverted. Differences where higher is better are negated.
 */
export function worseningOf(
  effect: Pick<Effect, 'better' | 'scale'>,
  limits: Evidence['limits'],
  { margin }: Pick<Rule, 'margin'>,
): Worsening {
  const isMirrored = effect.better === 'higher'
  if (effect.scale === 'ratio') {
    const flip = ({ low, high }: Limits): Limits => (isMirrored ? { low: 1 / high, high: 1 / low } : { low, high })
    return {
      limits: (alpha) => flip(limits(alpha)),
      neutral: 1,
      margin: 1 + margin,
      counterMargin: 1 / (1 + margin),
    }
  }
  const flip = ({ low, high }: Limits): Limits => (isMirrored ? { low: -high, high: -low } : { low, high })
  return { limits: (alpha) => flip(limits(alpha)), neutral: 0, margin, counterMargin: -margin }
}

/** The p-value of "not worse than `threshold`": small where the candidate is shown to be worse than that. */
export function pWorseThan(limits: Worsening['limits'], threshold: number): number {
  return pInferior(estimatorOf(limits), threshold)
}

/** The p-value of "as bad as `threshold`, or worse": small where the candidate is shown to be better than that. */
export function pBetterThan(limits: Worsening['limits'], threshold: number): number {
  return pNonInferior(estimatorOf(limits), threshold)
}

/** The gate's limits in the words of the statistics. A limit that is no number bounds nothing: it must not look excluded. */
function estimatorOf(limits: Worsening['limits']): Pick<Estimator, 'limits'> {
  return {
    limits: (alpha) => {
      const { low, high } = limits(alpha)
      return { lower: Number.isNaN(low) ? -Infinity : low, upper: Number.isNaN(high) ? Infinity : high }
    },
  }
}

/** Ratios add up in logs. */
export function onAdditiveScale(value: number, scale: Scale): number {
  return scale === 'ratio' ? Math.log(value) : value
}

/** The estimate on the axis on which larger is worse. */
export function worseningEstimate({ estimate, better, scale }: Pick<Effect, 'estimate' | 'better' | 'scale'>): number {
  if (better === 'lower') return estimate
  return scale === 'ratio' ? 1 / estimate : -estimate
}

/** The standard error that the limit in the direction of worse implies, on the additive scale; Infinity where it has none. */
export function standardErrorOf(effect: Effect, { limits }: Worsening): number {
  return standardErrorOfLimits({ estimate: worseningEstimate(effect), ...estimatorOf(limits) }, { scale: effect.scale })
}
