// One rule against its evidence: pass, fail, inconclusive or not evaluable, and the sentence that says why.

import { unreachable } from '../core/fault.ts'
import type { Effect, Evidence, Finding, FindingOutcome, MorePairs, Policy, Rule, Stage } from '../core/judgement.ts'
import { morePairs as projectPairs } from '../stats/more-pairs.ts'
import { pBetterThan, pWorseThan, type Worsening, worseningEstimate, worseningOf } from './side.ts'
import { absences, acceptedWords, change, count, marginWords, range, subjectOf } from './words.ts'

/** A rule with what is known of it, before multiplicity is weighed. */
export interface Weighed {
  readonly rule: Rule
  readonly evidence: Evidence | null
  /** Shown to hold at the policy's level. */
  readonly passes: boolean
  /** p-value of "the rule holds": small where the candidate is shown to break it. 1 where nothing can be said. */
  readonly pFail: number
  /** Shown to be broken at the policy's level, were it the only rule looked at. */
  readonly failsAlone: boolean
  /** Why no outcome can be had; null where one can. */
  readonly obstacle: Obstacle | null
}

interface Obstacle {
  readonly outcome: 'inconclusive' | 'not-evaluable'
  readonly why: string
  /** Pairs that are missing, where that is all. */
  readonly more: number | null
  readonly isMoot?: true
  readonly isTooFew?: true
}

const nothingMeasured: Obstacle = unmeasured('nothing was measured')

/** Where a policy is held against what was seen. */
export function stageOf({ stage = 'replay' }: Pick<Policy, 'stage'>): Stage {
  return stage
}

/** Whether the decision that is taken at this stage hangs on the rule. */
export function isBlocking(rule: Rule, at: Stage): boolean {
  return rule.severity === 'block' && rule.stage === at
}

/** Whether it has to pass for a GO: a rule that no request asks about has nothing to show. */
export function mustPass(finding: Finding, at: Stage): boolean {
  return isBlocking(finding.rule, at) && finding.isMoot !== true
}

const besideTheQuestion = new Set(['not-asked', 'too-short', 'excluded'])

/** Whether every pair is of another kind than the metric is about: no request asks for it, no answer is long enough. */
export function isMoot(evidence: Evidence | null): boolean {
  if (evidence === null || evidence.effect !== null) return false
  const reasons = Object.keys(evidence.absent)
  return reasons.some((why) => why !== 'excluded') && reasons.every((why) => besideTheQuestion.has(why))
}

/** Weighs one rule. `alpha` is one-sided. */
export function weigh(rule: Rule, measured: Evidence | null, alpha: number): Weighed {
  const evidence = measured && asRuled(measured, rule)
  const obstacle = obstacleOf(evidence)
  if (obstacle || !evidence?.effect) return { rule, evidence, passes: false, pFail: 1, failsAlone: false, obstacle }
  const side = worseningOf(evidence.effect, evidence.limits, rule)
  const pFail = pFailOf(rule, side)
  return { rule, evidence, passes: isShownToHold(rule, side, alpha), pFail, failsAlone: pFail < alpha, obstacle: null }
}

/** Seen the way round that the rule sees it. */
function asRuled(evidence: Evidence, { better }: Rule): Evidence {
  return better === undefined || evidence.effect === null
    ? evidence
    : { ...evidence, effect: { ...evidence.effect, better } }
}

/** A larger share of pairs that only one arm reports gives no verdict. */
const maxLacking = 0.02

function unmeasured(why: string): Obstacle {
  return { outcome: 'not-evaluable', why, more: null }
}

function mootWords(absent: Evidence['absent']): string {
  return absent['too-short'] === undefined ? 'no request asks for it' : 'no answers are long enough to tell'
}

function tooFew(why: string, more: number | null): Obstacle {
  return { outcome: 'inconclusive', why, more }
}

