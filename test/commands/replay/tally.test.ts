// What the progress line says: how far it is, and of a wait.

import { expect, it } from 'vitest'
import { createTally } from '../../../src/commands/replay/tally.ts'

it.each([
  [7_200_000, 'waits 2.0 h for the candidate (rate limit or Retry-After)'],
  [45_300, 'waits 46 s for the candidate (rate limit or Retry-After)'],
  [900, null],
])('a lane that is held for %d ms', (heldMs, words) => {
  const tally = createTally({ calls: 10, before: 0, elapsed: () => 0, spent: () => null })
  const lane = { limit: 1, most: 1, inFlight: 0, heldMs: 0 }
  tally.know({ isPaused: false, lanes: { production: lane, candidate: { ...lane, heldMs } } })
  const parts = tally.text().split(' · ')
  if (words === null) expect(tally.text()).not.toContain('waits')
  else expect(parts).toContain(words)
})

it('writes thousands of calls as the lines around it do', () => {
  const tally = createTally({ calls: 4304, before: 1200, elapsed: () => 0, spent: () => null })
  expect(tally.text()).toMatch(/^replay {3}1,200\/4,304 calls · /)
})
