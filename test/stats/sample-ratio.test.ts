// The sample-ratio test against SciPy.

import { describe, expect, it } from 'vitest'
import { sampleRatio } from '../../src/stats/sample-ratio.ts'
import { near } from './reference.ts'

describe('sampleRatio', () => {
  it.each([
    ['two arms', [50_500, 49_500], [1, 1], { statistic: 10, p: 0.001565402258002549 }],
    ['three arms', [5200, 4800, 20_300], [17, 17, 66], { statistic: 28.944659171799536, p: 5.184980418247035e-7 }],
  ])('%s, as scipy.stats.chisquare', (_, counts, shares, expected) => {
    const { statistic, p, df } = sampleRatio({ counts, shares })
    expect(statistic).toEqual(near(expected.statistic))
    expect(p).toEqual(near(expected.p))
    expect(df).toBe(counts.length - 1)
  })
  it('is a mismatch below 0.001', () => {
    expect(sampleRatio({ counts: [50_500, 49_500], shares: [0.5, 0.5] }).isMismatch).toBe(false)
    expect(sampleRatio({ counts: [50_600, 49_400], shares: [0.5, 0.5] }).isMismatch).toBe(true)
  })
  it('a split as asked for is none', () => {
    expect(sampleRatio({ counts: [10, 90], shares: [1, 9] })).toEqual({ statistic: 0, df: 1, p: 1, isMismatch: false })
  })
  it.each([
    ['one arm', { counts: [5], shares: [1] }],
    ['nothing counted', { counts: [0, 0], shares: [1, 1] }],
    ['an arm without a share', { counts: [5, 5], shares: [1, 0] }],
    ['a negative share', { counts: [5, 5], shares: [1, -1] }],
    ['a fraction of a user', { counts: [5, 0.5], shares: [1, 1] }],
    ['unequal lengths', { counts: [5, 5], shares: [1] }],
    ['NaN', { counts: [5, Number.NaN], shares: [1, 1] }],
  ])('refuses %s', (_, args) => {
    expect(() => sampleRatio(args)).toThrow(RangeError)
  })
})
