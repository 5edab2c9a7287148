// When a replay may be looked at: after so many minutes of its own.

import { expect, it } from 'vitest'
import { createLookout, type LookoutOptions } from '../../../src/commands/replay/live-lookout.ts'
import { defaultLookPolicy } from '../../../src/gate/policy.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { runOf } from '../../support/nouns.ts'

it('a run that was cut off yesterday is not looked at before it has lasted so long today', async () => {
  const clock = createFakeClock()
  const run = runOf('cut-off', { startedAt: new Date(clock.now() - 24 * 3_600_000).toISOString() })
  const session = { world: { clock }, policy: { looks: { ...defaultLookPolicy, minMinutes: 5 } } }
  // A look needs more than is here, and fails: that is how it is seen.
  const lookout = createLookout({ session, stored: { run }, onOver: () => {} } as unknown as LookoutOptions)
  lookout.end([0, 1, 2])
  await lookout.settled()
  await clock.advance(5 * 60_000)
  lookout.end([3])
  await expect(lookout.settled()).rejects.toThrow(/undefined/)
})
