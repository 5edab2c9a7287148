// Differences of two estimates from their limits alone: the methods that they generalise, and how often they err.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seededBy } from '../../src/core/random.ts'
import {
  differenceOfEstimates,
  type Estimated,
  type Estimator,
  holm,
  meanDifference,
  pairedProportions,
  quantileRatio,
  twoProportions,
  welch,
  wilson,
} from '../../src/stats/index.ts'

fc.configureGlobal({ seed: 20261123 })

const alphaOneSided = 0.05
const many = 1e9

function estimatedBy({ estimate, limits, clusters }: Estimator, onLogs = false): Estimated {
  const scale = onLogs ? Math.log : (value: number) => value
  const { lower, upper } = limits(alphaOneSided)
  return { estimate: scale(estimate), lower: scale(lower), upper: scale(upper), alphaOneSided, units: clusters }
}

const normalOf = (random: Random) => (): number =>
  Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())

describe('what it generalises', () => {
  it('is Newcombe’s method 10 where the limits are Wilson’s', () => {
    const share = (k: number, n: number): Estimated => ({
      estimate: k / n,
      ...wilson({ k, n, alphaOneSided: 0.025 }),
      alphaOneSided: 0.025,
      units: many,
    })
    const { estimate, limits } = differenceOfEstimates(share(48, 80), share(56, 70))
    const expected = twoProportions({ k1: 56, n1: 70, k2: 48, n2: 80 })
    expect(estimate).toBeCloseTo(expected.estimate, 12)
    const { lower, upper } = limits(0.025)
    // Newcombe 1998, table II, method 10.
    expect([lower.toFixed(4), upper.toFixed(4)]).toEqual(['0.0524', '0.3339'])
    expect(lower).toBeCloseTo(expected.limits(0.025).lower, 7)
    expect(upper).toBeCloseTo(expected.limits(0.025).upper, 7)
  })

  it('is Welch’s t where the limits are Student’s, at any error rate', () => {
    const [one, other] = [
      [3.1, 4.4, 2.9, 5.2, 4.1],
      [6.3, 5.1, 7.7, 9.4, 5.9, 8.8, 6.1],
    ]
    const alone = (values: readonly number[] = []) =>
      estimatedBy(meanDifference({ control: values.map(() => 0), treatment: values }))
    const found = differenceOfEstimates(alone(one), alone(other))
    const expected = welch({ control: one ?? [], treatment: other ?? [] })
    expect(found.p).toBeCloseTo(expected.p, 9)
    expect(found.limits(0.001).lower).toBeCloseTo(expected.limits(0.001).lower, 7)
  })
})

const estimated = fc
  .tuple(
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.double({ min: 0.01, max: 3, noNaN: true }),
    fc.double({ min: 0.01, max: 3, noNaN: true }),
    fc.integer({ min: 2, max: 5000 }),
  )
  .map(
    ([estimate, down, up, units]): Estimated => ({
      estimate,
      lower: estimate - down,
      upper: estimate + up,
      alphaOneSided,
      units,
    }),
  )

describe('laws', () => {
  it('the other way round it is the mirror, and any dependence only widens', () => {
    fc.assert(
      fc.property(estimated, estimated, (one, other) => {
        const there = differenceOfEstimates(one, other)
        const back = differenceOfEstimates(other, one)
        expect(back.p).toBeCloseTo(there.p, 12)
        expect(back.limits(0.05).lower).toBeCloseTo(-there.limits(0.05).upper, 9)
        const anyhow = differenceOfEstimates(one, other, 'anyhow')
        expect(anyhow.p).toBeGreaterThanOrEqual(there.p - 1e-12)
        expect(anyhow.limits(0.05).lower).toBeLessThanOrEqual(there.limits(0.05).lower + 1e-12)
      }),
    )
  })

  it('p is below 2 α exactly where the limits at α leave 0 out', () => {
    fc.assert(
      fc.property(estimated, estimated, fc.constantFrom(0.1, 0.025, 0.001), (one, other, alpha) => {
        const { p, limits } = differenceOfEstimates(one, other)
        const { lower, upper } = limits(alpha)
        fc.pre(Math.min(Math.abs(lower), Math.abs(upper)) > 1e-9)
        expect(p < 2 * alpha).toBe(lower > 0 || upper < 0)
      }),
    )
  })

  const plain: Estimated = { estimate: 0, lower: -1, upper: 1, alphaOneSided, units: 100 }
  it.each([
    ['an estimate without a number', { ...plain, estimate: Infinity, upper: Infinity }, 1],
    ['no limit on the side that is needed', { ...plain, estimate: 50, lower: -Infinity, upper: 51 }, 1],
    ['the same estimate', { ...plain }, 1],
    [
      'limits that lie on the estimate: all that is left is the other’s spread',
      { ...plain, estimate: 3, lower: 3, upper: 3 },
      0,
    ],
  ])('%s', (_, second, expected) => {
    expect(differenceOfEstimates(plain, second).p).toBeCloseTo(expected, 4)
  })

  it('no limit on the other side is in nobody’s way', () => {
    const open = { ...plain, estimate: 50, lower: 49, upper: Infinity }
    const { p, limits } = differenceOfEstimates(plain, open)
    expect(p).toBeLessThan(1e-9)
    expect(limits(0.05)).toMatchObject({ lower: expect.closeTo(48.59, 1), upper: Infinity })
  })

  it.each([
    ['NaN', { ...plain, lower: Number.NaN }],
    ['no error rate', { ...plain, alphaOneSided: 0 }],
    ['limits at one half say nothing of a spread', { ...plain, alphaOneSided: 0.5 }],
    ['no units', { ...plain, units: 0 }],
  ])('%s is refused', (_, wrong) => {
    expect(() => differenceOfEstimates(plain, wrong)).toThrow(RangeError)
  })
})

