// The decision of then and of now in one sentence: whether it changed, and which rule turned it.

import type { FindingOutcome } from '../../core/judgement.ts'
import { type RuleSince, subjectOf, type Told } from '../against/rules.ts'
import { counted } from '../format.ts'
import type { AgainstInput, ReportInput } from '../input.ts'
import { decisionMarks, heldMark, metricTitle, segmentTitle } from '../words.ts'
import { findingRows, type Judged } from './findings.ts'

/** So many rules are named. */
const mostNamed = 3

const was: Readonly<Record<FindingOutcome, string>> = {
  pass: 'passed then',
  fail: 'failed then',
  inconclusive: 'was open then',
  'not-evaluable': 'could not be evaluated then',
}
const is: Readonly<Record<FindingOutcome, string>> = {
  pass: 'passes now',
  fail: 'fails now',
  inconclusive: 'is open now',
  'not-evaluable': 'can’t be evaluated now',
}
/** An outcome may turn though nothing else did: by a few pairs more, or by chance. */
const shown: Readonly<Partial<Record<Told, string>>> = {
  worse: 'and its effect is worse than then',
  better: 'and its effect is better than then',
  higher: 'and its effect is higher than then',
  lower: 'and its effect is lower than then',
  same: 'though its effect is not shown to differ',
  unknown: 'and whether its effect differs can’t be told',
}

export function decisionSince(now: ReportInput, earlier: AgainstInput, rules: readonly RuleSince[]): string {
  const [before, after] = [wordOf(earlier), wordOf(now)]
  const by = { earlier: deciding(earlier), now: deciding(now) }
  if (before !== after) {
    const turning = rules.filter((rule) => isTurning(rule, by))
    return `${before} then, ${after} now: ${turnedBy(now, earlier, turning)}.`
  }
  const [one, other] = [namesOf(rules, by.earlier), namesOf(rules, by.now)]
  if (one === other) return `${after} then and now${other === '' ? '' : `, by ${other}`}.`
  return `${after} then and now: by ${one || 'no rule of its own'} then, by ${other || 'no rule of its own'} now.`
}

function wordOf({ verdict: { decision, held } }: Judged): string {
  return held ? heldMark.word : decisionMarks[decision].word
}

/** Subjects of the rules that a decision rests on: blocking ones, or those that hold a GO. */
function deciding(judged: Judged): ReadonlySet<string> {
  const isHolding = (row: ReturnType<typeof findingRows>[number]) =>
    judged.verdict.held && row.severity === 'investigate' && row.outcome === 'fail'
  const rows = findingRows(judged).filter((row) => row.isDeciding || isHolding(row))
  return new Set(rows.map(({ rule }) => subjectOf(rule)))
}

function isTurning(
  { subject, earlier, now }: RuleSince,
  by: { earlier: ReadonlySet<string>; now: ReadonlySet<string> },
): boolean {
  const hasTurned = earlier?.outcome !== now?.outcome || earlier?.rule.severity !== now?.rule.severity
  return hasTurned && (by.earlier.has(subject) || by.now.has(subject))
}

function turnedBy(now: ReportInput, earlier: AgainstInput, rules: readonly RuleSince[]): string {
  if (now.verdict.decision === 'INVALID') return 'this run can’t be judged'
  if (earlier.verdict.decision === 'INVALID') return 'that run could not be judged'
  if (rules.length === 0) return 'no rule that is asked in both turned it'
  const left = rules.length - mostNamed
  return `${rules.slice(0, mostNamed).map(turned).join('; ')}${left > 0 ? `; and ${counted(left, 'more rule')}` : ''}`
}

function turned(rule: RuleSince): string {
  const name = nameOf(rule)
  if (rule.earlier === null) return `${name} is a new rule${rule.now === null ? '' : ` and ${is[rule.now.outcome]}`}`
  if (rule.now === null) return `${name} is no longer asked and ${was[rule.earlier.outcome]}`
  if (rule.earlier.outcome === rule.now.outcome) return `${name} ${is[rule.now.outcome]} as then, and weighs otherwise`
  const effect = shown[rule.told]
  return `${name} ${was[rule.earlier.outcome]} and ${is[rule.now.outcome]}${effect === undefined ? '' : `, ${effect}`}`
}

function nameOf({ now, earlier }: RuleSince): string {
  const rule = (now ?? earlier)?.rule
  if (rule === undefined) return 'a rule'
  const segment = segmentTitle(rule.segment)
  return segment === null ? metricTitle(rule.metric) : `${metricTitle(rule.metric)} [${segment}]`
}

function namesOf(rules: readonly RuleSince[], subjects: ReadonlySet<string>): string {
  const names = rules.filter(({ subject }) => subjects.has(subject)).map(nameOf)
  const left = names.length - mostNamed
  return `${names.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${counted(left, 'more rule')}` : ''}`
}
