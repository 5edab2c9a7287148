// HTTP/1.1 in its corners, through the proxy: what is passed on, what is answered here, and what is dropped.

import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { callOf } from '../../../src/canary/served/reading.ts'
import { openaiChat } from '../../../src/providers/openai-chat.ts'
import { type ArmServer, answerJson, startArm } from '../../support/arm-server.ts'
import { startEcho, startProxy } from '../../support/proxied.ts'
import { head, rawClient } from '../../support/raw-client.ts'
import { completion } from '../../support/target.ts'

const proxied = (production: ArmServer) => startProxy({ production, candidate: 'http://127.0.0.1:1' })
const chatPath = '/v1/chat/completions'

describe('a request', () => {
  it('by HEAD has a head for an answer, and its connection goes on', async () => {
    const production = await startArm((response, { method }) => {
      response.writeHead(200, { 'content-length': '5', 'x-method': method })
      response.end(method === 'HEAD' ? undefined : 'hello')
    })
    const { base } = await proxied(production)
    const client = await rawClient(base, head('HEAD /v1/files/1'))
    await expect.poll(client.said).toMatch(/^HTTP\/1\.1 200 [^]*x-method: HEAD[^]*\r\n\r\n$/i)
    client.write(head('GET /v1/files/1', 'connection: close'))
    expect(await client.closed).toMatch(/content-length: 5[^]*x-method: GET[^]*hello$/i)
  })

  it('that waits for leave to send its body gets it, and who would send too much is told before', async () => {
    const production = await startEcho('production')
    const { base } = await proxied(production)
    const fits = await rawClient(
      base,
      head(`POST ${chatPath}`, 'content-length: 2', 'expect: 100-continue', 'connection: close'),
    )
    await expect.poll(fits.said).toBe('HTTP/1.1 100 Continue\r\n\r\n')
    fits.write('{}')
    expect(await fits.closed).toContain('HTTP/1.1 200')
    expect(production.heard[0]?.headers.expect).toBeUndefined()
    const large = await rawClient(base, head(`POST ${chatPath}`, 'content-length: 100001', 'expect: 100-continue'))
    expect(await large.closed).toMatch(/^HTTP\/1\.1 413 /)
    expect(production.heard).toHaveLength(1)
  })

  it('in chunks comes whole, without the headers of its connection', async () => {
    const production = await startEcho('production')
    const { base } = await proxied(production)
    const headers = ['transfer-encoding: chunked', 'te: trailers', 'trailer: x-sum', 'keep-alive: timeout=5']
    const client = await rawClient(
      base,
      head(
        `POST ${chatPath}`,
        ...headers,
        'connection: close, x-hop',
        'x-hop: 1',
        'x-kept: 1',
        'accept-encoding: gzip',
      ),
    )
    client.write('2\r\n{"\r\n')
    client.write('5\r\na":1}\r\n0\r\nx-sum: 7\r\n\r\n')
    expect(await client.closed).toContain('HTTP/1.1 200')
    const [heard] = production.heard
    expect(heard?.body).toBe('{"a":1}')
    expect(heard?.headers).toMatchObject({ 'content-length': '7', 'x-kept': '1', 'accept-encoding': 'identity' })
    const gone = new Set(['transfer-encoding', 'te', 'trailer', 'x-hop', 'x-sum'])
    expect(Object.keys(heard?.headers ?? {}).filter((name) => gone.has(name))).toEqual([])
    expect(heard?.headers['keep-alive']).not.toBe('timeout=5')
  })

  it('for a websocket is refused in words, and an offer of HTTP/2 is passed over', async () => {
    const production = await startEcho('production')
    const { base } = await proxied(production)
    const socket = await rawClient(
      base,
      head('GET /v1/realtime', 'connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'),
    )
    await expect.poll(socket.said).toMatch(/^HTTP\/1\.1 501 [^]*"type":"shadowgate_error"[^]*websockets are not routed/)
    expect(production.heard).toHaveLength(0)
    const offers = ['connection: Upgrade, HTTP2-Settings', 'upgrade: h2c', 'http2-settings: AAMAAABk']
    const client = await rawClient(base, head(`POST ${chatPath}`, 'content-length: 2', ...offers))
    client.write('{}')
    await expect.poll(client.said).toMatch(/^HTTP\/1\.1 200 /)
    expect(production.heard[0]).toMatchObject({ body: '{}' })
    expect(production.heard[0]?.headers).not.toHaveProperty('http2-settings')
  })

  it('as to a forward proxy, with the host in its line, is for the path', async () => {
    const production = await startEcho('production')
    const { base } = await proxied(production)
    const client = await rawClient(base, head('GET http://elsewhere.example/v1/models?limit=2', 'connection: close'))
    expect(await client.closed).toContain('HTTP/1.1 200')
    expect(production.heard[0]?.path).toBe('/v1/models?limit=2')
  })

  it.each(['OPTIONS *', 'CONNECT elsewhere.example:443', 'GET nowhere', 'GARBAGE'])(
    '%s harms nobody who asks after it',
    async (line) => {
      const production = await startEcho('production')
      const { base, active } = await proxied(production)
      const client = await rawClient(base, head(line, 'connection: close'))
      await client.closed
      expect((await fetch(`${base}/v1/models`)).status).toBe(200)
      await expect.poll(active).toBe(0)
    },
  )

  it('sent before the one ahead of it was answered waits for its turn', async () => {
    let first: () => void = () => {}
    const production = await startArm((response, { path }) => {
      const answer = () => response.end(`answer to ${path}.`)
      if (path.endsWith('1')) first = answer
      else answer()
    })
    const { base, served } = await proxied(production)
    const client = await rawClient(base, head('GET /v1/files/1') + head('GET /v1/files/2', 'connection: close'))
    await expect.poll(() => served.length).toBe(1)
    expect(client.said()).toBe('')
    first()
    expect(await client.closed).toMatch(/answer to \/v1\/files\/1\.[^]*answer to \/v1\/files\/2\./)
  })

  it('whose client goes away in the middle of its body reaches nobody', async () => {
    const production = await startEcho('production')
    const { base, active } = await proxied(production)
    const client = await rawClient(base, `${head(`POST ${chatPath}`, 'content-length: 50')}{"half`)
    await expect.poll(active).toBe(1)
    client.socket.destroy()
    await expect.poll(active).toBe(0)
    expect(production.heard).toHaveLength(0)
  })
})

