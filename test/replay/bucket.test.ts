// The token bucket: what leaves in any minute is bounded, nobody is overtaken, and a cost is waited for exactly.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBucket, settle, take } from '../../src/replay/bucket.ts'

describe('take', () => {
  test.each([
    ['the first goes at once', [1], [0]],
    ['60 a minute: one a second', [1, 1, 1, 1], [0, 1000, 2000, 3000]],
    ['a cost larger than the bucket waits longer', [5, 1], [4000, 5000]],
    ['costs of nothing never wait', [0, 0, 0], [0, 0, 0]],
  ])('%s', (_why, costs, waits) => {
    let bucket = createBucket(60, 0)
    const told = costs.map((cost) => {
      const taken = take(bucket, cost, 0)
      bucket = taken.bucket
      return Math.round(taken.waitMs)
    })
    expect(told).toEqual(waits)
  })

  test('in no minute does more leave than the limit and one burst, whatever is asked for and when', () => {
    const asked = fc.array(fc.record({ afterMs: fc.nat(3000), cost: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 6000 }), asked, (perMinute, requests) => {
        let bucket = createBucket(perMinute, 0)
        let now = 0
        const left = requests.map(({ afterMs, cost }) => {
          now += afterMs
          const taken = take(bucket, cost, now)
          bucket = taken.bucket
          return { at: now + taken.waitMs, cost }
        })
        const most = perMinute + Math.max(1, perMinute / 60) + 1e-6
        for (const { at } of left) {
          const inMinute = left.filter((each) => each.at >= at && each.at < at + 60_000 - 1e-6)
          // The first of them may have been waited for before the minute began.
          const sum = inMinute.slice(1).reduce((total, { cost }) => total + cost, 0)
          expect(sum).toBeLessThanOrEqual(most)
        }
        // First come, first served.
        expect(left.every(({ at }, index) => index === 0 || at >= (left[index - 1]?.at ?? 0) - 1e-6)).toBe(true)
      }),
    )
  })
})

test('settle sets a guess right, both ways', () => {
  const { bucket } = take(createBucket(60, 0), 1, 0)
  expect(take(settle(bucket, 2), 0, 0).waitMs).toBe(2000)
  expect(take(settle(bucket, -5), 1, 0).waitMs).toBe(0)
})
