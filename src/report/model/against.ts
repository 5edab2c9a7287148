// What changed since another run, in words: the decision, the rules and the changes of then beside those of now.

import type { Decision, FindingOutcome } from '../../core/judgement.ts'
import { changesSince } from '../against/changes.ts'
import { likenessOf } from '../against/likeness.ts'
import { type RuleSince, rulesSince, shiftLevel, subjectOf, type Told } from '../against/rules.ts'
import { changeWords, counted, intervalWords, levelWords, minute } from '../format.ts'
import type { AgainstInput, ReportInput } from '../input.ts'
import { oneLine, sentence } from '../text.ts'
import { decisionMarks, heldMark, type Mark } from '../words.ts'
import { type AgainstChange, againstChanges, changeCounts } from './against-changes.ts'
import { decisionSince } from './against-decision.ts'
import { type AgainstFigure, againstFigures } from './against-figures.ts'
import { type FindingRow, findingRows } from './findings.ts'

export interface AgainstModel {
  /** "Since 2026-11-25 02:30 UTC (NO-GO): 1 rule better, 2 new changes." */
  readonly line: string
  /** null where there is no earlier run. */
  readonly since: SinceModel | null
}

export interface SinceModel {
  readonly runId: string
  /** "2026-11-25 02:30 UTC". */
  readonly when: string
  readonly mark: Mark
  readonly decision: string
  /** What is not like for like, a sentence each. */
  readonly unlike: readonly string[]
  readonly requests: string
  /** What differs first. */
  readonly rules: readonly AgainstRule[]
  /** "95 % interval", of every change of an effect. */
  readonly shiftName: string
  readonly changes: readonly AgainstChange[]
  /** Why there are no changes to show; null where there are some. */
  readonly noChanges: string | null
  readonly figures: readonly AgainstFigure[]
  /** How sure the words are. */
  readonly sureness: string
}

export interface AgainstRule {
  readonly title: string
  readonly segment: string | null
  readonly told: Told
  /** "worse than then". */
  readonly words: string
  readonly earlier: AgainstSide | null
  readonly now: AgainstSide | null
  /** Of the effect: "+12.0 %", and its interval; null where the two can't be held against each other. */
  readonly shift: string | null
  readonly shiftInterval: string | null
  /** What is missing, or what the rule asked then. */
  readonly notes: readonly string[]
  /** Of all records, or of a segment in which something is other than then. */
  readonly isInFront: boolean
}

export interface AgainstSide {
  readonly outcome: FindingOutcome
  readonly mark: Mark
  readonly estimate: string | null
  readonly interval: string | null
}

/** null where no comparison was asked for. */
export function againstModel(input: ReportInput): AgainstModel | null {
  const { against } = input
  if (against === null) return null
  if (against === 'none-earlier') {
    return { line: 'Nothing to compare with: no run was judged before this one.', since: null }
  }
  const { dependence, unlike, inShort, requests } = likenessOf(input, against)
  const rules = rulesSince(input, against, dependence)
  const clusters = changesSince(input, against, dependence)
  const when = minute(against.run.startedAt)
  const mark = markOf(against.verdict)
  const said = [...ruleCounts(rules), ...changeCounts(clusters ?? [])].join(', ')
  const aside = inShort === null ? '' : `; ${inShort}`
  return {
    line: `Since ${when} (${mark.word}): ${said || nothingWords(rules)}${aside}.`,
    since: {
      runId: oneLine(against.run.id),
      when,
      mark,
      decision: sentence(decisionSince(input, against, rules)),
      unlike: unlike.map(sentence),
      requests: sentence(requests),
      rules: ruleRows(input, against, rules),
      shiftName: `${levelWords(shiftLevel)} interval`,
      changes: againstChanges(clusters ?? []),
      noChanges: noChangesWords(input, against, clusters),
      figures: againstFigures(input, against),
      sureness: surenessWords(rules),
    },
  }
}

function markOf({ decision, held }: { readonly decision: Decision; readonly held: boolean }): Mark {
  return held ? heldMark : decisionMarks[decision]
}

const toldWords: Readonly<Record<Told, string>> = {
  worse: 'worse than then',
  better: 'better than then',
  higher: 'higher than then',
  lower: 'lower than then',
  same: 'no different from then',
  unknown: "can't be told",
  new: 'a new rule',
  gone: 'no longer asked',
}

