// Effects + policy → verdict: GO is an intersection, NO-GO a union, and what was not measured never passes.

import type { Decision, Evidence, Finding, Policy, Rule, Segment, Verdict } from '../core/judgement.ts'
import { benjaminiHochberg, holm } from '../stats/adjust.ts'
import { becauseOf, heldNext, nextOf } from './explain.ts'
import { conclude, isBlocking, looksBroken, type Weighed, weigh } from './find.ts'
import { type RunFacts, validityProblems } from './validity.ts'

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
  const held = decision === 'GO' && policy.hold && findings.some(asksForAPerson)
  const isInBatches = ({ metric, segment }: Rule) =>
    find(evidence, metric, segment)?.absent['not-measured'] !== undefined
  return {
    decision,
    held,
    because: becauseOf(decision, { findings, overall, invalid }),
    next: held ? heldNext(findings.filter(asksForAPerson)) : nextOf(decision, overall, isInBatches),
    findings,
    flags: [...flagsOf(overall), ...segments.flags],
    invalid,
  }
}

function find(evidence: readonly Evidence[], metric: string, segment: Segment | null): Evidence | null {
  return evidence.find((each) => each.metric === metric && isSame(each.segment, segment)) ?? null
}

function isSame(a: Segment | null, b: Segment | null): boolean {
  return a?.key === b?.key && a?.value === b?.value
}

/** Blocking failures are corrected together; the others stand for themselves, since they decide nothing. */
function concludeAll(weighed: readonly Weighed[], alpha: number): Finding[] {
  const blocking = weighed.filter((each) => isBlocking(each.rule) && each.obstacle === null)
  const adjusted = adjustedBy(holm, blocking)
  return weighed.map((each) => conclude(each, (adjusted.get(each) ?? each.pFail) < alpha))
}

function adjustedBy(adjust: typeof holm, weighed: readonly Weighed[]): ReadonlyMap<Weighed, number> {
  const adjusted = adjust(weighed.map((each) => each.pFail))
  return new Map(weighed.map((each, index) => [each, adjusted[index] ?? 1]))
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
        // A rule of the segment's own stands in place of the one for all, and is judged among those.
        const isReplaced = policy.rules.some((other) => other.metric === rule.metric && isSame(other.segment, segment))
        const own = isReplaced ? null : find(evidence, rule.metric, segment)
        return own
          ? [weigh({ ...rule, segment }, { ...own, minPairs: Math.max(own.minPairs, minSegmentPairs) }, alpha)]
          : []
      }),
    )
  const blocking = weighed.filter((each) => each.obstacle === null && isBlocking(each.rule))
  const adjusted = adjustedBy(holm, blocking)
  const testable = weighed.filter((each) => each.obstacle === null)
  const discovered = adjustedBy(benjaminiHochberg, testable)
  const findings = weighed.map((each) => {
    const p = adjusted.get(each)
    return conclude(each, p === undefined ? each.failsAlone && (discovered.get(each) ?? 1) < segmentFdr : p < alpha)
  })
  const flags = findings
    .filter((finding, index) => {
      const each = weighed[index]
      const isBlocked = finding.outcome === 'fail' && isBlocking(finding.rule)
      return each !== undefined && (discovered.get(each) ?? 1) < segmentFdr && !isBlocked
    })
    .map(({ because }) => because)
  return { findings, flags }
}

function valuesOf(evidence: readonly Evidence[], key: string): Segment[] {
  const values = new Set(evidence.flatMap((each) => (each.segment?.key === key ? [each.segment.value] : [])))
  return [...values].map((value) => ({ key, value }))
}

function decisionOf(findings: readonly Finding[], overall: readonly Finding[], invalid: readonly string[]): Decision {
  if (invalid.length > 0) return 'INVALID'
  if (findings.some((finding) => isBlocking(finding.rule) && finding.outcome === 'fail')) return 'NO-GO'
  const blocking = overall.filter((finding) => isBlocking(finding.rule))
  return blocking.length > 0 && blocking.every((finding) => finding.outcome === 'pass') ? 'GO' : 'INCONCLUSIVE'
}

/** A rule to investigate by that failed, or that looks broken in all records without being proven so. */
function asksForAPerson(finding: Finding): boolean {
  const { rule, outcome } = finding
  if (rule.severity !== 'investigate') return false
  return outcome === 'fail' || (outcome === 'inconclusive' && rule.segment === null && looksBroken(finding))
}

function flagsOf(overall: readonly Finding[]): string[] {
  return overall.filter(asksForAPerson).map(({ because }) => because)
}
