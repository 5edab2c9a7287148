// p-values: consistent with the limits they are made from.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/stats/dist.ts'
import type { Estimator } from '../../src/stats/estimator.ts'
import { pInferior, pNonInferior } from '../../src/stats/p-value.ts'
import { pairedProportionsFromCounts } from '../../src/stats/paired-proportions.ts'
import { quantileRatio } from '../../src/stats/quantile-ratio.ts'
import { near } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

function estimatorWith(limits: Estimator['limits']): Estimator {
  return { method: 'test', control: 0, treatment: 0, estimate: 0, n: 1, clusters: 1, limits }
}

/** A normal estimate of 0 with a standard error of 1. */
const normal = estimatorWith((alpha) => ({ lower: normalQuantile(alpha), upper: -normalQuantile(alpha) }))

describe('p-values', () => {
  it.each([-7, -2, -0.5, 0, 0.3, 1.645, 7])('of a normal estimate are its tails, at margin %d', (margin) => {
    expect(pInferior(normal, margin)).toEqual(near(normalCdf(margin)))
    expect(pNonInferior(normal, margin)).toEqual(near(normalCdf(-margin)))
  })
  it('end at |z| = 8', () => {
    expect(pInferior(normal, -50)).toBe(normalCdf(-8))
    expect(pInferior(normal, 50)).toBe(1)
    expect(pNonInferior(normal, 50)).toBe(normalCdf(-8))
    expect(pNonInferior(normal, -50)).toBe(1)
  })
  it('agree with the limits: p ≤ alpha exactly where the limit is beyond the margin', () => {
    const count = fc.integer({ min: 0, max: 40 })
    const margins = fc.integer({ min: -9, max: 9 }).map((tenths) => tenths / 10)
    fc.assert(
      fc.property(count, count, count, count, margins, (n11, treatOnly, ctrlOnly, n00, margin) => {
        const estimator = pairedProportionsFromCounts({ n11, treatOnly, ctrlOnly, n00: n00 + 1 })
        const pAbove = pInferior(estimator, margin)
        const pBelow = pNonInferior(estimator, margin)
        const disagreements = [0.2, 0.05, 0.001].filter((alpha) => {
          const { lower, upper } = estimator.limits(alpha)
          // A limit on the margin itself is a matter of the last digit.
          const isAbove = Math.abs(lower - margin) > 1e-9 && pAbove <= alpha !== lower > margin
          return isAbove || (Math.abs(upper - margin) > 1e-9 && pBelow <= alpha !== upper < margin)
        })
        expect(disagreements).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
  it('take the largest of several crossings', () => {
    // The lower limit dips below the margin for z between 1 and 2, and comes back above it up to 3.
    const dented = estimatorWith((alpha) => {
      const z = -normalQuantile(alpha)
      return { lower: (z >= 1 && z <= 2) || z >= 3 ? -1 : 1, upper: 2 }
    })
    expect(pInferior(dented, 0)).toEqual(near(normalCdf(-1)))
  })
  it('of a candidate whose p95 is a timeout', () => {
    const control = Array.from({ length: 200 }, (_, i) => 100 + i)
    const treatment = control.map((value, i) => (i % 8 === 0 ? Infinity : value))
    const estimator = quantileRatio({ control, treatment, p: 0.95 })
    expect(pInferior(estimator, 1.2)).toBeLessThan(0.001)
    expect(pNonInferior(estimator, 1.2)).toBeGreaterThan(0.999)
  })
  it('refuse a margin that is NaN', () => {
    expect(() => pInferior(normal, Number.NaN)).toThrow(RangeError)
    expect(() => pNonInferior(normal, Number.NaN)).toThrow(RangeError)
  })
})
