// How a positive quantity is spread in both arms, on a logarithmic axis: shares by class, and what that axis can't hold.

import { ticks } from 'd3-array'
import { quantileSorted } from 'simple-statistics'
import type { ArmNumbers, QuantileShift } from '../../core/shift.ts'
import { withoutZeros } from '../format.ts'

/** What is drawn, and how its values are worded. */
export interface Quantity {
  readonly words: (value: number) => string
  /** In the picture, where the axis names the unit once. */
  readonly axisWords: (value: number) => string
  /** Whole numbers: no class lies between two of them. */
  readonly isWhole: boolean
}

export interface DistributionChart {
  /** Both above 0. */
  readonly domain: readonly [number, number]
  readonly ticks: readonly Tick[]
  /** Borders of the classes: one more than there are shares. */
  readonly edges: readonly number[]
  readonly arms: Readonly<Record<'production' | 'candidate', Curve>>
  /** Whether either arm has zeros, which have a place of their own beside the axis. */
  readonly hasZeros: boolean
}

export interface Tick {
  readonly value: number
  readonly label: string
}

export interface Curve {
  /** Share of all of the arm's values in each class; finite ones above 0 only, so they may sum to less than 1. */
  readonly shares: readonly number[]
  /** The shares, as high as equal areas on the axis make them: a class twice as wide as the usual one is half as high. */
  readonly heights: readonly number[]
  /** Share of all of the arm's values that are 0. */
  readonly zeros: number
  readonly marks: readonly QuantileMark[]
}

export interface QuantileMark {
  readonly name: string
  /** Infinity where the quantile is a call without an answer; 0 where it is 0. */
  readonly value: number
  readonly label: string
}

const mostClasses = 48
const leastClasses = 8
const marked = new Set([0.5, 0.95])

export function distributionChart(
  numbers: ArmNumbers,
  shifts: readonly QuantileShift[],
  quantity: Quantity,
): DistributionChart | null {
  const drawn = { production: numbers.production.filter(isDrawn), candidate: numbers.candidate.filter(isDrawn) }
  const all = [...ends(drawn.production), ...ends(drawn.candidate)]
  if (all.length === 0) return null
  const size = Math.max(drawn.production.length, drawn.candidate.length)
  const classes = Math.min(mostClasses, Math.max(leastClasses, Math.round(2 * Math.sqrt(size))))
  const edges = edgesOf(Math.min(...all), Math.max(...all), { classes, isWhole: quantity.isWhole })
  const [low, high] = [edges[0] ?? 1, edges.at(-1) ?? 1]
  const usual = Math.log(high / low) / (edges.length - 1)
  const curve = (arm: 'production' | 'candidate'): Curve => {
    const total = numbers[arm].length
    const shares = sharesOf(drawn[arm], edges, total)
    const widths = shares.map((_, index) => Math.log((edges[index + 1] ?? high) / (edges[index] ?? low)))
    return {
      shares,
      heights: shares.map((share, index) => (share * usual) / (widths[index] ?? usual)),
      zeros: total === 0 ? 0 : numbers[arm].filter((value) => value === 0).length / total,
      marks: marksOf(shifts, arm, quantity),
    }
  }
  const arms = { production: curve('production'), candidate: curve('candidate') }
  return {
    domain: [low, high],
    ticks: logTicks(low, high)
      .filter((value) => !quantity.isWhole || Number.isInteger(value))
      .map((value) => ({ value, label: withoutZeros(quantity.axisWords(value)) })),
    edges,
    arms,
    hasZeros: arms.production.zeros > 0 || arms.candidate.zeros > 0,
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

/** 1, 2 and 5 of each decade; on less than a decade, round steps. */
export function logTicks(low: number, high: number): readonly number[] {
  const decades: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    decades.push(10 ** power, 2 * 10 ** power, 5 * 10 ** power)
  }
  const within = decades.filter((value) => value >= low && value <= high)
  const isWide = Math.log10(high / low) > 3.2
  const kept = isWide ? within.filter((value) => Number.isInteger(Math.log10(value))) : within
  return kept.length >= 3 ? kept : ticks(low, high, 4)
}

function isDrawn(value: number): boolean {
  return value > 0 && value !== Infinity
}

function ends(values: Float64Array): readonly number[] {
  let [low, high] = [Infinity, 0]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return values.length === 0 ? [] : [low, high]
}

/** As wide as each other on the axis; of whole numbers each ends halfway between two, so that small ones leave no gaps. */
function edgesOf(least: number, most: number, { classes, isWhole }: { classes: number; isWhole: boolean }) {
  const low = isWhole ? least - 0.5 : least
  const high = isWhole ? most + 0.5 : Math.max(low * 1.5, most)
  const step = Math.log(high / low) / classes
  const edges = Array.from({ length: classes + 1 }, (_, index) => low * Math.exp(step * index))
  return isWhole ? [...new Set(edges.map((edge) => Math.round(edge + 0.5) - 0.5))] : edges
}

function sharesOf(values: Float64Array, edges: readonly number[], total: number): readonly number[] {
  const counts = Array.from({ length: edges.length - 1 }, () => 0)
  let index = 0
  for (const value of values.toSorted()) {
    while (index < counts.length - 1 && value >= (edges[index + 1] ?? Infinity)) index++
    counts[index] = (counts[index] ?? 0) + 1
  }
  return counts.map((inClass) => (total === 0 ? 0 : inClass / total))
}

function marksOf(
  shifts: readonly QuantileShift[],
  arm: 'production' | 'candidate',
  { words, axisWords }: Quantity,
): readonly QuantileMark[] {
  return shifts
    .filter(({ p }) => marked.has(p))
    .map(({ p, effect: { [arm]: value } }) => {
      const label = value === Infinity ? words(value) : axisWords(value)
      return { name: quantileName(p), value, label }
    })
}

/** "p50". */
export function quantileName(p: number): string {
  return `p${Math.round(p * 100)}`
}
