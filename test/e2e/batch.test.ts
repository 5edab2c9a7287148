// Whole runs through the providers' batch APIs: to a verdict, and over kills.

import type { ChildProcess } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../support/batch-server.ts'
import { expectAllAccounted, numberIn, openShop, tooFew } from '../support/batch-shop.ts'

const dialects: readonly Dialect[] = ['openai', 'anthropic']

describe.each(dialects)('%s', (dialect) => {
  it('runs to a verdict: no latency, half the price', async () => {
    const shop = await openShop({ dialect, records: 400 })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(0)
    expect(shop.verdict().decision).toBe('GO')
    await expectAllAccounted(shop)
    expect(shop.server.batches).toHaveLength(2)
    expect(result.stderr).toMatch(/batch {4}production (\d+)\/\1, candidate \1\/\1/)
    const [times] = await shop.ask(
      `SELECT count(total_ms)::INT + count(headers_ms)::INT + count(first_token_ms)::INT AS timed FROM attempt`,
    )
    expect(times).toEqual({ timed: 0 })
    const [latencies] = await shop.ask(`SELECT count(latency_ms)::INT AS n, count(ttft_ms)::INT AS t FROM calls`)
    expect(latencies).toEqual({ n: 0, t: 0 })
    const [measured] = await shop.ask(
      `SELECT string_agg(DISTINCT absent) AS why FROM measure WHERE metric IN ('latency', 'ttft')`,
    )
    expect(measured).toEqual({ why: 'not-measured' })
    // 10 of the 20 input tokens are cached, at no price of their own: (20 × 1000 + 5 × 2000) / 1e6, halved.
    const [cost] = await shop.ask(
      `SELECT round(avg(production), 6) AS usd FROM measure WHERE metric = 'cost' AND comparison = 'candidate'`,
    )
    const input = dialect === 'openai' ? 20 : 30
    expect(cost).toEqual({ usd: (input * 1000 + 5 * 2000) / 1e6 / 2 })
    const sent = shop.server.batches.flatMap(({ requests }) => requests)
    expect(
      sent.every(({ body }) => body.stream === undefined),
      'no stream',
    ).toBe(true)
    expect(new Set(sent.map(({ body }) => body.model))).toEqual(new Set(['test-model', 'test-model-next']))
  })

  it('fields go by the names that the target gives them', async () => {
    const shop = await openShop({ dialect, target: { rename: { model: 'captured_model' } } })
    expect((await shop.run()).stderr).not.toContain('error[')
    const sent = shop.server.batches.flatMap(({ requests }) => requests)
    expect(sent.length).toBeGreaterThan(0)
    for (const { body } of sent) expect(body).toHaveProperty('captured_model', expect.stringMatching(/^test-model/))
  })

  it('with latency rules: not evaluable, and no GO', async () => {
    const shop = await openShop({ dialect, isLatencyJudged: true })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(2)
    const { decision, findings, next } = shop.verdict()
    expect(decision).toBe('INCONCLUSIVE')
    for (const metric of ['latency-p50', 'latency-p95', 'ttft-p95']) {
      const finding = findings.find((each) => each.metric === metric)
      expect(finding).toMatchObject({ outcome: 'not-evaluable' })
      expect(finding?.because).toContain('sent as batches, which have no latencies')
    }
    expect(next).toContain('replay.lane: live')
  })

  it('kill −9 after the submission and while results come: nothing twice, nothing lost', async () => {
    let child: ChildProcess | null = null
    const kills = { onPoll: true, onHalf: true }
    const kill = async () => {
      child?.kill('SIGKILL')
      await new Promise((resolve) => child?.once('close', resolve))
    }
    const shop = await openShop({
      dialect,
      intercept: ({ method, path }) => {
        if (method !== 'GET' || !/batches\/\w+$/.test(path) || !kills.onPoll) return false
        kills.onPoll = false
        void kill()
        return true
      },
      onHalf: async () => {
        if (!kills.onHalf) return
        kills.onHalf = false
        // Long enough for what came to be written down.
        await new Promise((resolve) => setTimeout(resolve, 1300))
        await kill()
      },
    })
    const onStart = (started: ChildProcess) => (child = started)
    expect((await shop.run([], { onStart })).signal).toBe('SIGKILL')
    expect(shop.server.batches).toHaveLength(2)
    expect((await shop.run([], { onStart })).signal).toBe('SIGKILL')
    const [half] = await shop.ask('SELECT count(*)::INT AS n FROM attempt')
    expect(half?.['n']).toBeGreaterThan(0)
    const finished = await shop.run([], { onStart })
    expect(finished.status, finished.stderr).toBe(tooFew)
    expect(finished.stderr).toContain('goes on with run')
    expect(shop.server.batches).toHaveLength(2)
    await expectAllAccounted(shop)
  })

  it('kill −9 before the answer to a submission is heard: the batch is found again', async () => {
    let child: ChildProcess | null = null
    const shop = await openShop({
      dialect,
      onCreate: (_batch, { batches }) => {
        if (batches.length !== 2) return 'answer'
        child?.kill('SIGKILL')
        return 'silence'
      },
    })
    expect((await shop.run([], { onStart: (started) => (child = started) })).signal).toBe('SIGKILL')
    const finished = await shop.run()
    expect(finished.status, finished.stderr).toBe(tooFew)
    expect(shop.server.batches).toHaveLength(2)
    await expectAllAccounted(shop)
  })

  it('the second Ctrl-C over a submission: the batch is found again', async () => {
    const children: ChildProcess[] = []
    const shop = await openShop({
      dialect,
      onCreate: (_batch, { batches }) => (batches.length === 1 ? 'silence' : 'answer'),
    })
    const stopped = shop.run([], { onStart: (started) => children.push(started) })
    while (shop.server.batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    children[0]?.kill('SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 300))
    children[0]?.kill('SIGINT')
    expect((await stopped).status).toBe(130)
    const finished = await shop.run()
    expect(finished.status, finished.stderr).toBe(tooFew)
    await expectAllAccounted(shop)
  })

  it('a connection that breaks over a submission: asked after, not made again', async () => {
    const shop = await openShop({
      dialect,
      onCreate: (_batch, { batches }) => (batches.length === 1 ? 'break' : 'answer'),
    })
    const finished = await shop.run()
    expect(finished.status, finished.stderr).toBe(tooFew)
    expect(shop.server.batches).toHaveLength(2)
    await expectAllAccounted(shop)
  })

  it('a batch that expires half-way: the rest goes into another one', async () => {
    const shop = await openShop({
      dialect,
      fate: (request, { id }) => (/_[12]$/.test(id) && numberIn(request) % 2 === 0 ? 'EXPIRED' : 'an answer'),
    })
    const result = await shop.run()
    expect(result.status, result.stderr).toBe(tooFew)
    expect(result.stderr).toMatch(/asked again: (batch_)?expired ×\d+/)
    expect(shop.server.batches).toHaveLength(4)
    await expectAllAccounted(shop, { isAskedOnce: false })
    expect(await shop.ask('SELECT status, count(*)::INT AS n FROM batch GROUP BY ALL')).toEqual([
      { status: 'ended', n: 4 },
    ])
  })

  it('what no batch answers is broken in the end; an error of its own is kept at once', async () => {
    const shop = await openShop({
      dialect,
      target: { retries: 1 },
      fate: (request) => {
        const number = numberIn(request)
        if (request.body.model !== 'test-model-next') return 'an answer'
        return number === 3 ? 'MISSING' : number === 4 ? 'TROUBLE' : number === 5 ? { error: 'too long' } : 'an answer'
      },
    })
    const result = await shop.run()
    expect([0, 1, 2], result.stderr).toContain(result.status)
    await expectAllAccounted(shop, { isAskedOnce: false })
    expect(shop.server.batches, 'the other arm is asked once').toHaveLength(3)
    const outcomes = await shop.ask(
      `SELECT outcome, http_status, min(detail) AS detail, (count(*) > 0)::INT AS n FROM attempt WHERE outcome <> 'reply' GROUP BY ALL ORDER BY ALL`,
    )
    const trouble =
      dialect === 'openai' ? { outcome: 'broken', http_status: null } : { outcome: 'rejected', http_status: 529 }
    expect(outcomes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ outcome: 'rejected', http_status: 400, detail: 'too long' }),
        expect.objectContaining(trouble),
      ]),
    )
    const [missing] = await shop.ask(`SELECT count(*)::INT AS n FROM attempt WHERE detail LIKE 'missing:%'`)
    expect(missing?.['n']).toBeGreaterThan(0)
  })
})
