// Fieller's limits against the inversion of SciPy's t-test, and at their boundaries.

import { describe, expect, it } from 'vitest'
import { ratioOfMeans } from '../../src/stats/ratio-of-means.ts'
import { near, nearLimits, oneSided, references } from './reference.ts'

describe.each(references)('ratio of means, $from cases', ({ reference: { ratioOfMeans: reference } }) => {
  it('unclustered', () => {
    for (const { control, treatment, twoSidedLevel, ratio, fieller } of reference.cases) {
      const estimator = ratioOfMeans({ control, treatment })
      expect(estimator.estimate).toEqual(near(ratio))
      expect(estimator.limits(oneSided(twoSidedLevel))).toEqual(nearLimits(fieller))
    }
  })
  it('clustered', () => {
    const { control, treatment, cluster, twoSidedLevel, ratio, fieller_on_cluster_totals, df } = reference.clustered
    const estimator = ratioOfMeans({ control, treatment, cluster })
    expect(estimator.estimate).toEqual(near(ratio))
    expect(estimator.clusters).toBe(df + 1)
    expect(estimator.limits(oneSided(twoSidedLevel))).toEqual(nearLimits(fieller_on_cluster_totals))
  })
})

describe('ratioOfMeans', () => {
  it.each([
    ['one pair', [10], [20], 2],
    ['no control total', [0, 0, 0], [1, 2, 3], Infinity],
    ['no tokens at all', [0, 0], [0, 0], 1],
    ['a control not shown to differ from 0', [0, 0, 0, 900], [10, 20, 30, 40], 100 / 900],
  ])('knows nothing from %s', (_, control, treatment, estimate) => {
    const estimator = ratioOfMeans({ control, treatment })
    expect(estimator.estimate).toBe(estimate)
    expect(estimator.limits(0.05)).toEqual({ lower: 0, upper: Infinity })
  })
  it('a constant factor is known exactly', () => {
    const estimator = ratioOfMeans({ control: [20, 25, 29, 30], treatment: [40, 50, 58, 60] })
    expect(estimator.limits(0.05)).toEqual({ lower: 2, upper: 2 })
  })
  it('the lower limit stops at 0', () => {
    const estimator = ratioOfMeans({ control: [10, 11, 9, 10], treatment: [0, 0, 0, 5] })
    expect(estimator.limits(0.01).lower).toBe(0)
    expect(estimator.limits(0.01).upper).toBeGreaterThan(0.3)
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['unequal lengths', { control: [1, 2], treatment: [1] }],
    ['negative tokens', { control: [1, 2], treatment: [1, -1] }],
    ['infinite tokens', { control: [1, Infinity], treatment: [1, 1] }],
    ['NaN', { control: [1, Number.NaN], treatment: [1, 1] }],
  ])('refuses %s', (_, args) => {
    expect(() => ratioOfMeans(args)).toThrow(RangeError)
  })
})
