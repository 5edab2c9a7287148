// One rule over the nights of a swap: its newest figures in words, and a bounded number of columns to draw.

import type { FindingOutcome } from '../../core/judgement.ts'
import type { KeptEffect, KeptFinding } from '../../core/kept-night.ts'
import type { Instant } from '../../core/types.ts'
import { changeWords, count, counted, day, intervalWords, levelWords, minute } from '../format.ts'
import { limitWords } from '../model/findings.ts'
import { forestRow } from '../model/forest.ts'
import { type Mark, metricTitle, outcomeMarks, segmentTitle, severityWords } from '../words.ts'
import type { HistoryNight } from './history.ts'

export interface Trend {
  readonly metric: string
  readonly title: string
  readonly segment: string | null
  readonly does: string
  /** "at most +20 %". */
  readonly limit: string
  readonly mark: Mark
  readonly outcome: FindingOutcome
  readonly estimate: string
  /** "+8.0 % to +17.1 %". */
  readonly interval: string
  /** "90 % interval". */
  readonly intervalName: string
  readonly columns: readonly TrendColumn[]
  /** The oldest first: one for each night in which it was measured. */
  readonly nights: readonly TrendNight[]
  /** The picture, told. */
  readonly told: string
  /** How older nights are drawn; null where each has a column of its own. */
  readonly drawn: string | null
}

/** In margins, larger is worse: 0 is no change, 1 the limit. */
export interface TrendColumn {
  readonly from: Instant
  readonly to: Instant
  readonly nights: number
  readonly outcome: FindingOutcome
  readonly estimate: number
  readonly low: number
  readonly high: number
}

export interface TrendNight {
  readonly at: Instant
  readonly outcome: FindingOutcome
  readonly place: TrendColumn
  readonly estimate: string
  readonly interval: string
  readonly pairs: string
  readonly limit: string
}

/** The newest so many nights have a column each; those before share so many. */
const [singles, shared] = [60, 30]

/** Of the rules of the newest night, in its order; nights are of one swap, the oldest first. */
export function trendsOf(nights: readonly HistoryNight[]): Trend[] {
  const judged = nights.flatMap(({ at, judged: part }) => (part ? [{ at, findings: part.findings }] : []))
  const keys = (judged.at(-1)?.findings ?? []).filter(({ rule }) => rule.stage === 'replay').map(keyOf)
  const series = new Map<string, Seen[]>(keys.map((key) => [key, []]))
  for (const { at, findings } of judged)
    for (const finding of findings) if (isMeasured(finding)) series.get(keyOf(finding))?.push({ at, ...finding })
  return [...series.values()].flatMap((seen) => trendOf(seen) ?? [])
}

type Seen = KeptFinding & { readonly at: Instant; readonly effect: KeptEffect }

function isMeasured(finding: KeptFinding): finding is KeptFinding & { readonly effect: KeptEffect } {
  return finding.effect !== null
}

function keyOf({ rule: { metric, segment, better } }: KeptFinding): string {
  return JSON.stringify([metric, segment, better])
}

function trendOf(seen: readonly Seen[]): Trend | null {
  const last = seen.at(-1)
  if (last === undefined) return null
  const { rule, effect, outcome } = last
  const word = changeWords(
    effect,
    seen.flatMap(({ effect: own }) => [own.estimate, own.interval.low, own.interval.high]),
  )
  const columns = columnsOf(seen)
  const left = seen.length - columns.filter(({ nights }) => nights === 1).length
  const limit = limitWords(rule, effect, changeWords(effect, []))
  const trend = {
    metric: rule.metric,
    title: metricTitle(rule.metric),
    segment: segmentTitle(rule.segment),
    does: severityWords[rule.severity].does,
    limit,
    mark: outcomeMarks[outcome],
    outcome,
    estimate: word(effect.estimate),
    interval: intervalWords(effect.interval, word, effect.scale),
    intervalName: `${levelWords(effect.interval.level)} interval`,
    columns,
    nights: seen.map((each) => trendNight(each, word)),
    drawn:
      left === 0
        ? null
        : `The ${count(left)} oldest nights share ${count(columns.length - (seen.length - left))} columns: the median estimate, and the limits that lie furthest out.`,
  }
  return { ...trend, told: toldOf(seen, trend, word) }
}

function trendNight(seen: Seen, word: (value: number) => string): TrendNight {
  const { at, outcome, effect, rule } = seen
  return {
    at,
    outcome,
    place: columnOf([seen]),
    estimate: word(effect.estimate),
    interval: intervalWords(effect.interval, word, effect.scale),
    pairs: counted(effect.pairs, 'pair'),
    limit: limitWords(rule, effect, changeWords(effect, [])),
  }
}

function toldOf(
  seen: readonly Seen[],
  { limit, estimate, interval, intervalName, mark }: Omit<Trend, 'told'>,
  word: (value: number) => string,
): string {
  const estimates = seen.map(({ effect }) => effect.estimate)
  const [least, most] = [Math.min(...estimates), Math.max(...estimates)]
  const failed = seen.filter(({ outcome }) => outcome === 'fail')
  const lastFailed = failed.at(-1)
  const last = seen.at(-1)
  const range = `${counted(seen.length, 'night')} since ${day(seen[0]?.at ?? '')}: estimates from ${word(least)} to ${word(most)}; limit: ${limit}.`
  const often =
    lastFailed === undefined
      ? 'It failed in none.'
      : `It failed in ${count(failed.length)}, the last on ${day(lastFailed.at)}.`
  return `${range} ${often} On ${minute(last?.at ?? '')}: ${estimate}, ${intervalName} ${interval}, ${mark.word}.`
}

function columnsOf(seen: readonly Seen[]): TrendColumn[] {
  if (seen.length <= singles + shared) return seen.map((each) => columnOf([each]))
  const old = seen.slice(0, -singles)
  const width = Math.ceil(old.length / shared)
  const groups = Array.from({ length: Math.ceil(old.length / width) }, (_, place) =>
    old.slice(place * width, (place + 1) * width),
  )
  return [...groups.map(columnOf), ...seen.slice(-singles).map((each) => columnOf([each]))]
}

const worstFirst: readonly FindingOutcome[] = ['fail', 'inconclusive', 'not-evaluable', 'pass']

/** Each night by its own limit: a margin that changed moves the line for those after it alone. */
function columnOf(nights: readonly Seen[]): TrendColumn {
  const rows = nights.map(({ rule, effect }) => forestRow(rule, effect))
  const estimates = rows.map(({ estimate }) => estimate).toSorted((a, b) => a - b)
  return {
    from: nights[0]?.at ?? '',
    to: nights.at(-1)?.at ?? '',
    nights: nights.length,
    outcome: worstFirst.find((each) => nights.some(({ outcome }) => outcome === each)) ?? 'pass',
    estimate: estimates[Math.floor((estimates.length - 1) / 2)] ?? 0,
    low: Math.min(...rows.map(({ low }) => low)),
    high: Math.max(...rows.map(({ high }) => high)),
  }
}
