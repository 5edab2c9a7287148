// Boundaries against R's rpact, and what spending must keep to.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alphaSpent, type Spending } from '../../src/stats/alpha-spending.ts'
import { defaultLooks } from '../../src/stats/default-looks.ts'
import { normalCdf, normalQuantile } from '../../src/stats/dist.ts'
import { groupSequential } from '../../src/stats/group-sequential.ts'
import { near, type Reference, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

function spendingOf({ type, gamma }: Reference['groupSequential']['cases'][number]): Spending {
  return type === 'asHSD' || type === 'asKD' ? { type, gamma: gamma ?? Number.NaN } : { type }
}

describe.each(references)('group-sequential, $from cases', ({ reference: { groupSequential: reference } }) => {
  it.each(reference.cases)('$type with $K looks at $informationRates', (expected) => {
    const { alphaOneSided, informationRates, K } = expected
    const { zBoundaries, alphaSpent: spent } = groupSequential({
      informationRates,
      alphaOneSided,
      spending: spendingOf(expected),
    })
    expect(zBoundaries).toHaveLength(K)
    for (const [k, z] of expected.zBoundaries.entries()) {
      expect(Math.abs((zBoundaries[k] ?? Number.NaN) - z)).toBeLessThan(reference.tolerance_z)
      expect(spent[k]).toEqual(near(expected.alphaSpent[k] ?? Number.NaN))
    }
  })
})

const shapes: readonly Spending[] = [
  { type: 'asHSD', gamma: -4 },
  { type: 'asHSD', gamma: 0 },
  { type: 'asHSD', gamma: 2 },
  { type: 'asKD', gamma: 3 },
  { type: 'asOF' },
  { type: 'asP' },
]

describe.each(shapes)('spending by $type $gamma', (spending) => {
  it('starts at 0, ends at alpha, and never takes back', () => {
    const at = (t: number): number => alphaSpent({ ...spending, t, alphaOneSided: 0.05 })
    expect(at(0)).toBe(0)
    expect([at(1), at(3)]).toEqual([0.05, 0.05])
    expect(at(1 - 1e-9)).toEqual(near(0.05))
    const steps = Array.from({ length: 101 }, (_, i) => at(i / 100))
    for (const [i, value] of steps.entries()) expect(value).toBeGreaterThanOrEqual(steps[i - 1] ?? 0)
  })
})

describe('groupSequential', () => {
  it('looks, spends and errs as this house does unless told otherwise', () => {
    expect(groupSequential({})).toEqual(
      groupSequential({
        informationRates: defaultLooks,
        alphaOneSided: 0.05,
        spending: { type: 'asHSD', gamma: -4 },
        reserve: 0,
      }),
    )
  })
  it('one look is the fixed test', () => {
    const { zBoundaries, alphaAtLook } = groupSequential({ informationRates: [1] })
    expect(zBoundaries[0]).toBeCloseTo(-normalQuantile(0.05), 9)
    expect(alphaAtLook[0]).toBeCloseTo(0.05, 9)
  })
  const rates = fc
    .uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 7 })
    .map((list) => [...list.toSorted((a, b) => a - b).map((x) => x / 40), 1])
  it('costs alpha whatever the looks: each look less than alpha, the last more than its own increment', () => {
    fc.assert(
      fc.property(rates, fc.constantFrom(...shapes), (informationRates, spending) => {
        const { alphaAtLook, zBoundaries, alphaSpent: spent } = groupSequential({ informationRates, spending })
        expect(spent.at(-1)).toBe(0.05)
        for (const [k, alpha] of alphaAtLook.entries()) {
          expect(alpha).toBeLessThanOrEqual(0.05 + 1e-9)
          if (alpha > 0) expect(alpha).toEqual(near(normalCdf(-(zBoundaries[k] ?? 0))))
          const increment = (spent[k] ?? 0) - (spent[k - 1] ?? 0)
          if (alpha > 0) expect(alpha).toBeGreaterThanOrEqual(increment * (1 - 1e-6))
        }
      }),
      { numRuns: 25 },
    )
  })
  it('a look with next to nothing to spend decides nothing', () => {
    const { zBoundaries, alphaAtLook } = groupSequential({ informationRates: [0.01, 1], spending: { type: 'asOF' } })
    expect([zBoundaries[0], alphaAtLook[0]]).toEqual([8, 0])
    expect(alphaAtLook[1]).toBeCloseTo(0.05, 6)
  })
  it('a reserve leaves the looks as a smaller alpha would, and pays for one extension', () => {
    const reserved = groupSequential({ reserve: 0.2, informationRates: [0.5, 1, 1.5] })
    const smaller = groupSequential({ alphaOneSided: 0.04, informationRates: [0.5, 1] })
    expect(reserved.zBoundaries.slice(0, 2)).toEqual(smaller.zBoundaries)
    expect(reserved.alphaSpent).toEqual([near(smaller.alphaSpent[0] ?? 0), near(0.04), 0.05])
    // More than the reserve itself, since the looks are correlated.
    expect(reserved.alphaAtLook[2]).toBeGreaterThan(0.01)
    expect(reserved.alphaAtLook[2]).toBeLessThan(0.05)
  })
  it('crossings of Brownian motion add up to alpha, by the boundaries themselves', () => {
    // Two looks have a closed form: P(Z1 > z1) + P(Z1 ≤ z1, Z2 > z2) by numeric integration over Z1.
    const [t1, t2] = [0.4, 1]
    const { zBoundaries } = groupSequential({ informationRates: [t1, t2] })
    const [z1 = 0, z2 = 0] = zBoundaries
    const root = Math.sqrt(t1 / t2)
    let second = 0
    const width = 1e-4
    for (let z = -8; z < z1; z += width) {
      const density = Math.exp(-0.5 * (z + width / 2) ** 2) / Math.sqrt(2 * Math.PI)
      second += width * density * normalCdf((root * (z + width / 2) - z2) / Math.sqrt(1 - root ** 2))
    }
    expect(normalCdf(-z1) + second).toBeCloseTo(0.05, 5)
  })
  it.each([
    ['no looks', { informationRates: [] }],
    ['a look at nothing', { informationRates: [0, 1] }],
    ['looks out of order', { informationRates: [0.5, 0.4] }],
    ['two looks at once', { informationRates: [0.5, 0.5] }],
    ['a look beyond the end without a reserve', { informationRates: [0.5, 1, 1.5] }],
    ['two extensions', { informationRates: [1, 1.5, 2], reserve: 0.2 }],
    ['an extension of nothing', { informationRates: [1.5], reserve: 0.2 }],
    ['NaN', { informationRates: [Number.NaN] }],
    ['a reserve of everything', { reserve: 1 }],
    ['a negative reserve', { reserve: -0.1 }],
    ['alpha = 0', { alphaOneSided: 0 }],
    ['a gamma that is NaN', { spending: { type: 'asHSD', gamma: Number.NaN } as const }],
    ['a Kim and DeMets gamma of 0', { spending: { type: 'asKD', gamma: 0 } as const }],
    ['a word that nobody knows', { spending: { type: 'asXX' } as unknown as Spending }],
  ])('refuses %s', (_, args) => {
    expect(() => groupSequential({ informationRates: [0.5, 1], ...args })).toThrow(RangeError)
  })
  it('a negative rate is refused', () => {
    expect(() => alphaSpent({ type: 'asP', t: -1, alphaOneSided: 0.05 })).toThrow(RangeError)
  })
})
