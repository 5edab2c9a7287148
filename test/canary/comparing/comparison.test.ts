// Users of the candidate beside those of the control: what is kept of them, and what is said of it.

import { describe, expect, it } from 'vitest'
import { type CanaryMetric, compare } from '../../../src/canary/comparing/comparison.ts'
import { type Compared, createTally, type Measured } from '../../../src/canary/comparing/tally.ts'
import type { AbsenceReason } from '../../../src/core/types.ts'
import { rareRateDifference } from '../../../src/stats/index.ts'

const metrics: readonly CanaryMetric[] = [
  {
    name: 'answered',
    keepsValues: false,
    unit: 'share',
    better: 'higher',
    summaries: [{ name: 'answered', method: { kind: 'share-difference' }, minPairs: 50 }],
  },
  {
    name: 'latency',
    keepsValues: true,
    unit: 'ms',
    better: 'lower',
    summaries: [{ name: 'latency-p50', method: { kind: 'quantile-ratio', p: 0.5 }, minPairs: 50 }],
  },
]
const options = { level: 0.95, expectedUsers: 1000, minUsers: 20 }

function served(
  users: number,
  of: (group: Compared, user: number) => readonly (Measured | AbsenceReason)[],
  stratum = '',
) {
  const tally = createTally(metrics)
  for (const group of ['candidate', 'control'] as const) {
    for (let user = 0; user < users; user++) {
      for (let request = 0; request < 5; request++) {
        tally.add({ group, user: `${group} ${user}`, stratum, measures: of(group, user) })
      }
    }
  }
  return tally
}

const one = (value: number): Measured => ({ value, weight: 1 })

describe('a tally', () => {
  it('counts requests and users, and keeps sums and values apart', () => {
    const tally = served(3, (group, user) => [one(1), group === 'control' && user === 2 ? 'no-reply' : one(100 + user)])
    expect(tally.requests).toEqual({ candidate: 15, control: 15 })
    expect(tally.users).toEqual({ candidate: 3, control: 3 })
    const answered = tally.measures('candidate', 0)
    expect([...answered.totals]).toEqual([5, 5, 5])
    expect(answered.values.length).toBe(0)
    const latency = tally.measures('control', 1)
    expect({ requests: latency.requests, users: latency.users }).toEqual({ requests: 10, users: 2 })
    expect([...latency.values]).toEqual([100, 100, 100, 100, 100, 101, 101, 101, 101, 101])
    expect(tally.absent(1)).toEqual({ 'no-reply': 5 })
    expect([...latency.places]).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  })

  it('holds a user who asks in two strata as one', () => {
    const tally = createTally(metrics)
    for (const stratum of ['chat', 'search', 'chat']) {
      tally.add({ group: 'candidate', user: 'u', stratum, measures: [one(1), one(9)] })
    }
    const { strata, users, totals } = tally.measures('candidate', 0)
    expect({ users, totals: [...totals] }).toEqual({ users: 1, totals: [3] })
    expect([...(strata.get('chat')?.totals ?? [])]).toEqual([2])
  })

  it('has a bounded number of strata, and loses nothing to the bound', () => {
    const tally = createTally(metrics)
    for (let n = 0; n < 100; n++) {
      tally.add({ group: 'candidate', user: `u${n}`, stratum: `s${n}`, measures: [one(1), 'no-reply'] })
    }
    const { strata } = tally.measures('candidate', 0)
    expect(strata.size).toBe(8)
    const kept = [...strata.values()].reduce((sum, { weights }) => sum + weights.reduce((a, b) => a + b, 0), 0)
    expect(kept).toBe(100)
  })
})

describe('a comparison', () => {
  it('has an effect for each summary, candidate against control', () => {
    const tally = served(300, (group) => [one(group === 'candidate' ? 0 : 1), one(group === 'candidate' ? 200 : 100)])
    const [answered, latency] = compare(tally, metrics, options)
    expect(answered?.effect).toMatchObject({
      estimate: -1,
      production: 1,
      candidate: 0,
      scale: 'difference',
      pairs: 3000,
    })
    expect(latency?.effect).toMatchObject({ scale: 'ratio', clusters: 600 })
    expect(latency?.effect?.estimate).toBeCloseTo(2, 9)
    expect(answered?.limits(0.05).high).toBeLessThan(-0.9)
  })

  it('says nothing of too few users', () => {
    const [answered] = compare(
      served(19, () => [one(1), one(5)]),
      metrics,
      options,
    )
    expect(answered?.effect).toBeNull()
    expect(answered?.absent).toEqual({ 'not-measured': 19 })
  })

  it('says nothing where nobody was served', () => {
    expect(compare(createTally(metrics), metrics, options).map(({ effect }) => effect)).toEqual([null, null])
  })

  it('has wider limits than one look would have, at every alpha', () => {
    const tally = served(100, (_, user) => [one(user % 10 === 0 ? 0 : 1), one(100 + user)])
    const [answered] = compare(tally, metrics, options)
    const [few] = compare(tally, metrics, { ...options, expectedUsers: 100_000 })
    const reach = answered?.limits(0.05).high ?? 0
    const rates = (group: Compared) => {
      const { totals, weights } = tally.measures(group, 0)
      return { events: totals, trials: weights }
    }
    const once = rareRateDifference({ control: rates('control'), treatment: rates('candidate') }).limits(0.05)
    expect(reach).toBeGreaterThan(1.3 * once.upper)
    expect(few?.limits(0.05).high).toBeGreaterThan(reach)
    expect(answered?.limits(0.01).high).toBeGreaterThan(reach)
  })

  it('weighs out what the groups were asked in unequal parts', () => {
    const tally = createTally(metrics)
    for (const group of ['candidate', 'control'] as const) {
      for (let user = 0; user < 200; user++) {
        for (let n = 0; n < 10; n++) {
          const isHard = n < (group === 'candidate' ? 8 : 2)
          const stratum = isHard ? 'hard' : 'easy'
          const answered = isHard ? n % 2 : 1
          tally.add({ group, user: `${group}${user}`, stratum, measures: [one(answered), 'no-reply'] })
        }
      }
    }
    const [answered] = compare(tally, metrics, options)
    expect(answered?.effect?.estimate).toBeCloseTo(0, 12)
  })

  it('loses nobody who asked in a stratum that is too small to tell anything by itself', () => {
    const tally = createTally(metrics)
    const add = (group: Compared, user: string, stratum: string, answered: number) =>
      tally.add({ group, user, stratum, measures: [one(answered), 'no-reply'] })
    for (const group of ['candidate', 'control'] as const) {
      for (let user = 0; user < 100; user++) {
        for (let n = 0; n < 10; n++) add(group, `${group}${user}`, 'chat', 1)
        // Ten users of the candidate alone ask there, and others in strata of one user each.
        if (user < 10 && group === 'candidate') add(group, `${group}${user}`, 'search', 0)
        if (user < 30) add(group, `${group}${user}`, `own ${user % 5}`, 1)
      }
    }
    const [answered] = compare(tally, metrics, options)
    expect(answered?.effect?.pairs).toBe(2 * 1030 + 10)
    expect(answered?.effect?.method).toBe('always-valid post-stratified user-robust')
    // 10 of the 40 pooled requests of the candidate failed; of all 2,070 requests 70 are in that stratum.
    expect(answered?.effect?.estimate).toBeCloseTo(-(10 / 40) * (70 / 2070), 12)
  })
})
