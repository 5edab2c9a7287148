// Where an effect lies between "no change" and its rule's limit, on one scale for all rules.

import type { Effect, Rule } from '../../core/judgement.ts'

/** What of an effect its place needs. */
export type Placed = Pick<Effect, 'better' | 'scale' | 'estimate' | 'interval' | 'noise'>

/**
 * A rule's effect in margins, turned so that larger is worse: 0 is no change, 1 the rule's limit. Ratios are taken on the
 * log scale. ±Infinity where a limit of the interval is missing. Rows of different metrics so share one axis.
 */
export interface ForestRow {
  readonly estimate: number
  readonly low: number
  readonly high: number
  /** Where the limits stand: 1, or −1 and 1 for a rule that holds either way. */
  readonly limits: readonly number[]
  /** The noise floor: what production shows against itself. */
  readonly noise: { readonly low: number; readonly high: number } | null
}

/** The effect's value at which the rule's limit stands; the better-is-higher ratio mirrors the other: 1 / (1 + margin). */
export function limitOf(rule: Rule, effect: Pick<Effect, 'better' | 'scale'>): number {
  if (effect.scale === 'difference') return effect.better === 'lower' ? rule.margin : -rule.margin
  return effect.better === 'lower' ? 1 + rule.margin : 1 / (1 + rule.margin)
}

/** Limits of an effect, from the better to the worse side where the rule has two. */
export function limitsOf(rule: Rule, effect: Pick<Effect, 'better' | 'scale'>): readonly number[] {
  const worse = limitOf(rule, effect)
  if (rule.mode !== 'either-way' && rule.mode !== 'both-ways') return [worse]
  if (effect.scale === 'difference') return [-worse, worse]
  // As far on the other side as the gate allows: it takes the reciprocal.
  return [1 / worse, worse]
}

/** Places an effect between no change and its limit. */
export function forestRow(rule: Rule, effect: Placed): ForestRow {
  const place = placer(rule, effect)
  const ends = ([low, high]: readonly [number, number]) => {
    const places = [place(low), place(high)]
    return { low: Math.min(...places), high: Math.max(...places) }
  }
  const { noise } = effect
  return {
    estimate: place(effect.estimate),
    ...ends([effect.interval.low, effect.interval.high]),
    limits: limitsOf(rule, effect).map(place),
    noise: noise === null ? null : ends([noise.interval.low, noise.interval.high]),
  }
}

function placer(rule: Rule, effect: Placed): (value: number) => number {
  const size = scaled(effect, rule.margin === 0 ? effect.estimate : limitOf(rule, effect))
  // A rule without a margin has no length of its own: its estimate serves, and the limit falls on "no change".
  const unit = Number.isFinite(size) && size !== 0 ? Math.abs(size) : 1
  const turn = effect.better === 'lower' ? 1 : -1
  return (value) => {
    const at = (turn * scaled(effect, value)) / unit
    return at === 0 ? 0 : at
  }
}

/** On the scale where no change is 0 and steps of the same size are of the same length. */
function scaled(effect: Pick<Effect, 'scale'>, value: number): number {
  if (effect.scale === 'difference') return value
  return value <= 0 ? -Infinity : Math.log(value)
}
