// What is compared between two groups of users: laws, edges, and errors by simulation with the truth at the margin.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seededBy } from '../../src/core/random.ts'
import {
  type Estimator,
  independentMeansRatio,
  independentQuantileRatios,
  rareRateDifference,
  rateDifference,
  stratifiedRateDifference,
  type UserCounts,
} from '../../src/stats/index.ts'

/** Of each user: requests, how many of them had the event, and what they took. */
type User = readonly [trials: number, events: number, total: number]
interface Method {
  readonly name: string
  readonly scale: 'difference' | 'ratio'
  readonly of: (control: readonly User[], treatment: readonly User[]) => Estimator
}

const counts = (users: readonly User[]): UserCounts => ({
  events: users.map(([, events]) => events),
  trials: users.map(([trials]) => trials),
})
const totals = (users: readonly User[]) => ({
  total: users.map(([, , total]) => total),
  count: users.map(([trials]) => trials),
})
const latencies = (users: readonly User[]) => ({
  values: users.flatMap(([trials, events, total]) => Array.from({ length: trials }, (_, i) => total + events * i)),
  cluster: users.flatMap(([trials], user) => Array.from({ length: trials }, () => user)),
})

const methods: readonly Method[] = [
  {
    name: 'rare rates',
    scale: 'difference',
    of: (control, treatment) => rareRateDifference({ control: counts(control), treatment: counts(treatment) }),
  },
  {
    name: 'rates over strata',
    scale: 'difference',
    of: (control, treatment) =>
      stratifiedRateDifference([
        { control: counts(control), treatment: counts(treatment) },
        { control: counts(control.toReversed()), treatment: counts(treatment.toReversed()) },
      ]),
  },
  {
    name: 'means',
    scale: 'ratio',
    of: (control, treatment) => independentMeansRatio({ control: totals(control), treatment: totals(treatment) }),
  },
  ...[0.5, 0.95].map(
    (p): Method => ({
      name: `quantiles at ${p}`,
      scale: 'ratio',
      of: (control, treatment) =>
        independentQuantileRatios({
          control: latencies(control),
          treatment: latencies(treatment),
          ps: [p],
        })[0] as Estimator,
    }),
  ),
]

const user: fc.Arbitrary<User> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 900 }))
  .map(([trials, share, total]) => [trials, Math.floor(trials * share), total])
const group = fc.array(user, { minLength: 2, maxLength: 40 })
const alphas = [0.4, 0.2, 0.1, 0.05, 0.01, 1e-3, 1e-6]
const seed = 20261126

describe.each(methods)('$name', ({ of, scale }) => {
  const neutral = scale === 'ratio' ? 1 : 0

  it('hold the estimate, and widen as alpha falls', () => {
    fc.assert(
      fc.property(group, group, (control, treatment) => {
        const { estimate, limits } = of(control, treatment)
        const all = alphas.map(limits)
        for (const [i, { lower, upper }] of all.entries()) {
          expect(lower).toBeLessThanOrEqual(estimate + 1e-9)
          expect(upper).toBeGreaterThanOrEqual(estimate - 1e-9)
          expect(lower).toBeLessThanOrEqual((all[i - 1]?.lower ?? lower) + 1e-9)
          expect(upper).toBeGreaterThanOrEqual((all[i - 1]?.upper ?? upper) - 1e-9)
        }
      }),
      { seed },
    )
  })

  it('find identical groups neutral, and never shown to differ', () => {
    fc.assert(
      fc.property(group, (users) => {
        const { estimate, limits } = of(users, users)
        expect(estimate).toBe(neutral)
        const { lower, upper } = limits(0.05)
        expect(lower).toBeLessThanOrEqual(neutral)
        expect(upper).toBeGreaterThanOrEqual(neutral)
      }),
      { seed },
    )
  })

  it('are mirrored by exchanging the groups', () => {
    fc.assert(
      fc.property(group, group, (control, treatment) => {
        const [one, other] = [of(control, treatment), of(treatment, control)]
        const mirror = (x: number) => (scale === 'ratio' ? 1 / x : -x)
        const near = (a: number, b: number) =>
          a === b || Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
        expect(near(one.estimate, mirror(other.estimate))).toBe(true)
        expect(near(one.limits(0.05).lower, mirror(other.limits(0.05).upper))).toBe(true)
      }),
      { seed },
    )
  })

  it('do not care in which order users come', () => {
    fc.assert(
      fc.property(group, group, (control, treatment) => {
        const [one, other] = [of(control, treatment), of(control.toReversed(), treatment.toReversed())]
        expect(other.estimate).toBeCloseTo(one.estimate, 9)
        expect(other.limits(0.05).upper).toBeCloseTo(one.limits(0.05).upper, 6)
      }),
      { seed },
    )
  })

  it('refuse what is no data', () => {
    expect(() => of([], [[1, 0, 1]])).toThrow(RangeError)
    expect(() => of([[1, -1, -1]], [[1, 0, 1]])).toThrow(RangeError)
    expect(() => of([[1, 0, 1]], [[1, 0, 1]]).limits(0)).toThrow(RangeError)
  })
})

