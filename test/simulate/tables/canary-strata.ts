// Two equal arms whose users ask different things: what that looks like unweighed, and how often the weighed limits miss the truth.

import { estimatorsOf } from '../../../src/canary/comparing/estimates.ts'
import { type Compared, createTally } from '../../../src/canary/comparing/tally.ts'
import type { Chance } from '../chance.ts'
import { bothErrors, type Case, shareFigure } from '../study.ts'

const alpha = 0.05
const requestsEach = 6
const failing: Readonly<Record<string, number>> = { hard: 0.12, easy: 0.02 }

/** Of a user's requests, those that are hard: users differ in it, and the candidate's have more of them. */
function hardShare(chance: Chance, group: Compared): number {
  const mean = group === 'candidate' ? 0.7 : 0.3
  return Math.min(1, Math.max(0, mean + 0.2 * chance.normal()))
}

/** Whether the truth, no difference, lies outside each limit; weighed, and unweighed on the side of worse. */
function misses(chance: Chance, users: number): readonly number[] {
  const metric = { name: 'answered', keepsValues: false }
  const tallies = { weighed: createTally([metric]), plain: createTally([metric]) }
  for (const group of ['candidate', 'control'] as const) {
    for (let user = 0; user < users; user++) {
      const share = hardShare(chance, group)
      for (let request = 0; request < requestsEach; request++) {
        const stratum = chance.happens(share) ? 'hard' : 'easy'
        const value = chance.happens(failing[stratum] ?? 0) ? 0 : 1
        const observation = { group, user: `${group}${user}`, measures: [{ value, weight: 1 }] }
        tallies.weighed.add({ ...observation, stratum })
        tallies.plain.add({ ...observation, stratum: '' })
      }
    }
  }
  const limitsOf = (tally: (typeof tallies)['plain']) => {
    const both = { control: tally.measures('control', 0), candidate: tally.measures('candidate', 0) }
    const [estimator] = estimatorsOf([{ kind: 'share-difference' }], both)
    if (!estimator) throw new Error('nothing was answered')
    return estimator.limits(alpha)
  }
  const [weighed, plain] = [limitsOf(tallies.weighed), limitsOf(tallies.plain)]
  return [Number(weighed.upper < 0), Number(weighed.lower > 0), Number(plain.upper < 0)]
}

export const strataCases: readonly Case[] = [100, 400].map((users) => ({
  table: 'canary',
  name: 'two alike, asked other things',
  n: users,
  runs: 1,
  isInferred: true,
  isStricter: null,
  figures: [...bothErrors(null, null), shareFigure('worse, unweighed', null)],
  prepare: () => (chance) => misses(chance, users),
}))
