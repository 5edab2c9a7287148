// How long a night and its stages took.

import { expect, it } from 'vitest'
import { createStopwatch } from '../../../src/commands/night/stopwatch.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

it('ends a stage where the next begins, and counts the one under way so far', async () => {
  const clock = createFakeClock()
  const stopwatch = createStopwatch(clock)
  expect(stopwatch.read()).toEqual({ elapsedMs: 0, stages: {} })
  await clock.advance(5)
  stopwatch.reached('check')
  await clock.advance(40)
  stopwatch.reached('replay')
  await clock.advance(300)
  expect(stopwatch.read()).toEqual({ elapsedMs: 345, stages: { check: 40, replay: 300 } })
  stopwatch.reached('check')
  await clock.advance(2)
  expect(stopwatch.read()).toEqual({ elapsedMs: 347, stages: { check: 42, replay: 300 } })
})
