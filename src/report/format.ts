// Numbers as words: every figure of every report is rounded here and nowhere else.

import { unreachable } from '../core/fault.ts'
import type { Interval, Scale, Unit } from '../core/judgement.ts'

export { day, instant, minute } from '../core/instant-words.ts'

const minus = '−'
/** No-break space: a number and its unit stay on one line. */
const thin = '\u00a0'

/** Writes `digits` decimals, groups thousands with commas and uses a true minus sign. Infinity is "∞", NaN "—". */
export function decimal(value: number, digits = 0): string {
  if (Number.isNaN(value)) return '—'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`
  const [whole = '0', fraction] = Math.abs(value).toFixed(digits).split('.')
  const grouped = whole.length > 15 ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',')
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
  const isZero = /^[0.,]+$/.test(text)
  return value < 0 && !isZero ? `${minus}${text}` : text
}

/** A whole number of things: `1,980`. */
export function count(value: number): string {
  return decimal(value)
}

/** Picks the one or the other word and puts the number before it: `1 pair`, `1,980 pairs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)}${thin}${value === 1 ? one : many}`
}

/** A share 0..1 in percent. What is not 0 % or 100 % never reads as if it were. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return decimal(share)
  const value = share * 100
  if (value === 0 || value === 100) return `${decimal(value)}${thin}%`
  if (Math.abs(value) < 0.005) return `${value < 0 ? `>${minus}` : '<'}0.01${thin}%`
  if (value < 100 && value >= 99.995) return `>99.99${thin}%`
  const isNearEnd = Math.abs(value) < 0.95 || (value > 99.05 && value < 100)
  return `${decimal(value, isNearEnd ? 2 : 1)}${thin}%`
}

/** A duration: `0.42 ms`, `3.4 ms`, `812 ms`, `1.15 s`, `83.2 s`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return decimal(ms)
  const size = Math.abs(ms)
  if (size >= 999.5) {
    const seconds = ms / 1000
    return `${decimal(seconds, size < 9_995 ? 2 : size < 99_950 ? 1 : 0)}${thin}s`
  }
  return `${decimal(ms, size === 0 || size >= 9.95 ? 0 : size >= 0.995 ? 1 : 2)}${thin}ms`
}

/** How long a run took: `48 s`, `4 min 12 s`, `2 h 5 min`. */
export function span(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 1) return duration(ms)
  if (seconds < 60) return `${seconds}${thin}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}${thin}min ${seconds % 60}${thin}s`
  return `${count(Math.floor(minutes / 60))}${thin}h ${minutes % 60}${thin}min`
}

/** Tokens, whole above 100; means below keep a decimal. */
export function tokens(value: number): string {
  return meanOf(value, 'token')
}

function meanOf(value: number, noun: string): string {
  return `${mean(value)}${thin}${noun}${value === 1 ? '' : 's'}`
}

/** A mean of counts, where what is counted stands beside it: whole above 100, one decimal below. */
export function mean(value: number): string {
  return decimal(value, Number.isInteger(value) || Math.abs(value) >= 99.95 ? 0 : 1)
}

/** US dollars: cents from one dollar up, two significant digits below. */
export function usd(value: number): string {
  if (!Number.isFinite(value)) return decimal(value)
  const size = Math.abs(value)
  const digits = size === 0 ? 0 : size >= 0.995 ? 2 : Math.min(12, 1 - Math.floor(Math.log10(size)))
  const text = decimal(size, digits)
  return value < 0 ? `${minus}$${text}` : `$${text}`
}

/** One arm's value of a metric in its unit. */
export function valueIn(unit: Unit, value: number): string {
  switch (unit) {
    case 'ms':
      return duration(value)
    case 'tokens':
      return tokens(value)
    case 'characters':
      return meanOf(value, 'character')
    case 'usd':
      return usd(value)
    case 'share':
      return percent(value)
    default:
      return unreachable(unit)
  }
}

/**
 * How changes of one effect are written. A ratio reads as a change in percent ("+12.3 %"), or as a factor ("2.3×")
 * where one of `values` is beyond twofold, so that an estimate and its limits never mix the two. A difference of shares
 * is in percentage points (pp); other differences keep their unit. Always signed.
 */
export function changeWords(kind: { scale: Scale; unit: Unit }, values: readonly number[]): (value: number) => string {
  if (kind.scale === 'difference') return (value) => signed(value, differenceIn(kind.unit))
  const isFactor = values.some((value) => Number.isFinite(value) && (value >= 2.5 || (value > 0 && value < 0.4)))
  if (isFactor) return factor
  return (value) => signed((value - 1) * 100, (size) => `${decimal(size, size >= 99.95 ? 0 : 1)}${thin}%`)
}

/** Drops the zeros that a round number's decimals are made of: `+20.0 %` is `+20 %`. For limits and axes. */
export function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '')
}

/** A ratio as a factor: `2.3×`, `0.42×`, `14×`. */
export function factor(ratio: number): string {
  if (!Number.isFinite(ratio)) return decimal(ratio)
  // What is next to nothing is not nothing: two digits that count, `0.0046×`.
  const digits =
    ratio >= 9.95 ? 0 : ratio >= 1.995 ? 1 : ratio >= 0.095 || ratio <= 0 ? 2 : 1 - Math.floor(Math.log10(ratio))
  return `${decimal(ratio, Math.min(12, digits))}×`
}

/** "90 %", for the level of an interval or the confidence of a limit. */
export function levelWords(level: number): string {
  // A look's level may be 0.9998: never rounded up to certainty.
  const digits = [1, 2, 3, 4].find((each) => Number((level * 100).toFixed(each)) < 100) ?? 4
  return `${Number((level * 100).toFixed(digits))}${thin}%`
}

/** Limits of an interval; a side without a finite limit is said so rather than drawn as a number. */
export function intervalWords(interval: Interval, word: (value: number) => string, scale: Scale): string {
  const isLowOpen = interval.low === -Infinity || (scale === 'ratio' && interval.low <= 0)
  const isHighOpen = interval.high === Infinity
  if (isLowOpen && isHighOpen) return 'no limit on either side'
  if (isHighOpen) return `from ${word(interval.low)}, no upper limit`
  if (isLowOpen) return `no lower limit, to ${word(interval.high)}`
  return `${word(interval.low)} to ${word(interval.high)}`
}

/** A file's size: `812 KB`, `3.4 MB`, `12 MB`, `1.2 GB`. */
export function fileSize(bytes: number): string {
  if (bytes < 999_500) return `${decimal(Math.ceil(bytes / 1e3))}${thin}KB`
  const [size, unit] = bytes < 999_500_000 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${decimal(size, size < 9.95 ? 1 : 0)}${thin}${unit}`
}

/** Writes the sign before the words of the size; a change that rounds to nothing has none. */
function signed(value: number, words: (size: number) => string): string {
  if (Number.isNaN(value)) return '—'
  if (!Number.isFinite(value)) return value < 0 ? `${minus}∞` : '∞'
  const text = words(Math.abs(value))
  const hasDigits = /[1-9]/.test(text)
  return hasDigits ? `${value < 0 ? minus : '+'}${text}` : text
}

function differenceIn(unit: Unit): (size: number) => string {
  if (unit !== 'share') return (size) => valueIn(unit, size)
  return (size) => {
    const points = size * 100
    return `${decimal(points, points === 0 || points >= 9.95 ? 1 : 2)}${thin}pp`
  }
}
