// Effects + policy → verdict: GO is an intersection, NO-GO a union, and what was not measured never passes.

import type { Decision, Evidence, Finding, Policy, Rule, Segment, Verdict } from '../core/judgement.ts'
import { benjaminiHochberg, holm } from '../stats/adjust.ts'
import { conclude, type Weighed, weigh } from './find.ts'
import { type RunFacts, validityProblems } from './validity.ts'
import { subjectOf } from './words.ts'

/** Segments with fewer pairs get no verdict of their own (STATISTICS section 6). */
const minSegmentPairs = 30
/** False discovery rate of the segments listed for investigation. */
const segmentFdr = 0.1

/**
 * INVALID before NO-GO before GO before INCONCLUSIVE. Blocking rules need no correction for GO, since all of them must pass
 * (intersection-union test, Berger 1982); failures are weighed by Holm over the blocking rules, and apart from them over
 * segments × rules.
 */
export function decide(evidence: readonly Evidence[], policy: Policy, facts: RunFacts): Verdict {
  const alpha = 1 - policy.level
  const overall = concludeAll(
    policy.rules.map((rule) => weigh(rule, find(evidence, rule.metric, rule.segment), alpha)),
    alpha,
  )
  const segments = judgeSegments(evidence, policy, alpha)
  const findings = [...overall, ...segments.findings]
  const invalid = validityProblems(evidence, policy, facts)
  const decision = decisionOf(findings, overall, invalid)
  return {
    decision,
    because: becauseOf(decision, findings, invalid),
    next: nextOf(decision, overall),
    findings,
    flags: [...flagsOf(overall), ...segments.flags],
    invalid,
  }
}

function find(evidence: readonly Evidence[], metric: string, segment: Segment | null): Evidence | null {
  const isSame = (other: Segment | null) => other?.key === segment?.key && other?.value === segment?.value
  return evidence.find((each) => each.metric === metric && isSame(each.segment)) ?? null
}

/** Blocking failures are corrected together; the others stand for themselves, since they decide nothing. */
function concludeAll(weighed: readonly Weighed[], alpha: number): Finding[] {
  const blocking = weighed.filter((each) => isBlocking(each.rule) && each.obstacle === null)
  const adjusted = new Map(zip(blocking, holm(blocking.map((each) => each.pFail))))
  return weighed.map((each) => conclude(each, (adjusted.get(each) ?? each.pFail) < alpha))
}

function judgeSegments(
  evidence: readonly Evidence[],
  policy: Policy,
  alpha: number,
): { findings: Finding[]; flags: string[] } {
  const ruled = policy.rules.filter(
    (rule) => rule.segment === null && rule.stage === 'replay' && rule.severity !== 'warn',
  )
  const weighed = policy.segments
    .flatMap((key) => valuesOf(evidence, key))
    .flatMap((segment) =>
      ruled.flatMap((rule) => {
        const own = find(evidence, rule.metric, segment)
        return own
          ? [weigh({ ...rule, segment }, { ...own, minPairs: Math.max(own.minPairs, minSegmentPairs) }, alpha)]
          : []
      }),
    )
  const blocking = weighed.filter((each) => each.obstacle === null && isBlocking(each.rule))
  const adjusted = new Map(zip(blocking, holm(blocking.map((each) => each.pFail))))
  const testable = weighed.filter((each) => each.obstacle === null)
  const discovered = new Map(zip(testable, benjaminiHochberg(testable.map((each) => each.pFail))))
  const findings = weighed.map((each) => {
    const p = adjusted.get(each)
    return conclude(each, p === undefined ? (discovered.get(each) ?? 1) < segmentFdr : p < alpha)
  })
  const flags = zip(weighed, findings).flatMap(([each, finding]) =>
    (discovered.get(each) ?? 1) < segmentFdr && !(finding.outcome === 'fail' && isBlocking(each.rule))
      ? [finding.because]
      : [],
  )
  return { findings, flags }
}

function valuesOf(evidence: readonly Evidence[], key: string): Segment[] {
  const values = new Set(evidence.flatMap((each) => (each.segment?.key === key ? [each.segment.value] : [])))
  return [...values].map((value) => ({ key, value }))
}

function isBlocking(rule: Rule): boolean {
  return rule.severity === 'block' && rule.stage === 'replay'
}

function decisionOf(findings: readonly Finding[], overall: readonly Finding[], invalid: readonly string[]): Decision {
  if (invalid.length > 0) return 'INVALID'
  if (findings.some((finding) => isBlocking(finding.rule) && finding.outcome === 'fail')) return 'NO-GO'
  const blocking = overall.filter((finding) => isBlocking(finding.rule))
  return blocking.length > 0 && blocking.every((finding) => finding.outcome === 'pass') ? 'GO' : 'INCONCLUSIVE'
}

function flagsOf(overall: readonly Finding[]): string[] {
  return overall
    .filter((finding) => finding.rule.severity === 'investigate' && finding.outcome === 'fail')
    .map(({ because }) => because)
}

function becauseOf(decision: Decision, findings: readonly Finding[], invalid: readonly string[]): string {
  const blocking = findings.filter((finding) => isBlocking(finding.rule))
  const named = (outcome: Finding['outcome'][]) =>
    blocking
      .filter((finding) => outcome.includes(finding.outcome))
      .map(({ rule }) => subjectOf(rule.metric, rule.segment))
  switch (decision) {
    case 'INVALID':
      return `The run can't be judged: ${invalid.join(' ')}`
    case 'NO-GO':
      return `The candidate is shown to break ${list(named(['fail']), 'blocking rule')}.`
    case 'GO':
      return `The candidate is shown to keep ${list(
        named(['pass']).filter((name) => !name.includes(' in ')),
        'blocking rule',
      )}.`
    case 'INCONCLUSIVE': {
      const open = blocking.filter((finding) => finding.rule.segment === null && finding.outcome !== 'pass')
      const names = open.map(({ rule }) => subjectOf(rule.metric, rule.segment))
      return names.length === 0
        ? 'No blocking rule was judged, and a gate without rules opens for nobody.'
        : `Nothing is shown to be broken, but ${list(names, 'blocking rule')} could not be shown to hold.`
    }
    default:
      return decision satisfies never
  }
}

function nextOf(decision: Decision, overall: readonly Finding[]): string {
  switch (decision) {
    case 'GO':
      return overall.some((finding) => finding.rule.stage === 'canary')
        ? 'Open the canary; the rules that need users are decided there.'
        : 'Open the canary.'
    case 'NO-GO':
      return 'Keep production. Look at the worst pairs below, mend the candidate, and run the gate again.'
    case 'INCONCLUSIVE':
      return overall.some((finding) => isBlocking(finding.rule) && finding.outcome === 'not-evaluable')
        ? 'Measure what the report calls not measured, or turn that rule off in the config (severity: off), knowingly.'
        : 'Replay more records (sample.size), then run the gate again.'
    case 'INVALID':
      return 'Mend what is named above and replay again; this run proves nothing either way.'
    default:
      return decision satisfies never
  }
}

function list(names: readonly string[], noun: string): string {
  const shown = names.length > 6 ? [...names.slice(0, 5), `${names.length - 5} more`] : names
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'}: ${shown.join(', ')}`
}

function zip<A, B>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.map((each, index) => [each, right[index] as B])
}
