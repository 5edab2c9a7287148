// The signed-rank test against R's wilcox.test and SciPy, and against all assignments of signs.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signFlip } from '../../src/stats/sign-flip.ts'
import { wilcoxonSignedRank } from '../../src/stats/wilcoxon.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('wilcoxon, $from cases', ({ reference }) => {
  it('exact, as R', () => {
    for (const { diffs, exact_two_sided, exact_greater } of reference.wilcoxonSignedRank.cases) {
      const test = wilcoxonSignedRank({ diffs })
      expect(test.method).toBe(exact_two_sided === null ? 'normal' : 'exact')
      if (exact_two_sided === null || exact_greater === null) continue
      expect(test.V).toBe(exact_two_sided.V)
      expect(test.twoSided).toEqual(near(exact_two_sided.p))
      expect(test.greater).toEqual(near(exact_greater.p))
    }
  })
  it('normal, as R and SciPy', () => {
    for (const { diffs, ...expected } of reference.wilcoxonSignedRank.cases) {
      const corrected = wilcoxonSignedRank({ diffs, exact: false })
      const plain = wilcoxonSignedRank({ diffs, exact: false, correct: false })
      expect(corrected.V).toBe(expected.normal_cc_two_sided.V)
      expect(corrected.twoSided).toEqual(near(expected.normal_cc_two_sided.p))
      expect(corrected.greater).toEqual(near(expected.normal_cc_greater.p))
      expect(plain.twoSided).toEqual(near(expected.normal_nocc_two_sided.p))
      const [smaller, p] = expected.scipy_wilcox_approx
      expect(Math.min(plain.V, (plain.n * (plain.n + 1)) / 2 - plain.V)).toBe(smaller)
      expect(plain.twoSided).toEqual(near(p))
      expect(corrected.twoSided).toEqual(near(expected.scipy_wilcox_approx_cc[1]))
    }
  })
})

const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
const signed = fc.tuple(distinct, fc.nat()).map(([sizes, signs]) => sizes.map((x, i) => ((signs >> i) & 1 ? x : -x)))

describe('wilcoxonSignedRank', () => {
  it('exact p-values count the assignments of signs to the ranks', () => {
    fc.assert(
      fc.property(signed, (diffs) => {
        const sizes = diffs.map(Math.abs).toSorted((a, b) => a - b)
        const ranks = diffs.map((value) => Math.sign(value) * (1 + sizes.indexOf(Math.abs(value))))
        const flips = signFlip({ diffs: ranks })
        const test = wilcoxonSignedRank({ diffs })
        expect(test.greater).toEqual(near(flips.greater))
        expect(test.less).toEqual(near(flips.less))
        expect(test.twoSided).toEqual(near(flips.twoSided))
      }),
    )
  })
  it('mirrored differences swap greater and less', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 80 })
    fc.assert(
      fc.property(values, (diffs) => {
        const there = wilcoxonSignedRank({ diffs })
        const back = wilcoxonSignedRank({ diffs: diffs.map((value) => 0 - value) })
        expect(back.greater).toEqual(near(there.less))
        expect(back.less).toEqual(near(there.greater))
        expect(back.twoSided).toEqual(near(there.twoSided))
        expect(there.twoSided).toBeLessThanOrEqual(1)
      }),
    )
  })
  it('drops zeros, and says nothing where nothing is left', () => {
    const some = wilcoxonSignedRank({ diffs: [0, 3, 0, -1] })
    expect(some).toMatchObject({ n: 2, V: 2, method: 'normal' })
    expect(wilcoxonSignedRank({ diffs: [0, 0] })).toMatchObject({ n: 0, V: 0, twoSided: 1, greater: 1, less: 1 })
  })
  it('is normal from 50 on, and near the exact value there', () => {
    const diffs = Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1))
    const [normal, exact] = [wilcoxonSignedRank({ diffs }), wilcoxonSignedRank({ diffs, exact: true })]
    expect([normal.method, exact.method]).toEqual(['normal', 'exact'])
    expect(normal.twoSided).toEqual(near(exact.twoSided, 0.05))
  })
  it.each([
    ['no differences', { diffs: [] }],
    ['NaN', { diffs: [1, Number.NaN] }],
    ['Infinity', { diffs: [1, Infinity] }],
    ['exact with ties', { diffs: [1, 1, 2], exact: true }],
    ['exact with zeros', { diffs: [0, 1, 2], exact: true }],
  ])('refuses %s', (_, args) => {
    expect(() => wilcoxonSignedRank(args)).toThrow(RangeError)
  })
})
