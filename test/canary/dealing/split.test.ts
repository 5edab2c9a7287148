// Users keep their place: exact shares, and nobody who flips back.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketOf, buckets } from '../../../src/canary/dealing/bucket.ts'
import { armOf, groupOf, splitAt } from '../../../src/canary/dealing/split.ts'

const share = fc.integer({ min: 0, max: buckets }).map((edge) => edge / buckets)

describe('a split', () => {
  it.each([
    [0, { candidate: 0, control: 0 }],
    [0.05, { candidate: 500, control: 500 }],
    [0.1, { candidate: 1000, control: 1000 }],
    [0.25, { candidate: 2500, control: 2500 }],
    [0.5, { candidate: 5000, control: 5000 }],
    [0.8, { candidate: 8000, control: 2000 }],
    [1, { candidate: 10_000, control: 0 }],
  ])('at %s', (at, expected) => {
    expect(splitAt(at)).toEqual(expected)
  })

  it.each([Number.NaN, -0.1, 1.01])('refuses %s', (at) => {
    expect(() => splitAt(at)).toThrow(RangeError)
  })

  it('gives the candidate exactly its share of buckets, and the control no more', () => {
    fc.assert(
      fc.property(share, (at) => {
        const split = splitAt(at)
        const counts = { candidate: 0, control: 0, rest: 0, unmatched: 0 }
        for (let bucket = 0; bucket < buckets; bucket++) counts[groupOf(bucket, split)]++
        const served = counts.candidate + counts.unmatched
        expect(served).toBe(Math.round(at * buckets))
        expect(counts.control).toBe(Math.min(served, buckets - served))
        expect(counts.candidate).toBe(counts.control)
      }),
      { numRuns: 50 },
    )
  })

  it('never takes a user back while the ramp rises, nor out of the control but to the candidate', () => {
    expect.hasAssertions()
    fc.assert(
      fc.property(fc.uniqueArray(share, { minLength: 2, maxLength: 6 }), fc.nat(buckets - 1), (shares, bucket) => {
        const path = shares.toSorted((a, b) => a - b).map((at) => groupOf(bucket, splitAt(at)))
        const was = path.findIndex((group) => armOf(group) === 'candidate')
        if (was >= 0) expect(path.slice(was).every((group) => armOf(group) === 'candidate')).toBe(true)
        // Whoever is compared stands on one side alone.
        expect(path.includes('candidate') && path.includes('control')).toBe(false)
        for (let i = 1; i < path.length; i++) if (path[i - 1] === 'control') expect(path[i]).not.toBe('rest')
      }),
    )
  })
})

describe('100,000 users over the default ramp', () => {
  const users = Array.from({ length: 100_000 }, (_, n) => bucketOf(`header x-user:user-${n}`, 'salt'))
  const stages = [0.05, 0.1, 0.25, 0.5, 1]

  it.each(stages)('are split to within four standard errors at %s', (at) => {
    const split = splitAt(at)
    const served = users.filter((bucket) => armOf(groupOf(bucket, split)) === 'candidate').length / users.length
    expect(Math.abs(served - at)).toBeLessThanOrEqual(4 * Math.sqrt((at * (1 - at)) / users.length))
  })

  it('never flip back', () => {
    const flipped = users.filter((bucket) => {
      const path = stages.map((at) => armOf(groupOf(bucket, splitAt(at))) === 'candidate')
      return path.some((isServed, i) => i > 0 && path[i - 1] === true && !isServed)
    })
    expect(flipped).toEqual([])
  })

  it('fill the buckets evenly (chi-square of 10,000 buckets within its 1 in 10,000 tails)', () => {
    const counts = new Float64Array(buckets)
    for (const bucket of users) counts[bucket] = (counts[bucket] ?? 0) + 1
    const expected = users.length / buckets
    const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    const spread = Math.sqrt(2 * (buckets - 1))
    expect(Math.abs(statistic - (buckets - 1))).toBeLessThan(3.9 * spread)
  })

  it('fall elsewhere by another salt', () => {
    const same = users.filter((bucket, n) => bucketOf(`header x-user:user-${n}`, 'pepper') === bucket).length
    expect(same).toBeLessThan(30)
  })
})

it('a bucket is the same in every process and every release', () => {
  expect(bucketOf('header x-user:alice', 'salt')).toMatchInlineSnapshot(`2950`)
  expect(bucketOf('', '')).toMatchInlineSnapshot(`4304`)
})
