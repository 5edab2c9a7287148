// Differences of independent shares against statsmodels and Newcombe's own table.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { twoProportions } from '../../src/stats/two-proportions.ts'
import { nearLimits, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

const methods = ['newcombe', 'score', 'agresti-caffo'] as const

describe.each(references)('two proportions, $from cases', ({ reference: { twoProportionDifference } }) => {
  it.each(twoProportionDifference.cases)('$k1 of $n1 against $k2 of $n2', (expected) => {
    const { newcomb, 'agresti-caffo': agrestiCaffo, ...counts } = expected
    expect(twoProportions(counts).limits(0.025)).toEqual(nearLimits(newcomb))
    expect(twoProportions({ ...counts, method: 'agresti-caffo' }).limits(0.025)).toEqual(nearLimits(agrestiCaffo))
  })
})

describe('the score method', () => {
  // statsmodels (0.13 to 0.15) cannot be the reference: the linear term of its likelihood's cubic reads count0·diff
  // instead of nobs0·diff. These are Newcombe 1998, table II, Mee's method; and a search for the likeliest shares with
  // SciPy.
  it.each([
    [{ k1: 56, n1: 70, k2: 48, n2: 80 }, [0.0533, 0.3377], 4],
    [{ k1: 9, n1: 10, k2: 3, n2: 10 }, [0.1821, 0.837], 4],
    [{ k1: 10, n1: 10, k2: 0, n2: 20 }, [0.7225, 1], 4],
    [{ k1: 56, n1: 70, k2: 48, n2: 80 }, [0.05333384928, 0.33772946377], 9],
    [{ k1: 12, n1: 200, k2: 25, n2: 210 }, [-0.11666802433, -0.00373159614], 8],
    [{ k1: 500, n1: 10_000, k2: 560, n2: 10_000 }, [-0.01222607101, 0.00021009772], 8],
  ] as const)('%o', (counts, [lower, upper], digits) => {
    const limits = twoProportions({ ...counts, method: 'score' }).limits(0.025)
    expect(limits.lower).toBeCloseTo(lower, digits)
    expect(limits.upper).toBeCloseTo(upper, digits)
  })
})

const group = fc.integer({ min: 1, max: 60 }).chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)))

describe.each(methods)('%s', (method) => {
  it('stays within −1 and 1, holds the estimate, mirrors, and widens as alpha falls', () => {
    fc.assert(
      fc.property(group, group, ([k1, n1], [k2, n2]) => {
        const { estimate, limits } = twoProportions({ k1, n1, k2, n2, method })
        const { lower, upper } = limits(0.05)
        expect(lower).toBeGreaterThanOrEqual(-1 - 1e-12)
        expect(upper).toBeLessThanOrEqual(1 + 1e-12)
        // Agresti and Caffo move the estimate itself.
        const slack = method === 'agresti-caffo' ? 0.5 : 1e-9
        expect(estimate).toBeGreaterThanOrEqual(lower - slack)
        expect(estimate).toBeLessThanOrEqual(upper + slack)
        const back = twoProportions({ k1: k2, n1: n2, k2: k1, n2: n1, method }).limits(0.05)
        expect(back).toEqual(nearLimits([-upper, -lower], 1e-9))
        expect(limits(0.01).lower).toBeLessThanOrEqual(lower + 1e-12)
        expect(limits(0.01).upper).toBeGreaterThanOrEqual(upper - 1e-12)
      }),
    )
  })
  it('no events in either group leave room for some', () => {
    const { lower, upper } = twoProportions({ k1: 0, n1: 100, k2: 0, n2: 100, method }).limits(0.05)
    expect(upper).toBeGreaterThan(0.01)
    expect(lower).toBeLessThan(-0.01)
  })
  it('refuses alpha = 0', () => {
    expect(() => twoProportions({ k1: 1, n1: 2, k2: 1, n2: 2, method }).limits(0)).toThrow(RangeError)
  })
})

describe('twoProportions', () => {
  it.each([
    ['an empty group', { k1: 0, n1: 0, k2: 1, n2: 2 }],
    ['more events than trials', { k1: 1, n1: 2, k2: 3, n2: 2 }],
    ['a fraction', { k1: 0.5, n1: 2, k2: 1, n2: 2 }],
    ['NaN', { k1: Number.NaN, n1: 2, k2: 1, n2: 2 }],
  ])('refuses %s', (_, counts) => {
    expect(() => twoProportions(counts)).toThrow(RangeError)
  })
})
