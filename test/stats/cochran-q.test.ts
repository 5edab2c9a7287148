// Heterogeneity of segments, against SciPy's chi-square.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cochranQ } from '../../src/stats/cochran-q.ts'
import { near } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe('cochranQ', () => {
  it('four segments', () => {
    const test = cochranQ({ estimates: [0.1, 0.3, -0.05, 0.22], standardErrors: [0.1, 0.08, 0.12, 0.2] })
    expect(test).toEqual({
      Q: near(6.552777227722771),
      df: 3,
      p: near(0.08760417747803982),
      pooled: near(0.16796039603960394),
    })
  })
  it('equal effects and a single segment have nothing to differ by', () => {
    expect(cochranQ({ estimates: [0.25, 0.25], standardErrors: [0.1, 0.3] })).toMatchObject({ Q: 0, p: 1 })
    expect(cochranQ({ estimates: [0.3], standardErrors: [0.1] })).toEqual({ Q: 0, df: 0, p: 1, pooled: 0.3 })
  })
  it('a common shift changes nothing; a common scale of errors divides Q', () => {
    const segment = fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: 1, max: 50 }))
    fc.assert(
      fc.property(fc.array(segment, { minLength: 2, maxLength: 12 }), (segments) => {
        const [estimates, standardErrors] = [segments.map(([e]) => e / 100), segments.map(([, se]) => se / 100)]
        const { Q, p } = cochranQ({ estimates, standardErrors })
        const shifted = cochranQ({ estimates: estimates.map((e) => e + 1), standardErrors })
        expect(Math.abs(shifted.Q - Q)).toBeLessThan(1e-6 * (1 + Q))
        const surer = cochranQ({ estimates, standardErrors: standardErrors.map((se) => se / 2) })
        expect(surer.Q).toEqual(near(4 * Q, 1e-9))
        expect(surer.p).toBeLessThanOrEqual(p)
      }),
    )
  })
  it.each([
    ['no segments', { estimates: [], standardErrors: [] }],
    ['a standard error of 0', { estimates: [1], standardErrors: [0] }],
    ['an infinite one: leave that segment out', { estimates: [1], standardErrors: [Infinity] }],
    ['NaN', { estimates: [Number.NaN], standardErrors: [1] }],
    ['unequal lengths', { estimates: [1, 2], standardErrors: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => cochranQ(args)).toThrow(RangeError)
  })
})
