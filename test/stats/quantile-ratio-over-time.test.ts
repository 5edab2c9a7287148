// The latency ratio with load that comes and goes: blocks of time keep the promised errors, pairs alone do not.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { quantileRatio } from '../../src/stats/quantile-ratio.ts'
import { quantileRatioOverTime } from '../../src/stats/quantile-ratio-over-time.ts'

/** Lognormal pairs; the candidate's load is AR(1) with a memory of 49 pairs and standard deviation `load`. */
function run(use: string, n: number, load: number) {
  const random = seededBy(20261123, 'load over time', use)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
  const memory = Math.exp(-1 / 49)
  let level = load * normal()
  const control = new Float64Array(n)
  const treatment = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    level = memory * level + load * Math.sqrt(1 - memory ** 2) * normal()
    const shared = Math.sqrt(0.7) * normal()
    control[i] = 800 * Math.exp(0.7 * (shared + Math.sqrt(0.3) * normal()))
    treatment[i] = 960 * Math.exp(level + 0.7 * (shared + Math.sqrt(0.3) * normal()))
  }
  return { control, treatment, sentAt: Float64Array.from({ length: n }, (_, i) => 250 * i), p: 0.5 }
}

describe('quantileRatioOverTime', () => {
  it('errs about as often as it says where one fleet has load of its own; pairs alone err five times as often', () => {
    const replicates = 100
    let [heeding, naive] = [0, 0]
    for (let replicate = 0; replicate < replicates; replicate++) {
      const args = run(`replicate ${replicate}`, 2000, 0.21)
      const misses = ({ lower, upper }: { lower: number; upper: number }): number =>
        upper < 1.2 || lower > 1.2 ? 1 : 0
      heeding += misses(quantileRatioOverTime(args).limits(0.05))
      naive += misses(quantileRatio(args).limits(0.05))
    }
    // Both sides together: 0.10 is promised.
    expect(heeding / replicates).toBeLessThan(0.2)
    expect(naive / replicates).toBeGreaterThan(0.4)
  })
  it('says so, and is never narrower than without', () => {
    const args = run('slow', 1000, 0.3)
    const [own, over] = [quantileRatio(args), quantileRatioOverTime(args)]
    expect(over.overTime.isDependent).toBe(true)
    expect(over).toMatchObject({ estimate: own.estimate, clusters: 10, method: 'mover-order-statistics-time-blocks' })
    for (const alpha of [0.3, 0.05, 0.001]) {
      expect(over.limits(alpha).lower).toBeLessThanOrEqual(own.limits(alpha).lower)
      expect(over.limits(alpha).upper).toBeGreaterThanOrEqual(own.limits(alpha).upper)
    }
    expect(over.designEffects(0.05).treatment).toBeGreaterThan(1)
  })
  it('is the plain ratio where nothing depends on time, timeouts included', () => {
    const { control, treatment, ...rest } = run('steady', 200, 0)
    const arms = { control, treatment: treatment.map((value, i) => (i % 40 === 3 ? Infinity : value)), ...rest }
    const over = quantileRatioOverTime(arms)
    expect(over.overTime).toMatchObject({ isDependent: false, isShown: false })
    expect(over.limits(0.05)).toEqual(quantileRatio(arms).limits(0.05))
  })
  it('an outage of the candidate is seen in its timeouts, which have no logarithm', () => {
    const { control, treatment, ...rest } = run('outage', 600, 0)
    const arms = { control, treatment: treatment.map((value, i) => (i >= 300 && i < 420 ? Infinity : value)), ...rest }
    expect(quantileRatioOverTime(arms).overTime.designEffect).toBeGreaterThan(1.5)
  })
  it('few pairs are judged as they are', () => {
    const args = run('few', 19, 0.5)
    expect(quantileRatioOverTime(args).overTime).toEqual({ designEffect: 1, p: 1, isDependent: false, isShown: false })
  })
  it.each([
    ['no times', { sentAt: [] }],
    ['a time that is NaN', { sentAt: Array.from({ length: 30 }, () => Number.NaN) }],
    ['p = 1', { p: 1 }],
  ])('refuses %s', (_, change) => {
    expect(() => quantileRatioOverTime({ ...run('refused', 30, 0), ...change })).toThrow(RangeError)
  })
})
