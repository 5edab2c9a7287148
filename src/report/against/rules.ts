// The rules of two runs beside each other: what each showed then and now, and whether the two are shown to differ.

import type { Assertion, Effect, Finding, Interval, Policy, Segment } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import { differenceOfEstimates, type Estimated, type EstimatesDiffer, holm } from '../../stats/index.ts'
import type { AgainstInput, ReportInput } from '../input.ts'

/** Chance of any false "worse", "better" or "moved" over all rules of a comparison; the changes have as much for themselves. */
export const familyAlpha = 0.05
/** Two-sided, of the interval of each change: it is for reading, and takes no heed of how many there are. */
export const shiftLevel = 0.95

/**
 * `worse` and `better`: shown, at 5 % over all rules. `higher` and `lower`: the same of a rule that asks in both directions.
 * `same`: not shown to differ. `unknown`: `why` says what is missing.
 */
export type Told = 'worse' | 'better' | 'higher' | 'lower' | 'same' | 'unknown' | 'new' | 'gone'

export interface RuleSince {
  /** Names the rule in both runs. */
  readonly subject: string
  readonly earlier: Finding | null
  readonly now: Finding | null
  readonly told: Told
  readonly why: string | null
  /** Of the effect itself: now − then, or now / then on a ratio's scale; null where the two can't be held against each other. */
  readonly shift: Shift | null
  /** Whether margin, mode, severity or stage are others than then. */
  readonly isAskedOtherwise: boolean
}

export interface Shift {
  readonly estimate: number
  readonly interval: Interval
  /** Two-sided, by Holm over all rules. */
  readonly p: number
}

type Judged = Pick<ReportInput, 'verdict' | 'policy'>

/** As `now` lists its findings; those that are gone come last. Rules that nobody asked about in either run are left out. */
export function rulesSince(now: Judged, earlier: AgainstInput, dependence: 'apart' | 'anyhow'): readonly RuleSince[] {
  const before = new Map(earlier.verdict.findings.map((finding) => [subjectOf(finding.rule), finding]))
  const after = new Map(now.verdict.findings.map((finding) => [subjectOf(finding.rule), finding]))
  const subjects = [...new Set([...after.keys(), ...before.keys()])]
  const rules = subjects.flatMap((subject) => {
    const [one, other] = [before.get(subject) ?? null, after.get(subject) ?? null]
    const isMoot = (one?.isMoot ?? one === null) && (other?.isMoot ?? other === null)
    return isMoot
      ? []
      : [
          compare({
            subject,
            earlier: one,
            now: other,
            isRedefined: hasOtherDefinition((other ?? one)?.rule.metric ?? '', now, earlier),
            dependence,
          }),
        ]
  })
  return withHolm(rules)
}

export function subjectOf({ metric, segment }: { readonly metric: string; readonly segment: Segment | null }): string {
  return inSegment(metric, segment)
}

/** A rule whose effects were compared has what the two say of each other; Holm comes when all are there. */
type Compared = Omit<RuleSince, 'shift' | 'told'> & {
  readonly told: Told | null
  readonly pair: { readonly effect: Effect; readonly differ: EstimatesDiffer } | null
}

interface Both {
  readonly subject: string
  readonly earlier: Finding | null
  readonly now: Finding | null
  readonly isRedefined: boolean
  readonly dependence: 'apart' | 'anyhow'
}

function compare({ subject, earlier, now, isRedefined, dependence }: Both): Compared {
  const base = { subject, earlier, now, isAskedOtherwise: earlier !== null && now !== null && !asksAlike(earlier, now) }
  if (earlier === null || now === null)
    return { ...base, told: earlier === null ? 'new' : 'gone', why: null, pair: null }
  const unknown = (why: string): Compared => ({ ...base, told: 'unknown', why, pair: null })
  if (isRedefined) return unknown('it is defined otherwise now')
  const [one, other] = [earlier.effect, now.effect]
  if (one === null && other === null) return unknown('not measured in either run')
  if (one === null || other === null) return unknown(`not measured ${one === null ? 'then' : 'now'}`)
  if (one.scale !== other.scale || one.unit !== other.unit) return unknown('it is measured otherwise now')
  const differ = differenceOfEstimates(estimated(one), estimated(other), dependence)
  const { lower, upper } = differ.limits(shiftAlpha)
  if (!Number.isFinite(differ.estimate)) return unknown('one of the two estimates is no finite number')
  const isOpen = (differ.estimate >= 0 && lower === -Infinity) || (differ.estimate <= 0 && upper === Infinity)
  if (isOpen) return unknown('one of the two intervals has no end on the side that would tell')
  return { ...base, told: null, why: null, pair: { effect: other, differ } }
}