describe('an answer', () => {
  it('that is compressed passes byte for byte, and is read all the same', async () => {
    const packed = gzipSync(JSON.stringify(completion('Noon.')))
    const production = await startArm((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(packed)
    })
    const { base, served } = await proxied(production)
    const client = await rawClient(base, head(`POST ${chatPath}`, 'content-length: 2', 'connection: close'))
    client.write('{}')
    const said = await client.closed
    expect(said).toMatch(/content-encoding: gzip/i)
    expect(said).toContain(packed.toString('latin1'))
    await expect.poll(() => served.length).toBe(1)
    const [one] = served
    if (one === undefined) throw new Error('nothing was served')
    expect(callOf(one, openaiChat)).toMatchObject({ outcome: { kind: 'reply', reply: { text: 'Noon.' } } })
  })

  it.each([
    [204, {}],
    [304, { etag: '"1"' }],
  ])('%i has no body', async (status, headers) => {
    const production = await startArm((response) => response.writeHead(status, headers).end())
    const { base } = await proxied(production)
    const client = await rawClient(base, head('DELETE /v1/files/1', 'connection: close'))
    const said = await client.closed
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(said.endsWith('\r\n\r\n')).toBe(true)
    expect(said).not.toMatch(/transfer-encoding/i)
  })

  it('that sends the client elsewhere is the client’s to follow', async () => {
    const production = await startArm((response) => response.writeHead(307, { location: '/v1/other?x=1' }).end())
    const { base } = await proxied(production)
    const response = await fetch(`${base}/v1/files/1/content`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([307, '/v1/other?x=1'])
    expect(production.heard).toHaveLength(1)
  })

  it('is the last one: what a target says before it stays here, and so do trailers', async () => {
    const production = await startArm((response) => {
      response.writeProcessing()
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.writeHead(200, { trailer: 'x-sum' })
      response.write('whole')
      response.addTrailers({ 'x-sum': '7' })
      response.end()
    })
    const { base, served } = await proxied(production)
    const client = await rawClient(base, head('GET /v1/files/1', 'connection: close'))
    const said = await client.closed
    expect(said).toMatch(/^HTTP\/1\.1 200 /)
    expect(said).toContain('whole')
    expect(said).not.toMatch(/x-sum/i)
    await expect.poll(() => served.length).toBe(1)
    expect(served[0]).toMatchObject({ status: 200, failure: null })
  })

  it('of the router itself is in a shape that clients read', async () => {
    const { base } = await proxied({ origin: 'http://127.0.0.1:1', heard: [] })
    const response = await fetch(`${base}${chatPath}`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(502)
    expect(await response.json()).toEqual({
      type: 'error',
      error: {
        type: 'shadowgate_error',
        code: '502',
        message: expect.stringMatching(/^shadowgate: the target did not answer/),
      },
    })
  })
})

describe('a target that answers as no server should', () => {
  it.each<[string, Parameters<typeof startArm>[0]]>([
    [
      'less than it announced',
      (response) => {
        response.writeHead(200, { 'content-length': '100' })
        response.write('short', () => response.destroy())
      },
    ],
    ['bytes that are no HTTP', (response) => response.socket?.end('SSH-2.0-OpenSSH\r\n')],
    [
      'with a header that no client may be sent',
      (response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\nx-odd: a\x01b\r\ncontent-length: 2\r\n\r\nok')
      },
    ],
  ])('%s is told of, and the next is served', async (_, answer) => {
    let isOdd = true
    const production = await startArm((response, heard) => {
      if (isOdd) answer(response, heard)
      else answerJson(response, {})
    })
    const { base, active } = await proxied(production)
    const odd = await fetch(`${base}${chatPath}`, { method: 'POST', body: '{}' }).then(
      async (response) =>
        response.text().then(
          () => response.status,
          () => 'cut',
        ),
      () => 'cut',
    )
    expect(['cut', 502]).toContain(odd)
    isOdd = false
    expect((await fetch(`${base}${chatPath}`, { method: 'POST', body: '{}' })).status).toBe(200)
    await expect.poll(active).toBe(0)
  })
})
