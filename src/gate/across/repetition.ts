// What many nights on one swap do to the promise of a single one.

import type { NightSummary, Repetition } from '../../core/across.ts'
import { chanceOfAny } from '../../stats/across-nights.ts'

/** Of the last night's swap and rules. Nights in their order; null where there are none. */
export function repetitionOf(nights: readonly NightSummary[]): Repetition | null {
  const last = nights.at(-1)
  if (last === undefined) return null
  const own = nights.filter(({ swap, policy }) => swap === last.swap && policy === last.policy)
  // 1 − 0.95 is 0.050000000000000044 in floating point.
  const falseGoAtMost = Number(chanceOfAny(own.map(({ alphaPass }) => alphaPass)).toFixed(12))
  const goes = own.filter(({ decision }) => decision === 'GO').length
  return { night: own.length, goes, falseGoAtMost, because: becauseOf(own.length, falseGoAtMost, last) }
}

function becauseOf(night: number, chance: number, { alphaPass }: NightSummary): string {
  const own = percent(alphaPass)
  if (night === 1) {
    return `The first night on this swap by these rules: a candidate at a margin comes to GO with a chance of at most ${own}.`
  }
  return `The ${ordinal(night)} night on this swap by these rules: a candidate at a margin would have come to GO on one of them with a chance of at most ${percent(chance)}, of this night alone ${own}.`
}

/** Rounded up: it is said of what is at most so likely. */
function percent(share: number): string {
  const digits = share < 0.01 ? 2 : share < 0.1 ? 1 : 0
  const scale = 10 ** digits
  return `${Number((Math.ceil(share * 100 * scale - 1e-6) / scale).toFixed(digits))} %`
}

function ordinal(number: number): string {
  const [tens, ones] = [number % 100, number % 10]
  const ending = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th')
  return `${number.toLocaleString('en-US')}${ending}`
}
