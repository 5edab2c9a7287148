// The paired ratio of medians against R's statpsych.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianRatioPaired } from '../../src/stats/median-ratio.ts'
import { quantileRatio } from '../../src/stats/quantile-ratio.ts'
import { near, nearLimits, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('median ratio, $from cases', ({ reference }) => {
  it('equals statpsych, to the seven digits it prints', () => {
    for (const { y1, y2, ratio, LL, UL } of reference.medianRatioPaired_PriceBonett.cases) {
      const estimator = medianRatioPaired({ treatment: y1, control: y2 })
      expect(estimator.estimate).toEqual(near(ratio))
      expect(estimator.limits(0.025)).toEqual(nearLimits([LL, UL]))
    }
  })
})

const ramp = (n: number, step: number): number[] => Array.from({ length: n }, (_, i) => 100 + ((i * step) % n))

describe('medianRatioPaired', () => {
  it.each([100, 101])('is near to the order statistics with %d pairs', (n) => {
    const arms = { control: ramp(n, 7), treatment: ramp(n, 3) }
    const [a, b] = [medianRatioPaired(arms).limits(0.05), quantileRatio({ ...arms, p: 0.5 }).limits(0.05)]
    expect(a.lower).toEqual(near(b.lower, 0.02))
    expect(a.upper).toEqual(near(b.upper, 0.02))
  })
  it('mirrors, scales, and leaves identical arms at exactly 1', () => {
    const latency = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, latency), { minLength: 1, maxLength: 70 }), (rows) => {
        const arms = { control: rows.map(([c]) => c), treatment: rows.map(([, t]) => t) }
        const { lower, upper } = medianRatioPaired(arms).limits(0.05)
        const back = medianRatioPaired({ control: arms.treatment, treatment: arms.control })
        expect(back.limits(0.05)).toEqual(nearLimits([1 / upper, 1 / lower]))
        const slower = medianRatioPaired({ ...arms, treatment: arms.treatment.map((value) => 4 * value) })
        expect(slower.limits(0.05)).toEqual(nearLimits([4 * lower, 4 * upper]))
        const same = medianRatioPaired({ control: arms.control, treatment: arms.control })
        expect(same.estimate).toBe(1)
        expect(same.limits(0.05).lower).toBeLessThanOrEqual(1)
        expect(same.limits(0.05).upper).toBeGreaterThanOrEqual(1)
      }),
    )
  })
  it('knows nothing from one pair', () => {
    const one = medianRatioPaired({ control: [2], treatment: [3] })
    expect(one.estimate).toBe(1.5)
    expect(one.limits(0.05)).toEqual({ lower: 0, upper: Infinity })
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['unequal lengths', { control: [1], treatment: [1, 2] }],
    ['a zero, which has no logarithm', { control: [0, 1], treatment: [1, 1] }],
    ['a timeout', { control: [1, 1], treatment: [1, Infinity] }],
    ['NaN', { control: [Number.NaN], treatment: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => medianRatioPaired(args)).toThrow(RangeError)
  })
})
