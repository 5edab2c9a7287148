// The rules as the reports show them: one row for each finding, every figure already in words.

import type { Effect, Finding, FindingOutcome, Rule, Severity, Stage } from '../../core/judgement.ts'
import { inSegment } from '../../core/segment-words.ts'
import { changeWords, counted, intervalWords, levelWords, percent, valueIn, withoutZeros } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { printable, sentence } from '../text.ts'
import { type Mark, metricTitle, outcomeMarks, segmentTitle, severityWords } from '../words.ts'
import { type ForestRow, forestRow, limitsOf } from './forest.ts'

export interface FindingRow {
  readonly rule: Rule
  readonly outcome: FindingOutcome
  readonly mark: Mark
  readonly severity: Severity
  readonly stage: Stage
  /** "blocks", "investigate", "warns"; "at the canary" for rules that are decided there. */
  readonly does: string
  readonly metric: string
  readonly title: string
  /** `task=prime`; null for all records. */
  readonly segment: string | null
  /** What the rule asks: "at most +20 %". */
  readonly limit: string
  readonly production: string | null
  readonly candidate: string | null
  readonly estimate: string | null
  /** "+18.1 % to +29.0 %". */
  readonly interval: string | null
  /** "90 % interval". */
  readonly intervalName: string | null
  /** Interval of what production shows against itself, in the effect's words. */
  readonly noise: string | null
  /** "1,980 pairs" or "1,980 pairs in 412 clusters". */
  readonly evidence: string | null
  readonly method: string | null
  readonly because: string
  /** The same without the figures that stand beside it in a table. */
  readonly gist: string
  /** Whether the decision rests on this finding. */
  readonly isDeciding: boolean
  /** Whether no request asks for it: nothing to be judged, and nothing that anybody waits for. */
  readonly isMoot: boolean
  readonly forest: ForestRow | null
  /** The picture of the row, told. */
  readonly forestText: string
}

/** What rows are made of: a part of the report's input, so that the terminal shows the same words. */
export type Judged = Pick<ReportInput, 'verdict' | 'policy' | 'effects'>

const worstFirst: readonly FindingOutcome[] = ['fail', 'inconclusive', 'not-evaluable', 'pass']
const heaviestFirst: readonly Severity[] = ['block', 'investigate', 'warn']

/** Rows of all findings: deciding first, then by severity and outcome, then as the policy lists them. */
export function findingRows(input: Judged): readonly FindingRow[] {
  const rows = input.verdict.findings.map((finding) => findingRow(finding, input))
  return rows.toSorted((a, b) => rank(a) - rank(b))
}

/** Lower comes first. What only the canary decides ends its severity's group. */
function rank(row: FindingRow): number {
  const outcome = row.stage === 'canary' ? worstFirst.length : worstFirst.indexOf(row.outcome)
  return (row.isDeciding ? 0 : 100) + heaviestFirst.indexOf(row.severity) * 10 + outcome
}

function findingRow(finding: Finding, input: Judged): FindingRow {
  const { rule, effect } = finding
  const title = metricTitle(rule.metric)
  const shown = effect === null ? withoutEffect(rule, input) : withEffect(rule, effect)
  return {
    rule,
    outcome: finding.outcome,
    isMoot: finding.isMoot === true,
    mark: outcomeMarks[finding.outcome],
    severity: rule.severity,
    does: rule.stage === 'canary' ? 'at the canary' : severityWords[rule.severity].does,
    stage: rule.stage,
    metric: rule.metric,
    title,
    segment: segmentTitle(rule.segment),
    because: sentence(withoutSubject(finding)),
    gist: sentence(withoutFigures(withoutSubject(finding))),
    isDeciding: isDeciding(finding, input),
    ...shown,
  }
}

/** NO-GO rests on the blocking rules that failed, INCONCLUSIVE on the policy's own that were not shown to hold. */
export function isDeciding({ rule, outcome, isMoot }: Finding, { verdict, policy }: Judged): boolean {
  if (rule.severity !== 'block' || rule.stage !== 'replay' || isMoot) return false
  if (verdict.decision === 'NO-GO') return outcome === 'fail'
  if (verdict.decision !== 'INCONCLUSIVE' || outcome === 'pass') return false
  const title = segmentTitle(rule.segment)
  return policy.rules.some((own) => own.metric === rule.metric && segmentTitle(own.segment) === title)
}

