// Means of paired differences against SciPy and statsmodels.

import { describe, expect, it } from 'vitest'
import { meanDifference } from '../../src/stats/mean-difference.ts'
import { pInferior, pNonInferior } from '../../src/stats/p-value.ts'
import { near, nearLimits, references } from './reference.ts'

describe.each(references)('mean difference, $from cases', ({ reference }) => {
  const { x, y, paired, groups_equal, groups_unequal, cluster_equal, cluster_unequal } = reference.meanDifference
  it('paired', () => {
    const estimator = meanDifference({ control: x, treatment: y })
    expect(estimator.estimate).toEqual(near(paired.mean))
    expect(estimator.limits(0.05)).toEqual(nearLimits(paired.ci90))
  })
  it('its p-values are those of the paired t-test', () => {
    const estimator = meanDifference({ control: x, treatment: y })
    expect(pNonInferior(estimator, 0)).toEqual(near(paired.p_less))
    expect(2 * pInferior(estimator, 0)).toEqual(near(paired.p_two))
  })
  it('clustered', () => {
    const equal = meanDifference({ control: x, treatment: y, cluster: groups_equal })
    expect(equal.limits(0.05)).toEqual(nearLimits(cluster_equal.ci90_t_Gminus1))
    const unequal = meanDifference({ control: x, treatment: y, cluster: groups_unequal })
    expect(unequal.limits(0.05)).toEqual(nearLimits(cluster_unequal.ci90_t_Gminus1))
  })
})

describe('meanDifference', () => {
  it.each([
    ['one pair', undefined, 1],
    ['one cluster', [4, 4, 4], 3],
  ])('knows no error from %s', (_, cluster, n) => {
    const values = [1, 2, 4].slice(0, n)
    const estimator = meanDifference({ control: values, treatment: values.map((value) => value + 1), cluster })
    expect(estimator.estimate).toBe(1)
    expect(estimator.clusters).toBe(1)
    expect(estimator.limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['unequal lengths', { control: [1], treatment: [1, 2] }],
    ['Infinity', { control: [1], treatment: [Infinity] }],
    ['NaN', { control: [Number.NaN], treatment: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => meanDifference(args)).toThrow(RangeError)
  })
})
