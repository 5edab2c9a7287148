// The geometric mean of the pairs' ratios: by hand, and by its laws.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { typicalRatio } from '../../src/stats/typical-ratio.ts'
import { near, nearLimits } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe('typicalRatio', () => {
  it('is the paired t interval of the logarithms', () => {
    // ln ratios 0, ln 2, ln 4: mean ln 2, se ln 2 / √3, t₀.₉₅,₂ = 2.91998558.
    const estimator = typicalRatio({ control: [10, 20, 30], treatment: [10, 40, 120] })
    expect(estimator).toMatchObject({ estimate: near(2), n: 3, clusters: 3, method: 'geometric-paired-t' })
    const reach = (2.919985580355516 * Math.LN2) / Math.sqrt(3)
    expect(estimator.limits(0.05)).toEqual(nearLimits([2 * Math.exp(-reach), 2 * Math.exp(reach)]))
  })
  it('mirrors, scales, and leaves identical arms at exactly 1', () => {
    const tokens = fc.integer({ min: 1, max: 3000 })
    fc.assert(
      fc.property(fc.array(fc.tuple(tokens, tokens), { minLength: 1, maxLength: 60 }), (rows) => {
        const arms = {
          control: rows.map(([c]) => c),
          treatment: rows.map(([, t]) => t),
          cluster: rows.map((_, i) => i >> 1),
        }
        const { lower, upper } = typicalRatio(arms).limits(0.05)
        const back = typicalRatio({ ...arms, control: arms.treatment, treatment: arms.control })
        expect(back.limits(0.05)).toEqual(nearLimits([1 / upper, 1 / lower]))
        const more = typicalRatio({ ...arms, treatment: arms.treatment.map((value) => 8 * value) })
        expect(more.limits(0.05)).toEqual(nearLimits([8 * lower, 8 * upper]))
        expect(typicalRatio({ ...arms, treatment: arms.control }).estimate).toBe(1)
      }),
    )
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['a zero, which has no logarithm', { control: [0], treatment: [1] }],
    ['Infinity', { control: [1], treatment: [Infinity] }],
    ['unequal lengths', { control: [1], treatment: [1, 2] }],
    ['NaN', { control: [Number.NaN], treatment: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => typicalRatio(args)).toThrow(RangeError)
  })
})