/** The level that all intervals of the rows have; null where looks along the way gave some of them their own. */
export function sharedIntervalName(rows: readonly FindingRow[]): string | null {
  const [name, ...others] = new Set(rows.flatMap(({ intervalName }) => intervalName ?? []))
  return others.length === 0 ? (name ?? null) : null
}

/** The row already names metric and segment: a sentence that opens with them (`latency-p95: …`) loses them. */
function withoutSubject({ rule: { metric, segment }, because }: Finding): string {
  const subject = inSegment(metric, segment)
  if (!because.startsWith(`${subject}: `)) return because
  const rest = because.slice(subject.length + 2)
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

/** "Worse by more than 10 pp: −85.63 pp, between … over 504 pairs (look 2)." is "Worse by more than 10 pp (look 2)." */
function withoutFigures(because: string): string {
  return because.replace(/: [^:;]* over [\d,]+ pairs?(?= \(look |[;.])/, '')
}

type EffectWords = Pick<
  FindingRow,
  | 'limit'
  | 'production'
  | 'candidate'
  | 'estimate'
  | 'interval'
  | 'intervalName'
  | 'noise'
  | 'evidence'
  | 'method'
  | 'forest'
  | 'forestText'
>

function withEffect(rule: Rule, effect: Effect): EffectWords {
  const word = changeWords(effect, [effect.estimate, effect.interval.low, effect.interval.high])
  const interval = intervalWords(effect.interval, word, effect.scale)
  const intervalName = `${levelWords(effect.interval.level)} interval`
  const noise = effect.noise === null ? null : intervalWords(effect.noise.interval, word, effect.scale)
  const limit = limitWords(rule, effect, word)
  const told = [`${word(effect.estimate)}, ${intervalName} ${interval}; limit: ${limit}`]
  if (noise !== null) told.push(`noise floor ${noise}`)
  return {
    limit,
    production: valueIn(effect.unit, effect.production),
    candidate: valueIn(effect.unit, effect.candidate),
    estimate: word(effect.estimate),
    interval,
    intervalName,
    noise,
    evidence: evidenceWords(effect),
    method: printable(effect.method),
    forest: forestRow(rule, effect),
    forestText: told.join('; '),
  }
}

/** A rule that nothing was measured for: the scale is borrowed from the same metric elsewhere, where there is one. */
function withoutEffect(rule: Rule, input: Judged): EffectWords {
  const kin = input.effects.find((effect) => effect.metric === rule.metric)
  const limit =
    kin === undefined ? `margin ${withoutZeros(percent(rule.margin))}` : limitWords(rule, kin, changeWords(kin, []))
  const forestText = rule.stage === 'canary' ? 'left to the canary' : 'not measured'
  const nothing = { production: null, candidate: null, estimate: null, interval: null, intervalName: null }
  return { limit, ...nothing, noise: null, evidence: null, method: null, forest: null, forestText }
}

/** "at most +20 %". */
export function limitWords(
  rule: Rule,
  effect: Pick<Effect, 'better' | 'scale'>,
  word: (value: number) => string,
): string {
  const limits = limitsOf(rule, effect).toSorted((a, b) => a - b)
  const within = () => `within ${limits.map((limit) => withoutZeros(word(limit))).join(' and ')}`
  if (rule.mode === 'either-way') return `not shown different, and ${within()}`
  if (rule.mode === 'both-ways') return within()
  const at = withoutZeros(word(limits[0] ?? rule.margin))
  const side = effect.better === 'lower' ? 'at most' : 'at least'
  return rule.mode === 'difference' ? `not shown worse, and ${side} ${at}` : `${side} ${at}`
}

function evidenceWords(effect: Effect): string {
  const pairs = counted(effect.pairs, 'pair')
  const isClustered = effect.clusters > 0 && effect.clusters !== effect.pairs
  return isClustered ? `${pairs} in ${counted(effect.clusters, 'cluster')}` : pairs
}
