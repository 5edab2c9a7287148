// A candidate that takes requests and says nothing, and clients that do not wait for as long as the router would.

import { expect, it } from 'vitest'
import { openRouter } from '../support/seen-router.ts'
import { journalOf } from '../support/served.ts'

it('is rolled back, though no request to it ever fails', async () => {
  const { base, folder } = await openRouter({
    candidate: () => {},
    targets: { timeoutMs: 60_000 },
    canary: { guards: { silentMinutes: 0.02 } },
  })
  const left = async () => {
    const asked = fetch(`${base}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-user-id': 'ada' },
      body: JSON.stringify({ model: 'now', messages: [{ role: 'user', content: 'Hi' }] }),
      signal: AbortSignal.timeout(300),
    })
    await asked.catch(() => {})
    return journalOf(folder).at(-1)
  }
  await expect.poll(left, { interval: 1 }).toMatchObject({ kind: 'rolled-back', tripped: { guard: 'no-answer' } })
})
