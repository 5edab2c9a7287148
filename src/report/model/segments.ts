// Effects by segment: a table for each segment key, so that an effect that all records mask is seen.

import type { BlindSegment, Effect, Rule, Segment } from '../../core/judgement.ts'
import { changeWords, count, intervalWords } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { oneLine } from '../text.ts'
import { type Mark, metricTitle, outcomeMarks } from '../words.ts'
import { forestRow } from './forest.ts'

export interface SegmentTable {
  readonly key: string
  readonly metrics: readonly string[]
  /** All records first, then segments: those with a finding that failed, those beyond a limit, the largest. */
  readonly rows: readonly SegmentRow[]
  /** Where silence is no evidence: one sentence; null where every segment would have shown twice the margin. */
  readonly blind: string | null
}

export interface SegmentRow {
  /** null for all records. */
  readonly value: string | null
  readonly pairs: string
  readonly cells: readonly (SegmentCell | null)[]
}

export interface SegmentCell {
  readonly estimate: string
  readonly interval: string
  /** Outcome of the finding on this metric and segment; null where no rule asks. */
  readonly mark: Mark | null
  readonly tone: 'fail' | 'beyond' | 'inconclusive' | 'plain'
}

export function segmentTables(input: ReportInput): readonly SegmentTable[] {
  const metrics = [...new Set(input.policy.rules.map((rule) => rule.metric))]
  const found = input.effects.flatMap((effect) => (effect.segment === null ? [] : [effect.segment.key]))
  const keys = [...new Set([...input.policy.segments, ...found])]
  return keys.flatMap((key) => {
    const inKey = input.effects.filter((effect) => effect.segment?.key === key)
    const shown = metrics.filter((metric) => inKey.some((effect) => effect.metric === metric))
    return shown.length === 0 ? [] : [tableOf(key, shown, input)]
  })
}

function tableOf(key: string, metrics: readonly string[], input: ReportInput): SegmentTable {
  const values = input.effects.flatMap(({ segment }) => (segment?.key === key ? [segment.value] : []))
  const rows = [...new Set(values)].map((value) => rowOf({ key, value }, metrics, input))
  const all = rowOf(null, metrics, input)
  const sorted = rows.toSorted((a, b) => weight(b) - weight(a) || b.size - a.size || (a.name < b.name ? -1 : 1))
  return {
    key: oneLine(key),
    metrics: metrics.map(metricTitle),
    rows: [all, ...sorted].map(({ value, pairs, cells }) => ({ value, pairs, cells })),
    blind: blindWords(key, input.verdict.blind, rows.length),
  }
}

/** So many values are named, before a number stands for them. */
const maxNamed = 4

/** Which blocking rules could not have failed, and where: "Too few pairs to show twice the margin: Latency p95 in a, b." */
export function blindWords(key: string, blind: readonly BlindSegment[], segments: number): string | null {
  const here = blind.filter(({ segment }) => segment.key === key)
  if (here.length === 0) return null
  const parts = [...Map.groupBy(here, ({ metric }) => metric)].map(([metric, own]) => {
    const names = own.map(({ segment }) => oneLine(segment.value))
    const where =
      own.length === segments
        ? 'every segment'
        : own.length > maxNamed
          ? `${own.length} of ${segments} segments`
          : names.join(', ')
    return `${metricTitle(metric)} in ${where}`
  })
  return `Too few pairs to show a regression of even twice the margin: ${parts.join('; ')}. Silence there is no evidence.`
}

type SizedRow = SegmentRow & { readonly size: number; readonly name: string }

function weight(row: SegmentRow): number {
  const tones = row.cells.map((cell) => cell?.tone)
  return tones.filter((tone) => tone === 'fail').length * 1000 + tones.filter((tone) => tone === 'beyond').length
}

function rowOf(segment: Segment | null, metrics: readonly string[], input: ReportInput): SizedRow {
  const isHere = (other: Segment | null) => other?.key === segment?.key && other?.value === segment?.value
  const effects = input.effects.filter((effect) => isHere(effect.segment))
  const cells = metrics.map((metric) => {
    const effect = effects.find((one) => one.metric === metric)
    const finding = input.verdict.findings.find(({ rule }) => rule.metric === metric && isHere(rule.segment))
    const rule = finding?.rule ?? input.policy.rules.find((one) => one.metric === metric && one.segment === null)
    return effect === undefined ? null : cellOf(effect, rule, finding?.outcome ?? null)
  })
  const size = Math.max(0, ...effects.map((effect) => effect.pairs))
  const value = segment === null ? null : oneLine(segment.value)
  return { value, pairs: count(size), cells, size, name: segment?.value ?? '' }
}

function cellOf(effect: Effect, rule: Rule | undefined, outcome: keyof typeof outcomeMarks | null): SegmentCell {
  const word = changeWords(effect, [effect.estimate, effect.interval.low, effect.interval.high])
  return {
    estimate: word(effect.estimate),
    interval: intervalWords(effect.interval, word, effect.scale),
    mark: outcome === null ? null : outcomeMarks[outcome],
    tone: toneOf(effect, rule, outcome),
  }
}

function toneOf(effect: Effect, rule: Rule | undefined, outcome: string | null): SegmentCell['tone'] {
  if (outcome === 'fail') return 'fail'
  const row = rule === undefined ? null : forestRow(rule, effect)
  const isBeyond = row?.limits.some((limit) => (limit < 0 ? row.estimate <= limit : row.estimate >= limit)) ?? false
  if (isBeyond) return 'beyond'
  return outcome === 'inconclusive' ? 'inconclusive' : 'plain'
}
