// Means of paired differences against SciPy and statsmodels, and the text-change effects that are built from them.

import { describe, expect, it } from 'vitest'
import { meanDifference } from '../../src/stats/mean-difference.ts'
import { pInferior, pNonInferior } from '../../src/stats/p-value.ts'
import { pairedProportions } from '../../src/stats/paired-proportions.ts'
import { near, nearLimits, references } from './reference.ts'

/** 1 where two replays of a request gave different answers. */
function changed(from: number[], to: number[]): number[] {
  return from.map((label, i) => (label === to[i] ? 0 : 1))
}

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
  it('excess of text change over the noise floor', () => {
    const { labels, ...expected } = reference.excessChange
    const { prod, prod2, cand, cand2 } = labels
    const floor = changed(prod, prod2)
    const across = [changed(cand, prod), changed(cand, prod2), changed(cand2, prod), changed(cand2, prod2)]
    const mean = (rows: number[][]): number[] =>
      floor.map((_, i) => rows.reduce((total, row) => total + (row[i] ?? 0), 0) / rows.length)

    const plain = pairedProportions({ control: floor, treatment: changed(cand, prod) })
    expect(plain.estimate).toEqual(near(expected.excess_plain))
    expect(plain.limits(0.05)).toEqual(nearLimits(expected.newcombe90))
    const symmetrised = meanDifference({ control: floor, treatment: mean(across.slice(0, 2)) })
    expect(symmetrised.estimate).toEqual(near(expected.excess_symmetrised))
    expect(symmetrised.limits(0.05)).toEqual(nearLimits(expected.t90))
    const energy = meanDifference({ control: mean([floor, changed(cand, cand2)]), treatment: mean(across) })
    expect(energy.estimate).toEqual(near(expected.energy))
    expect(energy.limits(0.05)).toEqual(nearLimits(expected.energy_t90))
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
