// What holds for every method, whatever the data: one suite over all estimators.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Estimator,
  hitRateDifference,
  meanDifference,
  pairedProportions,
  quantileRatio,
  ratioOfMeans,
} from '../../src/stats/index.ts'
import { near, nearLimits } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

interface Sample {
  readonly control: readonly number[]
  readonly treatment: readonly number[]
  readonly cluster?: readonly number[]
}

interface Method {
  readonly name: string
  readonly of: (sample: Sample) => Estimator
  readonly scale: 'difference' | 'ratio'
}

const isEvent = (value: number): number => (value % 3 === 0 ? 1 : 0)
const cachedOf = (value: number): number => (value * 7919) % (value + 1)

const methods: readonly Method[] = [
  { name: 'quantile ratio p50', scale: 'ratio', of: (sample) => quantileRatio({ ...sample, p: 0.5 }) },
  { name: 'quantile ratio p95', scale: 'ratio', of: (sample) => quantileRatio({ ...sample, p: 0.95 }) },
  { name: 'ratio of means', scale: 'ratio', of: ratioOfMeans },
  { name: 'mean difference', scale: 'difference', of: meanDifference },
  {
    name: 'paired proportions',
    scale: 'difference',
    of: ({ control, treatment, ...rest }) =>
      pairedProportions({ control: control.map(isEvent), treatment: treatment.map(isEvent), ...rest }),
  },
  {
    name: 'hit rate',
    scale: 'difference',
    of: ({ control, treatment, ...rest }) =>
      hitRateDifference({
        controlPrompt: control,
        controlCached: control.map(cachedOf),
        treatPrompt: treatment,
        treatCached: treatment.map(cachedOf),
        ...rest,
      }),
  },
]
const ratios = methods.filter(({ scale }) => scale === 'ratio')
const alphas = [0.5, 0.4, 0.2, 0.1, 0.05, 0.01, 1e-3, 1e-6, 1e-12]

const value = fc.integer({ min: 1, max: 3000 })
const rows = fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 12 })), { minLength: 1, maxLength: 70 })
const samples: fc.Arbitrary<Sample> = fc.tuple(rows, fc.boolean()).map(([list, isClustered]) => {
  const arms = { control: list.map(([c]) => c), treatment: list.map(([, t]) => t) }
  return isClustered ? Object.assign(arms, { cluster: list.map(([, , unit]) => unit) }) : arms
})

function picked(sample: Sample, at: readonly number[]): Sample {
  const of = (values: readonly number[]): number[] => at.map((i) => values[i] ?? Number.NaN)
  const arms = { control: of(sample.control), treatment: of(sample.treatment) }
  return sample.cluster === undefined ? arms : { ...arms, cluster: of(sample.cluster) }
}

function mirrored(x: number, scale: Method['scale']): number {
  return scale === 'ratio' ? 1 / x : 0 - x
}

function scaled(values: readonly number[], by: 4 | 8): number[] {
  return values.map((x) => x * by)
}

describe.each(methods)('$name', ({ of, scale }) => {
  const neutral = scale === 'ratio' ? 1 : 0

  it('limits hold the estimate between them', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(...alphas), (sample, alpha) => {
        const { estimate, limits } = of(sample)
        const { lower, upper } = limits(alpha)
        const rounding = 1e-9 * Math.abs(estimate) + 1e-12
        expect(lower).toBeLessThanOrEqual(estimate + rounding)
        expect(upper).toBeGreaterThanOrEqual(estimate - rounding)
      }),
    )
  })

  it('identical arms: the estimate is exactly neutral and no limit excludes it', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(...alphas), (sample, alpha) => {
        const { estimate, limits } = of({ ...sample, treatment: sample.control })
        expect(estimate).toBe(neutral)
        expect(limits(alpha).lower).toBeLessThanOrEqual(neutral)
        expect(limits(alpha).upper).toBeGreaterThanOrEqual(neutral)
      }),
    )
  })

  it('the order of the pairs does not matter', () => {
    fc.assert(
      fc.property(samples, fc.nat(), (sample, turn) => {
        const n = sample.control.length
        const order = Array.from({ length: n }, (_, i) => (i + turn) % n).toReversed()
        const { lower, upper } = of(sample).limits(0.05)
        expect(of(picked(sample, order)).limits(0.05)).toEqual(nearLimits([lower, upper], 1e-7))
      }),
    )
  })

  it('swapping the arms mirrors estimate and limits', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const there = of(sample)
        const back = of({ ...sample, control: sample.treatment, treatment: sample.control })
        const { lower, upper } = there.limits(0.05)
        expect(back.estimate).toEqual(near(mirrored(there.estimate, scale)))
        // Fieller's set has no mirror image where it reaches 0: a ratio with nothing shown to be above 0 below it is unbounded.
        fc.pre(there.method !== 'fieller' || (lower > 0 && upper < Infinity))
        expect(back.limits(0.05)).toEqual(nearLimits([mirrored(upper, scale), mirrored(lower, scale)], 1e-6))
      }),
    )
  })

  it.each([0, -0.1, 0.500001, 1, Number.NaN, Infinity])('refuses alpha = %d', (alpha) => {
    const estimator = of({ control: [3, 5, 8], treatment: [4, 9, 2] })
    expect(() => estimator.limits(alpha)).toThrow(RangeError)
  })
})

describe.each(methods.filter(({ name }) => !name.startsWith('quantile')))('$name', ({ of }) => {
  it('limits never narrow as alpha falls', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { limits } = of(sample)
        let last = limits(0.5)
        for (const alpha of alphas) {
          const next = limits(alpha)
          expect(next.lower).toBeLessThanOrEqual(last.lower + 1e-9)
          expect(next.upper).toBeGreaterThanOrEqual(last.upper - 1e-9)
          last = next
        }
      }),
    )
  })

  it('duplicated pairs tell no more than the pairs, once clustered', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const single = {
          control: list.map(([c]) => c),
          treatment: list.map(([, t]) => t),
          cluster: list.map((_, i) => i),
        }
        const twice = picked(
          single,
          list.flatMap((_, i) => [i, i]),
        )
        // Pairs that all show the same difference show no dependence either, however often they are repeated.
        fc.pre(new Set(list.map(([c, t]) => isEvent(t) - isEvent(c))).size > 1)
        const { lower, upper } = of(single).limits(0.05)
        expect(of(twice).limits(0.05)).toEqual(nearLimits([lower, upper], 1e-6))
      }),
    )
  })
})

describe.each(ratios)('$name', ({ of }) => {
  it('a common factor changes nothing, a factor on the treatment multiplies all', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { lower, upper } = of(sample).limits(0.05)
        const both = of({ ...sample, control: scaled(sample.control, 8), treatment: scaled(sample.treatment, 8) })
        expect(both.limits(0.05)).toEqual(nearLimits([lower, upper], 1e-7))
        const slower = of({ ...sample, treatment: scaled(sample.treatment, 4) })
        expect(slower.limits(0.05)).toEqual(nearLimits([4 * lower, 4 * upper], 1e-7))
      }),
    )
  })
})
