// The limit of a night's time, and waits that would outlast it.

import { expect, test } from 'vitest'
import { createTimeLimit } from '../../../src/commands/replay/time-limit.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const lane = (heldMs: number) => ({ limit: 8, most: 8, inFlight: 0, waiting: 0, heldMs })
const lanes = (production: number, candidate: number) => ({ production: lane(production), candidate: lane(candidate) })
/** Late, as a timer of a busy machine is. */
const lateMs = 5

async function after(passedMs: number) {
  const clock = createFakeClock()
  const late = { ...clock, sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + lateMs, signal) }
  const limit = createTimeLimit({ config: { replay: { maxMinutes: 1 } }, world: { clock: late }, startedMs: 0 })
  await clock.advance(passedMs)
  return { clock, limit }
}

test('a wait that outlasts the time ends it now, and one that does not ends nothing', async () => {
  const { limit } = await after(50_000)
  limit.see(lanes(0, 9000))
  expect([limit.up.aborted, limit.wait()]).toEqual([false, null])
  limit.see(lanes(0, 11_000))
  expect([limit.up.aborted, limit.wait()]).toEqual([true, { arm: 'candidate', ms: 11_000 }])
})

test('time that is up is nobody’s wait, also in the moment before its timer rings', async () => {
  const { clock, limit } = await after(60_000 + lateMs - 1)
  limit.see(lanes(0, 0))
  await clock.advance(1)
  expect([limit.up.aborted, limit.wait()]).toEqual([true, null])
})
