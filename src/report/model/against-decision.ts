// The decision of then and of now in one sentence: whether it changed, and which rule turned it.

import type { FindingOutcome } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import { type RuleSince, subjectOf, type Told } from '../against/rules.ts'
import { counted } from '../format.ts'
import type { AgainstInput, ReportInput } from '../input.ts'
import { decisionMarks, heldMark, metricTitle } from '../words.ts'
import { findingRows, type Judged } from './findings.ts'

/** So many rules are named. */
const mostNamed = 3

/** Of one rule, and of several. */
type Verb = readonly [one: string, many: string]

const was: Readonly<Record<FindingOutcome, Verb>> = {
  pass: ['passed then', 'passed then'],
  fail: ['failed then', 'failed then'],
  inconclusive: ['was open then', 'were open then'],
  'not-evaluable': ['could not be evaluated then', 'could not be evaluated then'],
}
const is: Readonly<Record<FindingOutcome, Verb>> = {
  pass: ['passes now', 'pass now'],
  fail: ['fails now', 'fail now'],
  inconclusive: ['is open now', 'are open now'],
  'not-evaluable': ['can’t be evaluated now', 'can’t be evaluated now'],
}
/** An outcome may turn though nothing else did: by a few pairs more, or by chance. */
const shown: Readonly<Partial<Record<Told, Verb>>> = {
  worse: ['and its effect is worse than then', 'and their effects are worse than then'],
  better: ['and its effect is better than then', 'and their effects are better than then'],
  higher: ['and its effect is higher than then', 'and their effects are higher than then'],
  lower: ['and its effect is lower than then', 'and their effects are lower than then'],
  same: ['though its effect is not shown to differ', 'though their effects are not shown to differ'],
  unknown: ['and whether its effect differs can’t be told', 'and whether their effects differ can’t be told'],
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
  const groups = new Map<string, readonly RuleSince[]>()
  for (const rule of rules) {
    const phrase = turned(rule, 0)
    groups.set(phrase, [...(groups.get(phrase) ?? []), rule])
  }
  return [...groups.values()].map(turnedAlike).join('; ')
}

function turnedAlike(rules: readonly RuleSince[]): string {
  const [phrase = ''] = rules.map((rule) => turned(rule, rules.length === 1 ? 0 : 1))
  return `${listed(rules.map(nameOf))} ${phrase}`
}

/** What became of a rule, without its name: rules of which the same is to be said are named together. */
function turned({ earlier, now, told }: RuleSince, number: 0 | 1): string {
  if (earlier === null)
    return `${number === 0 ? 'is a new rule' : 'are new rules'}${now === null ? '' : ` and ${is[now.outcome][number]}`}`
  if (now === null) return `${number === 0 ? 'is' : 'are'} no longer asked and ${was[earlier.outcome][number]}`
  if (earlier.outcome === now.outcome)
    return `${is[now.outcome][number]} as then, and ${number === 0 ? 'weighs' : 'weigh'} otherwise`
  const effect = shown[told]
  return `${was[earlier.outcome][number]} and ${is[now.outcome][number]}${effect === undefined ? '' : `, ${effect[number]}`}`
}

function nameOf({ now, earlier }: RuleSince): string {
  const rule = (now ?? earlier)?.rule
  if (rule === undefined) return 'a rule'
  return inSegment(metricTitle(rule.metric), rule.segment)
}

function namesOf(rules: readonly RuleSince[], subjects: ReadonlySet<string>): string {
  return listed(rules.filter(({ subject }) => subjects.has(subject)).map(nameOf))
}

function listed(names: readonly string[]): string {
  const left = names.length - mostNamed
  return `${names.slice(0, mostNamed).join(', ')}${left > 0 ? ` and ${counted(left, 'more rule')}` : ''}`
}