function obstacleOf(evidence: Evidence | null): Obstacle | null {
  if (evidence === null) return nothingMeasured
  if (evidence.usersOnly !== null) return unmeasured(evidence.usersOnly)
  if (isMoot(evidence)) return { ...unmeasured(mootWords(evidence.absent)), isMoot: true }
  if (evidence.effect === null) return unmeasured(`nothing was measured: ${absences(evidence.absent)}`)
  const { pairs, clusters } = evidence.effect
  const { pair, unit } = nounsOf(evidence.effect)
  const lacking = evidence.absent['one-arm-only'] ?? 0
  if (lacking > maxLacking * (pairs + lacking)) {
    const why = `only one arm reports it in ${count(lacking, pair)} of ${(pairs + lacking).toLocaleString('en-US')}`
    return tooFew(`${why}, which would bias the rest`, null)
  }
  if (pairs < evidence.minPairs) {
    const why = `${count(pairs, pair)} can't tell; it takes at least ${evidence.minPairs}`
    return { ...tooFew(why, evidence.minPairs - pairs), isTooFew: true }
  }
  if (clusters < pairs && clusters < evidence.minClusters) {
    const why = `${count(clusters, unit)} can't tell; it takes at least ${evidence.minClusters}`
    return tooFew(why, null)
  }
  return null
}

/** Whether better is as wrong as worse. */
export function isTwoSided({ mode }: Rule): boolean {
  return mode === 'either-way' || mode === 'both-ways'
}

/** What is counted: between users who share no request there are no pairs. */
function nounsOf({ isUnpaired }: Effect): { readonly pair: string; readonly unit: string } {
  return isUnpaired ? { pair: 'request', unit: 'user' } : { pair: 'pair', unit: 'conversation' }
}

function isShownToHold(rule: Rule, side: Worsening, alpha: number): boolean {
  const { low, high } = side.limits(alpha)
  const isWithin = high < side.margin
  return isTwoSided(rule) ? isWithin && low > side.counterMargin : isWithin
}

function pFailOf(rule: Rule, side: Worsening): number {
  switch (rule.mode) {
    case 'worse':
      return pWorseThan(side.limits, side.margin)
    case 'difference':
      return pWorseThan(side.limits, side.neutral)
    case 'either-way':
      return Math.min(1, 2 * Math.min(pWorseThan(side.limits, side.neutral), pBetterThan(side.limits, side.neutral)))
    case 'both-ways':
      return Math.min(
        1,
        2 * Math.min(pWorseThan(side.limits, side.margin), pBetterThan(side.limits, side.counterMargin)),
      )
    default:
      return unreachable(rule.mode)
  }
}

/** How a rule came out. */
export interface Conclusion {
  /** Whether the failure stands beside all the others that were looked for. */
  readonly hasFailed: boolean
  /** One-sided, of the limits that it was held against: the interval that is shown is theirs. */
  readonly alpha: number
  /** The look that decided. */
  readonly look: number | null
}

/** The finding, once that is settled. */
export function conclude(weighed: Weighed, { hasFailed, alpha, look }: Conclusion): Finding {
  const { rule, evidence, obstacle } = weighed
  const subject = subjectOf(rule.metric, rule.segment)
  if (obstacle || !evidence?.effect) {
    const { outcome, why, more, isMoot: moot, isTooFew } = obstacle ?? nothingMeasured
    const effect = evidence?.effect ?? null
    const wanted = more === null ? '' : `, ${count(more, 'more pair')}`
    const morePairs = more === null ? null : { atEstimate: more, ifEqual: more }
    const finding = { rule, effect, outcome, because: `${subject}: ${why}${wanted}.`, look: null, morePairs }
    return { ...finding, ...(moot && { isMoot: true }), ...(isTooFew && { isTooFew: true }) }
  }
  const effect = asShown(evidence.effect, evidence, alpha)
  const outcome: FindingOutcome = hasFailed ? 'fail' : weighed.passes ? 'pass' : 'inconclusive'
  // What fails by itself lacks no pairs: it stands beside too many other questions.
  const morePairs =
    outcome === 'inconclusive' && !weighed.failsAlone ? morePairsOf(rule, { ...evidence, effect }, alpha) : null
  const because = `${subject}: ${sentence({ weighed, effect, outcome, look })}${moreWords(morePairs, effect)}${unitWords(effect)}${acceptedWords(effect)}.`
  return { rule, effect, outcome, because, look, morePairs }
}

/** Where rules are decided along the way, the interval is as wide as looking often asks for. */
function asShown(effect: Effect, { limits }: Evidence, alpha: number): Effect {
  const level = Number((1 - 2 * alpha).toFixed(12))
  return level === effect.interval.level ? effect : { ...effect, interval: { ...limits(alpha), level } }
}

