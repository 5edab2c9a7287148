// An even split that is asked after every user.

import { describe, expect, it } from 'vitest'
import { type Random, seededBy } from '../../src/core/random.ts'
import { alwaysValidEvenSplit } from '../../src/stats/always-valid-ratio.ts'
import { asymptoticConfidenceSequence, asymptoticRho } from '../../src/stats/index.ts'

const nOptimal = 2000
const p = (one: number, other: number) => alwaysValidEvenSplit({ counts: [one, other], nOptimal })

/** Users until p is below alpha; null where it never is. */
function firstBelow(random: Random, alpha: number, probability: number, users: number): number | null {
  let one = 0
  for (let n = 1; n <= users; n++) {
    if (random.unit() < probability) one++
    if (p(one, n - one) < alpha) return n
  }
  return null
}

describe('the always-valid p-value of an even split', () => {
  it('is the alpha at which the confidence sequence reaches a half', () => {
    const [one, other] = [560, 440]
    const rho = asymptoticRho({ nOptimal, variance: 0.25, alpha: 0.001 })
    const alpha = p(one, other)
    const halfWidth = asymptoticConfidenceSequence({ n: one + other, variance: 0.25, alpha, rho })
    expect(halfWidth).toBeCloseTo(0.06, 12)
  })
  it('is the same both ways, 1 for a split as asked for and of nothing', () => {
    expect(p(560, 440)).toBe(p(440, 560))
    expect([p(0, 0), p(500, 500)]).toEqual([1, 1])
  })
  it('is below 0.05 at any of 5,000 looks in fewer than 5 of 100 even splits', () => {
    const random = seededBy(20261126, 'even')
    const firsts = Array.from({ length: 400 }, () => firstBelow(random, 0.05, 0.5, 5000))
    const crossed = firsts.filter((n) => n !== null)
    expect(crossed.length / 400).toBeLessThan(0.05)
    // Not so careful either that it would never say anything.
    expect(crossed.length).toBeGreaterThan(0)
  })
  it('finds one user in ten lost within some thousand', () => {
    const random = seededBy(20261126, 'lossy')
    const found = Array.from({ length: 50 }, () => firstBelow(random, 0.001, 0.9 / 1.9, 20_000))
    expect(found.every((n) => n !== null)).toBe(true)
    expect(found.filter((n) => n !== null && n < 12_000).length).toBeGreaterThan(40)
  })
  it.each([
    ['a fraction of a user', { counts: [5, 0.5], nOptimal }],
    ['fewer than none', { counts: [-1, 5], nOptimal }],
    ['an order of magnitude of 0', { counts: [5, 5], nOptimal: 0 }],
  ] as const)('refuses %s', (_, args) => {
    expect(() => alwaysValidEvenSplit({ ...args, counts: [args.counts[0], args.counts[1]] })).toThrow(RangeError)
  })
})
