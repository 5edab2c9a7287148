// The proxy in trouble: what is mended, what is told as it is, and what nobody notices.

import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type ArmServer, answerJson, startArm } from '../../support/arm-server.ts'
import { ask, startEcho, startProxy } from '../../support/proxied.ts'
import { head, rawClient } from '../../support/raw-client.ts'

describe('a candidate that fails', () => {
  const failing: Record<string, () => Promise<ArmServer | string>> = {
    'with a 500': () => startArm((response) => answerJson(response, { error: 'no' }, 500)),
    'with a 429': () => startArm((response) => answerJson(response, { error: 'no' }, 429)),
    'by hanging up': () => startArm((response) => response.destroy()),
    'by not being there': () => Promise.resolve('http://127.0.0.1:1'),
    'by saying nothing': () => startArm(() => {}),
  }
  it.each(Object.keys(failing))('%s is mended by production, and counted', async (how) => {
    const production = await startEcho('production')
    const candidate = (await failing[how]?.()) ?? ''
    const { base, served } = await startProxy({ production, candidate, arm: 'candidate', timeouts: { totalMs: 600 } })
    const response = await ask(base)
    expect(await response.json()).toEqual({ name: 'production', path: '/v1/chat/completions' })
    expect(response.headers.get('x-shadowgate-arm')).toBe('production')
    await expect.poll(() => served.length).toBe(2)
    expect(served.map(({ servedBy, isUnseen, group }) => ({ servedBy, isUnseen, group }))).toEqual([
      { servedBy: 'candidate', isUnseen: true, group: 'candidate' },
      { servedBy: 'production', isUnseen: false, group: 'candidate' },
    ])
  })

  it.each([1, 2])('with an error whose text never ends is mended all the same: %i servers', async (servers) => {
    const dripping = () =>
      startArm((response) => {
        response.writeHead(503, { 'content-type': 'application/json' })
        response.write('{')
      })
    const [production, candidate, other] = [await startEcho('production'), await dripping(), await dripping()]
    const more = servers === 1 ? {} : { candidate: [other] }
    const { base, served, arms } = await startProxy({ production, candidate, arm: 'candidate', more, user: null })
    expect(await (await ask(base)).json()).toMatchObject({ name: 'production' })
    expect(candidate.heard.length + other.heard.length).toBe(servers)
    expect(served[0]).toMatchObject({ servedBy: 'candidate', status: 503, failure: { kind: 'timeout' } })
    expect(arms.candidate.states().map(({ inFlight }) => inFlight)).toEqual(servers === 1 ? [0] : [0, 0])
  })

  it('in the middle of its answer breaks the client’s off too', async () => {
    const candidate = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: half', () => response.destroy())
    })
    const production = await startEcho('production')
    const { base, served } = await startProxy({ production, candidate, arm: 'candidate' })
    const response = await ask(base)
    await expect(response.text()).rejects.toThrow('terminated')
    expect(production.heard).toHaveLength(0)
    await expect.poll(() => served[0]?.failure?.kind).toBe('broken')
  })

  it('with a 400 is the client’s matter: production would say it too', async () => {
    const candidate = await startArm((response) => answerJson(response, { error: 'bad' }, 400))
    const { base } = await startProxy({ production: await startEcho('production'), candidate, arm: 'candidate' })
    expect((await ask(base)).status).toBe(400)
  })
})

describe('production that fails', () => {
  it('is told as it is', async () => {
    const production = await startArm((response) => answerJson(response, { error: 'busy' }, 503))
    const { base } = await startProxy({ production, candidate: await startEcho('candidate') })
    const response = await ask(base)
    expect([response.status, await response.json()]).toEqual([503, { error: 'busy' }])
  })

  it('is a 502 where it is not there, and a 504 where it says nothing', async () => {
    const candidate = await startEcho('candidate')
    const gone = await startProxy({ production: { origin: 'http://127.0.0.1:1', heard: [] }, candidate })
    const response = await ask(gone.base)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ error: { type: 'shadowgate_error', code: '502' } })
    const silent = await startProxy({ production: await startArm(() => {}), candidate, timeouts: { totalMs: 300 } })
    expect((await ask(silent.base)).status).toBe(504)
  })
})

