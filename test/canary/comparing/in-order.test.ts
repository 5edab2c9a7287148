// Values in order while they become more.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../../src/canary/comparing/in-order.ts'

describe('values in order', () => {
  it('are the same as sorted at once, however they came', () => {
    const latency = fc.oneof(fc.double({ min: 0, noNaN: true }), fc.constant(Infinity))
    expect.hasAssertions()
    fc.assert(
      fc.property(fc.array(fc.array(latency, { maxLength: 20 }), { maxLength: 6 }), (batches) => {
        const sorted = inOrder()
        const all: number[] = []
        for (const batch of batches) {
          all.push(...batch)
          expect([...sorted(Float64Array.from(all))]).toEqual([...Float64Array.from(all).toSorted()])
        }
      }),
    )
  })
})
