// The proxy between real clients' connections and real servers: what passes, what is mended, what nobody notices.

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { connectArm } from '../../src/canary/forward.ts'
import { type Assigned, createProxy, type ProxyOptions } from '../../src/canary/proxy.ts'
import { createRequests } from '../../src/canary/requests.ts'
import type { Served } from '../../src/canary/served.ts'
import type { Arm, Target, Timeouts } from '../../src/core/types.ts'
import { realClock } from '../../src/replay/real-clock.ts'
import { type ArmServer, answerJson, startArm } from '../support/arm-server.ts'
import { targetOf } from '../support/sender.ts'

const timeouts: Timeouts = { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000, totalMs: 20_000 }
const chat = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()))
})

interface Setting {
  readonly production: ArmServer
  readonly candidate: ArmServer | string
  readonly arm?: Arm
  readonly options?: Partial<ProxyOptions>
  readonly timeouts?: Partial<Timeouts>
  readonly target?: Partial<Target>
  readonly isCopied?: boolean
  readonly key?: string
}

async function startProxy(setting: Setting) {
  const { production, candidate, arm = 'production', isCopied = false, key = null } = setting
  const own = { ...timeouts, ...setting.timeouts }
  const origins = {
    production: production.origin,
    candidate: typeof candidate === 'string' ? candidate : candidate.origin,
  }
  const connect = (which: Arm) => connectArm({ origin: origins[which], timeouts: own, connections: 8 })
  const connections = { production: connect('production'), candidate: connect('candidate') }
  const target = (which: Arm): Target => ({
    ...targetOf(`${origins[which]}/v1`),
    arm: which,
    model: null,
    overrides: {},
  })
  const served: Served[] = []
  let leftOut = 0
  const { server, active } = createProxy({
    connections,
    assign: (): Assigned => ({
      arm,
      group: arm === 'candidate' ? 'candidate' : 'control',
      user: 'u',
      reason: 'user',
      isCopied,
      api: 'openai-chat',
      segments: {},
    }),
    requestTo: createRequests({
      arms: {
        production: { target: target('production'), key: null, headers: {} },
        candidate: { target: { ...target('candidate'), ...setting.target }, key, headers: {} },
      },
      ownHeaders: ['x-shadowgate-arm'],
    }),
    onServed: (one) => served.push(one),
    maxBodyBytes: 100_000,
    maxCopies: 1,
    onLeftOut: () => leftOut++,
    tellsArm: true,
    clock: realClock,
    ...setting.options,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    server.close()
    await Promise.all([connections.production.destroy(), connections.candidate.destroy()])
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { base, served, active, leftOut: () => leftOut }
}

function ask(base: string, body: object | string = chat, headers: Record<string, string> = {}) {
  return fetch(`${base}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const echo = (name: string) => startArm((response, { path }) => answerJson(response, { name, path }))

describe('what passes', () => {
  it('is the client’s body, path and headers, and the answer’s status, headers and bytes', async () => {
    const production = await startArm((response) => {
      response.writeHead(201, {
        'content-type': 'text/odd',
        'x-ratelimit-left': '7',
        connection: 'x-hop',
        'x-hop': '1',
      })
      response.end('{ "a":1 }\n')
    })
    const { base, served } = await startProxy({ production, candidate: await echo('candidate') })
    const body = '{ "model":"m",   "messages":[] }'
    const response = await ask(base, body, { authorization: 'Bearer sk-client', 'x-shadowgate-arm': 'production' })
    expect(await response.text()).toBe('{ "a":1 }\n')
    expect(response.status).toBe(201)
    expect(response.headers.get('x-ratelimit-left')).toBe('7')
    expect(response.headers.get('x-hop')).toBeNull()
    expect(response.headers.get('x-shadowgate-arm')).toBe('production')
    const [heard] = production.heard
    expect(heard).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body })
    expect(heard?.headers).toMatchObject({ authorization: 'Bearer sk-client', 'accept-encoding': 'identity' })
    expect(heard?.headers['x-shadowgate-arm']).toBeUndefined()
    expect(served).toHaveLength(1)
    expect(served[0]?.id).toBe(response.headers.get('x-shadowgate-id'))
    expect(Buffer.from(served[0]?.answer ?? []).toString()).toBe('{ "a":1 }\n')
  })

  it('is every piece of a stream as it arrives', async () => {
    let more: () => void = () => {}
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: 1\n\n')
      more = () => response.end('data: 2\n\n')
    })
    const { base, served } = await startProxy({ production, candidate: await echo('candidate') })
    const response = await ask(base, { ...chat, stream: true })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    // The server has not said more yet: what is read came through at once.
    expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n')
    more()
    const second = await reader?.read()
    expect(Buffer.from(second?.value ?? []).toString()).toBe('data: 2\n\n')
    await reader?.read()
    await expect.poll(() => served.length).toBe(1)
    expect(served[0]?.pieces).toHaveLength(4)
  })

  it('is the head of an answer before its first byte', async () => {
    let end: () => void = () => {}
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      end = () => response.end()
    })
    const { base } = await startProxy({ production, candidate: await echo('candidate') })
    const response = await ask(base)
    expect(response.status).toBe(200)
    end()
    await response.text()
  })

  it.each([
    ['/v1/models', '/v1/models'],
    ['/chat/completions', '/v1/chat/completions'],
    ['/v1beta/models/m:generateContent?alt=sse', '/v1beta/models/m:generateContent?alt=sse'],
  ])('GET %s as %s', async (path, expected) => {
    const production = await echo('production')
    const { base } = await startProxy({ production, candidate: await echo('candidate') })
    await (await fetch(`${base}${path}`)).text()
    expect(production.heard[0]).toMatchObject({ method: 'GET', path: expected, body: '' })
  })

  it('is no more than the client can take', async () => {
    const piece = Buffer.alloc(1 << 16, 'x')
    let written = 0
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' })
      const fill = () => {
        while (written < 64 * 2 ** 20) {
          written += piece.length
          if (!response.write(piece)) {
            response.once('drain', fill)
            return
          }
        }
        response.end()
      }
      fill()
    })
    const { base } = await startProxy({ production, candidate: await echo('candidate') })
    const asked = httpRequest(`${base}/v1/files/1`)
    asked.end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.pause()
    // Nobody reads: what is under way fills the sockets, and then the server has to wait.
    let before = -1
    await expect
      .poll(
        () => {
          const isSettled = written === before
          before = written
          return isSettled
        },
        { interval: 300, timeout: 10_000 },
      )
      .toBe(true)
    expect(written).toBeLessThan(32 * 2 ** 20)
    response.resume()
    await once(response, 'end')
    expect(written).toBe(64 * 2 ** 20)
  })
})

describe('what the candidate is asked', () => {
  it('is the request in its own words, with its own key and nobody else’s', async () => {
    const candidate = await echo('candidate')
    const target = { model: 'next', overrides: { temperature: 0 } }
    const { base } = await startProxy({
      production: await echo('production'),
      candidate,
      arm: 'candidate',
      target,
      key: 'sk-own',
    })
    const response = await ask(base, { ...chat, stream: true }, { authorization: 'Bearer sk-client', cookie: 'a=b' })
    await response.text()
    expect(response.headers.get('x-shadowgate-arm')).toBe('candidate')
    const [heard] = candidate.heard
    // No `stream_options`, which the client did not ask for.
    expect(JSON.parse(heard?.body ?? '')).toEqual({ ...chat, model: 'next', stream: true, temperature: 0 })
    expect(heard?.headers.authorization).toBe('Bearer sk-own')
    expect(heard?.headers.cookie).toBeUndefined()
  })
})

describe('a candidate that fails', () => {
  const failing: Record<string, () => Promise<ArmServer | string>> = {
    'with a 500': () => startArm((response) => answerJson(response, { error: 'no' }, 500)),
    'with a 429': () => startArm((response) => answerJson(response, { error: 'no' }, 429)),
    'by hanging up': () => startArm((response) => response.destroy()),
    'by not being there': () => Promise.resolve('http://127.0.0.1:1'),
    'by saying nothing': () => startArm(() => {}),
  }
  it.each(Object.keys(failing))('%s is mended by production, and counted', async (how) => {
    const production = await echo('production')
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

  it('in the middle of its answer breaks the client’s off too', async () => {
    const candidate = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: half', () => response.destroy())
    })
    const production = await echo('production')
    const { base, served } = await startProxy({ production, candidate, arm: 'candidate' })
    const response = await ask(base)
    await expect(response.text()).rejects.toThrow()
    expect(production.heard).toHaveLength(0)
    await expect.poll(() => served[0]?.failure?.kind).toBe('broken')
  })

  it('with a 400 is the client’s matter: production would say it too', async () => {
    const candidate = await startArm((response) => answerJson(response, { error: 'bad' }, 400))
    const { base } = await startProxy({ production: await echo('production'), candidate, arm: 'candidate' })
    expect((await ask(base)).status).toBe(400)
  })
})

describe('production that fails', () => {
  it('is told as it is', async () => {
    const production = await startArm((response) => answerJson(response, { error: 'busy' }, 503))
    const { base } = await startProxy({ production, candidate: await echo('candidate') })
    const response = await ask(base)
    expect([response.status, await response.json()]).toEqual([503, { error: 'busy' }])
  })

  it('is a 502 where it is not there, and a 504 where it says nothing', async () => {
    const candidate = await echo('candidate')
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
      production: await echo('production'),
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
      production: await echo('production'),
      candidate: 'http://127.0.0.1:1',
      isCopied: true,
    })
    expect((await ask(base)).status).toBe(200)
    await expect.poll(() => served.length).toBe(2)
    expect(served.find(({ isUnseen }) => isUnseen)?.failure?.kind).toBe('broken')
  })

  it('beyond the room for copies is left out and counted', async () => {
    const candidate = await startArm(() => {})
    const { base, leftOut } = await startProxy({ production: await echo('production'), candidate, isCopied: true })
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
    const { base, served, active } = await startProxy({ production, candidate: await echo('candidate') })
    const leaving = new AbortController()
    const response = await fetch(`${base}/v1/chat/completions`, { method: 'POST', body: '{}', signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await production.heard[0]?.left
    await expect.poll(() => served[0]?.failure?.kind).toBe('left')
    await expect.poll(active).toBe(0)
  })

  it('with a body beyond the bound is told so, and nobody is asked', async () => {
    const production = await echo('production')
    const { base } = await startProxy({ production, candidate: await echo('candidate') })
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
