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
  /** How far it lies from no change, in limits: the cell's colour. */
  readonly heat: Heat
  /** Where a regression of twice the margin would not have been seen: what would have been. null elsewhere. */
  readonly blind: string | null
}

/**
 * `worse-2`: twice the limit and beyond; `worse-1`: beyond the limit; `worse-0`: half-way to it and more; `none`: nearer to no change; the
 * same to the better side.
 */
export const heats = ['better-2', 'better-1', 'better-0', 'none', 'worse-0', 'worse-1', 'worse-2'] as const
export type Heat = (typeof heats)[number]

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
    const blind = input.verdict.blind.find((each) => each.metric === metric && isHere(each.segment))
    return effect === undefined ? null : cellOf(effect, { rule, outcome: finding?.outcome ?? null, blind })
  })
  const size = Math.max(0, ...effects.map((effect) => effect.pairs))
  const value = segment === null ? null : oneLine(segment.value)
  return { value, pairs: count(size), cells, size, name: segment?.value ?? '' }
}

interface Asked {
  readonly rule: Rule | undefined
  readonly outcome: keyof typeof outcomeMarks | null
  readonly blind: BlindSegment | undefined
}

function cellOf(effect: Effect, { rule, outcome, blind }: Asked): SegmentCell {
  const word = changeWords(effect, [effect.estimate, effect.interval.low, effect.interval.high])
  const place = rule === undefined ? null : placeOf(rule, effect)
  return {
    estimate: word(effect.estimate),
    interval: intervalWords(effect.interval, word, effect.scale),
    mark: outcome === null ? null : outcomeMarks[outcome],
    tone: toneOf(place, outcome),
    heat: place === null ? 'none' : heatOf(place),
    blind: blind === undefined ? null : smallestWords(blind, effect),
  }
}

/** In limits, no change being 0: above 0 is worse. A rule that holds either way knows no better side. */
function placeOf(rule: Rule, effect: Effect): number {
  const { estimate, limits } = forestRow(rule, effect)
  return limits.length > 1 ? Math.abs(estimate) : estimate
}

function toneOf(place: number | null, outcome: string | null): SegmentCell['tone'] {
  if (outcome === 'fail') return 'fail'
  if (place !== null && place >= 1) return 'beyond'
  return outcome === 'inconclusive' ? 'inconclusive' : 'plain'
}

function heatOf(place: number): Heat {
  const size = Math.abs(place)
  const step = size >= 2 ? 2 : size >= 1 ? 1 : size >= 0.5 ? 0 : null
  return step === null ? 'none' : `${place > 0 ? 'worse' : 'better'}-${step}`
}

/** "blind below 46 %". */
function smallestWords({ smallest }: BlindSegment, effect: Effect): string {
  if (!Number.isFinite(smallest)) return 'blind to any change'
  return `blind below ${changeWords(effect, [smallest])(smallest).replace(/^[−+]/, '')}`
}
