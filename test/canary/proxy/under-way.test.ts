// Requests under way by arm: how the arm that was left empties.

import { expect, it } from 'vitest'
import { createUnderWay } from '../../../src/canary/proxy/under-way.ts'

it('an arm that was left is empty when its last request ended', () => {
  let now = 1000
  const underWay = createUnderWay(() => now)
  expect(underWay.leaving()).toBeNull()
  underWay.begin('production')
  underWay.begin('production')
  underWay.leave('production')
  expect(underWay.leaving()).toEqual({ arm: 'production', sinceMs: 1000, emptyAtMs: null })
  underWay.begin('candidate')
  underWay.end('production')
  underWay.end('candidate')
  expect([underWay.counts(), underWay.leaving()?.emptyAtMs]).toEqual([{ production: 1, candidate: 0 }, null])
  now = 5000
  underWay.end('production')
  expect(underWay.leaving()).toEqual({ arm: 'production', sinceMs: 1000, emptyAtMs: 5000 })
  now = 6000
  underWay.begin('production')
  underWay.end('production')
  expect(underWay.leaving()?.emptyAtMs).toBe(5000)
})

it('an arm without requests is empty at once, and leaving it again begins anew', () => {
  const underWay = createUnderWay(() => 7)
  underWay.leave('candidate')
  expect(underWay.leaving()).toEqual({ arm: 'candidate', sinceMs: 7, emptyAtMs: 7 })
  underWay.begin('production')
  underWay.leave('production')
  expect(underWay.leaving()).toEqual({ arm: 'production', sinceMs: 7, emptyAtMs: null })
})