function sentence(found: {
  readonly weighed: Weighed
  readonly effect: Effect
  readonly outcome: FindingOutcome
  readonly look: number | null
}): string {
  const { weighed, effect, outcome, look } = found
  const { rule, failsAlone } = weighed
  const at = look === null ? '' : ` (look ${look})`
  const seen = `${change(effect, effect.estimate)}, ${range(effect)} over ${count(effect.pairs, nounsOf(effect).pair)}${at}`
  const margin = marginWords(rule, effect)
  const broken = {
    worse: `worse by more than ${margin}`,
    difference: 'worse',
    'either-way': 'different',
    'both-ways': `different by more than ${margin}`,
  }[rule.mode]
  const isEitherWay = isTwoSided(rule)
  switch (outcome) {
    case 'pass':
      return isEitherWay ? `the same to within ${margin}: ${seen}` : `not worse by ${margin}: ${seen}`
    case 'fail':
      return `${broken}: ${seen}`
    case 'inconclusive':
      if (failsAlone) return `${broken} by itself, but not sure enough beside the other rules: ${seen}`
      return isEitherWay
        ? `shown neither to differ nor to be the same to within ${margin}: ${seen}`
        : `can't be told from ${margin} worse: ${seen}`
    case 'not-evaluable':
      return 'not measured'
    default:
      return unreachable(outcome)
  }
}

/** With fewer units than this cluster-robust limits cover less than they promise, t or not: the reader is told. */
const fewClusters = 20

/** What the reader should know of the limits: why they are so wide, or less sure than they look. */
function unitWords(effect: Effect): string {
  const { overTime, clusters, pairs } = effect
  if (overTime === 'shown') return '; it came and went with the time of sending, so ten blocks of time are what counts'
  if (overTime === 'allowed-for') return '; ten blocks of time are what counts, in case it came and went'
  if (clusters >= pairs || clusters >= fewClusters) return ''
  return `; ${count(clusters, nounsOf(effect).unit)} are few, so it is less sure than it looks`
}

function moreWords(more: MorePairs | null, effect: Effect): string {
  if (more === null) return ''
  const { atEstimate, ifEqual } = more
  if (atEstimate === null)
    return `; it lies so near the margin that more ${nounsOf(effect).pair}s would not soon decide it`
  const equal =
    ifEqual > 1 && ifEqual < atEstimate
      ? ` (${ifEqual.toLocaleString('en-US')} if the candidate equals production)`
      : ''
  return `; about ${count(atEstimate, `more ${nounsOf(effect).pair}`)} would decide it${equal}`
}

/** The power with which the pairs that are said to be missing would decide. */
const power = 0.8

/** How many more pairs it would take to decide: standard errors shrink with √n, as `morePairs` of `stats/` has it. */
function morePairsOf(
  rule: Rule,
  { limits, effect, leastPairs }: Evidence & { effect: Effect },
  alpha: number,
): MorePairs | null {
  const side = worseningOf(effect, limits, rule)
  const [estimate, { low, high }] = [worseningEstimate(effect), side.limits(alpha)]
  if (Number.isNaN(estimate) || Number.isNaN(low) || Number.isNaN(high)) return null
  const isBetter = effect.scale === 'ratio' ? estimate < 1 : estimate < 0
  // What stands between the estimate and a decision: in either direction, the limit on the side that it leans to.
  const leansBack = isTwoSided(rule) && isBetter
  const margin = leansBack ? side.counterMargin : side.margin
  const isInside = leansBack ? estimate > margin : estimate < margin
  const {
    atEstimate,
    ifEqual,
    unreachable: isUnreachable,
  } = projectPairs({
    n: effect.pairs,
    estimate,
    limit: isInside !== leansBack ? high : low,
    margin,
    alphaOneSided: alpha,
    power,
    scale: effect.scale,
    hardMinimum: leastPairs(alpha),
  })
  if (!Number.isFinite(ifEqual.more)) return null
  const isKnown = Number.isFinite(atEstimate.more) && !isUnreachable
  return { atEstimate: isKnown ? Math.max(1, atEstimate.more) : null, ifEqual: Math.max(1, ifEqual.more) }
}

/**
 * Whether the estimate alone lies beyond the rule's margin: a lead, not a proof. Of the few answers that a metric is about in a log of
 * another kind, one would be a lead: there it takes all of the interval.
 */
export function looksBroken({ rule, effect, isTooFew }: Finding): boolean {
  if (effect === null) return false
  const { estimate, interval } = effect
  const point = () => (isTooFew ? interval : { low: estimate, high: estimate })
  const side = worseningOf(effect, point, rule)
  const { low, high } = side.limits(0.5)
  return low > side.margin || (isTwoSided(rule) && high < side.counterMargin)
}
