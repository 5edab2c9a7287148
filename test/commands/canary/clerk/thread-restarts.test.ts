// How often a thread that ends is started again, and with how much of its past.

import { expect, it } from 'vitest'
import { createThreadRestarts } from '../../../../src/commands/canary/clerk/thread-restarts.ts'

const hour = 3_600_000

it.each([
  ['the first time: with its past', [0], { pauseMs: 1000, isAnew: false }],
  ['again within the hour: without, and later', [0, hour - 1], { pauseMs: 5000, isAnew: true }],
  ['an hour later: as the first time', [0, hour], { pauseMs: 1000, isAnew: false }],
  ['for the fourth time in an hour', [0, 1, 2, 3], { pauseMs: 125_000, isAnew: true }],
  ['for the fifth: no more', [0, 1, 2, 3, 4], null],
])('a thread that ends %s', (_, ends, expected) => {
  const restarts = createThreadRestarts()
  expect(ends.map((at) => restarts.next(at)).at(-1)).toEqual(expected)
})