const pairsOfRun = 300

/** Each world draws an estimate of the same truth again and again: what two runs of one swap would say. */
const worlds: Readonly<Record<string, (random: Random) => Estimated>> = {
  'the mean of twelve pairs': (random) => {
    const normal = normalOf(random)
    const treatment = Array.from({ length: 12 }, () => 0.3 + normal())
    return estimatedBy(meanDifference({ control: treatment.map(() => 0), treatment }))
  },
  'rare failures': (random) => {
    const draws = Array.from({ length: pairsOfRun }, () => random.unit())
    const control = draws.map((draw) => (draw < 0.01 ? 1 : 0))
    const treatment = draws.map((draw) => (draw > 0.97 ? 1 : 0))
    return estimatedBy(pairedProportions({ control, treatment }))
  },
  'the median latency of lognormal pairs': (random) =>
    estimatedBy(quantileRatio({ ...latencies(random), p: 0.5 }), true),
  'the p95 latency of lognormal pairs': (random) => estimatedBy(quantileRatio({ ...latencies(random), p: 0.95 }), true),
}

function latencies(random: Random) {
  const normal = normalOf(random)
  const hardness = Array.from({ length: pairsOfRun }, () => 0.6 * normal())
  const arm = (typicalMs: number) => hardness.map((each) => typicalMs * Math.exp(each + 0.4 * normal()))
  return { control: arm(800), treatment: arm(900) }
}

function errorsOf(runs: number, p: () => number): number {
  let errors = 0
  for (let run = 0; run < runs; run++) if (p() <= 0.05) errors++
  return errors / runs
}

describe('error rates, of 5 %', () => {
  // 1.6 standard errors of 800 runs beyond 5 %.
  const most = 0.0625

  it.each(Object.entries(worlds))('two runs of one truth: %s', (name, draw) => {
    const random = seededBy(20261123, name)
    expect(errorsOf(800, () => differenceOfEstimates(draw(random), draw(random)).p)).toBeLessThanOrEqual(most)
  })

  it('thirty rules beside each other, by Holm', () => {
    const random = seededBy(20261123, 'thirty rules')
    const draws = Object.values(worlds)
    const family = () =>
      Array.from({ length: 30 }, (_, rule) => {
        const draw = draws[rule % draws.length] ?? (() => plainOf(0))
        return differenceOfEstimates(draw(random), draw(random)).p
      })
    expect(errorsOf(200, () => Math.min(...holm(family())))).toBeLessThanOrEqual(0.075)
  })

  it('the same requests in both runs make it rarer, not more frequent', () => {
    const random = seededBy(20261123, 'shared requests')
    const normal = normalOf(random)
    const rate = errorsOf(800, () => {
      const shared = Array.from({ length: 40 }, normal)
      const again = () => {
        const treatment = shared.map((each) => each + normal())
        return estimatedBy(meanDifference({ control: treatment.map(() => 0), treatment }))
      }
      return differenceOfEstimates(again(), again()).p
    })
    expect(rate).toBeLessThan(0.02)
  })

  it('whatever moves the two against each other: only the sum of the spreads holds', () => {
    const rates = (['apart', 'anyhow'] as const).map((dependence) => {
      const random = seededBy(20261123, 'against each other')
      const normal = normalOf(random)
      return errorsOf(800, () => {
        const values = Array.from({ length: 40 }, normal)
        const of = (sign: number) => {
          const treatment = values.map((each) => sign * each)
          return estimatedBy(meanDifference({ control: treatment.map(() => 0), treatment }))
        }
        return differenceOfEstimates(of(1), of(-1), dependence).p
      })
    })
    expect(rates[0]).toBeGreaterThan(0.1)
    expect(rates[1]).toBeLessThanOrEqual(most)
  })

  it('sees what is there: p95 latency 1.7 times as long', () => {
    const random = seededBy(20261123, 'power')
    const draw = worlds['the p95 latency of lognormal pairs'] ?? (() => plainOf(0))
    const slower = (): Estimated => {
      const { estimate, lower, upper, ...rest } = draw(random)
      const by = Math.log(1.7)
      return { estimate: estimate + by, lower: lower + by, upper: upper + by, ...rest }
    }
    expect(errorsOf(200, () => differenceOfEstimates(draw(random), slower()).p)).toBeGreaterThan(0.8)
  })
})

function plainOf(estimate: number): Estimated {
  return { estimate, lower: estimate - 1, upper: estimate + 1, alphaOneSided, units: 100 }
}
