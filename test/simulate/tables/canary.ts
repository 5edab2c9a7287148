// A canary over the default ramp: how often two alike are rolled back, and how soon a candidate that is worse.

import { type Behaviour, healthy, type Ramp, rampOf } from '../rollouts.ts'
import { type Case, errorFigure, meanFigure, shareFigure } from '../study.ts'

const sizes: readonly (Ramp & { readonly name: string })[] = [
  { name: 'small', users: 4000, perStage: 20_000, looks: 10 },
  { name: 'large', users: 40_000, perStage: 80_000, looks: 20 },
]

const worse: Readonly<Record<string, Partial<Behaviour>>> = {
  'latency × 1.5': { slower: 1.5 },
  'slowest answers × 2': { tail: 2 },
  'errors + 3 pt': { errors: 0.035 },
  'refusals + 5 pt': { refusals: 0.06 },
  'cache − 20 pt': { cached: 0.2 },
}

/** One ramp is some hundred thousand requests. */
const shareOfRuns = 0.1

export const canaryCases: readonly Case[] = sizes.flatMap((size) => [
  {
    ...common(`two alike, ${size.name}`, size),
    figures: [errorFigure('false rollback', null), shareFigure('GO before all have it', null)],
    prepare: () => (chance) => {
      const { isRolledBack, isPassed } = rampOf(chance, healthy, size)
      return [Number(isRolledBack), Number(isPassed)]
    },
  },
  ...Object.entries(worse).map(
    ([name, behaviour]): Case => ({
      ...common(`${name}, ${size.name}`, size),
      figures: [
        shareFigure('rolled back', null),
        meanFigure('requests until then', null),
        meanFigure('users until then', null),
      ],
      prepare: () => (chance) => {
        const { isRolledBack, requests, users } = rampOf(chance, { ...healthy, ...behaviour }, size)
        return [Number(isRolledBack), requests, users]
      },
    }),
  ),
])

function common(name: string, { users }: Ramp) {
  return { table: 'canary', name, n: users, runs: shareOfRuns, isInferred: true, isStricter: null } as const
}
