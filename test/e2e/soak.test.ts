// The soak's short form: a night that is cut off twice comes home, and nothing of it is lost; and what is lost is seen.

import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { builtCli } from '../soak/job.ts'
import { type Account, soakMonth } from '../soak/month.ts'
import { temporaryFolder } from '../support/cli.ts'

async function soaked({ plan, cli }: { readonly plan: readonly string[]; readonly cli: string }) {
  const nights: Account[] = []
  const onAccount = (account: Account) => void nights.push(account)
  const month = await soakMonth({ seed: 5, plan, folder: temporaryFolder(), cli, mayMount: false, onAccount })
  const violated = month.invariants.filter(({ violations }) => violations.length > 0)
  return { nights, violated, checked: new Map(month.invariants.map(({ what, checked }) => [what, checked])) }
}

it('a night that a full disk and a kill cut off comes home while its log is rotated, and every invariant holds', {
  timeout: 240_000,
}, async () => {
  const plan = ['quiet', 'disk-full-replay', 'kill-report', 'rotated-while-read', 'quiet']
  const { nights, violated, checked } = await soaked({ plan, cli: builtCli })
  expect(violated).toEqual([])
  expect(nights.map(({ came }) => came)).toEqual(['judged', 'STORE_UNWRITABLE', 'killed', 'judged', 'judged'])
  const hasAsked = nights.map(({ requests }) => requests > 0)
  expect(hasAsked, 'what was replayed before the kill is not asked again').toEqual([true, true, true, false, true])
  expect(checked.get('every fault struck')).toBe(5)
  expect(checked.get('verdicts compute again to the byte')).toBeGreaterThanOrEqual(5)
})

it('sees a call that is lost, and one that is there twice', { timeout: 120_000 }, async () => {
  const cli = fileURLToPath(new URL('../soak/children/forgetful-cli.ts', import.meta.url))
  const { violated } = await soaked({ plan: ['quiet'], cli })
  expect(violated.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      'no answer that was paid for is lost, but those of a kill’s last seconds',
      'no attempt is stored twice',
      'a judged run is whole',
      'verdicts compute again to the byte',
    ]),
  )
})
