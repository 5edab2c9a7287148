// Effects + policy → verdict: GO is an intersection, NO-GO a union, and what was not measured never passes.

import type { Drift } from '../core/drift.ts'
import type { Decision, Effect, Evidence, Finding, Policy, Rule, Stage, Verdict } from '../core/judgement.ts'
import { findEvidence } from './evidence.ts'
import { becauseOf, hasFailedBeside, heldNext, nextOf } from './explain.ts'
import { conclude, isBlocking, looksBroken, mustPass, stageOf, weigh } from './find.ts'
import { alphaPassOf, type Looked } from './looks.ts'
import { acceptedSentence, isReviewedRegression, regressionSentences } from './reviews.ts'
import { judgeSegments } from './segments.ts'
import { stepDown } from './step-down.ts'
import { type RunFacts, validityProblems } from './validity.ts'
import { inSentence, spoken, subjectOf } from './words.ts'

/** What the looks at a run came to: they have spent the error rate, so they decide. */
export interface Sequence extends Looked {
  /** One-sided, of the last look: to be shown to hold; and to be shown to be broken, beside so many tests. */
  readonly alphaPass: number
  readonly alphaFail: (tests: number) => number
}

/**
 * INVALID before NO-GO before GO before INCONCLUSIVE. Blocking rules need no correction for GO, since all of them must pass
 * (intersection-union test, Berger 1982); failures are weighed by Holm over the blocking rules, and apart from them over
 * segments × rules. A change that a reviewer called a regression makes a NO-GO by itself. `sequence`: the run was looked at along the way; what was decided then stands.
 */
export function decide(
  evidence: readonly Evidence[],
  policy: Policy,
  facts: RunFacts,
  sequence: Sequence | null = null,
): Verdict {
  const alpha = 1 - policy.level
  const stage = stageOf(policy)
  const overall = sequence === null ? judgedOnce(evidence, policy) : judgedAlong(evidence, policy, sequence)
  const segments = judgeSegments(evidence, policy, {
    alpha,
    alphaFor: sequence?.alphaFail ?? ((tests) => alpha / tests),
  })
  const findings = [...overall, ...segments.findings]
  const invalid = validityProblems(evidence, policy, facts)
  const { reviews = [], drift } = facts
  const regressions = regressionSentences(reviews)
  const decision = decisionOf(findings, overall, { invalid, isRefused: reviews.some(isReviewedRegression), stage })
  const isAnotherProduction = drift?.outcome === 'drifted' && policy.drift?.severity === 'investigate'
  const isForAPerson = (finding: Finding) => asksForAPerson(finding, stage)
  const held = decision === 'GO' && policy.hold && (isAnotherProduction || findings.some(isForAPerson))
  const isInBatches = ({ metric, segment }: Rule) =>
    findEvidence(evidence, metric, segment)?.absent['not-measured'] !== undefined
  return {
    decision,
    held,
    because: becauseOf(decision, {
      stage,
      findings,
      overall,
      invalid,
      regressions,
      accepted: acceptedSentence(reviews),
    }),
    next: held
      ? heldNext(findings.filter(isForAPerson), isAnotherProduction)
      : nextOf(decision, overall, {
          stage,
          isInBatches,
          isSpent: sequence !== null,
          hasMoreToSee: findings.some((finding) => hasFailedBeside(finding, stage)),
          isRefusedAlone: regressions.length > 0 && !findings.some((finding) => hasBroken(finding, stage)),
        }),
    findings,
    flags: [...driftFlags(drift), ...flagsOf(overall, stage), ...segments.flags],
    invalid,
    looks: sequence?.taken ?? [],
    blind: segments.blind,
    ...(reviews.length > 0 && { reviews }),
    ...(drift && { drift }),
  }
}

/** Blocking failures are corrected together; the others stand for themselves, since they decide nothing. */
function judgedOnce(evidence: readonly Evidence[], policy: Policy): Finding[] {
  const alpha = 1 - policy.level
  const stage = stageOf(policy)
  const alphaOf = (rule: Rule) => (isBlocking(rule, stage) ? alphaPassOf(policy) : alpha)
  const weighed = policy.rules.map((rule) =>
    weigh(rule, findEvidence(evidence, rule.metric, rule.segment), alphaOf(rule)),
  )
  const blocking = weighed.filter((each) => isBlocking(each.rule, stage) && each.obstacle === null)
  const stands = stepDown(
    blocking.map(({ pFail }) => pFail),
    (tests) => alpha / tests,
  )
  const broken = new Set(blocking.filter((_, index) => stands[index]))
  return weighed.map((each) =>
    conclude(each, {
      hasFailed: isBlocking(each.rule, stage) ? broken.has(each) : each.failsAlone,
      alpha: alphaOf(each.rule),
      look: null,
    }),
  )
}

