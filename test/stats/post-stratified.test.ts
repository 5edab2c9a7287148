// Post-stratification: by hand, and against the paradox that it is for.

import { describe, expect, it } from 'vitest'
import { postStratified } from '../../src/stats/post-stratified.ts'
import { near, nearLimits } from './reference.ts'

describe('postStratified', () => {
  it('weighs each segment by its size', () => {
    const both = postStratified({ differences: [0.02, -0.01], standardErrors: [0.01, 0.02], sizes: [300, 100] })
    expect(both.estimate).toEqual(near(0.0125))
    const standardError = Math.hypot(0.0075, 0.005)
    expect(both.standardError).toEqual(near(standardError))
    const reach = 1.6448536269514722 * standardError
    expect(both.limits(0.05)).toEqual(nearLimits([0.0125 - reach, 0.0125 + reach]))
  })
  it('an unequal mix shows no effect that no segment has', () => {
    // Refusals of 10 % and 40 % in both arms; the treatment happens to get more of the second kind.
    const crude = (100 * 0.1 + 300 * 0.4) / 400 - (300 * 0.1 + 100 * 0.4) / 400
    expect(crude).toBeCloseTo(0.15, 9)
    const honest = postStratified({ differences: [0, 0], standardErrors: [0.03, 0.05], sizes: [400, 400] })
    expect(honest.estimate).toBe(0)
    expect(honest.limits(0.05).lower).toBeLessThan(0)
  })
  it('a segment of which nothing is known leaves nothing known', () => {
    const one = postStratified({ differences: [0, 0], standardErrors: [0.03, Infinity], sizes: [400, 4] })
    expect(one.limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  it.each([
    ['no segments', { differences: [], standardErrors: [], sizes: [] }],
    ['a segment of nobody', { differences: [0], standardErrors: [1], sizes: [0] }],
    ['a negative standard error', { differences: [0], standardErrors: [-1], sizes: [1] }],
    ['NaN', { differences: [Number.NaN], standardErrors: [1], sizes: [1] }],
    ['unequal lengths', { differences: [0], standardErrors: [1, 2], sizes: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => postStratified(args)).toThrow(RangeError)
  })
  it('refuses alpha = 0', () => {
    const { limits } = postStratified({ differences: [0], standardErrors: [1], sizes: [1] })
    expect(() => limits(0)).toThrow(RangeError)
  })
})
