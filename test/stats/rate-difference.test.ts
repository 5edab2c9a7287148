// User-robust rate differences: by hand, and by simulation against counting requests.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { rateDifference, type UserCounts } from '../../src/stats/rate-difference.ts'
import { twoProportions } from '../../src/stats/two-proportions.ts'
import { near, nearLimits } from './reference.ts'

describe('rateDifference', () => {
  it('by hand: rates 3/6 and 2/5, residuals ±½ and +0.6, −0.6', () => {
    const estimator = rateDifference({
      treatment: { events: [2, 1], trials: [3, 3] },
      control: { events: [1, 1], trials: [1, 4] },
    })
    expect(estimator.estimate).toEqual(near(0.5 - 0.4))
    expect(estimator).toMatchObject({ n: 11, clusters: 4, method: 'user-robust' })
    // v = U/(U − 1)·Σ residual²/(Σ trials)²: 2·0.5/36 and 2·0.72/25.
    const reach = 1.6448536269514722 * Math.sqrt(1 / 36 + 1.44 / 25)
    expect(estimator.limits(0.05)).toEqual(nearLimits([0.1 - reach, 0.1 + reach]))
  })
  it('users of one request each are a binomial, but for U / (U − 1)', () => {
    const users = (k: number, n: number): UserCounts => ({
      events: Array.from({ length: n }, (_, i) => (i < k ? 1 : 0)),
      trials: Array.from({ length: n }, () => 1),
    })
    const estimator = rateDifference({ treatment: users(120, 400), control: users(100, 500) })
    const reach = 1.6448536269514722 * Math.sqrt((0.3 * 0.7) / 399 + (0.2 * 0.8) / 499)
    expect(estimator.limits(0.05)).toEqual(nearLimits([0.1 - reach, 0.1 + reach]))
  })
  it('a user without requests changes nothing but U / (U − 1)', () => {
    const arm = { events: [2, 1, 0], trials: [3, 3, 5] }
    const idle = { events: [...arm.events, 0], trials: [...arm.trials, 0] }
    expect(rateDifference({ treatment: idle, control: arm }).estimate).toBe(0)
  })
  it('an arm of one user tells nothing', () => {
    const one = { events: [3], trials: [9] }
    const many = { events: [1, 2], trials: [4, 4] }
    const { limits } = rateDifference({ treatment: one, control: many })
    expect(limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  const ok: UserCounts = { events: [1, 1], trials: [2, 2] }
  it.each([
    ['no users', { events: [], trials: [] }],
    ['unequal lengths', { events: [1], trials: [1, 2] }],
    ['more events than trials', { events: [3, 0], trials: [2, 2] }],
    ['negative events', { events: [-1, 0], trials: [2, 2] }],
    ['no trials', { events: [0, 0], trials: [0, 0] }],
    ['NaN', { events: [Number.NaN, 0], trials: [2, 2] }],
  ])('refuses %s', (_, arm) => {
    expect(() => rateDifference({ treatment: arm, control: ok })).toThrow(RangeError)
    expect(() => rateDifference({ treatment: ok, control: arm })).toThrow(RangeError)
  })
})

describe('users who differ', () => {
  const random = seededBy(20261123, 'users who differ')
  /** 100 users of 1 to 20 requests, each with a rate of their own about 0.3. */
  const arm = (): UserCounts => {
    const events = new Float64Array(100)
    const trials = events.map(() => 1 + random.below(20))
    for (const [user, count] of trials.entries()) {
      const rate = random.unit() < 0.5 ? 0.05 : 0.55
      for (let i = 0; i < count; i++) events[user] = (events[user] ?? 0) + (random.unit() < rate ? 1 : 0)
    }
    return { events, trials }
  }
  const total = (values: UserCounts['events']): number =>
    Float64Array.from(values).reduce((sum, value) => sum + value, 0)

  it('are counted as users: misses of 5 %, where counting requests misses many more', () => {
    const replicates = 1000
    let [byUser, byRequest] = [0, 0]
    for (let replicate = 0; replicate < replicates; replicate++) {
      const [treatment, control] = [arm(), arm()]
      if (rateDifference({ treatment, control }).limits(0.05).upper < 0) byUser++
      const counts = { k1: total(treatment.events), n1: total(treatment.trials) }
      const others = { k2: total(control.events), n2: total(control.trials) }
      if (twoProportions({ ...counts, ...others }).limits(0.05).upper < 0) byRequest++
    }
    expect(byUser / replicates).toBeGreaterThan(0.03)
    expect(byUser / replicates).toBeLessThan(0.075)
    expect(byRequest / replicates).toBeGreaterThan(0.1)
  })
})
