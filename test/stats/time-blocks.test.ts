// Blocks of time: how they are cut, and whether they find load that comes and goes.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pOfGroups, timeBlocks, timeDependence } from '../../src/stats/time-blocks.ts'
import { near } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

const times = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 120 })

describe('timeBlocks', () => {
  it('are contiguous in time, and equal to within a pair', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 12 }), (sentAt, blocks) => {
        const of = [...timeBlocks({ sentAt, blocks })]
        for (const [i, at] of sentAt.entries()) {
          for (const [j, other] of sentAt.entries()) {
            const inOrder = at < other || (at === other && i < j)
            if (inOrder) expect(of[i]).toBeLessThanOrEqual(of[j] ?? -1)
          }
        }
        const sizes = Array.from({ length: blocks }, (_, block) => of.filter((each) => each === block).length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 40 },
    )
  })
  it('are ten unless told otherwise', () => {
    expect([...timeBlocks({ sentAt: Array.from({ length: 20 }, (_, i) => -i) })]).toEqual(
      Array.from({ length: 20 }, (_, i) => 9 - Math.floor(i / 2)),
    )
  })
  it.each([
    ['no pairs', { sentAt: [] }],
    ['NaN', { sentAt: [1, Number.NaN] }],
    ['no blocks', { sentAt: [1], blocks: 0 }],
    ['half a block', { sentAt: [1], blocks: 0.5 }],
  ])('refuse %s', (_, args) => {
    expect(() => timeBlocks(args)).toThrow(RangeError)
  })
})

describe('pOfGroups', () => {
  it('equals scipy.stats.f_oneway', () => {
    const values = [3.1, 2.9, 4, 3.3, 2, 2.4, 2.2, 3.9, 4.4, 4.1, 3.7, 4]
    const groups = Int32Array.of(7, 7, 7, 7, 1, 1, 1, 3, 3, 3, 3, 3)
    expect(pOfGroups({ values, groups })).toEqual(near(0.00015759889999822718))
  })
  it('ends at 0 where only groups vary and at 1 where nothing does', () => {
    const groups = Int32Array.of(0, 0, 1, 1)
    expect(pOfGroups({ values: [1, 1, 2, 2], groups })).toBe(0)
    expect(pOfGroups({ values: [0.1, 0.1, 0.1, 0.1], groups })).toBe(1)
  })
  it.each([
    ['one group', { values: [1, 2, 3], groups: Int32Array.of(4, 4, 4) }],
    ['no more values than groups', { values: [1, 2], groups: Int32Array.of(1, 2) }],
    ['NaN', { values: [1, Number.NaN, 3], groups: Int32Array.of(1, 1, 2) }],
  ])('refuses %s', (_, args) => {
    expect(() => pOfGroups(args)).toThrow(RangeError)
  })
})

describe('timeDependence', () => {
  const n = 300
  const sentAt = Array.from({ length: n }, (_, i) => 1000 * i)
  const noise = sentAt.map((_, i) => Math.sin(i * i))
  it('sees nothing in noise, whatever the order of the rows', () => {
    const there = timeDependence({ values: noise, sentAt })
    expect(there.isDependent).toBe(false)
    const back = timeDependence({ values: noise.toReversed(), sentAt: sentAt.toReversed() })
    expect(back.designEffect).toEqual(near(there.designEffect, 1e-9))
    expect(back.p).toEqual(near(there.p, 1e-9))
  })
  it('sees an hour that was slow', () => {
    const slow = noise.map((value, i) => (i > 100 && i < 160 ? value + 2 : value))
    const { designEffect, p, isDependent } = timeDependence({ values: slow, sentAt })
    expect(designEffect).toBeGreaterThan(1.5)
    expect(p).toBeLessThan(1e-6)
    expect(isDependent).toBe(true)
  })
  it('sees by the other view of the pairs too, some of which have none', () => {
    const slow = noise.map((value, i) => (i % 7 === 0 ? Number.NaN : i > 100 && i < 160 ? value + 2 : value))
    const seen = timeDependence({ values: noise, tested: slow, sentAt })
    expect(seen.designEffect).toBeLessThan(1.5)
    expect(seen.isDependent).toBe(true)
  })
  it('has nothing to tell by in few pairs', () => {
    const few = timeDependence({ values: noise.slice(0, 19), sentAt: sentAt.slice(0, 19) })
    expect(few).toEqual({ designEffect: 1, p: 1, isDependent: false, isShown: false })
    const some = timeDependence({ values: noise, tested: noise.map(() => Number.NaN), sentAt })
    expect(some.p).toBe(1)
  })
  it.each([
    ['no pairs', { values: [], sentAt: [] }],
    ['unequal lengths', { values: [1], sentAt: [1, 2] }],
    ['a value that is NaN', { values: [Number.NaN], sentAt: [1] }],
    ['another view that is infinite', { values: noise, tested: noise.map(() => Infinity), sentAt }],
  ])('refuses %s', (_, args) => {
    expect(() => timeDependence(args)).toThrow(RangeError)
  })
})
