// Wilson's interval against statsmodels.

import { describe, expect, it } from 'vitest'
import { wilson } from '../../src/stats/wilson.ts'
import { nearLimits, oneSided, references } from './reference.ts'

describe.each(references)('wilson, $from cases', ({ reference: { singleProportion } }) => {
  it('equals statsmodels', () => {
    for (const { k, n, twoSidedLevel, wilson: expected } of singleProportion.cases) {
      expect(wilson({ k, n, alphaOneSided: oneSided(twoSidedLevel) })).toEqual(nearLimits(expected))
    }
  })
})

describe('wilson', () => {
  it('ends exactly at 0 without events and at 1 with nothing else', () => {
    const sizes = Array.from({ length: 300 }, (_, i) => i + 1)
    expect(sizes.filter((n) => wilson({ k: 0, n, alphaOneSided: 0.05 }).lower !== 0)).toEqual([])
    expect(sizes.filter((n) => wilson({ k: n, n, alphaOneSided: 0.05 }).upper !== 1)).toEqual([])
  })
  it.each([
    ['no trials', { k: 0, n: 0, alphaOneSided: 0.05 }],
    ['more events than trials', { k: 3, n: 2, alphaOneSided: 0.05 }],
    ['a negative count', { k: -1, n: 2, alphaOneSided: 0.05 }],
    ['NaN', { k: Number.NaN, n: 2, alphaOneSided: 0.05 }],
    ['alpha above a half', { k: 1, n: 2, alphaOneSided: 0.6 }],
  ])('refuses %s', (_, args) => {
    expect(() => wilson(args)).toThrow(RangeError)
  })
})
