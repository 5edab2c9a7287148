// How many more pairs: the design's cases, and the answers where there is no number.

import { describe, expect, it } from 'vitest'
import { morePairs } from '../../src/stats/more-pairs.ts'
import { minimumPairs } from '../../src/stats/order-statistic-ranks.ts'
import { references } from './reference.ts'

describe.each(references)('more pairs, $from cases', ({ reference }) => {
  it('at the current estimate', () => {
    for (const { nRequired, morePairs: more, ...args } of reference.morePairs.cases) {
      expect(morePairs({ ...args, scale: 'difference' }).atEstimate).toEqual({ required: nRequired, more })
    }
  })
})

const ok = { n: 300, estimate: 1.1, limit: 1.3, margin: 1.2, alphaOneSided: 0.05, power: 0.8, scale: 'ratio' } as const

describe('morePairs', () => {
  it('counts ratios in logs', () => {
    const logs = { estimate: Math.log(1.1), limit: Math.log(1.3), margin: Math.log(1.2) }
    expect(morePairs(ok)).toEqual(morePairs({ ...ok, ...logs, scale: 'difference' }))
  })
  it('needs fewer pairs if the candidate equals production than if it is worse', () => {
    const { atEstimate, ifEqual, unreachable } = morePairs(ok)
    expect(ifEqual.required).toBeLessThan(atEstimate.required)
    expect(ifEqual.more).toBe(ifEqual.required - 300)
    expect(unreachable).toBe(false)
  })
  it('an estimate at the margin is out of reach', () => {
    expect(morePairs({ ...ok, estimate: 1.2 })).toMatchObject({ atEstimate: { more: Infinity }, unreachable: true })
    expect(morePairs({ ...ok, estimate: 1.19 }).unreachable).toBe(true)
    expect(morePairs({ ...ok, estimate: 1.19, nMax: 1e6 }).unreachable).toBe(false)
  })
  it('an estimate without error that sits at the margin never leaves it', () => {
    expect(morePairs({ ...ok, estimate: 1.2, limit: 1.2 }).atEstimate.required).toBe(Infinity)
  })
  it('an infinite limit asks for the hard minimum', () => {
    const hardMinimum = minimumPairs({ p: 0.95, alphaOneSided: 0.05 })
    const answer = morePairs({ ...ok, n: 40, limit: Infinity, hardMinimum })
    expect(answer).toMatchObject({ atEstimate: { required: 59, more: 19 }, isHardMinimum: true })
    expect(morePairs({ ...ok, limit: 0 })).toMatchObject({ ifEqual: { required: Infinity }, isHardMinimum: true })
  })
  it('a margin of no effect can never be cleared by an equal candidate', () => {
    expect(morePairs({ ...ok, margin: 1 }).ifEqual.required).toBe(Infinity)
  })
  it.each([
    ['no pairs', { n: 0 }],
    ['alpha = 0.5, which has no error to scale', { alphaOneSided: 0.5 }],
    ['power = 1', { power: 1 }],
    ['a ratio margin of 0', { margin: 0 }],
    ['a negative ratio', { estimate: -1 }],
    ['NaN', { limit: Number.NaN }],
    ['an infinite margin', { margin: Infinity }],
  ])('refuses %s', (_, change) => {
    expect(() => morePairs({ ...ok, ...change })).toThrow(RangeError)
  })
})
