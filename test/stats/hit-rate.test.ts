// The cache hit rate's jackknife against the design's reference, and at its boundaries.

import { describe, expect, it } from 'vitest'
import { hitRateDifference } from '../../src/stats/hit-rate.ts'
import { near, nearLimits, references } from './reference.ts'

describe.each(references)('cache hit rate, $from cases', ({ reference: { cacheHitRatio } }) => {
  it('equals the jackknife', () => {
    const estimator = hitRateDifference({
      controlPrompt: cacheHitRatio.control_prompt,
      controlCached: cacheHitRatio.control_cached,
      treatPrompt: cacheHitRatio.treat_prompt,
      treatCached: cacheHitRatio.treat_cached,
      cluster: cacheHitRatio.cluster,
    })
    expect(estimator.control).toEqual(near(cacheHitRatio.rate_control))
    expect(estimator.treatment).toEqual(near(cacheHitRatio.rate_treat))
    expect(estimator.estimate).toEqual(near(cacheHitRatio.diff))
    expect(estimator.clusters).toBe(12)
    expect(estimator.limits(0.05)).toEqual(nearLimits(cacheHitRatio.jackknife_ci90_t11))
  })
})

const ok = { controlPrompt: [100, 50], controlCached: [40, 0], treatPrompt: [90, 60], treatCached: [90, 0] }

describe('hitRateDifference', () => {
  it('weighs by tokens, each arm by its own', () => {
    expect(hitRateDifference(ok).estimate).toEqual(near(90 / 150 - 40 / 150))
  })
  it.each([
    ['one cluster', { ...ok, cluster: [3, 3] }],
    ['a cluster that holds all the tokens', { ...ok, controlPrompt: [100, 0], controlCached: [40, 0] }],
  ])('knows no error from %s', (_, args) => {
    expect(hitRateDifference(args).limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  it.each([
    ['no pairs', { controlPrompt: [], controlCached: [], treatPrompt: [], treatCached: [] }],
    ['unequal lengths', { ...ok, treatCached: [1] }],
    ['more cached than there is', { ...ok, controlCached: [101, 0] }],
    ['negative tokens', { ...ok, treatCached: [-1, 0] }],
    ['NaN', { ...ok, treatPrompt: [Number.NaN, 60] }],
    ['an arm without tokens', { ...ok, controlPrompt: [0, 0], controlCached: [0, 0] }],
  ])('refuses %s', (_, args) => {
    expect(() => hitRateDifference(args)).toThrow(RangeError)
  })
})
