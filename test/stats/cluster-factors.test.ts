// Design effects against the design's own case, and at their ends.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clusterFactor, designEffect, fewUnitsFactor } from '../../src/stats/cluster-factors.ts'
import { meanDifference } from '../../src/stats/mean-difference.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('cluster factors, $from cases', ({ reference }) => {
  it('of paired events', () => {
    const { control, treatment, cluster, deff, kappa } = reference.clusteredPairedBinary
    const effect = designEffect({ values: treatment.map((value, i) => value - (control[i] ?? 0)), cluster })
    expect(effect).toEqual(near(deff))
    const clusters = new Set(cluster).size
    expect(clusterFactor({ designEffect: effect, clusters, alphaOneSided: 0.05 })).toEqual(near(kappa))
  })
  it('of a mean: the ratio of its standard errors, squared', () => {
    const { x, y, groups_unequal: cluster, cluster_unequal, paired } = reference.meanDifference
    const effect = designEffect({ values: y.map((value, i) => value - (x[i] ?? 0)), cluster })
    // The paired t's se divides by n(n − 1), the naive variance here by n².
    const naive = (paired.mean / paired.t) ** 2 * ((x.length - 1) / x.length)
    expect(effect).toEqual(near(cluster_unequal.se ** 2 / naive))
  })
})

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 60 })

describe('designEffect', () => {
  it('each pair its own unit: n / (n − 1), or 1 where nothing varies', () => {
    fc.assert(
      fc.property(values, (list) => {
        const n = list.length
        const expected = new Set(list).size === 1 ? 1 : n / (n - 1)
        expect(designEffect({ values: list, cluster: list.map((_, i) => i) })).toEqual(near(expected, 1e-9))
      }),
    )
  })
  it('values repeated k times over are worth one: k times as much', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 5 }), (list, k) => {
        fc.pre(new Set(list).size > 1)
        const own = list.map((_, i) => i)
        const repeated = Array.from({ length: k }, () => list).flat()
        const cluster = Array.from({ length: k }, () => own).flat()
        expect(designEffect({ values: repeated, cluster })).toEqual(
          near(k * designEffect({ values: list, cluster: own }), 1e-9),
        )
      }),
    )
  })
  it('a third of a whole that does not vary is not taken for dependence', () => {
    const constant = Array.from({ length: 30 }, () => 1 / 3)
    expect(designEffect({ values: constant, cluster: constant.map((_, i) => i % 3) })).toBe(1)
  })
  it('one unit shows nothing of how units vary', () => {
    expect(designEffect({ values: [1, 2], cluster: [5, 5] })).toBe(Infinity)
    expect(clusterFactor({ designEffect: 1, clusters: 1, alphaOneSided: 0.05 })).toBe(Infinity)
  })
  it.each([
    ['no values', { values: [], cluster: [] }],
    ['unequal lengths', { values: [1, 2], cluster: [1] }],
    ['NaN', { values: [Number.NaN, 2], cluster: [1, 2] }],
    ['a cluster id that is NaN', { values: [1, 2], cluster: [1, Number.NaN] }],
  ])('refuses %s', (_, args) => {
    expect(() => designEffect(args)).toThrow(RangeError)
  })
})

describe('fewUnitsFactor', () => {
  it('is what widens t over z, and fades with the number of units', () => {
    expect(fewUnitsFactor(0.05, 12)).toEqual(near((1.7958848187036691 / 1.6448536269514722) ** 2))
    const [few = 0, many = 0] = [10, 10_000].map((clusters) => fewUnitsFactor(0.05, clusters))
    expect(few).toBeGreaterThan(many)
    expect(many).toBeGreaterThan(1)
    expect(many).toBeLessThan(1.001)
  })
  it('has a value at alpha = 0.5, where both quantiles are 0', () => {
    expect(fewUnitsFactor(0.5, 12)).toBeGreaterThan(1)
    expect(fewUnitsFactor(0.5, 12)).toBeLessThan(1.1)
  })
  it.each([
    [0, 12],
    [0.6, 12],
    [0.05, 0],
    [0.05, 1.5],
  ])('refuses alpha = %d with %d units', (alpha, clusters) => {
    expect(() => fewUnitsFactor(alpha, clusters)).toThrow(RangeError)
  })
  it('a negative design effect is refused', () => {
    expect(() => clusterFactor({ designEffect: -1, clusters: 5, alphaOneSided: 0.05 })).toThrow(RangeError)
  })
  it('equals what clustered means are widened by', () => {
    const arms = { control: [1, 2, 3, 4], treatment: [2, 2, 5, 9], cluster: [1, 1, 2, 2] }
    const { limits, estimate } = meanDifference(arms)
    const effect = designEffect({ values: [1, 0, 2, 5], cluster: arms.cluster })
    const naive = 14 / 16
    const t = 1.6448536269514722 * Math.sqrt(fewUnitsFactor(0.05, 2))
    expect(limits(0.05).upper - estimate).toEqual(near(t * Math.sqrt(effect * naive)))
  })
})
