// Adjusted p-values against R's p.adjust.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg, holm } from '../../src/stats/adjust.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('adjust, $from cases', ({ reference: { pAdjust } }) => {
  it('equals R', () => {
    for (const { p, holm: expectedHolm, BH } of pAdjust.cases) {
      for (const [i, value] of holm(p).entries()) expect(value).toEqual(near(expectedHolm[i] ?? Number.NaN))
      for (const [i, value] of benjaminiHochberg(p).entries()) expect(value).toEqual(near(BH[i] ?? Number.NaN))
    }
  })
})

describe('holm and benjaminiHochberg', () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 })
  it('p ≤ BH ≤ Holm ≤ 1, in the order given', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const family = holm(p)
        for (const [i, value] of benjaminiHochberg(p).entries()) {
          expect(value).toBeGreaterThanOrEqual((p[i] ?? 2) * (1 - 1e-12))
          expect(value).toBeLessThanOrEqual((family[i] ?? -1) * (1 + 1e-12))
          expect(family[i]).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
  it('nothing stays nothing', () => {
    expect(holm([])).toEqual([])
    expect(benjaminiHochberg([])).toEqual([])
  })
  it('leave their argument as it is', () => {
    const p = Object.freeze([0.4, 0.01])
    expect(holm(p)).toEqual([0.4, 0.02])
  })
  it.each([[[0.5, Number.NaN]], [[-0.1]], [[1.1]]])('refuse %o', (p) => {
    expect(() => holm(p)).toThrow(RangeError)
    expect(() => benjaminiHochberg(p)).toThrow(RangeError)
  })
})
