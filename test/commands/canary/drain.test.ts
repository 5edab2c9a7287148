// The end of a router: who is still served, who is waited for, and who is cut.

import { describe, expect, it } from 'vitest'
import { drain } from '../../../src/commands/canary/drain.ts'
import { realClock } from '../../../src/replay/real-clock.ts'
import { type ArmServer, startArm } from '../../support/arm-server.ts'
import { ask, startEcho, startProxy } from '../../support/proxied.ts'
import { head, rawClient } from '../../support/raw-client.ts'

const nowhere = 'http://127.0.0.1:1'
const patient = { clock: realClock, hurry: new AbortController().signal }
const days = 24 * 3600 * 1000

/** Begins its answers, and ends them when it is told to. */
async function startStreaming(): Promise<ArmServer & { readonly end: () => void }> {
  const ends: (() => void)[] = []
  const server = await startArm((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
    ends.push(() => response.end('data: 2\n\n'))
  })
  return {
    ...server,
    end: () => {
      for (const end of ends.splice(0)) end()
    },
  }
}

describe('while load balancers take notice', () => {
  it('requests are served, and each answer closes its connection', async () => {
    const { base, proxy } = await startProxy({ production: await startEcho('production'), candidate: nowhere })
    const client = await rawClient(base, head('GET /v1/models'))
    await expect.poll(client.said).toMatch(/^HTTP\/1\.1 200 /)
    expect(client.said()).not.toMatch(/connection: close/i)
    const noticed = new AbortController()
    const drained = drain(proxy, { noticeMs: days, endMs: days }, { clock: realClock, hurry: noticed.signal })
    expect((await ask(base)).headers.get('connection')).toBe('close')
    client.write(head('GET /v1/models'))
    expect(await client.closed).toMatch(/connection: close/i)
    noticed.abort()
    expect(await drained).toBe(0)
    await expect(ask(base)).rejects.toThrow('fetch failed')
  })
})

describe('then', () => {
  it('what runs comes to its end, and idle connections are closed at once', async () => {
    const production = await startStreaming()
    const { base, proxy, served } = await startProxy({ production, candidate: nowhere })
    const idle = await rawClient(base, head('HEAD /v1/models'))
    await expect.poll(() => production.heard.length).toBe(1)
    production.end()
    await expect.poll(idle.said).toMatch(/^HTTP\/1\.1 200 /)
    await expect.poll(proxy.active).toBe(0)
    const response = await ask(base)
    const drained = drain(proxy, { noticeMs: 0, endMs: days }, patient)
    await idle.closed
    await expect(ask(base)).rejects.toThrow('fetch failed')
    expect(proxy.active()).toBe(1)
    production.end()
    expect(await response.text()).toBe('data: 1\n\ndata: 2\n\n')
    expect(await drained).toBe(0)
    expect(served.at(-1)).toMatchObject({ failure: null, status: 200 })
  })

  it('what takes too long is cut, counted, and no failure of its arm', async () => {
    const production = await startStreaming()
    const candidate = await startArm(() => {})
    const { base, proxy, served } = await startProxy({ production, candidate, isCopied: true })
    const response = await ask(base)
    await expect.poll(() => candidate.heard.length).toBe(1)
    // The copy that nobody sees is not counted among them.
    expect(await drain(proxy, { noticeMs: 0, endMs: 0 }, patient)).toBe(1)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(served.map(({ failure }) => failure?.kind)).toEqual(['left', 'left'])
    expect(proxy.active()).toBe(0)
  })

  it('nobody is waited for where somebody is in a hurry', async () => {
    const { base, proxy } = await startProxy({ production: await startStreaming(), candidate: nowhere })
    const response = await ask(base)
    const hurry = new AbortController()
    const drained = drain(proxy, { noticeMs: days, endMs: days }, { clock: realClock, hurry: hurry.signal })
    hurry.abort()
    expect(await drained).toBe(1)
    await expect(response.text()).rejects.toThrow('terminated')
  })
})
