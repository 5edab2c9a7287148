// Before anything is sent: how many pairs each rule takes, and what a sample of a given size would show.

import type { Evidence, Policy, Rule, Scale } from '../core/judgement.ts'
import { normalQuantile } from '../stats/dist.ts'
import { pairsForZeroEvents } from '../stats/sample-size.ts'
import { alphaPassOf } from './looks.ts'
import { standardErrorOf, worseningOf } from './side.ts'

/** How much a metric varies from pair to pair, where it comes from, and what it takes to say anything at all. */
export interface Spread {
  readonly scale: Scale
  /**
   * `variance`: of one pair's contribution to the effect, on the additive scale. `discordant`: share of the pairs in which only
   * one arm shows the event.
   */
  readonly of: { readonly variance: number } | { readonly discordant: number }
  readonly minPairs: number
}

export interface RulePlan {
  readonly rule: Rule
  /** Pairs for the rule to be shown to hold with 80 % power, if the candidate equals production; null where nobody can know. */
  readonly needed: number | null
  /** The smallest true worsening that this sample would show to break the rule, with 80 % power, on the effect's scale. */
  readonly brokenFrom: number | null
  readonly scale: Scale | null
  /** Why nothing can be said. */
  readonly why: string | null
}

const power = 0.8
/** What ten looks cost: so many more pairs for the same power, by the boundaries of `groupSequential` at ten equal looks. */
const priceOfLooking = 1.064

/** `pairs`: of the sample. `isLookedAt`: blocking rules are judged along the way. */
export function planRule(
  rule: Rule,
  spread: Spread | string,
  {
    pairs,
    policy,
    isLookedAt,
  }: { readonly pairs: number; readonly policy: Pick<Policy, 'level' | 'nights'>; readonly isLookedAt: boolean },
): RulePlan {
  if (typeof spread === 'string') return { rule, needed: null, brokenFrom: null, scale: null, why: spread }
  const alpha = rule.severity === 'block' ? alphaPassOf(policy) : 1 - policy.level
  const z = normalQuantile(power) - normalQuantile(alpha)
  const { scale } = spread
  const gap = scale === 'ratio' ? Math.log1p(rule.margin) : rule.margin
  const price = isLookedAt && rule.severity === 'block' ? priceOfLooking : 1
  const least = Math.max(
    spread.minPairs,
    'discordant' in spread.of ? pairsForZeroEvents({ margin: rule.margin, alphaOneSided: alpha }) : 0,
  )
  const needed = Math.ceil(price * Math.max(least, (z ** 2 * varianceAt(spread, 0)) / gap ** 2))
  return {
    rule,
    needed,
    brokenFrom: pairs < spread.minPairs ? null : brokenFrom(rule, spread, pairs / price, 1 - policy.level),
    scale,
    why: null,
  }
}

/** Of a yes-or-no metric, a worsening brings pairs of its own in which the arms disagree. */
function varianceAt({ of }: Spread, worsening: number): number {
  return 'variance' in of ? of.variance : of.discordant + worsening - worsening ** 2
}

function brokenFrom({ margin, mode }: Rule, spread: Spread, pairs: number, alpha: number): number {
  const isTwoSided = mode === 'either-way' || mode === 'both-ways'
  const z = normalQuantile(power) - normalQuantile(isTwoSided ? alpha / 2 : alpha)
  const neutral =
    mode === 'worse' || mode === 'both-ways' ? (spread.scale === 'ratio' ? Math.log1p(margin) : margin) : 0
  // Few steps: the variance hardly moves with the worsening. From above, since no worsening at all has none.
  let worsening = neutral + z * Math.sqrt(0.25 / pairs)
  for (let step = 0; step < 20; step++) worsening = neutral + z * Math.sqrt(varianceAt(spread, worsening) / pairs)
  return spread.scale === 'ratio' ? Math.exp(worsening) : Math.min(1, worsening)
}

/** What an earlier run tells of a metric; a sentence where it tells nothing. */
export function spreadIn(evidence: Evidence | null, rule: Rule, level: number): Spread | string {
  if (evidence === null || evidence.effect === null) return 'the earlier run did not measure it'
  const { effect, minPairs, leastPairs } = evidence
  const { scale, pairs, production, candidate, unit, method } = effect
  const least = leastPairs(1 - level)
  const own = { scale, minPairs: Number.isFinite(least) ? Math.max(minPairs, least) : minPairs }
  const isShare = unit === 'share' && method.startsWith('newcombe')
  // No event in either arm: the limits speak of the number of pairs alone.
  if (isShare && production === candidate && (production === 0 || production === 1))
    return { ...own, of: { discordant: 0 } }
  const standardError = standardErrorOf(effect, worseningOf(effect, evidence.limits, rule))
  if (!Number.isFinite(standardError)) return 'the earlier run had too few pairs to tell'
  const variance = pairs * standardError ** 2
  return { ...own, of: isShare ? { discordant: variance } : { variance } }
}
