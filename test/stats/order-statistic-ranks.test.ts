// Ranks that bound a quantile, against SciPy's incomplete beta and R's qbinom.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf } from '../../src/stats/dist.ts'
import { minimumPairs, orderStatisticRanks } from '../../src/stats/order-statistic-ranks.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('order statistics, $from cases', ({ reference: { orderStatisticRanks: cases } }) => {
  it('ranks', () => {
    for (const { rankLower, rankUpper, integerLower_R_qbinom, integerUpper_R_qbinom_plus1, ...args } of cases.cases) {
      const ranks = orderStatisticRanks(args)
      expect(ranks.lower).toEqual(near(rankLower))
      expect(ranks.upper).toEqual(near(rankUpper))
      expect(Math.floor(ranks.lower)).toBe(integerLower_R_qbinom)
      expect(Math.ceil(ranks.upper)).toBe(integerUpper_R_qbinom_plus1)
    }
  })
  it('minimum n', () => {
    for (const { p, alpha, n } of cases.minNUpper) expect(minimumPairs({ p, alphaOneSided: alpha })).toBe(n)
  })
})

const alphas = fc.double({ min: 1e-12, max: 0.5, noNaN: true })
const shares = fc.double({ min: 0.02, max: 0.98, noNaN: true })

describe('orderStatisticRanks', () => {
  it('a minimum is where the upper rank becomes finite', () => {
    fc.assert(
      fc.property(shares, alphas, (p, alphaOneSided) => {
        const n = minimumPairs({ p, alphaOneSided })
        expect(orderStatisticRanks({ n, p, alphaOneSided }).upper).toBeLessThanOrEqual(n)
        expect(n === 1 || orderStatisticRanks({ n: n - 1, p, alphaOneSided }).upper === Infinity).toBe(true)
      }),
    )
  })
  it('a whole rank has the binomial confidence of its order statistic', () => {
    const { lower, upper } = orderStatisticRanks({ n: 40, p: 0.5, alphaOneSided: binomialCdf(14, 40, 0.5) })
    expect(lower).toEqual(near(15))
    expect(upper).toEqual(near(26))
  })
  it('a minimum that is whole but for rounding is not raised by one', () => {
    expect(Math.log(0.5 ** 29) / Math.log(0.5)).toBeGreaterThan(29)
    expect(minimumPairs({ p: 0.5, alphaOneSided: 0.5 ** 29 })).toBe(29)
  })
  it('ranks never narrow as alpha falls', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 5000, noNaN: true }), shares, alphas, alphas, (n, p, one, other) => {
        const wide = orderStatisticRanks({ n, p, alphaOneSided: Math.min(one, other) })
        const narrow = orderStatisticRanks({ n, p, alphaOneSided: Math.max(one, other) })
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower + 1e-9)
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper - 1e-9)
      }),
    )
  })
  it.each([
    { n: 0, p: 0.5, alphaOneSided: 0.05 },
    { n: Number.NaN, p: 0.5, alphaOneSided: 0.05 },
    { n: 10, p: 1, alphaOneSided: 0.05 },
    { n: 10, p: 0.5, alphaOneSided: 0 },
    { n: 10, p: 0.5, alphaOneSided: 0.51 },
    { n: 10, p: 0.5, alphaOneSided: Number.NaN },
  ])('refuses %o', (args) => {
    expect(() => orderStatisticRanks(args)).toThrow(RangeError)
  })
})
