// Tango's score interval against ratesci and PropCIs.

import { describe, expect, it } from 'vitest'
import { tango } from '../../src/stats/tango.ts'
import { nearLimits, oneSided, references } from './reference.ts'

describe.each(references)('tango, $from cases', ({ reference: { pairedProportionDifference } }) => {
  it('equals both R packages', () => {
    const { cases, tolerance } = pairedProportionDifference
    for (const { n11, treatOnly, ctrlOnly, n00, twoSidedLevel, ...expected } of cases) {
      const n = n11 + treatOnly + ctrlOnly + n00
      const limits = tango({ treatOnly, ctrlOnly, n, alphaOneSided: oneSided(twoSidedLevel) })
      expect(limits).toEqual(nearLimits(expected.tango, tolerance))
      for (const [lower, upper] of [expected.tango_ratesci, expected.tango_PropCIs]) {
        expect(Math.abs(limits.lower - lower)).toBeLessThan(tolerance)
        expect(Math.abs(limits.upper - upper)).toBeLessThan(tolerance)
      }
    }
  })
})

describe('tango', () => {
  it('reaches the ends where every pair is discordant', () => {
    const { lower, upper } = tango({ treatOnly: 20, ctrlOnly: 0, n: 20, alphaOneSided: 0.05 })
    expect(upper).toBeCloseTo(1, 9)
    expect(lower).toBeGreaterThan(0.7)
  })
  it.each([
    ['more discordant pairs than pairs', { treatOnly: 3, ctrlOnly: 2, n: 4, alphaOneSided: 0.05 }],
    ['no pairs', { treatOnly: 0, ctrlOnly: 0, n: 0, alphaOneSided: 0.05 }],
    ['a fraction', { treatOnly: 0.5, ctrlOnly: 0, n: 4, alphaOneSided: 0.05 }],
    ['alpha = 0', { treatOnly: 1, ctrlOnly: 0, n: 4, alphaOneSided: 0 }],
  ])('refuses %s', (_, args) => {
    expect(() => tango(args)).toThrow(RangeError)
  })
})
