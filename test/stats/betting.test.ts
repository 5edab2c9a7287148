// The betting e-process against the design's path, and its promise under any number of looks.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { bet, eProcess, noBets } from '../../src/stats/betting.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('e-process, $from cases', ({ reference: { eProcessPairedBinary: expected } }) => {
  it('follows the path', () => {
    const { logK, firstRejectN } = eProcess(expected)
    for (const [n, value] of expected.logK_at) expect(logK[n - 1]).toEqual(near(value))
    expect(firstRejectN).toBe(expected.first_reject_n)
  })
})

const differences = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 60 })
const margins = fc.double({ min: -0.9, max: 0.9, noNaN: true })

describe('eProcess', () => {
  it('never loses everything, and adds up bet by bet', () => {
    fc.assert(
      fc.property(differences, margins, (d, margin) => {
        const { logK } = eProcess({ d, margin, alpha: 0.05 })
        const bets = d.reduce((before, each) => bet(before, each, margin), noBets)
        expect(bets.pairs).toBe(d.length)
        expect(bets.logCapital).toBe(logK.at(-1) ?? 0)
        expect(logK.every(Number.isFinite)).toBe(true)
      }),
    )
  })
  it('no pairs decide nothing', () => {
    expect(eProcess({ d: [], margin: 0.02, alpha: 0.05 })).toEqual({ logK: new Float64Array(0), firstRejectN: null })
  })
  it('what is settled stays settled, though the capital is lost again', () => {
    const d = [...Array.from({ length: 400 }, () => 0), ...Array.from({ length: 400 }, () => 1)]
    const { logK, firstRejectN } = eProcess({ d, margin: 0.02, alpha: 0.05 })
    expect(firstRejectN).toBeLessThan(400)
    expect(logK.at(-1)).toBeLessThan(0)
  })
  it('exactly at the margin errs less than alpha, looking after every pair; below it decides in hundreds', () => {
    const random = seededBy(20261123, 'bets')
    const draw = (worse: number, better: number) => (): number => {
      const unit = random.unit()
      return unit < worse ? 1 : unit < worse + better ? -1 : 0
    }
    const run = (d: () => number): number =>
      eProcess({ d: Float64Array.from({ length: 3000 }, d), margin: 0.02, alpha: 0.05 }).firstRejectN ?? Infinity
    const atMargin = Array.from({ length: 600 }, () => run(draw(0.025, 0.005)))
    expect(atMargin.filter(Number.isFinite).length / 600).toBeLessThan(0.06)
    const fine = Array.from({ length: 200 }, () => run(draw(0.005, 0.005))).toSorted((a, b) => a - b)
    // The design's mean is 300.
    expect(fine[100]).toBeGreaterThan(200)
    expect(fine[100]).toBeLessThan(400)
  })
  it('bets on worse by the mirror image', () => {
    const d = Array.from({ length: 600 }, (_, i) => (i % 10 === 0 ? -1 : 0))
    expect(eProcess({ d, margin: -0.02, alpha: 0.05 }).firstRejectN).toBeLessThan(600)
  })
  it.each([
    ['a difference above 1', { d: [1.1] }],
    ['NaN', { d: [Number.NaN] }],
    ['a margin of 1', { margin: 1 }],
    ['a margin that is NaN', { margin: Number.NaN }],
    ['alpha = 1', { alpha: 1 }],
  ])('refuses %s', (_, change) => {
    expect(() => eProcess({ d: [0], margin: 0.02, alpha: 0.05, ...change })).toThrow(RangeError)
  })
})