describe('a copy', () => {
  it('is asked beside, and never waited for', async () => {
    let answer: () => void = () => {}
    const candidate = await startArm((response) => {
      answer = () => answerJson(response, { name: 'candidate' })
    })
    const { base, served, active } = await startProxy({
      production: await startEcho('production'),
      candidate,
      isCopied: true,
    })
    expect(await (await ask(base)).json()).toMatchObject({ name: 'production' })
    await expect.poll(() => candidate.heard.length).toBe(1)
    expect(served.map(({ servedBy }) => servedBy)).toEqual(['production'])
    answer()
    await expect.poll(() => served.length).toBe(2)
    expect(served[1]).toMatchObject({ servedBy: 'candidate', isUnseen: true, status: 200 })
    await expect.poll(active).toBe(0)
  })

  it('that fails is nobody’s trouble', async () => {
    const { base, served } = await startProxy({
      production: await startEcho('production'),
      candidate: 'http://127.0.0.1:1',
      isCopied: true,
    })
    expect((await ask(base)).status).toBe(200)
    await expect.poll(() => served.length).toBe(2)
    expect(served.find(({ isUnseen }) => isUnseen)?.failure?.kind).toBe('broken')
  })

  it('beyond the room for copies is left out and counted', async () => {
    const candidate = await startArm(() => {})
    const { base, leftOut } = await startProxy({ production: await startEcho('production'), candidate, isCopied: true })
    await (await ask(base)).text()
    await expect.poll(() => candidate.heard.length).toBe(1)
    await (await ask(base)).text()
    expect(leftOut()).toBe(1)
    expect(candidate.heard).toHaveLength(1)
  })
})

describe('a client', () => {
  it('that leaves frees the target', async () => {
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
    })
    const { base, served, active } = await startProxy({ production, candidate: await startEcho('candidate') })
    const leaving = new AbortController()
    const response = await fetch(`${base}/v1/chat/completions`, { method: 'POST', body: '{}', signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await production.heard[0]?.left
    await expect.poll(() => served[0]?.failure?.kind).toBe('left')
    await expect.poll(active).toBe(0)
  })

  it('that leaves in the middle of its request troubles nobody', async () => {
    const production = await startEcho('production')
    const { base, active } = await startProxy({ production, candidate: await startEcho('candidate') })
    const asking = httpRequest(`${base}/v1/chat/completions`, { method: 'POST', headers: { 'content-length': '50' } })
    const isOver = new Promise((resolve) => asking.once('close', resolve))
    asking.on('error', () => {})
    asking.write('{"model":')
    await expect.poll(active).toBe(1)
    asking.destroy()
    await isOver
    await expect.poll(active).toBe(0)
    expect((await ask(base)).status).toBe(200)
    expect(production.heard).toHaveLength(1)
  })

  it('that leaves with requests behind the one that is answered leaves nothing under way', async () => {
    const production = await startArm(() => {})
    const { base, active, proxy, served } = await startProxy({ production, candidate: await startEcho('candidate') })
    const client = await rawClient(base, head('GET /v1/1') + head('GET /v1/2') + head('GET /v1/3'))
    await expect.poll(() => production.heard.length).toBe(3)
    client.socket.destroy()
    await expect.poll(active).toBe(0)
    expect(proxy.underWay.counts()).toEqual({ production: 0, candidate: 0 })
    expect(served.map(({ failure }) => failure?.kind)).toEqual(['left', 'left', 'left'])
  })

  it.each(['OPTIONS *', 'GET odd://thing', 'GET http://['])('that asks for no path is told so: %s', async (line) => {
    const production = await startEcho('production')
    const setting = {
      production,
      candidate: await startEcho('candidate'),
      targets: { breaker: { failures: 1, openMs: 60_000 } },
    }
    const { base, arms } = await startProxy(setting)
    const client = await rawClient(base, head(line))
    await expect.poll(client.said).toMatch(/^HTTP\/1\.1 400 /)
    // Nobody's failure: the next one's request finds the target as it was.
    expect(arms.production.states()[0]).toMatchObject({ sent: 0, breaker: 'closed' })
    expect((await ask(base)).status).toBe(200)
  })

  it('with a body beyond the bound is told so, and nobody is asked', async () => {
    const production = await startEcho('production')
    const { base } = await startProxy({ production, candidate: await startEcho('candidate') })
    const response = await ask(base, 'x'.repeat(100_001))
    expect(response.status).toBe(413)
    const chunked = await fetch(`${base}/v1/chat/completions`, {
      method: 'POST',
      body: new Blob(['x'.repeat(200_000)]).stream(),
      duplex: 'half',
    } as RequestInit).then(
      ({ status }) => status,
      () => 'cut',
    )
    expect([413, 'cut']).toContain(chunked)
    expect(production.heard).toHaveLength(0)
  })
})