describe('a rare event', () => {
  const none = (users: number, trials: number): User[] => Array.from({ length: users }, () => [trials, 0, 1])

  it('that nobody had leaves room for it: users are what counts, not their requests', () => {
    const few = rareRateDifference({ control: counts(none(100, 20)), treatment: counts(none(100, 20)) })
    const singles = rareRateDifference({ control: counts(none(100, 1)), treatment: counts(none(100, 1)) })
    expect(few.limits(0.05).upper).toBeCloseTo(singles.limits(0.05).upper, 6)
    expect(few.limits(0.05).upper).toBeGreaterThan(0.01)
    expect(
      rateDifference({ control: counts(none(100, 20)), treatment: counts(none(100, 20)) }).limits(0.05).upper,
    ).toBe(0)
  })

  it('that one user had in every request is one user’s, not a trend', () => {
    const treatment = counts([[20, 20, 1], ...none(99, 20)])
    expect(rareRateDifference({ control: counts(none(100, 20)), treatment }).limits(0.05).lower).toBeLessThan(0)
  })

  it('of a group of one user tells nothing', () => {
    const { lower, upper } = rareRateDifference({
      control: counts(none(1, 500)),
      treatment: counts(none(200, 5)),
    }).limits(0.05)
    expect(lower).toBeLessThan(-0.9)
    expect(upper).toBeGreaterThanOrEqual(0)
  })
})

describe('a mix that differs', () => {
  it('is no effect (Simpson)', () => {
    const many = (trials: number, events: number): UserCounts => ({
      events: Array.from({ length: 200 }, () => events),
      trials: Array.from({ length: 200 }, () => trials),
    })
    // Hard requests fail in half of the cases, easy ones never; the candidate got the hard ones.
    const hard = { control: many(2, 1), treatment: many(8, 4) }
    const easy = { control: many(8, 0), treatment: many(2, 0) }
    expect(stratifiedRateDifference([hard, easy]).estimate).toBeCloseTo(0, 12)
    const both = (one: UserCounts, other: UserCounts): UserCounts => ({
      events: [...Array.from(one.events), ...Array.from(other.events)],
      trials: [...Array.from(one.trials), ...Array.from(other.trials)],
    })
    const pooled = { control: both(hard.control, easy.control), treatment: both(hard.treatment, easy.treatment) }
    expect(rateDifference(pooled).limits(0.05).lower).toBeGreaterThan(0.2)
  })
})

describe('with the truth at the margin, in 600 draws of users who differ', () => {
  const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
  // Four standard errors above 5 % in 600 draws.
  const most = 0.05 + 4 * Math.sqrt((0.05 * 0.95) / 600)

  function errors(words: string, draw: (random: Random) => { estimator: Estimator; margin: number }) {
    const random = seededBy(seed, words)
    let [passed, failed] = [0, 0]
    for (let run = 0; run < 600; run++) {
      const { estimator, margin } = draw(random)
      const { lower, upper } = estimator.limits(0.05)
      if (upper < margin) passed++
      if (lower > margin) failed++
    }
    return { passed: passed / 600, failed: failed / 600 }
  }

  it('rare rates err at most as often as they say', () => {
    const drawn = (random: Random, rate: number): UserCounts => {
      const trials = Array.from({ length: 150 }, () => 1 + random.below(12))
      // One user in ten has most of the trouble.
      const events = trials.map((all) => {
        const own = random.below(10) === 0 ? Math.min(1, 6 * rate) : (4 / 9) * rate
        let had = 0
        for (let i = 0; i < all; i++) if (random.unit() < own) had++
        return had
      })
      return { events, trials }
    }
    const { passed, failed } = errors('rare', (random) => ({
      estimator: rareRateDifference({ control: drawn(random, 0.01), treatment: drawn(random, 0.03) }),
      margin: 0.02,
    }))
    expect(passed).toBeLessThan(most)
    expect(failed).toBeLessThan(most)
  })

  it('quantiles and means do too', () => {
    const drawn = (random: Random, ratio: number) => {
      const values: number[] = []
      const cluster: number[] = []
      for (let place = 0; place < 80; place++) {
        const own = 0.5 * normal(random)
        for (let i = 0; i <= random.below(9); i++) {
          values.push(800 * ratio * Math.exp(own + 0.6 * normal(random)))
          cluster.push(place)
        }
      }
      return { values, cluster }
    }
    const p50 = errors('p50', (random) => {
      const groups = { control: drawn(random, 1), treatment: drawn(random, 1.2) }
      return { estimator: independentQuantileRatios({ ...groups, ps: [0.5] })[0] as Estimator, margin: 1.2 }
    })
    const means = errors('means', (random) => {
      const sums = ({ values, cluster }: ReturnType<typeof drawn>) => {
        const total = new Float64Array(80)
        const count = new Float64Array(80)
        for (const [i, place] of cluster.entries()) {
          total[place] = (total[place] ?? 0) + (values[i] ?? 0)
          count[place] = (count[place] ?? 0) + 1
        }
        return { total, count }
      }
      return {
        estimator: independentMeansRatio({ control: sums(drawn(random, 1)), treatment: sums(drawn(random, 1.5)) }),
        margin: 1.5,
      }
    })
    for (const { passed, failed } of [p50, means]) {
      expect(passed).toBeLessThan(most)
      expect(failed).toBeLessThan(most)
    }
  })
})
