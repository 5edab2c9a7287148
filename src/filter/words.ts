// The words of a filter: what a person may ask of pairs, on the command line, in the report and in the terminal alike.

import type { PairRow } from '../core/pair.ts'

/** A word that stands alone: `regressed`, `refused`. */
export interface StateWord {
  readonly word: string
  readonly help: string
  readonly is: (row: PairRow, review: ReviewState) => boolean
}

/** What people decided about a pair or its cluster so far. */
export type ReviewState = 'unreviewed' | 'accepted' | 'regression' | 'unsure'

const either = ({ production, candidate }: PairRow['refused']) => production || candidate

export const stateWords = [
  {
    word: 'regressed',
    help: 'worse, whatever the answer is about: newly refused, cut, JSON broken, no answer …',
    is: ({ standing }) => standing === 'regressed',
  },
  { word: 'improved', help: 'better, whatever the answer is about', is: ({ standing }) => standing === 'improved' },
  {
    word: 'changed',
    help: 'another answer, of which only a reader can tell',
    is: ({ standing }) => standing === 'changed',
  },
  { word: 'same', help: 'the same answer', is: ({ standing }) => standing === 'same' },
  { word: 'refused', help: 'either arm refused', is: ({ refused }) => either(refused) },
  { word: 'error', help: "either arm's call brought no answer", is: ({ failed }) => either(failed) },
  {
    word: 'unreviewed',
    help: 'changed, and nobody has decided about it',
    is: ({ standing }, review) => standing !== 'same' && review === 'unreviewed',
  },
  { word: 'accepted', help: 'accepted by a reviewer', is: (_, review) => review === 'accepted' },
  { word: 'regression', help: 'called a regression by a reviewer', is: (_, review) => review === 'regression' },
  { word: 'unsure', help: 'looked at, and left open', is: (_, review) => review === 'unsure' },
] as const satisfies readonly StateWord[]

/** A number of a pair that can be compared: `similarity<0.5`, `latency>2`. */
export interface NumberWord {
  readonly word: string
  readonly help: string
  /** null where the pair has none: it then meets no comparison. */
  readonly of: (row: PairRow) => number | null
}

export const numberWords = [
  { word: 'similarity', help: 'share of words in common, 0..1', of: ({ similarity }) => similarity },
  {
    word: 'noise',
    help: "share of words that production's two answers have in common, 0..1",
    of: ({ noiseSimilarity }) => noiseSimilarity,
  },
  {
    word: 'latency',
    help: "the candidate's latency in production's: 2 is twice as slow",
    of: ({ latencyMs }) => ratio(latencyMs),
  },
  {
    word: 'tokens',
    help: "the candidate's output tokens in production's",
    of: ({ outputTokens }) => ratio(outputTokens),
  },
  { word: 'cost', help: "the candidate's cost in production's", of: ({ costUsd }) => ratio(costUsd) },
  { word: 'badness', help: 'how far up in the list of the worst', of: ({ badness }) => badness },
] as const satisfies readonly NumberWord[]

function ratio({ production, candidate }: PairRow['latencyMs']): number | null {
  if (production === null || candidate === null || production === 0) return null
  const value = candidate / production
  return Number.isNaN(value) ? null : value
}
