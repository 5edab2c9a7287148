// The shift function: how far apart the arms are at each quantile, for a table and for a plot of the same figures.

import type { Effect, Rule } from '../../core/judgement.ts'
import type { QuantileShift } from '../../core/shift.ts'
import { changeWords, intervalWords, levelWords, withoutZeros } from '../format.ts'
import { logTicks, type Quantity, quantileName, type Tick } from './distribution.ts'
import { limitsOf } from './forest.ts'

export interface QuantileRow {
  readonly name: string
  readonly production: string
  readonly candidate: string
  /** "—" where there is nothing to compare with: nothing, or no answer in either arm. */
  readonly change: string
  readonly interval: string | null
}

/** Ratios of candidate to production, on a logarithmic axis where 1 is no change. */
export interface ShiftChart {
  readonly domain: readonly [number, number]
  readonly ticks: readonly Tick[]
  readonly points: readonly ShiftPoint[]
  /** How to read the signs in the picture. */
  readonly key: string
}

export interface ShiftPoint {
  readonly name: string
  /** null where there is no ratio to draw. */
  readonly ratio: number | null
  /** 0 and Infinity where there is no limit. */
  readonly low: number
  readonly high: number
  /** What production shows against itself. */
  readonly noise: { readonly low: number; readonly high: number } | null
  /** The limits of the rule on this quantile. */
  readonly limits: readonly number[]
}

/** Of one table, whose changes are all percentages or all factors: a column is read downwards. */
export function quantileRows(shifts: readonly QuantileShift[], { words }: Quantity): readonly QuantileRow[] {
  const estimates = shifts.filter(({ effect }) => isTold(effect)).map(({ effect }) => effect.estimate)
  return shifts.map(({ p, effect }) => ({
    name: quantileName(p),
    production: words(effect.production),
    candidate: words(effect.candidate),
    ...changeOf(effect, estimates),
  }))
}

/** A change and its interval, worded alike; `beside` are the changes that are to be worded like it, too. */
export function changeOf(
  effect: Effect,
  beside: readonly number[] = [effect.estimate, effect.interval.low, effect.interval.high],
): Pick<QuantileRow, 'change' | 'interval'> {
  if (!isTold(effect)) return { change: '—', interval: null }
  const word = changeWords(effect, beside)
  // Even the lower limit is a call without an answer: there is no more to say than the change does.
  const isEndless = effect.interval.low === Infinity
  const interval = isEndless ? null : intervalWords(effect.interval, word, effect.scale)
  return { change: word(effect.estimate), interval }
}

/** null where no quantile has a ratio. `rules` are those on quantiles of this quantity, of all records. */
export function shiftChart(shifts: readonly QuantileShift[], rules: readonly Rule[]): ShiftChart | null {
  const points = shifts.map(({ p, effect }): ShiftPoint => {
    const rule = rules.find(({ metric, segment }) => segment === null && metric === effect.metric)
    return {
      name: quantileName(p),
      ratio: isTold(effect) && effect.estimate > 0 && effect.estimate < Infinity ? effect.estimate : null,
      low: effect.interval.low,
      high: effect.interval.high,
      noise: effect.noise && effect.noise.interval,
      limits: rule === undefined ? [] : limitsOf(rule, effect),
    }
  })
  const ratios = points.flatMap(({ ratio }) => (ratio === null ? [] : [ratio]))
  const [first] = shifts
  if (ratios.length === 0 || first === undefined) return null
  const domain = domainOf(points, ratios)
  const word = changeWords({ scale: 'ratio', unit: first.effect.unit }, domain)
  return {
    domain,
    ticks: logTicks(...domain).map((value) => ({ value, label: value === 1 ? 'same' : withoutZeros(word(value)) })),
    points,
    key: keyOf(points, domain, levelWords(first.effect.interval.level)),
  }
}

function keyOf(points: readonly ShiftPoint[], [least, most]: ShiftChart['domain'], level: string): string {
  const isCut = points.some(({ low, high }) => (low < least || high > most) && (low > 0 || high < Infinity))
  const hasNoise = points.some(({ noise }) => noise !== null)
  const hasLimits = points.some(({ limits }) => limits.length > 0)
  return [
    `Each bar is a ${level} interval of that quantile alone: of many bars, some miss.`,
    ...(isCut ? ['An arrow: it reaches beyond the picture.'] : []),
    ...(hasNoise ? ['Grey is what production shows against itself.'] : []),
    ...(hasLimits ? ['Dashed lines are the rules’ limits.'] : []),
  ].join(' ')
}

/** An interval may reach so much further than any estimate before it is cut off: else one quantile hides the others. */
const reach = 2.5

function domainOf(points: readonly ShiftPoint[], ratios: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(1, ...ratios), Math.max(1, ...ratios)]
  const others = points.flatMap(({ ratio, low, high, noise, limits }) => [
    ...(ratio === null ? [] : [low, high]),
    ...(noise === null ? [] : [noise.low, noise.high]),
    ...limits,
  ])
  const drawn = others.filter((value) => value > 0 && value < Infinity)
  const low = Math.max(least / reach, Math.min(least, ...drawn))
  const high = Math.min(most * reach, Math.max(most, ...drawn))
  // Arms that are alike to the last digit still need an axis.
  return [Math.min(low, 0.98) / 1.02, Math.max(high, 1.02) * 1.02]
}

/** Nothing, or no answer, is no measure for the other arm. */
function isTold({ production, candidate, scale }: Effect): boolean {
  return scale === 'difference' || (production > 0 && (production !== Infinity || candidate !== Infinity))
}
