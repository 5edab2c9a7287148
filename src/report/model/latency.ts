// How long both arms took: quantiles for the table, shares by logarithmic class for the curve.

import { ticks } from 'd3-array'
import { quantileSorted } from 'simple-statistics'
import { changeWords, count, counted, duration, percent, withoutZeros } from '../format.ts'
import type { ReportInput } from '../input.ts'

export interface LatencyModel {
  /** What the picture shows, told; also what it can't show. */
  readonly told: readonly string[]
  readonly quantiles: readonly QuantileRow[]
  readonly chart: LatencyChart | null
}

export interface QuantileRow {
  readonly name: string
  readonly production: string
  readonly candidate: string
  readonly change: string
}

export interface LatencyChart {
  /** ms, both above 0. */
  readonly domain: readonly [number, number]
  readonly ticks: readonly { readonly ms: number; readonly label: string }[]
  /** Borders of the classes in ms: one more than there are shares. */
  readonly edges: readonly number[]
  readonly arms: Readonly<Record<'production' | 'candidate', LatencyCurve>>
}

export interface LatencyCurve {
  /** Share of all calls of the arm in each class; answered ones only, so they may sum to less than 1. */
  readonly shares: readonly number[]
  readonly marks: readonly LatencyMark[]
}

export interface LatencyMark {
  readonly name: string
  /** Infinity where the quantile is a call without an answer. */
  readonly ms: number
  readonly label: string
}

const shown = [
  ['p5', 0.05],
  ['p25', 0.25],
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
] as const
const marked = new Set<string>(['p50', 'p95'])
const smallestMs = 0.01

export function latencyModel(latencies: ReportInput['latencies']): LatencyModel {
  const arms = { production: sort(latencies.production), candidate: sort(latencies.candidate) }
  return {
    told: [...unanswered('production', arms.production), ...unanswered('candidate', arms.candidate)],
    quantiles: arms.production.length === 0 || arms.candidate.length === 0 ? [] : quantileRows(arms),
    chart: chartOf(arms),
  }
}

/** Quantile of ascending values by linear interpolation (type 7). Infinity where it touches a call without an answer. */
export function quantileOf(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) return Number.NaN
  const at = (sorted.length - 1) * p
  const high = sorted[Math.ceil(at)] ?? Number.NaN
  // The library interpolates: ∞ − ∞ and 0 × ∞ have no value.
  return high === Infinity && at !== Math.floor(at) ? Infinity : quantileSorted(sorted, p)
}

type Sorted = Readonly<Record<'production' | 'candidate', readonly number[]>>

function sort(values: Float64Array): readonly number[] {
  return Array.from(values.toSorted())
}

function quantileRows(arms: Sorted): readonly QuantileRow[] {
  return shown.map(([name, p]) => {
    const production = quantileOf(arms.production, p)
    const candidate = quantileOf(arms.candidate, p)
    const ratio = candidate / production
    const isKnown = Number.isFinite(candidate) && Number.isFinite(production) && production > 0
    const change = isKnown ? changeWords({ scale: 'ratio', unit: 'ms' }, [ratio])(ratio) : '—'
    return { name, production: durationOrNone(production), candidate: durationOrNone(candidate), change }
  })
}

function durationOrNone(ms: number): string {
  return ms === Infinity ? '∞ (no answer)' : duration(ms)
}

function unanswered(arm: string, sorted: readonly number[]): readonly string[] {
  const missing = sorted.length - finite(sorted).length
  if (missing === 0) return []
  const share = percent(missing / sorted.length)
  const calls = counted(sorted.length, `${arm} call`)
  return [`${count(missing)} of ${calls} (${share}) got no answer: infinitely slow in every figure, not drawn.`]
}

function finite(sorted: readonly number[]): readonly number[] {
  const end = sorted.indexOf(Infinity)
  return end === -1 ? sorted : sorted.slice(0, end)
}

function chartOf(arms: Sorted): LatencyChart | null {
  const answered = [finite(arms.production), finite(arms.candidate)]
  const all = answered.flatMap((values) => [quantileOf(values, 0), quantileOf(values, 1)]).filter(Number.isFinite)
  if (all.length === 0) return null
  const low = Math.max(smallestMs, Math.min(...all))
  const high = Math.max(low * 1.5, ...all)
  const size = Math.max(...answered.map((values) => values.length))
  const classes = Math.min(48, Math.max(8, Math.round(2 * Math.sqrt(size))))
  const step = Math.log(high / low) / classes
  const edges = Array.from({ length: classes + 1 }, (_, index) => low * Math.exp(step * index))
  const curve = (sorted: readonly number[]) => curveOf(sorted, { low, step, classes })
  const curves = { production: curve(arms.production), candidate: curve(arms.candidate) }
  return { domain: [low, high], ticks: logTicks(low, high), edges, arms: curves }
}

function curveOf(sorted: readonly number[], grid: { low: number; step: number; classes: number }): LatencyCurve {
  const counts = Array.from({ length: grid.classes }, () => 0)
  for (const ms of finite(sorted)) {
    const place = Math.floor(Math.log(Math.max(ms, smallestMs) / grid.low) / grid.step)
    const index = Math.min(grid.classes - 1, Math.max(0, place))
    counts[index] = (counts[index] ?? 0) + 1
  }
  if (sorted.length === 0) return { shares: counts, marks: [] }
  const marks = shown
    .filter(([name]) => marked.has(name))
    .map(([name, p]) => ({ name, ms: quantileOf(sorted, p) }))
    .map(({ name, ms }) => ({ name, ms: Math.max(ms, smallestMs), label: durationOrNone(ms) }))
  return { shares: counts.map((inClass) => inClass / sorted.length), marks }
}

/** 1, 2 and 5 of each decade; on less than a decade, round steps. */
function logTicks(low: number, high: number): LatencyChart['ticks'] {
  const decades: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    decades.push(10 ** power, 2 * 10 ** power, 5 * 10 ** power)
  }
  const within = decades.filter((ms) => ms >= low && ms <= high)
  const isWide = Math.log10(high / low) > 3.2
  const kept = isWide ? within.filter((ms) => Number.isInteger(Math.log10(ms))) : within
  const chosen = kept.length >= 3 ? kept : ticks(low, high, 4)
  return chosen.map((ms) => ({ ms, label: withoutZeros(duration(ms)) }))
}
