// Quantiles of type 7 against R and simple-statistics, and with timeouts.

import * as fc from 'fast-check'
import { quantileSorted } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { logAtRank, positionType7, quantileType7 } from '../../src/stats/quantile.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('type 7, $from cases', ({ reference }) => {
  it('equals R', () => {
    for (const { x, p, q7 } of reference.quantileType7.cases) {
      expect(quantileType7(Float64Array.from(x).toSorted(), p)).toEqual(near(q7))
    }
  })
})

describe('quantileType7', () => {
  it('equals simple-statistics where all is finite', () => {
    const samples = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 100 }), (sample, percent) => {
        const sorted = sample.toSorted((x, y) => x - y)
        expect(quantileType7(sorted, percent / 100)).toEqual(near(quantileSorted(sorted, percent / 100), 1e-9))
      }),
    )
  })
  it.each([
    ['leans on a timeout', [1, 2, 3, Infinity], 0.9, Infinity],
    ['stops at the last finite value', [1, 2, 3, Infinity], 2 / 3, 3],
    ['all timeouts', [Infinity, Infinity], 0.5, Infinity],
    ['one value', [7], 0.95, 7],
    ['the maximum', [1, 2, 9], 1, 9],
  ])('%s', (_, sorted, p, expected) => {
    expect(quantileType7(sorted, p)).toBe(expected)
  })
  it('a position that is whole but for rounding has no weight on the timeout above', () => {
    expect(100 * 0.07).not.toBe(7)
    expect(positionType7(101, 0.07)).toEqual({ below: 7, weight: 0 })
  })
  it.each([
    ['an empty sample', [], 0.5],
    ['an unsorted one', [2, 1], 0.5],
    ['NaN', [1, Number.NaN], 0.5],
    ['p above 1', [1], 1.01],
    ['p that is NaN', [1], Number.NaN],
  ])('refuses %s', (_, sorted, p) => {
    expect(() => quantileType7(sorted, p)).toThrow(RangeError)
  })
})

describe('logAtRank', () => {
  const sorted = Float64Array.of(0, 1, Math.E, Math.E ** 3, Infinity)
  it.each([
    [0.9, -Infinity],
    [1, -Infinity],
    [1.5, -Infinity],
    [2, 0],
    [2.5, 0.5],
    [3.25, 1.5],
    [4, 3],
    [4.01, Infinity],
    [5.01, Infinity],
  ])('rank %d of 0, 1, e, e³, ∞ is e to the %d', (rank, expected) => {
    expect(logAtRank(sorted, rank)).toEqual(near(expected))
  })
})
