// Which pairs the explorer lists, and in which order.

import { matches, needsText } from '../../filter/match.ts'
import type { Term } from '../../filter/parse.ts'
import { numberWords } from '../../filter/words.ts'
import type { Listed } from '../data/columns.ts'

export const orders = {
  worst: 'worst first',
  latency: 'most slowed down',
  tokens: 'most lengthened',
  similarity: 'least similar',
  log: 'order of the log',
} as const
export type Order = keyof typeof orders

export function isOrder(word: string): word is Order {
  return Object.hasOwn(orders, word)
}

/** A pair and its place in the index. */
export interface Choice {
  readonly listed: Listed
  readonly place: number
  /** The request's beginning; empty where it is not known. */
  readonly opening: string
}

export interface Chosen {
  readonly choices: readonly Choice[]
  /** Pairs that a search could not look at: their texts are not read yet, or not in the page. */
  readonly unread: number
}

export function choose(
  all: readonly Choice[],
  { terms, order, textOf }: { terms: readonly Term[]; order: Order; textOf: (place: number) => string | null },
): Chosen {
  const isSearch = needsText(terms)
  const asked = all.filter(({ listed: { row, review }, place }) =>
    matches(terms, { row, review, text: isSearch ? textOf(place) : null }),
  )
  // What nobody could look at is no hit.
  const choices = isSearch ? asked.filter(({ place }) => textOf(place) !== null) : asked
  return { choices: sorted(choices, order), unread: asked.length - choices.length }
}

function sorted(choices: readonly Choice[], order: Order): readonly Choice[] {
  switch (order) {
    case 'worst':
      return choices
    case 'log':
      return choices.toSorted((a, b) => a.listed.row.ordinal - b.listed.row.ordinal)
    case 'latency':
    case 'tokens':
      return byNumber(choices, order, -1)
    case 'similarity':
      return byNumber(choices, order, 1)
    default:
      return order satisfies never
  }
}

/** What has no such number comes last. */
function byNumber(choices: readonly Choice[], word: Order, sign: 1 | -1): readonly Choice[] {
  const number = numberWords.find((each) => each.word === word)
  const of = ({ listed: { row } }: Choice) => {
    const value = number?.of(row) ?? null
    return value === null ? Infinity : sign * value
  }
  return choices.toSorted((a, b) => {
    const [left, right] = [of(a), of(b)]
    // Of two that are infinite the difference is no number.
    return left === right ? a.place - b.place : left < right ? -1 : 1
  })
}
