// A canary over the default ramp: how often two alike are rolled back, and how soon a candidate that is worse.

import { type Behaviour, healthy } from '../answers.ts'
import { type Ramp, rampOf } from '../rollouts.ts'
import { type Case, errorFigure, meanFigure, shareFigure } from '../study.ts'

interface Size extends Ramp {
  readonly name: string
}

const usual = { minLooks: 8, maxLooks: 150, advances: 'verdict', activity: 'lognormal', rated: 0 } as const
const small: Size = { ...usual, name: 'small', users: 4000, perLook: 2000 }
const large: Size = { ...usual, name: 'large', users: 20_000, perLook: 5000 }

/** Worse by about twice and four times the margin of the rule that is about it. */
const worse: readonly (readonly [string, Partial<Behaviour>, Partial<Ramp>?])[] = [
  ['errors + 2 pt', { errors: 0.025 }],
  ['errors + 4 pt', { errors: 0.045 }],
  ['latency × 1.4', { slower: 1.4 }],
  ['latency × 1.8', { slower: 1.8 }],
  ['slowest answers × 1.4', { tail: 1.4 }],
  ['slowest answers × 1.8', { tail: 1.8 }],
  ['time to first token × 1.4', { ttft: 1.4 }],
  ['time to first token × 1.8', { ttft: 1.8 }],
  ['tokens × 2', { tokens: 2 }],
  ['tokens × 3', { tokens: 3 }],
  ['cache − 10 pt', { cached: 0.4 - 0.1 / 0.9 }],
  ['cache − 20 pt', { cached: 0.4 - 0.2 / 0.9 }],
  ['refusals + 4 pt', { refusals: 0.05 }],
  ['refusals + 8 pt', { refusals: 0.09 }],
  ['feedback − 6 pt, 10 % rate', { liked: 0.74 }, { rated: 0.1 }],
  ['feedback − 12 pt, 10 % rate', { liked: 0.68 }, { rated: 0.1 }],
]

const planned = { advances: 'plan' } as const

/** Two alike, led through every stage whatever is shown. */
const alike: readonly (readonly [string, Ramp])[] = [
  ['two alike, small', { ...small, ...planned }],
  ['two alike, large', { ...large, ...planned }],
  ['two alike, eight times the looks', { ...small, ...planned, perLook: 250, minLooks: 64, maxLooks: 256 }],
  ['two alike, half of it by one in 100', { ...small, ...planned, activity: 'pareto' }],
  ['two alike, 600 users who come again', { ...small, ...planned, users: 1200, perLook: 6000 }],
  ['two alike, 10 % rate', { ...small, ...planned, rated: 0.1 }],
]

/** One ramp is some hundred thousand requests. */
const shareOfRuns = 0.1

export const canaryCases: readonly Case[] = [
  ...alike.map(
    ([name, ramp]): Case => ({
      ...common(name, ramp),
      runs: 1,
      figures: [
        errorFigure('false rollback', null),
        shareFigure('false flag', null),
        errorFigure('false mismatch', null),
      ],
      prepare: () => (chance) => {
        const { isRolledBack, isFlagged, isMismatched } = rampOf(chance, healthy, ramp)
        return [Number(isRolledBack), Number(isFlagged), Number(isMismatched)]
      },
    }),
  ),
  ...[small, large].flatMap((size) => [
    {
      ...common(`two alike by verdict, ${size.name}`, size),
      figures: [shareFigure('through', null), meanFigure('requests', null), meanFigure('users', null)],
      prepare: () => (chance) => {
        const { isThrough, requests, users } = rampOf(chance, healthy, size)
        return [Number(isThrough), requests, users]
      },
    } satisfies Case,
    ...worse.map(
      ([name, behaviour, parts = {}]): Case => ({
        ...common(`${name}, ${size.name}`, size),
        figures: [
          shareFigure('back', null),
          shareFigure('flagged', null),
          meanFigure('requests', null),
          meanFigure('users', null),
          shareFigure('of all users', null),
        ],
        prepare: () => (chance) => {
          const end = rampOf(chance, { ...healthy, ...behaviour }, { ...size, ...parts })
          return [Number(end.isRolledBack), Number(end.isFlagged), end.requests, end.users, end.share]
        },
      }),
    ),
  ]),
]

function common(name: string, { users }: Ramp) {
  return { table: 'canary', name, n: users, runs: shareOfRuns, isInferred: true, isStricter: null } as const
}
