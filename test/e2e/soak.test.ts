// The soak's short form: one night's work is cut off three nights in a row, by a full disk and two kills, and nothing of it is lost.

import { expect, it } from 'vitest'
import { builtCli } from '../soak/job.ts'
import { type Account, soakMonth } from '../soak/month.ts'
import { temporaryFolder } from '../support/cli.ts'

it('a night that a full disk and two kills cut off comes home, and all invariants hold', {
  timeout: 180_000,
}, async () => {
  const nights: Account[] = []
  const month = await soakMonth({
    seed: 5,
    plan: ['quiet', 'disk-full-replay', 'kill-score', 'kill-report', 'quiet', 'quiet'],
    folder: temporaryFolder(),
    cli: builtCli,
    mayMount: false,
    onAccount: (account) => nights.push(account),
  })
  const violated = month.invariants.filter(({ violations }) => violations.length > 0)
  expect(violated).toEqual([])
  expect(nights.map(({ came }) => came)).toEqual(['judged', 'STORE_UNWRITABLE', 'killed', 'killed', 'judged', 'judged'])
  // What was paid for before the kills is not asked again.
  expect(nights[3]?.requests).toBe(0)
  expect(nights[4]?.requests).toBe(0)
  expect(month.invariants.length).toBeGreaterThan(20)
})
