// The proxy between real clients' connections and real servers: what passes, and as what.

import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { startArm } from '../../support/arm-server.ts'
import { ask, chat, startEcho, startProxy } from '../../support/proxied.ts'

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
    const { base, served } = await startProxy({ production, candidate: await startEcho('candidate') })
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
    const { base, served } = await startProxy({ production, candidate: await startEcho('candidate') })
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

  it('is every byte in its order, also where many pieces come at once and the server stops in the middle', async () => {
    const events = Array.from({ length: 300 }, (_, at) => `data: ${at} ${'é'.repeat(at % 7)}\n\n`)
    let more: () => void = () => {}
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of events.slice(0, 100)) response.write(event)
      more = () => {
        for (const event of events.slice(100)) response.write(event)
        response.end()
      }
    })
    const { base, served } = await startProxy({ production, candidate: await startEcho('candidate') })
    const response = await ask(base, { ...chat, stream: true })
    more()
    expect(await response.text()).toBe(events.join(''))
    await expect.poll(() => served.length).toBe(1)
    const [one] = served
    expect(Buffer.from(one?.answer ?? []).toString()).toBe(events.join(''))
    const lengths = [...(one?.pieces ?? [])].filter((_, at) => at % 2 === 0)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(one?.answer.length)
    // Several of the server's pieces left as one.
    expect(lengths.length).toBeLessThan(events.length)
  })

  it('is the head of an answer before its first byte', async () => {
    let end: () => void = () => {}
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      end = () => response.end()
    })
    const { base } = await startProxy({ production, candidate: await startEcho('candidate') })
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
    const production = await startEcho('production')
    const { base } = await startProxy({ production, candidate: await startEcho('candidate') })
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
    const { base } = await startProxy({ production, candidate: await startEcho('candidate') })
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
        { interval: 300 },
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
    const candidate = await startEcho('candidate')
    const target = { model: 'next', overrides: { temperature: 0 } }
    const { base } = await startProxy({
      production: await startEcho('production'),
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
