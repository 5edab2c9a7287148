// What clients and targets may take: connections, headers, time, and answers that nobody reads.

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Timeouts } from '../../../src/core/types.ts'
import { answerJson, startArm } from '../../support/arm-server.ts'
import { ask, startEcho, startProxy } from '../../support/proxied.ts'
import { head, rawClient } from '../../support/raw-client.ts'

const nowhere = 'http://127.0.0.1:1'
const post = (length: number) => head('POST /v1/chat/completions', `content-length: ${length}`)

describe('connections', () => {
  it('beyond the bound are told so and closed, and those within it are served', async () => {
    const production = await startEcho('production')
    const { base, proxy } = await startProxy({ production, candidate: nowhere, limits: { mostConnections: 2 } })
    const [one, two] = [await rawClient(base), await rawClient(base)]
    await expect.poll(() => proxy.clients().open).toBe(2)
    const three = await rawClient(base, `${post(2)}{}`)
    const told = await three.closed
    expect(told).toMatch(/^HTTP\/1\.1 503 [^]*retry-after: 1\r\n[^]*connection: close\r\n[^]*more than 2 connections/i)
    expect(production.heard).toHaveLength(0)
    one.write(`${post(2)}{}`)
    await expect.poll(one.said).toMatch(/^HTTP\/1\.1 200 /)
    two.socket.destroy()
    await expect.poll(() => proxy.clients().open).toBe(1)
    // There is room again.
    const four = await rawClient(base, `${post(2)}{}`)
    await expect.poll(four.said).toMatch(/^HTTP\/1\.1 200 /)
    expect(proxy.clients().refused).toBe(1)
  })

  it('in a flood are not even answered', async () => {
    const { base, proxy } = await startProxy({
      production: await startEcho('production'),
      candidate: nowhere,
      limits: { mostConnections: 1 },
    })
    const idle = [await rawClient(base), await rawClient(base)]
    await expect.poll(() => proxy.clients().open).toBe(2)
    const dropped = await rawClient(base, `${post(2)}{}`)
    expect(await dropped.closed).toBe('')
    expect(proxy.clients()).toMatchObject({ open: 2, refused: 2 })
    for (const { socket } of idle) socket.destroy()
  })
})

describe('a client', () => {
  it('with headers beyond the bound is answered 431', async () => {
    const production = await startEcho('production')
    const { base } = await startProxy({ production, candidate: nowhere, limits: { maxHeaderBytes: 2000 } })
    const client = await rawClient(base, head('GET /v1/models', `x-long: ${'x'.repeat(2000)}`))
    expect(await client.closed).toMatch(/^HTTP\/1\.1 431 /)
    expect(production.heard).toHaveLength(0)
  })

  it.each<[string, string, object]>([
    ['whose headers never end', 'GET /v1/models HTTP/1.1\r\nhost: router\r\n', { headersMs: 200 }],
    ['whose body never ends', `${post(10)}{"a"`, { headersMs: 100, requestMs: 200 }],
  ])('%s is answered 408, and nobody is asked', async (_, text, limits) => {
    const production = await startEcho('production')
    const { base, active } = await startProxy({ production, candidate: nowhere, limits })
    const client = await rawClient(base, text)
    expect(await client.closed).toMatch(/^HTTP\/1\.1 408 /)
    expect([active(), production.heard.length]).toEqual([0, 0])
  })

  it('that is between two requests for too long is let go', async () => {
    const production = await startEcho('production')
    const { base } = await startProxy({ production, candidate: nowhere, limits: { keepAliveMs: 50 } })
    const client = await rawClient(base, `${post(2)}{}`)
    expect(await client.closed).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('that reads nothing holds no memory and no connection', async () => {
    const production = await endless()
    const { base, proxy, served, active } = await startProxy({
      production,
      candidate: nowhere,
      limits: { stalledMs: 400 },
    })
    const client = await rawClient(base)
    client.socket.pause()
    client.write(`${post(2)}{}`)
    await expect.poll(() => proxy.clients().stalled).toBe(1)
    await production.heard[0]?.left
    await expect.poll(active).toBe(0)
    // Its own doing: no failure of the target.
    expect(served[0]?.failure?.kind).toBe('left')
    expect(proxy.clients().open).toBe(0)
  })

  it('that waits for its target is no such client, however long that takes', async () => {
    let answer: () => void = () => {}
    const production = await startArm((response) => {
      answer = () => answerJson(response, { name: 'late' })
    })
    const { base, proxy } = await startProxy({ production, candidate: nowhere, limits: { stalledMs: 20 } })
    const asked = ask(base)
    await expect.poll(() => production.heard.length).toBe(1)
    // Another one is cut off meanwhile: so many looks were taken at both.
    const stuck = await startProxy({ production: await endless(), candidate: nowhere, limits: { stalledMs: 20 } })
    const client = await rawClient(stuck.base)
    client.socket.pause()
    client.write(`${post(2)}{}`)
    await expect.poll(() => stuck.proxy.clients().stalled).toBe(1)
    answer()
    expect(await (await asked).json()).toEqual({ name: 'late' })
    expect(proxy.clients().stalled).toBe(0)
  })
})

function endless() {
  return startArm((response) => {
    const piece = Buffer.alloc(1 << 20, 'x')
    const fill = () => {
      while (response.write(piece));
      response.once('drain', fill)
    }
    fill()
  })
}

/** Takes connections and says nothing: a TLS client waits for its greeting. */
async function startMute(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {}))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a target that takes too long', () => {
  const head200 = { 'content-type': 'text/event-stream' }
  const cases: Record<string, { start: () => Promise<string>; timeouts: Partial<Timeouts>; told: number | 'cut' }> = {
    'to be connected to': { start: startMute, timeouts: { connectMs: 100 }, told: 504 },
    'to begin its answer': {
      start: async () => (await startArm(() => {})).origin,
      timeouts: { firstTokenMs: 100 },
      told: 504,
    },
    'between two pieces': {
      start: async () => (await startArm((response) => response.writeHead(200, head200).write('data: 1\n\n'))).origin,
      timeouts: { idleMs: 100 },
      told: 'cut',
    },
    'all in all': {
      start: async () =>
        (
          await startArm((response) => {
            response.writeHead(200, head200)
            const timer = setInterval(() => response.write('data: 1\n\n'), 20)
            response.once('close', () => clearInterval(timer))
          })
        ).origin,
      timeouts: { totalMs: 300 },
      told: 'cut',
    },
  }
  it.each(Object.keys(cases))('%s', async (how) => {
    const { start, timeouts, told } = cases[how] ?? { start: startMute, timeouts: {}, told: 504 }
    const production = { origin: await start(), heard: [] }
    const { base, served, active } = await startProxy({ production, candidate: nowhere, timeouts })
    const response = await ask(base)
    const text = await response.text().then(
      () => response.status,
      () => 'cut',
    )
    expect(text).toBe(told)
    await expect.poll(() => served[0]?.failure?.kind).toBe('timeout')
    await expect.poll(active).toBe(0)
  })
})