/** "2 rules worse": what is shown, and which rules came and went. */
function ruleCounts(rules: readonly RuleSince[]): readonly string[] {
  const shown: readonly (readonly [Told, string])[] = [
    ['worse', 'worse'],
    ['better', 'better'],
    ['higher', 'higher'],
    ['lower', 'lower'],
    ['new', 'new'],
    ['gone', 'no longer asked'],
  ]
  return shown.flatMap(([told, word]) => {
    const found = rules.filter((rule) => rule.told === told && isInFront(rule)).length
    return found === 0 ? [] : [`${counted(found, 'rule')} ${word}`]
  })
}

function nothingWords(rules: readonly RuleSince[]): string {
  const isCompared = rules.some(({ shift }) => shift !== null)
  return isCompared ? 'no rule and no change is shown to differ' : 'no rule can be compared'
}

function surenessWords(rules: readonly RuleSince[]): string {
  const compared = rules.filter(({ shift }) => shift !== null).length
  if (compared === 0) return 'No rule has an effect in both runs that could be held against each other.'
  const nobreak = '\u00a0'
  return (
    `“Worse” and “better” are shown at 5${nobreak}% over all ${counted(compared, 'rule')} together (Holm; where some are by segment, ` +
    `those and the others have half of it each), “new” and “gone” at 5${nobreak}% over all changes. “No different” is not shown to differ, ` +
    `and no proof that it does not. The interval of a change stands alone, at 95${nobreak}%: it may leave out “no change” where the word does not.`
  )
}

function ruleRows(now: ReportInput, earlier: AgainstInput, rules: readonly RuleSince[]): readonly AgainstRule[] {
  const [before, after] = [rowsOf(earlier), rowsOf(now)]
  return rules
    .map((rule) => ruleRow(rule, before.get(rule.subject) ?? null, after.get(rule.subject) ?? null))
    .toSorted((a, b) => rank(a) - rank(b))
}

function rowsOf(judged: ReportInput | AgainstInput): ReadonlyMap<string, FindingRow> {
  return new Map(findingRows(judged).map((row) => [subjectOf(row.rule), row]))
}

function ruleRow(rule: RuleSince, earlier: FindingRow | null, now: FindingRow | null): AgainstRule {
  const row = now ?? earlier
  return {
    title: row?.title ?? rule.subject,
    segment: row?.segment ?? null,
    told: rule.told,
    words: toldWords[rule.told],
    earlier: earlier && sideOf(earlier),
    now: now && sideOf(now),
    ...shiftWords(rule),
    notes: [
      ...(rule.why === null ? [] : [rule.why]),
      ...(rule.isAskedOtherwise && earlier ? [`asked then: ${earlier.limit}, ${earlier.does}`] : []),
    ],
    isInFront: isInFront(rule),
  }
}

/** Values of a segment come and go from night to night: a rule that does so with them is in front only where it failed. */
function isInFront({ earlier, now, told }: RuleSince): boolean {
  if (((now ?? earlier)?.rule.segment ?? null) === null) return true
  if (told === 'new' || told === 'gone') return (now ?? earlier)?.outcome === 'fail'
  return (told !== 'same' && told !== 'unknown') || earlier?.outcome !== now?.outcome
}

function sideOf({ outcome, mark, estimate, interval }: FindingRow): AgainstSide {
  return { outcome, mark, estimate, interval }
}

function shiftWords({ shift, now }: RuleSince): Pick<AgainstRule, 'shift' | 'shiftInterval'> {
  const effect = now?.effect
  if (shift === null || !effect) return { shift: null, shiftInterval: null }
  const word = changeWords(effect, [shift.estimate, shift.interval.low, shift.interval.high])
  return {
    shift: word(shift.estimate),
    shiftInterval: intervalWords(shift.interval, word, effect.scale),
  }
}

const mostTelling: readonly Told[] = ['worse', 'better', 'higher', 'lower', 'new', 'gone']

function rank({ told, earlier, now }: AgainstRule): number {
  const place = mostTelling.indexOf(told)
  if (place !== -1) return place
  return earlier?.outcome === now?.outcome ? mostTelling.length + 1 : mostTelling.length
}

function noChangesWords(
  now: ReportInput,
  earlier: AgainstInput,
  clusters: ReturnType<typeof changesSince>,
): string | null {
  if (clusters !== null) {
    return clusters.length === 0
      ? 'Neither run shows changes beyond what production changes from answer to answer.'
      : null
  }
  if (now.changes !== null && earlier.changes !== null)
    return 'The runs group their changes by other segments: they can’t be compared.'
  const which = now.changes === null ? 'This run was' : 'The run of then was'
  const id = now.changes === null ? now.run.id : earlier.run.id
  return `${which} not measured for changes: shadowgate score --run ${oneLine(id)} measures it.`
}
