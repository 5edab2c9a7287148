// What the limits promise: seeded simulations with the truth exactly at the margin, where 5 % may err and no more.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { pairedProportions, quantileRatio } from '../../src/stats/index.ts'

describe('one-sided limits at alpha 0.05', () => {
  it('p50 ratio of 1.2, lognormal, 200 pairs: misses of either side as the design measured them (.037, .032)', () => {
    const random = seededBy(20261123, 'coverage of the quantile ratio')
    // Box and Muller; 1 − unit keeps ln away from 0.
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
    const replicates = 1500
    let [tooLow, tooHigh] = [0, 0]
    for (let replicate = 0; replicate < replicates; replicate++) {
      const control = new Float64Array(200)
      const treatment = new Float64Array(200)
      for (let i = 0; i < 200; i++) {
        const shared = Math.sqrt(0.7) * normal()
        control[i] = 800 * Math.exp(0.7 * (shared + Math.sqrt(0.3) * normal()))
        treatment[i] = 960 * Math.exp(0.7 * (shared + Math.sqrt(0.3) * normal()))
      }
      const { lower, upper } = quantileRatio({ control, treatment, p: 0.5 }).limits(0.05)
      if (upper < 1.2) tooLow++
      if (lower > 1.2) tooHigh++
    }
    // Three Monte-Carlo standard errors (0.5 points) around the design's figures.
    expect(tooLow / replicates).toBeGreaterThan(0.022)
    expect(tooLow / replicates).toBeLessThan(0.052)
    expect(tooHigh / replicates).toBeGreaterThan(0.017)
    expect(tooHigh / replicates).toBeLessThan(0.047)
  })

  it('paired rates 2 points apart (2.5 % and 0.5 % discordant), 4000 pairs: false passes of 3 to 7 %', () => {
    const random = seededBy(20261123, 'coverage of newcombe')
    const replicates = 700
    const control = new Uint8Array(4000)
    const treatment = new Uint8Array(4000)
    let falsePasses = 0
    for (let replicate = 0; replicate < replicates; replicate++) {
      for (let i = 0; i < 4000; i++) {
        const draw = random.unit()
        treatment[i] = draw < 0.025 ? 1 : 0
        control[i] = draw >= 0.025 && draw < 0.03 ? 1 : 0
      }
      if (pairedProportions({ control, treatment }).limits(0.05).upper < 0.02) falsePasses++
    }
    expect(falsePasses / replicates).toBeGreaterThan(0.03)
    expect(falsePasses / replicates).toBeLessThan(0.07)
  })
})
