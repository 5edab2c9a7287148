// The batch lane where it goes wrong: one clear message, nothing cancelled, nothing lost, and the same command goes on.

import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Dialect, ServedBatch } from '../support/batch-server.ts'
import { expectAllAccounted, openShop, tooFew } from '../support/batch-shop.ts'
import { sendJson } from '../support/target.ts'

const timeout = { timeout: 120_000 }
const isSecond = ({ id }: ServedBatch) => id.endsWith('_2')

/** Another origin, which must never be asked. */
async function startElsewhere(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = []
  const server = createServer((request, response) => {
    heard.push(JSON.stringify([request.url, request.headers]))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}

describe.each<Dialect>(['openai', 'anthropic'])('%s', (dialect) => {
  it('Ctrl-C while waiting ends at once; nothing is cancelled; the same command goes on', timeout, async () => {
    const children: ChildProcess[] = []
    let isHeld = true
    const state = () => (isHeld ? { status: 'in_progress', processing_status: 'in_progress' } : {})
    const shop = await openShop({
      dialect,
      state,
      config: { replay: { noise: 0.5, lane: 'batch', batchPollSeconds: 600, confirmAbove: 1000 } },
    })
    const running = shop.run([], { onStart: (child) => children.push(child) })
    while (shop.server.batches.every(({ polls }) => polls === 0) || shop.server.batches.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
    children[0]?.kill('SIGINT')
    // The next look would be in ten minutes, which no test is given.
    const stopped = await running
    expect(stopped.status).toBe(130)
    expect(stopped.stderr).toContain('error[INTERRUPTED]')
    expect(stopped.stderr).toContain('nothing is cancelled at the provider; the same command goes on')
    expect(shop.server.log.filter((line) => line.includes('cancel'))).toEqual([])
    isHeld = false
    for (const batch of shop.server.batches) batch.polls = 5
    const finished = await shop.run()
    expect(finished.status, finished.stderr).toBe(tooFew)
    expect(shop.server.batches).toHaveLength(2)
    await expectAllAccounted(shop)
  })

  it('looks that fail for now are borne: 500, 404, 429, a broken connection', timeout, async () => {
    const left = [500, 404, 429, 'break', 404] as (number | 'break')[]
    const shop = await openShop({
      dialect,
      intercept: ({ method, path, response }) => {
        if (method !== 'GET' || !/batches\/\w+$|results$|content$/.test(path) || left.length === 0) return false
        const trouble = left.shift()
        if (trouble === 'break') response.destroy()
        else sendJson(response, Number(trouble), { error: { message: 'not now' } })
        return true
      },
    })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(tooFew)
    expect(left).toEqual([])
    await expectAllAccounted(shop)
  })

  it('a refused key ends the run, which goes on with the right one', timeout, async () => {
    let isRefusing = true
    const shop = await openShop({
      dialect,
      intercept: ({ method, path, response }) => {
        if (method !== 'GET' || !/batches\/\w+$/.test(path) || !isRefusing) return false
        sendJson(response, 401, { error: { message: 'invalid x-api-key', type: 'authentication_error' } })
        return true
      },
    })
    const refused = await shop.run()
    expect(refused.status).toBe(69)
    expect(refused.stderr).toContain('error[KEY_REFUSED]')
    expect(refused.stderr).toContain('the production refuses its key (HTTP 401): invalid x-api-key')
    expect(refused.stderr + refused.stdout).not.toContain('sk-test-0123456789')
    isRefusing = false
    const finished = await shop.run()
    expect(finished.status, finished.stderr).toBe(tooFew)
    expect(shop.server.batches).toHaveLength(2)
    await expectAllAccounted(shop)
  })

  it('a server without a batch API is named', timeout, async () => {
    const shop = await openShop({
      dialect,
      intercept: ({ response }) => {
        sendJson(response, 404, { error: { message: 'Not Found' } })
        return true
      },
    })
    const result = await shop.run()
    expect(result.status).toBe(69)
    expect(result.stderr).toContain('error[TARGET_UNREACHABLE]')
    expect(result.stderr).toContain("the production's batch API refuses (HTTP 404): Not Found")
    expect(result.stderr).toContain('replay.lane: live')
  })

  it(
    'a batch that somebody cancels there keeps what it has; the rest waits for the next command',
    timeout,
    async () => {
      let isCancelled = true
      const shop = await openShop({
        dialect,
        fate: ({ customId }, batch) =>
          isCancelled && isSecond(batch) && customId.endsWith('_c1') ? 'MISSING' : 'an answer',
        state: (batch) => {
          if (!isCancelled || !isSecond(batch) || batch.polls < 2) return {}
          return {
            status: dialect === 'openai' ? 'cancelled' : undefined,
            cancel_initiated_at: new Date().toISOString(),
          }
        },
      })
      const stopped = await shop.run()
      expect(stopped.status, stopped.stderr).toBe(130)
      expect(stopped.stderr).toContain('was cancelled at the provider')
      isCancelled = false
      const finished = await shop.run()
      expect(finished.status, finished.stderr).toBe(tooFew)
      expect(shop.server.batches).toHaveLength(3)
      await expectAllAccounted(shop, { isAskedOnce: false })
    },
  )
})

describe('openai', () => {
  it(
    'a batch that fails validation is named with its line; mended, its requests are handed over anew',
    timeout,
    async () => {
      let isFailing = true
      const error = { code: 'invalid_request', line: 7, message: 'Unsupported parameter: max_tokens', param: 'body' }
      const shop = await openShop({
        dialect: 'openai',
        state: (batch) =>
          isFailing && isSecond(batch) && batch.polls > 0
            ? { status: 'failed', errors: { object: 'list', data: [error] } }
            : {},
      })
      const failed = await shop.run()
      expect(failed.status).toBe(69)
      expect(failed.stderr).toContain('error[TARGET_UNREACHABLE]')
      expect(failed.stderr).toContain(
        'the candidate refused the batch batch_2: line 7: invalid_request: Unsupported parameter: max_tokens',
      )
      isFailing = false
      const finished = await shop.run()
      expect(finished.status, finished.stderr).toBe(tooFew)
      expect(
        shop.server.batches.map(({ requests }) => requests.length)[0],
        'the other arm is not asked again',
      ).toBeGreaterThan(0)
      expect(shop.server.batches).toHaveLength(3)
      await expectAllAccounted(shop, { isAskedOnce: false })
      expect(await shop.ask(`SELECT status FROM batch ORDER BY number`)).toEqual([
        { status: 'ended' },
        { status: 'failed' },
        { status: 'ended' },
      ])
    },
  )

  it('a provider without room for so many tokens gets smaller batches, one after the other', timeout, async () => {
    const data = [{ code: 'token_limit_exceeded', message: 'Enqueued token limit reached', line: null }]
    const shop = await openShop({
      dialect: 'openai',
      state: ({ requests, polls }) => (requests.length > 30 && polls > 0 ? { status: 'failed', errors: { data } } : {}),
    })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(tooFew)
    expect(result.stderr).toContain('has no room for a batch of')
    await expectAllAccounted(shop, { isAskedOnce: false })
  })

  it('the key goes into no redirect', timeout, async () => {
    const elsewhere = await startElsewhere()
    const shop = await openShop({
      dialect: 'openai',
      intercept: ({ path, response }) => {
        if (!path.endsWith('/content')) return false
        response.writeHead(307, { location: `${elsewhere.url}/content` }).end()
        return true
      },
    })
    const result = await shop.run()
    expect(result.status).toBe(69)
    expect(result.stderr).toContain('HTTP 307')
    expect(elsewhere.heard).toEqual([])
  })

  it('captured models each go into a batch of their own', timeout, async () => {
    const shop = await openShop({ dialect: 'openai', target: { model: undefined, overrides: {} } })
    const result = await shop.run()
    expect([0, tooFew], result.stderr).toContain(result.status)
    expect(shop.server.batches, 'two models, two arms').toHaveLength(4)
    for (const { requests } of shop.server.batches) expect(new Set(requests.map(({ body }) => body.model)).size).toBe(1)
    expect(shop.server.uploads.every(({ purpose, name }) => purpose === 'batch' && name.endsWith('.jsonl'))).toBe(true)
  })
})

describe('anthropic', () => {
  it('results that are said to be elsewhere are asked for here, and the key goes nowhere else', timeout, async () => {
    const elsewhere = await startElsewhere()
    const state = ({ id, polls }: ServedBatch) =>
      polls > 1 ? { results_url: `${elsewhere.url}/v1/messages/batches/${id}/results` } : {}
    const shop = await openShop({ dialect: 'anthropic', state })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(tooFew)
    expect(elsewhere.heard).toEqual([])
    await expectAllAccounted(shop)
  })

  it('and where they are not here either, the run ends, and says where they are said to be', timeout, async () => {
    const elsewhere = await startElsewhere()
    const shop = await openShop({
      dialect: 'anthropic',
      state: ({ polls }) => (polls > 1 ? { results_url: `${elsewhere.url}/results` } : {}),
      intercept: ({ path, response }) => {
        if (!path.endsWith('/results')) return false
        sendJson(response, 404, { error: { message: 'no such path' } })
        return true
      },
    })
    const result = await shop.run()
    expect(result.status).toBe(69)
    expect(result.stderr).toContain(`its results are said to be at ${elsewhere.url}, where the key must not go`)
    expect(elsewhere.heard).toEqual([])
  })
})
