// The sign-flip test against full enumeration, and against its own sampling.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { mcnemar } from '../../src/stats/mcnemar.ts'
import { signFlip } from '../../src/stats/sign-flip.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('sign flips, $from cases', ({ reference }) => {
  it('looks at all assignments of a small sample', () => {
    const { diffs, count } = reference.signFlipPermutation
    const test = signFlip({ diffs })
    expect(test).toMatchObject({ count, isExact: true })
    const signsOf = (bits: number): number[] => diffs.map((value, i) => ((bits >> i) & 1 ? value : -value))
    const sums = Array.from({ length: count }, (_, bits) => signsOf(bits).reduce((total, value) => total + value, 0))
    const observed = diffs.reduce((total, value) => total + value, 0)
    const share = (isExtreme: (each: number) => boolean): number => sums.filter(isExtreme).length / count
    expect(test.greater).toBe(share((each) => each >= observed - 1e-9))
    expect(test.less).toBe(share((each) => each <= observed + 1e-9))
    expect(test.twoSided).toBe(share((each) => Math.abs(each) >= Math.abs(observed) - 1e-9))
  })
})

const differences = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 })
const random = () => seededBy(20261123, 'sign flips').unit

describe('signFlip', () => {
  it('of events is the exact McNemar test', () => {
    fc.assert(
      fc.property(fc.nat({ max: 9 }), fc.nat({ max: 9 }), (treatOnly, ctrlOnly) => {
        const diffs = [...Array.from({ length: treatOnly }, () => 1), ...Array.from({ length: ctrlOnly }, () => -1)]
        const { exact, exactGreater } = mcnemar({ treatOnly, ctrlOnly })
        const test = signFlip({ diffs: [0, ...diffs] })
        expect(test.greater).toEqual(near(exactGreater))
        expect(test.twoSided).toEqual(near(exact))
      }),
    )
  })
  it('mirrored differences swap greater and less', () => {
    fc.assert(
      fc.property(differences, (diffs) => {
        const [there, back] = [signFlip({ diffs }), signFlip({ diffs: diffs.map((value) => 0 - value) })]
        expect([back.greater, back.less, back.twoSided]).toEqual([there.less, there.greater, there.twoSided])
      }),
    )
  })
  it('pairs of a cluster change sign together: duplicated pairs tell no more than the pairs', () => {
    fc.assert(
      fc.property(differences, (diffs) => {
        const twice = signFlip({
          diffs: [...diffs, ...diffs],
          cluster: [...diffs, ...diffs].map((_, i) => i % diffs.length),
        })
        expect(twice).toEqual(signFlip({ diffs }))
      }),
    )
  })
  it('a sample of the assignments comes near to all of them, and never to 0', () => {
    const diffs = Array.from({ length: 20 }, (_, i) => Math.sin(i) + 0.2)
    const exact = signFlip({ diffs })
    // A unit that is 0 changes nothing, but makes them too many to count.
    const sampled = signFlip({ diffs: [...diffs, 0], random: random(), flips: 20_000 })
    expect(sampled).toMatchObject({ isExact: false, count: 20_001 })
    expect(Math.abs(sampled.greater - exact.greater)).toBeLessThan(0.015)
    expect(signFlip({ diffs: diffs.map(() => 1).concat(1), random: random(), flips: 99 }).greater).toBe(0.01)
  })
  it('the same draws give the same answer', () => {
    const diffs = Array.from({ length: 64 }, (_, i) => Math.cos(i))
    expect(signFlip({ diffs, random: random() })).toEqual(signFlip({ diffs, random: random() }))
  })
  it.each([
    ['no differences', { diffs: [] }],
    ['NaN', { diffs: [Number.NaN] }],
    ['too many units without chance', { diffs: Array.from({ length: 21 }, () => 1) }],
    ['no flips', { diffs: Array.from({ length: 21 }, () => 1), random: () => 0.5, flips: 0 }],
    ['clusters of another length', { diffs: [1, 2], cluster: [1] }],
  ])('refuses %s', (_, args) => {
    expect(() => signFlip(args)).toThrow(RangeError)
  })
})
