// What a drill is to spoil, from the words of the command line.

import { type FaultName, type FaultOrder, faults } from '../../../canary/faults/faults.ts'
import { Fault } from '../../../core/fault.ts'
import { nearest } from '../../../core/nearest.ts'

export interface DrillWords {
  /** Names of faults, with commas. */
  readonly faults: string | undefined
  /** Shares of answers, with commas. */
  readonly shares: string | undefined
}

/** In each, and in a fifth of the answers. */
const usualShares = '1,0.2'

/** Each fault at each share. Fault: USAGE. */
export function ordersOf(words: DrillWords): readonly FaultOrder[] {
  const names = words.faults === undefined ? faults.map(({ name }) => name) : listOf(words.faults).map(faultIn)
  const shares = listOf(words.shares ?? usualShares).map(shareIn)
  return names.flatMap((fault) => shares.map((share) => ({ fault, share })))
}

/** Of a live drill: one fault, in one share, which is a fifth where nobody says. Fault: USAGE. */
export function oneOrderOf({ faults: names, shares = '0.2' }: DrillWords): FaultOrder {
  const orders = names === undefined ? [] : ordersOf({ faults: names, shares })
  const [order] = orders
  if (order !== undefined && orders.length === 1) return order
  throw new Fault('USAGE', 'a live drill is of one fault, in one share of the answers', {
    place: '--live',
    hint: 'shadowgate drill --live --faults error-500 --shares 0.2',
  })
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}

function faultIn(word: string): FaultName {
  const names = faults.map(({ name }) => name)
  const found = names.find((name) => name === word)
  if (found !== undefined) return found
  const meant = nearest(word, names)
  const hint = meant === null ? `there is ${names.join(', ')}` : `did you mean ${meant}? there is ${names.join(', ')}`
  throw new Fault('USAGE', `no fault is called "${word}"`, { place: '--faults', hint })
}

function shareIn(word: string): number {
  const share = Number(word)
  if (share > 0 && share <= 1) return share
  throw new Fault('USAGE', `"${word}" is no share of answers: above 0, and 1 at most`, { place: '--shares' })
}

/** A whole number above 0. Fault: USAGE. */
export function countIn(word: string | boolean | undefined, { flag, usual }: { flag: string; usual: number }): number {
  if (word === undefined) return usual
  const number = Number(word)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Fault('USAGE', `"${String(word)}" is no whole number above 0`, { place: flag })
}
