// Error rates of nights, what they come to together, and the mean of estimates that may share what they rest on.

import { describe, expect, it } from 'vitest'
import { alarmAlpha, chanceOfAny, nothingPooled, pool, pooledMean } from '../../src/stats/across-nights.ts'
import type { Estimated } from '../../src/stats/difference-of-estimates.ts'

const estimated = (estimate: number, parts: Partial<Estimated> = {}): Estimated => ({
  estimate,
  lower: estimate - 0.1,
  upper: estimate + 0.2,
  alphaOneSided: 0.05,
  units: 100,
  ...parts,
})
const meanOf = (all: readonly Estimated[], overlap: number) => pooledMean(all.reduce(pool, nothingPooled), overlap)

describe('alarmAlpha', () => {
  it('adds up to the rate of a year, by day or by hour', () => {
    expect(365 * alarmAlpha({ perYear: 0.05, days: 1 })).toBeCloseTo(0.05, 12)
    expect(24 * 365 * alarmAlpha({ perYear: 0.05, days: 1 / 24 })).toBeCloseTo(0.05, 12)
  })
  it('is that of a week after a month without a night, and nothing twice at one time', () => {
    expect(alarmAlpha({ perYear: 0.05, days: 30 })).toBe(alarmAlpha({ perYear: 0.05, days: 7 }))
    expect(alarmAlpha({ perYear: 0.05, days: 0 })).toBe(0)
  })
  it.each([
    ['a rate of 0', { perYear: 0, days: 1 }],
    ['time that runs back', { perYear: 0.05, days: -1 }],
    ['NaN', { perYear: 0.05, days: Number.NaN }],
  ])('refuses %s', (_, args) => {
    expect(() => alarmAlpha(args)).toThrow(RangeError)
  })
})

describe('chanceOfAny', () => {
  it.each([
    [[], 0],
    [[0.05], 0.05],
    [[0.05, 0.05], 0.0975],
    [[0.05, 0.01, 0], 0.0595],
    [[0.5, 1], 1],
  ])('of %j is %d', (alphas, chance) => {
    expect(chanceOfAny(alphas)).toBeCloseTo(chance, 12)
  })
  it('keeps its digits where rates are tiny', () => {
    expect(chanceOfAny([1e-18, 1e-18])).toBe(2e-18)
  })
  it('refuses what is no rate', () => {
    expect(() => chanceOfAny([1.1])).toThrow(RangeError)
    expect(() => chanceOfAny([Number.NaN])).toThrow(RangeError)
  })
})

describe('pooledMean', () => {
  it('of one estimate is that estimate, however much it shares', () => {
    for (const overlap of [0, 0.5, 1]) {
      const mean = meanOf([estimated(0.3)], overlap)
      expect(mean).toMatchObject({ estimate: 0.3, units: 100, alphaOneSided: 0.05 })
      expect([mean?.lower, mean?.upper]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.5, 12)])
    }
  })
  it('of nights apart narrows with their root, of one night again and again not at all, and lies between for a cohort', () => {
    const four = [0.3, 0.3, 0.3, 0.3].map((each) => estimated(each))
    const widths = [0, 0.5, 1].map((overlap) => (meanOf(four, overlap)?.upper ?? 0) - 0.3)
    expect(widths).toEqual([0.1, 0.2 * Math.sqrt(0.5 + 0.5 / 4), 0.2].map((each) => expect.closeTo(each, 12)))
  })
  it('weighs by units', () => {
    const mean = meanOf([estimated(0, { lower: -0.1, units: 300 }), estimated(0.4)], 0)
    expect(mean).toMatchObject({ estimate: expect.closeTo(0.1, 12), units: 100 })
  })
  it('takes limits at other rates for what they say at its own', () => {
    // Student's t with 99 degrees of freedom: 1.6604 at 5 %, 2.3646 at 1 %.
    const strict = estimated(0.3, { lower: 0.3 - (0.1 * 2.36461) / 1.66039, alphaOneSided: 0.01 })
    expect(meanOf([strict], 1)?.lower).toBeCloseTo(0.2, 4)
  })
  it('leaves out what has no limit, and is nothing where none has', () => {
    const open = estimated(0.9, { upper: Infinity })
    expect(meanOf([open, estimated(0.3)], 0)).toEqual(meanOf([estimated(0.3)], 0))
    expect(meanOf([open], 0)).toBeNull()
  })
  it('refuses an overlap that is no share', () => {
    expect(() => pooledMean(nothingPooled, 1.5)).toThrow(RangeError)
  })
})
