// Verdicts for segments: what is broken in one, what differs between them, and where nothing could have been seen.

import type { BlindSegment, Evidence, Finding, Policy, Rule, Segment, Stage } from '../core/judgement.ts'
import { benjaminiHochberg } from '../stats/adjust.ts'
import { blindSegments } from '../stats/blind-segments.ts'
import { cochranQ } from '../stats/cochran-q.ts'
import { findEvidence, isSameSegment } from './evidence.ts'
import { conclude, isBlocking, stageOf, type Weighed, weigh } from './find.ts'
import { onAdditiveScale, standardErrorOf, worseningOf } from './side.ts'
import { stepDown } from './step-down.ts'
import { spoken } from './words.ts'

/** Segments with fewer pairs get no verdict of their own: their limits are too wide to find anything but by chance. */
const minSegmentPairs = 30
/** Standard errors of smaller segments are noise themselves: they are not compared with others. */
const minComparedPairs = 50
/** Cochran's Q errs more often than it says where segments are small, so it has to be surer. */
const heterogeneityAlpha = 0.01
/** Of all such questions together: with a score of rules one in six sound runs would have such a line. */
const heterogeneityFamily = 0.05
/** False discovery rate of the segments listed for investigation. */
const segmentFdr = 0.1

export interface SegmentFindings {
  readonly findings: readonly Finding[]
  /** Sentences for whoever looks into it. */
  readonly flags: readonly string[]
  readonly blind: readonly BlindSegment[]
}

/**
 * Every rule for all records, in every segment of the policy's keys. Failures of blocking rules are weighed together, by
 * `alphaFor(tests)`; others are listed at a false discovery rate.
 */
export function judgeSegments(
  evidence: readonly Evidence[],
  policy: Policy,
  { alpha, alphaFor }: { readonly alpha: number; readonly alphaFor: (tests: number) => number },
): SegmentFindings {
  const stage = stageOf(policy)
  const ruled = policy.rules.filter((rule) => rule.segment === null && rule.stage === stage && rule.severity !== 'warn')
  const weighed = policy.segments
    .flatMap((key) => segmentsIn(evidence, key))
    .flatMap((segment) => ruled.flatMap((rule) => weighIn(segment, rule, { evidence, policy, alpha })))
  const testable = weighed.filter((each) => each.obstacle === null)
  const blocking = testable.filter((each) => isBlocking(each.rule, stage))
  const stands = stepDown(
    blocking.map(({ pFail }) => pFail),
    alphaFor,
  )
  const broken = new Set(blocking.filter((_, index) => stands[index]))
  const discovered = discoveries(testable)
  const findings = weighed.map((each) => {
    const hasFailed = isBlocking(each.rule, stage) ? broken.has(each) : each.failsAlone && discovered.has(each)
    return conclude(each, { hasFailed, alpha, look: null })
  })
  const listed = findings.filter((_, index) => {
    const each = weighed[index]
    return each !== undefined && discovered.has(each) && !broken.has(each)
  })
  // Where a segment is named already, that says more than that segments differ.
  const named = weighed.filter((each) => broken.has(each) || discovered.has(each)).map(({ rule }) => rule)
  const isHidden = (rule: Rule, key: string) =>
    !named.some(({ metric, segment }) => metric === rule.metric && segment?.key === key)
  return {
    findings,
    flags: [
      ...listed.map(({ because }) => because),
      ...differences(
        evidence,
        policy.segments.flatMap((key) => ruled.filter((rule) => isHidden(rule, key)).map((rule) => ({ rule, key }))),
      ),
    ],
    blind: blindIn(weighed, alpha, stage),
  }
}

function weighIn(
  segment: Segment,
  rule: Rule,
  { evidence, policy, alpha }: { evidence: readonly Evidence[]; policy: Policy; alpha: number },
): Weighed[] {
  // A rule of the segment's own stands in place of the one for all, and is judged among those.
  const isReplaced = policy.rules.some(
    (other) => other.metric === rule.metric && isSameSegment(other.segment, segment) && other.segment !== null,
  )
  const own = isReplaced ? null : findEvidence(evidence, rule.metric, segment)
  if (own === null) return []
  return [weigh({ ...rule, segment }, { ...own, minPairs: Math.max(own.minPairs, minSegmentPairs) }, alpha)]
}

function discoveries(testable: readonly Weighed[]): ReadonlySet<Weighed> {
  const adjusted = benjaminiHochberg(testable.map(({ pFail }) => pFail))
  return new Set(testable.filter((_, index) => (adjusted[index] ?? 1) < segmentFdr))
}

function segmentsIn(evidence: readonly Evidence[], key: string): Segment[] {
  const values = new Set(evidence.flatMap((each) => (each.segment?.key === key ? [each.segment.value] : [])))
  return [...values].map((value) => ({ key, value }))
}

/** Rules whose effect differs between the values of a key by more than chance (Cochran's Q): one number would hide that. */
function differences(
  evidence: readonly Evidence[],
  questions: readonly { readonly rule: Rule; readonly key: string }[],
): string[] {
  return questions.flatMap(({ rule, key }) => {
    const parts = evidence.flatMap((each) => {
      if (each.metric !== rule.metric || each.segment?.key !== key || each.effect === null) return []
      if (each.effect.pairs < minComparedPairs) return []
      const estimate = onAdditiveScale(each.effect.estimate, each.effect.scale)
      const standardError = standardErrorOf(each.effect, worseningOf(each.effect, each.limits, rule))
      const isTold = Number.isFinite(estimate) && Number.isFinite(standardError) && standardError > 0
      return isTold ? [{ estimate, standardError }] : []
    })
    if (parts.length < 2) return []
    const { Q, df, p } = cochranQ({
      estimates: parts.map(({ estimate }) => estimate),
      standardErrors: parts.map(({ standardError }) => standardError),
    })
    if (p >= Math.min(heterogeneityAlpha, heterogeneityFamily / questions.length)) return []
    const sure = p < 0.0001 ? 'p < 0.0001' : `p = ${p.toFixed(4)}`
    return [
      `${spoken(rule.metric, null)} does not change alike for all values of ${key}, by more than chance explains, and the one number for all records hides that (Cochran's Q = ${Q.toFixed(1)}, df = ${df}, ${sure}).`,
    ]
  })
}

/** Segments that would not even have shown a regression of twice the margin, with 80 % power. */
function blindIn(weighed: readonly Weighed[], alpha: number, stage: Stage): BlindSegment[] {
  return weighed.flatMap(({ rule, evidence }) => {
    const { segment, metric, margin } = rule
    if (segment === null || !isBlocking(rule, stage) || !evidence?.effect) return []
    const { effect } = evidence
    const isTested = effect.pairs >= evidence.minPairs
    const standardError = isTested ? standardErrorOf(effect, worseningOf(effect, evidence.limits, rule)) : Infinity
    const asked = { scale: effect.scale, alphaOneSided: alpha, margin: effect.scale === 'ratio' ? 1 + margin : margin }
    const powers = blindSegments({ ...asked, segments: [{ segment: segment.value, standardError }] })
    return powers.flatMap(({ isBlind, minimumDetectable }) =>
      isBlind ? [{ segment, metric, pairs: effect.pairs, smallest: minimumDetectable }] : [],
    )
  })
}