const shiftAlpha = Number(((1 - shiftLevel) / 2).toFixed(12))

/** On the scale on which changes add up. */
function estimated({ estimate, interval, scale, clusters, pairs }: Effect): Estimated {
  const on = scale === 'ratio' ? (value: number) => Math.log(Math.max(0, value)) : (value: number) => value
  return {
    estimate: on(estimate),
    lower: on(interval.low),
    upper: on(interval.high),
    alphaOneSided: (1 - interval.level) / 2,
    units: Math.max(1, clusters || pairs),
  }
}

/**
 * Rules for all records and rules by segment are two families, each with half of the 5 %: a policy that asks about many
 * segments must not hide what happened to all records.
 */
function withHolm(rules: readonly Compared[]): readonly RuleSince[] {
  const compared = rules.filter(({ pair }) => pair !== null)
  const families = [true, false]
    .map((isOfAll) => compared.filter((rule) => isOfAllRecords(rule) === isOfAll))
    .filter((family) => family.length > 0)
  const adjusted = new Map<string, number>()
  for (const family of families) {
    const p = holm(family.map(({ pair }) => pair?.differ.p ?? 1))
    for (const [place, { subject }] of family.entries()) {
      adjusted.set(subject, Math.min(1, (p[place] ?? 1) * families.length))
    }
  }
  return rules.map(({ pair, told, ...rule }): RuleSince => {
    if (pair === null) return { ...rule, told: told ?? 'unknown', shift: null }
    const p = adjusted.get(rule.subject) ?? 1
    return { ...rule, shift: shiftOf(pair, p), told: p <= familyAlpha ? direction(rule, pair) : 'same' }
  })
}

function isOfAllRecords({ now, earlier }: Pick<Compared, 'now' | 'earlier'>): boolean {
  return ((now ?? earlier)?.rule.segment ?? null) === null
}

function shiftOf({ effect, differ }: NonNullable<Compared['pair']>, p: number): Shift {
  const back = effect.scale === 'ratio' ? Math.exp : (value: number) => value
  const { lower, upper } = differ.limits(shiftAlpha)
  return {
    estimate: back(differ.estimate),
    interval: { low: back(lower), high: back(upper), level: shiftLevel },
    p,
  }
}

/** Where a rule asks in both directions a larger number is neither good nor bad. */
function direction({ now }: Pick<Compared, 'now'>, { effect, differ }: NonNullable<Compared['pair']>): Told {
  const isUp = differ.estimate > 0
  const mode = now?.rule.mode
  if (mode === 'either-way' || mode === 'both-ways') return isUp ? 'higher' : 'lower'
  return isUp === ((now?.rule.better ?? effect.better) === 'higher') ? 'better' : 'worse'
}

function asksAlike({ rule: one }: Finding, { rule: other }: Finding): boolean {
  return (
    one.margin === other.margin &&
    one.mode === other.mode &&
    one.severity === other.severity &&
    one.stage === other.stage &&
    one.better === other.better
  )
}

/** A check of the user's or a judge may ask something else under the name of then. */
function hasOtherDefinition(metric: string, now: Judged, earlier: Judged): boolean {
  if (metric === 'judge') return now.policy.judge?.fingerprint !== earlier.policy.judge?.fingerprint
  return metric.startsWith('assert-') && checkNamed(metric, now.policy) !== checkNamed(metric, earlier.policy)
}

function checkNamed(metric: string, { assertions = [] }: Policy): string {
  const own = (each: Assertion) => `assert-${each.name}` === metric
  return JSON.stringify(assertions.filter(own).map(({ check, segment }) => [check, segment]))
}
