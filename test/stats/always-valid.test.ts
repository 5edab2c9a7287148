// Confidence sequences against TensorZero's form, and whether peeking is paid for.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { alwaysValidAlpha, asymptoticConfidenceSequence, asymptoticRho } from '../../src/stats/always-valid.ts'
import { normalQuantile } from '../../src/stats/dist.ts'
import { near, references } from './reference.ts'

describe.each(references)('asymptotic confidence sequence, $from cases', ({ reference }) => {
  it('half-widths', () => {
    for (const { margin, ...args } of reference.asymptoticConfidenceSequence.cases) {
      expect(asymptoticConfidenceSequence(args)).toEqual(near(margin))
    }
  })
})

describe('asymptoticConfidenceSequence', () => {
  it('its rho makes it narrowest near the n it is made for, in standard errors', () => {
    const [variance, alpha] = [0.3, 0.1]
    const rho = asymptoticRho({ nOptimal: 1000, variance, alpha })
    const wide = (n: number): number =>
      asymptoticConfidenceSequence({ n, variance, alpha, rho }) / Math.sqrt(variance / n)
    const narrowest = Array.from({ length: 300 }, (_, i) => 10 * (i + 1)).toSorted((a, b) => wide(a) - wide(b))[0] ?? 0
    expect(narrowest).toBeGreaterThan(700)
    expect(narrowest).toBeLessThan(1400)
  })
  const ok = { n: 10, variance: 1, alpha: 0.1, rho: 1 }
  it.each([
    ['no observations', { n: 0 }],
    ['a rho of 0', { rho: 0 }],
    ['a negative variance', { variance: -1 }],
    ['alpha = 1', { alpha: 1 }],
    ['NaN', { n: Number.NaN }],
  ])('refuses %s', (_, change) => {
    expect(() => asymptoticConfidenceSequence({ ...ok, ...change })).toThrow(RangeError)
  })
  it.each([
    ['no observations', { nOptimal: 0, variance: 1, alpha: 0.1 }],
    ['no variance', { nOptimal: 10, variance: 0, alpha: 0.1 }],
    ['an alpha at which nothing is narrowest', { nOptimal: 10, variance: 1, alpha: 0.9 }],
  ])('its rho refuses %s', (_, args) => {
    expect(() => asymptoticRho(args)).toThrow(RangeError)
  })
})

describe('alwaysValidAlpha', () => {
  it('is the sequence in standard errors, whatever the variance', () => {
    const [n, variance] = [700, 0.02]
    const rho = asymptoticRho({ nOptimal: 1000, variance, alpha: 0.1 })
    const halfWidth = asymptoticConfidenceSequence({ n, variance, alpha: 0.1, rho })
    const alpha = alwaysValidAlpha({ n, nOptimal: 1000, alphaOneSided: 0.05 })
    expect(-normalQuantile(alpha)).toEqual(near(halfWidth / Math.sqrt(variance / n)))
  })
  it('is below the alpha of one look at every n', () => {
    for (const n of [1, 30, 1000, 1e6]) {
      expect(alwaysValidAlpha({ n, nOptimal: 1000, alphaOneSided: 0.05 })).toBeLessThan(0.02)
    }
  })
  it('looking after every pair errs less than 5 % of the time; at a fixed alpha many times more', () => {
    const random = seededBy(20261123, 'peeking')
    const replicates = 500
    let [paid, peeked] = [0, 0]
    const alphas = Array.from({ length: 2001 }, (_, n) =>
      n === 0 ? 0 : alwaysValidAlpha({ n, nOptimal: 500, alphaOneSided: 0.05 }),
    )
    const zs = alphas.map((alpha) => (alpha === 0 ? Infinity : -normalQuantile(alpha)))
    for (let replicate = 0; replicate < replicates; replicate++) {
      let [total, crossed, crossedFixed] = [0, false, false]
      for (let n = 1; n <= 2000; n++) {
        total += random.unit() < 0.5 ? 1 : -1
        if (n < 50) continue
        const z = total / Math.sqrt(n)
        crossed ||= z > (zs[n] ?? Infinity)
        crossedFixed ||= z > 1.645
      }
      if (crossed) paid++
      if (crossedFixed) peeked++
    }
    expect(paid / replicates).toBeLessThan(0.05)
    expect(peeked / replicates).toBeGreaterThan(0.2)
  })
  it('refuses alpha above 0.4', () => {
    expect(() => alwaysValidAlpha({ n: 10, nOptimal: 10, alphaOneSided: 0.45 })).toThrow(RangeError)
  })
})
