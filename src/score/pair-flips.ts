// What was lost or won between two answers, and which arms refused or failed, as bits of one number; and read back from it.

import type { PairColumns, PairRow } from '../core/pair.ts'
import type { ColumnReader } from './column-reader.ts'
import { checkOf, type PairReaders, type ReasonReaders } from './pair-reasons.ts'

/** The lower of each flip's two bits: lost; the one above it: won. */
const firstBits = { answered: 0, refused: 2, finished: 4, json: 6, tools: 8 }
const arms = { refused: { production: 10, candidate: 11 }, failed: { production: 12, candidate: 13 } }

type Sign = '-' | '+' | '.'
const lost: Sign = '-'
const won: Sign = '+'
const neither: Sign = '.'

/** Which way a share went. */
export function signOf(read: ColumnReader, ordinal: number): Sign {
  if (!read.has(ordinal)) return neither
  const [before, after] = [read.production(ordinal), read.candidate(ordinal)]
  return before === after ? neither : before > after ? lost : won
}

export function flipsOf(ordinal: number, read: PairReaders): number {
  const { answered, refused, finished, tools } = read
  const json = read.json.has(ordinal) ? read.json : read.kept
  return (
    bitOf(signOf(answered, ordinal), firstBits.answered) |
    bitOf(signOf(refused, ordinal), firstBits.refused) |
    bitOf(signOf(finished, ordinal), firstBits.finished) |
    bitOf(signOf(json, ordinal), firstBits.json) |
    // Of a pair's own metrics production has no number.
    bitOf(tools.has(ordinal) && tools.candidate(ordinal) === 0 ? lost : neither, firstBits.tools)
  )
}

function bitOf(sign: Sign, first: number): number {
  return sign === neither ? 0 : 1 << (first + (sign === won ? 1 : 0))
}

export function armBits(ordinal: number, { refused, answered }: PairReaders): number {
  return inArms(refused, ordinal, 1, arms.refused) | inArms(answered, ordinal, 0, arms.failed)
}

/** In which arms the measure is that number. */
function inArms(
  read: ColumnReader,
  ordinal: number,
  number: number,
  bits: { readonly production: number; readonly candidate: number },
): number {
  if (!read.has(ordinal)) return 0
  const [production, candidate] = [read.production(ordinal) === number, read.candidate(ordinal) === number]
  return (Number(production) << bits.production) | (Number(candidate) << bits.candidate)
}

const inArmsOf = [false, true].map((candidate) => [false, true].map((production) => ({ production, candidate })))
const inNone: PairRow['refused'] = { production: false, candidate: false }

/** Which arms refused, or failed. One object serves all pairs. */
export function armsIn(flips: number, what: keyof typeof arms): PairRow['refused'] {
  const { production, candidate } = arms[what]
  return inArmsOf[(flips >> candidate) & 1]?.[(flips >> production) & 1] ?? inNone
}

/** Reads by the pair's place what reasons are heard from. */
export function reasonReaders({ numbers, checks, checkFlips }: PairColumns): ReasonReaders {
  const flip = (first: number): ColumnReader => ({
    has: (place) => (((numbers.flips[place] ?? 0) >> first) & 3) !== 0,
    production: (place) => ((numbers.flips[place] ?? 0) >> first) & 1,
    candidate: (place) => ((numbers.flips[place] ?? 0) >> (first + 1)) & 1,
  })
  const check = (_: string, own: number): ColumnReader => {
    const sign = (place: number) => checkFlips[place * checks.length + own] ?? neither
    return {
      has: (place) => sign(place) !== neither,
      production: (place) => Number(sign(place) === lost),
      candidate: (place) => Number(sign(place) === won),
    }
  }
  return {
    answered: flip(firstBits.answered),
    refused: flip(firstBits.refused),
    finished: flip(firstBits.finished),
    json: flip(firstBits.json),
    // What was asked for by the prompt alone is in the same bits.
    kept: { has: () => false, production: () => 0, candidate: () => 0 },
    tools: flip(firstBits.tools),
    similarity: both(numbers.similarity, numbers.similarity),
    tokens: both(numbers.productionOutputTokens, numbers.candidateOutputTokens),
    latency: both(numbers.productionLatencyMs, numbers.candidateLatencyMs),
    checks: checks.map((name, own) => checkOf(name, check(name, own))),
  }
}

/** NaN stands for no measure. */
function both(production: Float64Array, candidate: Float64Array): ColumnReader {
  return {
    has: (place) => !Number.isNaN(candidate[place] ?? Number.NaN),
    production: (place) => production[place] ?? 0,
    candidate: (place) => candidate[place] ?? 0,
  }
}
