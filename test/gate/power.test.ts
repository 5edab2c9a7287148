// How many pairs a rule takes, by what an earlier run or the log tells: the closed forms of `stats/sample-size`.

import { describe, expect, it } from 'vitest'
import { planRule, type Spread, spreadIn } from '../../src/gate/power.ts'
import { pairsForPairedBinary, pairsForZeroEvents } from '../../src/stats/sample-size.ts'
import { lognormalDensity, pairsForQuantileRatio } from '../../src/stats/sample-size-quantile.ts'
import { evidence, rule } from './evidence.ts'

const errors = { alphaOneSided: 0.05, power: 0.8 }
const sample = { pairs: 1000, policy: { level: 0.95 }, isLookedAt: false }
const latency: Spread = {
  scale: 'ratio',
  of: { variance: (2 * 0.25) / lognormalDensity({ p: 0.5, sigma: 0.7 }) ** 2 },
  minPairs: 50,
}
const share = (discordant: number): Spread => ({ scale: 'difference', of: { discordant }, minPairs: 50 })

describe('pairs for a rule to be shown to hold', () => {
  it('are those of the quantile ratio', () => {
    const logDensity = lognormalDensity({ p: 0.5, sigma: 0.7 })
    const expected = pairsForQuantileRatio({ ...errors, p: 0.5, phi: 0, logDensity, margin: 1.2, trueRatio: 1 })
    expect(planRule(rule({ margin: 0.2 }), latency, sample).needed).toBe(Math.ceil(expected))
  })
  it('are those of the paired share', () => {
    const expected = pairsForPairedBinary({ ...errors, p10: 0.01, p01: 0.01, margin: 0.02 })
    expect(planRule(rule({ margin: 0.02 }), share(0.02), sample).needed).toBe(Math.ceil(expected))
  })
  it('are never fewer than a share without events takes, nor than the metric takes at all', () => {
    expect(planRule(rule({ margin: 0.01 }), share(0), sample).needed).toBe(
      pairsForZeroEvents({ margin: 0.01, alphaOneSided: 0.05 }),
    )
    expect(planRule(rule({ margin: 0.2 }), { ...latency, of: { variance: 0 }, minPairs: 59 }, sample).needed).toBe(59)
  })
  it('are some more where a blocking rule is looked at along the way', () => {
    const looking = { ...sample, isLookedAt: true }
    const [once, along] = [sample, looking].map((how) => planRule(rule(), latency, how).needed ?? 0)
    expect((along ?? 0) / (once ?? 1)).toBeCloseTo(1.064, 2)
    const warning = rule({ severity: 'warn' })
    expect(planRule(warning, latency, looking).needed).toBe(planRule(warning, latency, sample).needed)
  })
})

describe('what a sample would show to be broken', () => {
  const from = (parts: Parameters<typeof rule>[0], spread: Spread, pairs = 1000) =>
    planRule(rule(parts), spread, { ...sample, pairs }).brokenFrom ?? Number.NaN
  it('lies beyond the margin, and nearer to it the more pairs there are', () => {
    const at = [100, 1000, 10_000].map((pairs) => from({ margin: 0.2 }, latency, pairs))
    expect(at).toEqual(at.toSorted((a, b) => b - a))
    expect(at[2]).toBeGreaterThan(1.2)
    expect(at[2]).toBeLessThan(1.3)
  })
  it('lies beyond no change at all where any worsening breaks the rule', () => {
    expect(from({ margin: 0.02, mode: 'difference' }, share(0.01))).toBeLessThan(from({ margin: 0.02 }, share(0.01)))
    expect(from({ margin: 0.02, mode: 'either-way' }, share(0))).toBeGreaterThan(0.003)
  })
  it('is nothing where the sample is too small for the metric', () => {
    expect(planRule(rule(), latency, { ...sample, pairs: 49 }).brokenFrom).toBeNull()
  })
})

describe('what an earlier run tells', () => {
  it('of a ratio: the spread that its limits show', () => {
    const spread = spreadIn(evidence({ estimate: 1.05, se: 0.02, pairs: 400 }), rule(), 0.95)
    expect(spread).toEqual({ scale: 'ratio', of: { variance: expect.closeTo(400 * 0.02 ** 2, 9) }, minPairs: 50 })
  })
  it.each([
    ['that did not measure it', null, 'the earlier run did not measure it'],
    ['whose limits are open', evidence({ limits: () => ({ low: 0, high: Infinity }) }), /too few pairs/],
  ])('nothing, by one %s', (_why, found, words) => {
    const spread = spreadIn(found, rule(), 0.95)
    expect(spread).toEqual(typeof words === 'string' ? words : expect.stringMatching(words))
    expect(planRule(rule(), spread, sample)).toMatchObject({ needed: null, brokenFrom: null, why: spread })
  })
})
