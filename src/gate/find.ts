// One rule against its evidence: pass, fail, inconclusive or not evaluable, and the sentence that says why.

import { unreachable } from '../core/fault.ts'
import { type Effect, type Evidence, type Finding, type FindingOutcome, type Rule } from '../core/judgement.ts'
import { pBetterThan, pWorseThan, type Worsening, worseningOf } from './side.ts'
import { change, count, marginWords, range, subjectOf } from './words.ts'

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
  readonly obstacle: { readonly outcome: 'inconclusive' | 'not-evaluable'; readonly why: string } | null
}

/** Whether the decision hangs on the rule. */
export function isBlocking(rule: Rule): boolean {
  return rule.severity === 'block' && rule.stage === 'replay'
}

/** Weighs one rule. `alpha` is one-sided. */
export function weigh(rule: Rule, evidence: Evidence | null, alpha: number): Weighed {
  const obstacle = obstacleOf(evidence)
  if (obstacle || !evidence?.effect) return { rule, evidence, passes: false, pFail: 1, failsAlone: false, obstacle }
  const side = worseningOf(evidence.effect, evidence.limits, rule)
  const pFail = pFailOf(rule, side)
  return { rule, evidence, passes: isShownToHold(rule, side, alpha), pFail, failsAlone: pFail < alpha, obstacle: null }
}

/** A larger share of pairs that only one arm reports gives no verdict. */
const maxLacking = 0.02

function obstacleOf(evidence: Evidence | null): Weighed['obstacle'] {
  if (evidence === null) return { outcome: 'not-evaluable', why: 'nothing was measured' }
  if (evidence.usersOnly !== null) return { outcome: 'not-evaluable', why: evidence.usersOnly }
  if (evidence.effect === null)
    return { outcome: 'not-evaluable', why: `nothing was measured: ${absences(evidence.absent)}` }
  const { pairs, clusters } = evidence.effect
  const lacking = evidence.absent['one-arm-only'] ?? 0
  if (lacking > maxLacking * (pairs + lacking)) {
    const why = `only one arm reports it in ${count(lacking, 'pair')} of ${(pairs + lacking).toLocaleString('en-US')}`
    return { outcome: 'inconclusive', why: `${why}, which would bias the rest` }
  }
  if (pairs < evidence.minPairs) {
    return {
      outcome: 'inconclusive',
      why: `${count(pairs, 'pair')} can't tell; it takes at least ${evidence.minPairs}`,
    }
  }
  if (clusters < pairs && clusters < evidence.minClusters) {
    const why = `${count(clusters, 'conversation')} can't tell; it takes at least ${evidence.minClusters}`
    return { outcome: 'inconclusive', why }
  }
  return null
}

function absences(absent: Readonly<Record<string, number>>): string {
  const words = Object.entries(absent).map(([why, pairs]) => `${absenceWords[why] ?? why} (${count(pairs, 'pair')})`)
  return words.length === 0 ? 'no pair was completed' : words.join(', ')
}

const absenceWords: Readonly<Record<string, string>> = {
  'no-reply': 'one arm gave no answer',
  'not-reported': 'the API does not report it',
  'not-streamed': 'the answers were not streamed',
  'not-measured': 'the requests were sent as batches, which have no latencies',
  'no-price': 'the config gives no pricePerMillion',
  'no-noise-floor': 'production was not asked twice (replay.noise)',
  'one-arm-only': 'only one arm reports it',
  'zero-production': "production's figure is zero",
  'single-pair': 'a single pair tells nothing',
  excluded: 'the pair was excluded',
}

function isShownToHold(rule: Rule, side: Worsening, alpha: number): boolean {
  const { low, high } = side.limits(alpha)
  const isWithin = high < side.margin
  return rule.mode === 'either-way' ? isWithin && low > side.counterMargin : isWithin
}

function pFailOf(rule: Rule, side: Worsening): number {
  switch (rule.mode) {
    case 'worse':
      return pWorseThan(side.limits, side.margin)
    case 'difference':
      return pWorseThan(side.limits, side.neutral)
    case 'either-way':
      return Math.min(1, 2 * Math.min(pWorseThan(side.limits, side.neutral), pBetterThan(side.limits, side.neutral)))
    default:
      return unreachable(rule.mode)
  }
}

/** The finding, once it is settled whether the failure stands beside all the others that were looked for. */
export function conclude(weighed: Weighed, hasFailed: boolean): Finding {
  const { rule, evidence, obstacle } = weighed
  const effect = evidence?.effect ?? null
  const subject = subjectOf(rule.metric, rule.segment)
  if (obstacle) return { rule, effect, outcome: obstacle.outcome, because: `${subject}: ${obstacle.why}.` }
  if (effect === null) throw new Error(`a rule without obstacle has no effect: ${subject}`)
  const outcome: FindingOutcome = hasFailed ? 'fail' : weighed.passes ? 'pass' : 'inconclusive'
  return { rule, effect, outcome, because: `${subject}: ${sentence(weighed, effect, outcome)}` }
}

function sentence({ rule, failsAlone }: Weighed, effect: Effect, outcome: FindingOutcome): string {
  const seen = `${change(effect, effect.estimate)}, ${range(effect)} over ${count(effect.pairs, 'pair')}`
  const margin = marginWords(rule, effect)
  const broken = { worse: `worse by more than ${margin}`, difference: 'worse', 'either-way': 'different' }[rule.mode]
  const isEitherWay = rule.mode === 'either-way'
  switch (outcome) {
    case 'pass':
      return isEitherWay ? `the same to within ${margin}: ${seen}.` : `not worse by ${margin}: ${seen}.`
    case 'fail':
      return `${broken}: ${seen}.`
    case 'inconclusive':
      if (failsAlone) return `${broken} by itself, but not sure enough beside the other rules: ${seen}.`
      return isEitherWay
        ? `shown neither to differ nor to be the same to within ${margin}: ${seen}.`
        : `can't be told from ${margin} worse: ${seen}.`
    case 'not-evaluable':
      return 'not measured.'
    default:
      return unreachable(outcome)
  }
}

/** Whether the estimate alone lies beyond the rule's margin: a lead, not a proof. */
export function looksBroken({ rule, effect }: Finding): boolean {
  if (effect === null) return false
  const point = () => ({ low: effect.estimate, high: effect.estimate })
  const side = worseningOf(effect, point, rule)
  const { low } = side.limits(0.5)
  return low > side.margin || (rule.mode === 'either-way' && low < side.counterMargin)
}
