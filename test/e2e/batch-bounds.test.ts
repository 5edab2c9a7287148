// What the batch lane refuses before it sends anything, what it may cost, and how long it is gone on with.

import { describe, expect, it } from 'vitest'
import { expectAllAccounted, openShop, tooFew } from '../support/batch-shop.ts'
import { runCli } from '../support/cli.ts'

const timeout = { timeout: 120_000 }

describe('before anything is sent', () => {
  const cases = [
    [
      'an API without batches',
      { target: { api: 'ollama' } },
      ['error[BAD_CONFIG]', 'ollama has no batches', 'openai-chat', 'anthropic-messages'],
    ],
    [
      'a vendor without batches',
      { target: { vendor: 'mistral' } },
      ['error[BAD_CONFIG]', 'mistral', 'azure-openai, groq'],
    ],
    [
      'an open loop',
      { config: { replay: { lane: 'batch', pace: 'open' } } },
      ['error[BAD_CONFIG]', 'replay.pace', 'open loop'],
    ],
  ] as const
  it.each(cases)('%s is refused', timeout, async (_name, options, says) => {
    const shop = await openShop({ dialect: 'openai', ...options })
    const result = await shop.run()
    expect(result.status).toBe(65)
    for (const words of says) expect(result.stderr).toContain(words)
    expect(shop.server.log).toEqual([])
  })

  it('a cost limit is kept by the forecast: a prefix of the run is sent, and judged', timeout, async () => {
    const replay = { noise: 0, lane: 'batch', batchPollSeconds: 0.05, salt: false }
    const shop = await openShop({ dialect: 'openai', records: 100, config: { replay }, answersAreLogged: true })
    // 100 records × 2 arms × (20 × 1000 + 5 × 2000) / 1e6 / 2 = $3.
    const result = await shop.run(['--max-cost', '1.5'])
    expect(result.status, result.stderr).toBe(tooFew)
    expect(result.stderr).toContain('The cost limit of $1.50 was foreseen to be reached after 50 of 100 records')
    expect(shop.server.batches.map(({ requests }) => requests.length)).toEqual([50, 50])
  })

  it('a cost limit that nobody can foresee is refused', timeout, async () => {
    const shop = await openShop({ dialect: 'openai' })
    const result = await shop.run(['--max-cost', '1.5'])
    expect(result.status).toBe(65)
    expect(result.stderr).toContain('replay.maxCost')
    expect(shop.server.log).toEqual([])
  })
})

it('a run of two days ago is gone on with', timeout, async () => {
  let isHeld = true
  const shop = await openShop({
    dialect: 'anthropic',
    state: () => (isHeld ? { processing_status: 'in_progress' } : {}),
  })
  const stopped = shop.run([], {
    onStart: (child) => {
      const wait = setInterval(() => {
        if (shop.server.batches.length < 2 || shop.server.batches.some(({ polls }) => polls === 0)) return
        clearInterval(wait)
        child.kill('SIGINT')
      }, 50)
    },
  })
  expect((await stopped).status).toBe(130)
  isHeld = false
  await shop.change(`UPDATE run SET started_at = started_at - INTERVAL 48 HOURS`)
  const finished = await shop.run()
  expect(finished.status, finished.stderr).toBe(tooFew)
  expect(finished.stderr).toContain('goes on with run')
  await expectAllAccounted(shop)
})

it('another terminal sees how far the batches are, and stops the wait', timeout, async () => {
  const state = () => ({ status: 'in_progress', request_counts: { total: 90, completed: 30, failed: 1 } })
  const shop = await openShop({ dialect: 'openai', state })
  const running = shop.run()
  while (shop.server.batches.length < 2 || shop.server.batches.some(({ polls }) => polls < 2)) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const control = (action: string) => runCli(['control', action], { cwd: shop.folder })
  expect((await control('status')).stdout).toMatch(/^batch {4}production 31\/\d+, candidate 31\/\d+\n$/)
  expect((await control('pause')).stdout).toContain('control takes status and stop')
  expect((await control('stop')).status).toBe(0)
  const stopped = await running
  expect(stopped.status).toBe(130)
  expect(stopped.stderr).toContain('nothing is cancelled at the provider')
})
