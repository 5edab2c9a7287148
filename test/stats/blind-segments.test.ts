// What a segment can show: the smallest regression, and where that is too large to be of use.

import { describe, expect, it } from 'vitest'
import { blindSegments, minimumDetectable, standardErrorOf } from '../../src/stats/blind-segments.ts'
import { pairedProportionsFromCounts } from '../../src/stats/paired-proportions.ts'
import { quantileRatio } from '../../src/stats/quantile-ratio.ts'
import { near } from './reference.ts'

const twoErrors = 1.6448536269514722 + 0.8416212335729143

describe('minimumDetectable', () => {
  it('is (z of alpha + z of power) standard errors, exponentially so for ratios', () => {
    expect(minimumDetectable({ standardError: 0.01, scale: 'difference' })).toEqual(near(0.01 * twoErrors))
    expect(minimumDetectable({ standardError: 0.1, scale: 'ratio' })).toEqual(near(Math.exp(0.1 * twoErrors)))
  })
  it('nothing known shows nothing, everything known shows all', () => {
    expect(minimumDetectable({ standardError: Infinity, scale: 'ratio' })).toBe(Infinity)
    expect(minimumDetectable({ standardError: 0, scale: 'ratio' })).toBe(1)
    expect(minimumDetectable({ standardError: 0, scale: 'difference' })).toBe(0)
  })
  it.each([
    ['a negative standard error', { standardError: -1 }],
    ['NaN', { standardError: Number.NaN }],
    ['power = 1', { standardError: 1, power: 1 }],
    ['alpha = 0', { standardError: 1, alphaOneSided: 0 }],
  ])('refuses %s', (_, args) => {
    expect(() => minimumDetectable({ scale: 'ratio', ...args })).toThrow(RangeError)
  })
})

const ramp = (n: number, step: number): number[] => Array.from({ length: n }, (_, i) => 100 + ((i * step) % n))

describe('standardErrorOf', () => {
  it('is what reaches from the estimate to the upper limit', () => {
    const estimator = pairedProportionsFromCounts({ n11: 5, treatOnly: 9, ctrlOnly: 4, n00: 400 })
    const reach = estimator.limits(0.05).upper - estimator.estimate
    expect(standardErrorOf(estimator, { scale: 'difference' })).toEqual(near(reach / 1.6448536269514722))
  })
  it('is infinite for a p95 of too few pairs, and in logs for a ratio', () => {
    const of = (n: number) => quantileRatio({ control: ramp(n, 7), treatment: ramp(n, 3), p: 0.95 })
    expect(standardErrorOf(of(58), { scale: 'ratio' })).toBe(Infinity)
    const enough = of(100)
    const reach = Math.log(enough.limits(0.05).upper) - Math.log(enough.estimate)
    expect(standardErrorOf(enough, { scale: 'ratio' })).toEqual(near(reach / 1.6448536269514722))
  })
  it.each([0, 0.5, Number.NaN])('refuses alpha = %d', (alphaOneSided) => {
    const estimator = pairedProportionsFromCounts({ n11: 5, treatOnly: 9, ctrlOnly: 4, n00: 400 })
    expect(() => standardErrorOf(estimator, { scale: 'difference', alphaOneSided })).toThrow(RangeError)
  })
})

describe('blindSegments', () => {
  it('are those that would miss twice the margin', () => {
    const seen = (segment: string, detectable: number) => ({ segment, standardError: detectable / twoErrors })
    const shares = [seen('de', 0.019), seen('fr', 0.021), seen('none', Infinity)]
    const report = blindSegments({ segments: shares, margin: 0.01, scale: 'difference' })
    expect(report.map(({ segment, isBlind }) => [segment, isBlind])).toEqual([
      ['de', false],
      ['fr', true],
      ['none', true],
    ])
    expect(report[0]?.minimumDetectable).toEqual(near(0.019))
    // Twice a fifth more, in logs: 1.44.
    const ratios = [seen('de', Math.log(1.43)), seen('fr', Math.log(1.45))]
    expect(blindSegments({ segments: ratios, margin: 1.2, scale: 'ratio' }).map(({ isBlind }) => isBlind)).toEqual([
      false,
      true,
    ])
  })
  it('no segments, no report', () => {
    expect(blindSegments({ segments: [], margin: 1.2, scale: 'ratio' })).toEqual([])
  })
  it.each([
    ['a ratio that allows nothing', { margin: 1, scale: 'ratio' as const }],
    ['a difference that allows nothing', { margin: 0, scale: 'difference' as const }],
    ['an infinite margin', { margin: Infinity, scale: 'ratio' as const }],
    ['NaN', { margin: Number.NaN, scale: 'ratio' as const }],
  ])('refuses %s', (_, args) => {
    expect(() => blindSegments({ segments: [], ...args })).toThrow(RangeError)
  })
})