/** Blocking rules as the looks decided them; what they left open stays open, and the others are judged once. */
function judgedAlong(evidence: readonly Evidence[], policy: Policy, { decided, alphaPass }: Sequence): Finding[] {
  return policy.rules.map((rule) => {
    const own = findEvidence(evidence, rule.metric, rule.segment)
    const alpha = 1 - policy.level
    if (!isBlocking(rule, stageOf(policy))) {
      const weighed = weigh(rule, own, alpha)
      return conclude(weighed, { hasFailed: weighed.failsAlone, alpha, look: null })
    }
    const known = decided.get(subjectOf(rule.metric, rule.segment))
    if (known) return known
    // A look that must not decide has no limits to show.
    const level = alphaPass > 0 ? alphaPass : alphaPassOf(policy)
    return conclude({ ...weigh(rule, own, level), passes: false }, { hasFailed: false, alpha: level, look: null })
  })
}

function hasBroken({ rule, outcome }: Finding, stage: Stage): boolean {
  return isBlocking(rule, stage) && outcome === 'fail'
}

function decisionOf(
  findings: readonly Finding[],
  overall: readonly Finding[],
  on: { readonly invalid: readonly string[]; readonly isRefused: boolean; readonly stage: Stage },
): Decision {
  if (on.invalid.length > 0) return 'INVALID'
  if (on.isRefused || findings.some((finding) => hasBroken(finding, on.stage))) return 'NO-GO'
  const blocking = overall.filter((finding) => mustPass(finding, on.stage))
  return blocking.length > 0 && blocking.every((finding) => finding.outcome === 'pass') ? 'GO' : 'INCONCLUSIVE'
}

/**
 * A rule to investigate by that failed, that looks broken in all records without being proven so, or that nothing could be said
 * of: what was not measured never passes, here neither.
 */
function asksForAPerson(finding: Finding, stage: Stage): boolean {
  const { rule, outcome } = finding
  if (rule.severity !== 'investigate' || rule.stage !== stage) return false
  if (outcome === 'fail') return true
  if (rule.segment !== null) return false
  if (finding.isMoot) return false
  return outcome === 'not-evaluable' || (outcome === 'inconclusive' && looksBroken(finding))
}

/** The comparison of tonight is with another production than the one that users had. */
function driftFlags(drift: Drift | undefined): string[] {
  if (drift?.outcome !== 'drifted') return []
  return [`The candidate is compared with another production than users had. ${drift.because}`]
}

function flagsOf(overall: readonly Finding[], stage: Stage): string[] {
  const asked = overall.filter((finding) => asksForAPerson(finding, stage)).map(({ because }) => because)
  const effects = overall.flatMap(({ effect }) => (effect ? [effect] : []))
  return [...asked, ...judgeAlone(overall, stage), ...effects.flatMap(giantsIn), ...timesIn(effects)]
}

/** Of two models of one mind it will prefer its like, and nobody else is asked. */
function judgeAlone(overall: readonly Finding[], stage: Stage): string[] {
  const blocking = overall.filter((finding) => mustPass(finding, stage))
  if (blocking.length === 0 || blocking.some(({ rule }) => rule.metric !== 'judge')) return []
  return [
    'The judge is the only rule that blocks: a judge can be talked round, and prefers what is like itself; let another rule block too.',
  ]
}

/** More than this between the typical request and the bill, and a few giant answers drive it. */
const maxDisagreement = 1.15

function giantsIn({ metric, segment, estimate, typical }: Effect): string[] {
  if (typical === null || !(typical > 0 && estimate > 0)) return []
  // Where both are less there is nobody to warn.
  if (typical <= 1 && estimate <= 1) return []
  if (Math.abs(Math.log(typical / estimate)) <= Math.log(maxDisagreement)) return []
  return [
    `${spoken(metric, segment)}: × ${estimate.toFixed(2)} in sum and × ${typical.toFixed(2)} for the typical request; a few large answers make the difference.`,
  ]
}

function timesIn(effects: readonly Effect[]): string[] {
  const names = effects
    .filter(({ overTime }) => overTime === 'shown')
    .map(({ metric, segment }) => spoken(metric, segment))
  const [first, ...others] = names
  if (first === undefined) return []
  const what = [first, ...others.map(inSentence)].join(', ')
  return [
    `${what}: the change came and went with the time of sending, as if one arm's load had; spread the replay over more hours.`,
  ]
}
