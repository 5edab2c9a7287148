// Clopper and Pearson's interval against statsmodels, and its promise.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clopperPearson } from '../../src/stats/clopper-pearson.ts'
import { binomialCdf } from '../../src/stats/dist.ts'
import { near, nearLimits, oneSided, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('Clopper and Pearson, $from cases', ({ reference: { singleProportion } }) => {
  it('equals statsmodels', () => {
    for (const { k, n, twoSidedLevel, clopperPearson: expected } of singleProportion.cases) {
      expect(clopperPearson({ k, n, alphaOneSided: oneSided(twoSidedLevel) })).toEqual(nearLimits(expected))
    }
  })
})

describe('clopperPearson', () => {
  it('a limit is the share that would show so many events with probability alpha', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (n, seed) => {
        const k = seed % n
        const { upper } = clopperPearson({ k, n, alphaOneSided: 0.05 })
        expect(binomialCdf(k, n, upper)).toEqual(near(0.05, 1e-9))
      }),
    )
  })
  it('ends exactly at 0 without events and at 1 with nothing else', () => {
    expect(clopperPearson({ k: 0, n: 10, alphaOneSided: 0.05 }).lower).toBe(0)
    expect(clopperPearson({ k: 10, n: 10, alphaOneSided: 0.05 }).upper).toBe(1)
  })
  it.each([
    ['no trials', { k: 0, n: 0, alphaOneSided: 0.05 }],
    ['more events than trials', { k: 3, n: 2, alphaOneSided: 0.05 }],
    ['a fraction', { k: 0.5, n: 2, alphaOneSided: 0.05 }],
    ['alpha = 0', { k: 1, n: 2, alphaOneSided: 0 }],
  ])('refuses %s', (_, args) => {
    expect(() => clopperPearson(args)).toThrow(RangeError)
  })
})
