// Newcombe's method 10 against R (ratesci), clustered against the design, and where there are no events.

import { describe, expect, it } from 'vitest'
import { clusterFactor } from '../../src/stats/cluster-factors.ts'
import { pairedProportions, pairedProportionsFromCounts } from '../../src/stats/paired-proportions.ts'
import { near, nearLimits, oneSided, references } from './reference.ts'

describe.each(references)('paired proportions, $from cases', ({ reference }) => {
  it('method 10', () => {
    const { cases, tolerance } = reference.pairedProportionDifference
    for (const {
      newcombe_method10,
      newcombe_wilson_corrected_phi_ratesci: ratesci,
      twoSidedLevel,
      ...counts
    } of cases) {
      const limits = pairedProportionsFromCounts(counts).limits(oneSided(twoSidedLevel))
      expect(limits).toEqual(nearLimits(newcombe_method10, tolerance))
      // ratesci's figures were recorded to six decimals.
      expect(Math.abs(limits.lower - ratesci[0])).toBeLessThan(tolerance)
      expect(Math.abs(limits.upper - ratesci[1])).toBeLessThan(tolerance)
    }
  })
  it('clustered', () => {
    const { control, treatment, cluster, deff, kappa, limits_one_sided_95 } = reference.clusteredPairedBinary
    const estimator = pairedProportions({ control, treatment, cluster })
    expect(estimator.designEffect).toEqual(near(deff))
    expect(clusterFactor({ ...estimator, alphaOneSided: 0.05 })).toEqual(near(kappa))
    expect(estimator.limits(0.05)).toEqual(nearLimits(limits_one_sided_95))
  })
  it('pairs without a single event that a margin takes', () => {
    for (const { margin, alphaOneSided, n } of reference.sampleSize.cases.zeroEvents) {
      const upper = (n00: number): number =>
        pairedProportionsFromCounts({ n11: 0, treatOnly: 0, ctrlOnly: 0, n00 }).limits(alphaOneSided).upper
      expect(upper(n)).toBeLessThanOrEqual(margin)
      expect(upper(n - 1)).toBeGreaterThan(margin)
    }
  })
})

describe('pairedProportions', () => {
  it('counts pairs as the table does', () => {
    const control = Uint8Array.of(1, 1, 0, 0, 0, 1)
    const treatment = Uint8Array.of(1, 0, 1, 0, 1, 1)
    const estimator = pairedProportions({ control, treatment })
    expect(estimator.counts).toEqual({ n11: 2, treatOnly: 2, ctrlOnly: 1, n00: 1 })
    expect(estimator.limits(0.05)).toEqual(pairedProportionsFromCounts(estimator.counts).limits(0.05))
    expect([estimator.control, estimator.treatment]).toEqual([3 / 6, 4 / 6])
  })
  it('all events in both arms mirror none', () => {
    const none = pairedProportionsFromCounts({ n11: 0, treatOnly: 0, ctrlOnly: 0, n00: 80 }).limits(0.05)
    const all = pairedProportionsFromCounts({ n11: 80, treatOnly: 0, ctrlOnly: 0, n00: 0 }).limits(0.05)
    expect(all).toEqual(nearLimits([none.lower, none.upper], 1e-12))
    expect(none.upper).toEqual(near(-none.lower))
  })
  it('no events in 40 conversations of 5 still bound the difference', () => {
    const none = new Uint8Array(200)
    const estimator = pairedProportions({ control: none, treatment: none, cluster: Array.from(none, (_, i) => i % 40) })
    expect(estimator.designEffect).toBe(1)
    expect(estimator.limits(0.05).upper).toBeGreaterThan(0.0133)
    expect(estimator.limits(0.05).upper).toBeLessThan(0.02)
  })
  it('differences that cancel within conversations do not narrow the limits', () => {
    // In each conversation of two, each arm fails once: deff is 0.
    const control = Array.from({ length: 80 }, (_, i) => i % 2)
    const treatment = control.map((event) => 1 - event)
    const clustered = pairedProportions({ control, treatment, cluster: control.map((_, i) => Math.floor(i / 2)) })
    expect(clustered.designEffect).toBe(0)
    expect(clustered.limits(0.05).upper).toBeGreaterThan(pairedProportions({ control, treatment }).limits(0.05).upper)
  })
  it.each([
    ['with a difference', [0, 0, 1], [1, 1, 1]],
    ['without one', [0, 0, 0], [0, 0, 0]],
  ])('knows nothing from one cluster %s', (_, control, treatment) => {
    const estimator = pairedProportions({ control, treatment, cluster: [5, 5, 5] })
    expect(estimator.limits(0.05)).toEqual({ lower: -1, upper: 1 })
    expect(estimator.designEffect).toBe(Infinity)
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['unequal lengths', { control: [0, 1], treatment: [1] }],
    ['fractions', { control: [0.5], treatment: [1] }],
    ['NaN', { control: [Number.NaN], treatment: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => pairedProportions(args)).toThrow(RangeError)
  })
  it.each([
    ['no pairs', { n11: 0, treatOnly: 0, ctrlOnly: 0, n00: 0 }],
    ['a fraction', { n11: 0.5, treatOnly: 0, ctrlOnly: 0, n00: 1 }],
    ['a negative count', { n11: 1, treatOnly: -1, ctrlOnly: 0, n00: 1 }],
  ])('refuses counts with %s', (_, counts) => {
    expect(() => pairedProportionsFromCounts(counts)).toThrow(RangeError)
  })
})
