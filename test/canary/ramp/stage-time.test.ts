// How much of a stage's time a log can vouch for.

import { expect, it } from 'vitest'
import { createStageTime } from '../../../src/canary/ramp/stage-time.ts'

const start = Date.parse('2026-11-26T08:00:00.000Z')
const instant = (seconds: number) => new Date(start + seconds * 1000).toISOString()

it.each([
  ['nothing was served: none', [], 0],
  ['served all the time: all of it', [30, 60, 119], 119],
  ['in another order, as answers end', [60, 30, 119], 119],
  ['down for ten hours, or a clock set on: a minute of that', [30, 36_000, 36_030], 120],
  ['a clock set back: what is new', [30, -3600, 60], 60],
])('%s', (_, seconds, expected) => {
  const time = createStageTime(instant(0))
  for (const each of seconds) time.see(instant(each))
  expect(time.ms()).toBe(expected * 1000)
})
