// What a sender makes of real servers, good and bad.

import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/core/types.ts'
import { chunk, chunkedHead, response, startRawServer } from '../support/raw-server.ts'
import { delta, question, senderTo, streamOf } from '../support/sender.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const whole = { stream: false }
const streamed = { stream: true }
const answer = JSON.stringify(completion('Noon.'))

const replyText = (outcome: Outcome) => (outcome.kind === 'reply' ? outcome.reply.text : outcome)

describe('an answer', () => {
  test('that comes whole', async () => {
    const target = await startTarget((_request, reply) => sendJson(reply, 200, completion('Noon.', { cached: 12 })))
    const exchange = await senderTo(target.url).send(question, whole)
    expect(exchange).toMatchObject({
      httpStatus: 200,
      sawBytes: true,
      advice: { afterMs: null, should: null },
      outcome: {
        kind: 'reply',
        reply: { text: 'Noon.', stop: 'end', usage: { input: 20, cachedInput: 12 }, servedModel: 'test-model-2026' },
      },
    })
    const { headersMs, firstTokenMs, totalMs } = exchange.timing
    expect(firstTokenMs).toBeNull()
    expect(headersMs).toBeGreaterThan(0)
    expect(totalMs).toBeGreaterThanOrEqual(headersMs ?? Infinity)
    expect(target.requests[0]?.body).toEqual({ ...question, model: 'test-model' })
  })

  test('that streams, with CRLF, byte by byte, split inside characters', async () => {
    const server = await startRawServer((socket) => {
      socket.setNoDelay(true)
      socket.write(chunkedHead())
      for (const byte of Buffer.from(streamOf('5 €', ' — ', '👍').replaceAll('\n', '\r\n'))) {
        socket.write(chunk(Uint8Array.of(byte)))
      }
      socket.write(chunk(''))
    })
    const { outcome, timing } = await senderTo(server.url).send(question, streamed)
    expect(replyText(outcome)).toBe('5 € — 👍')
    expect(timing.firstTokenMs).toBeGreaterThanOrEqual(timing.headersMs ?? Infinity)
    expect(timing.totalMs).toBeGreaterThanOrEqual(timing.firstTokenMs ?? Infinity)
    expect(server.requests[0]).toContain('"stream":true')
  })

  test('whose first token is the first content, not the role that comes before it', async () => {
    const server = await startRawServer((socket) => {
      socket.write(chunkedHead())
      socket.write(chunk(delta(null)))
      setTimeout(() => socket.write(Buffer.concat([chunk(streamOf('Noon.')), chunk('')])), 150)
    })
    const { timing } = await senderTo(server.url).send(question, streamed)
    // Timers may end a millisecond early.
    expect((timing.firstTokenMs ?? 0) - (timing.headersMs ?? 0)).toBeGreaterThan(140)
  })

  test('that is announced (103) before it comes', async () => {
    const server = await startRawServer((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n')
      setTimeout(() => socket.write(response(200, answer)), 100)
    })
    const { outcome, httpStatus, timing } = await senderTo(server.url).send(question, whole)
    expect(replyText(outcome)).toBe('Noon.')
    expect(httpStatus).toBe(200)
    expect(timing.headersMs).toBeGreaterThan(90)
  })

  test('over a connection that the server closed in between', async () => {
    const server = await startRawServer((socket, number) => {
      socket.write(response(200, answer))
      if (number === 1) setTimeout(() => socket.end(), 1)
    })
    const sender = senderTo(server.url, { concurrency: 1 })
    expect(replyText((await sender.send(question, whole)).outcome)).toBe('Noon.')
    await server.emptied()
    expect(replyText((await sender.send(question, whole)).outcome)).toBe('Noon.')
  })

  test('many at a time, each its own', async () => {
    const target = await startTarget(({ body, number }, reply) => {
      // Later ones are answered before earlier ones.
      setTimeout(() => sendJson(reply, 200, completion(body.messages[0]?.content ?? '')), (7 * number) % 20)
    })
    const sender = senderTo(target.url, { concurrency: 8 })
    const words = Array.from({ length: 40 }, (_, index) => `word ${index}`)
    const exchanges = await Promise.all(
      words.map((content) => sender.send({ ...question, messages: [{ role: 'user', content }] }, whole)),
    )
    expect(exchanges.map(({ outcome }) => replyText(outcome))).toEqual(words)
  })
})

describe('a request', () => {
  test('carries the key, our headers and our name, and asks for a plain answer', async () => {
    const target = await startTarget((_request, reply) => sendJson(reply, 200, completion('')))
    await senderTo(target.url, { key: 'sk-test-1', headers: { 'x-team': 'search' } }).send(question, whole)
    expect(target.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk-test-1',
      'x-team': 'search',
      'user-agent': 'shadowgate/test',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
    })
  })

  test('without a key carries no authorization, and never the headers of the log', async () => {
    const target = await startTarget((_request, reply) => sendJson(reply, 200, completion('')))
    const captured = { ...question, headers: { authorization: 'Bearer captured', cookie: 'session=1' } }
    await senderTo(target.url).send(captured, whole)
    expect(target.requests[0]?.headers).not.toHaveProperty('authorization')
    expect(target.requests[0]?.headers).not.toHaveProperty('cookie')
  })

  test('with a key that no header can hold is broken without telling the key', async () => {
    const target = await startTarget((_request, reply) => sendJson(reply, 200, completion('')))
    const { outcome } = await senderTo(target.url, { key: 'sk-secret-1\nsk-secret-2' }).send(question, whole)
    expect(outcome).toEqual({ kind: 'broken', detail: expect.stringMatching(/authorization/) })
    expect(JSON.stringify(outcome)).not.toContain('sk-secret')
    expect(target.requests).toEqual([])
  })

  test('goes below a base URL with or without a slash at its end', async () => {
    const server = await startRawServer((socket) => socket.write(response(200, answer)))
    await senderTo(server.url).send(question, whole)
    await senderTo(`${server.url}/`).send(question, whole)
    const lines = server.requests.map((request) => request.slice(0, request.indexOf('\r\n')))
    expect(lines).toEqual(['POST /v1/chat/completions HTTP/1.1', 'POST /v1/chat/completions HTTP/1.1'])
  })

  test('that only probes asks for the models and sends no body', async () => {
    const server = await startRawServer((socket) => socket.write(response(401, '{"error":{"message":"no key"}}')))
    const exchange = await senderTo(server.url, { key: 'sk-probe' }).probe()
    expect(exchange).toMatchObject({ httpStatus: 401, outcome: { kind: 'rejected', status: 401, detail: 'no key' } })
    expect(server.requests[0]).toMatch(/^GET \/v1\/models HTTP/)
    expect(server.requests[0]).toMatch(/authorization: Bearer sk-probe/i)
    expect(server.requests[0]).toMatch(/\r\n\r\n$/)
  })
})

describe('a rejection', () => {
  test.each<[string, number, string, Record<string, string>, object]>([
    [
      '429 with its advice',
      429,
      '{"error":{"message":"slow down","code":"rate_limit_exceeded"}}',
      { 'Retry-After': '3', 'X-Should-Retry': 'true' },
      { outcome: { code: 'rate_limit_exceeded', detail: 'slow down' }, advice: { afterMs: 3000, should: true } },
    ],
    ['429 with ms', 429, '{}', { 'retry-after-ms': '40' }, { advice: { afterMs: 40, should: null } }],
    ['401', 401, '{"error":{"message":"bad key"}}', {}, { outcome: { detail: 'bad key' } }],
    ['500 without a body', 500, '', {}, { outcome: { detail: 'HTTP 500 with no explanation' }, sawBytes: false }],
    ['307 is followed by nobody', 307, '', { location: '/v1/elsewhere' }, { outcome: { status: 307 } }],
  ])('%s', async (_why, status, body, headers, expected) => {
    const server = await startRawServer((socket) => socket.write(response(status, body, headers)))
    const exchange = await senderTo(server.url).send(question, whole)
    expect(exchange).toMatchObject({ httpStatus: status, outcome: { kind: 'rejected', status }, ...expected })
    expect(server.requests).toHaveLength(1)
  })
})

describe('broken', () => {
  const cases: readonly [string, Parameters<typeof startRawServer>[0], RegExp, boolean][] = [
    ['the server closes without a word', (socket) => socket.end(), /other side closed/, false],
    ['the server resets', (socket) => socket.resetAndDestroy(), /ECONNRESET/, false],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), /does not match the HTTP/, false],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-ty'), /closed|HPE_/, false],
    [
      'a head and nothing more',
      (socket) => socket.end(response(200, answer).replace(answer, '')),
      /closed|terminated/,
      false,
    ],
    ['half a body', (socket) => socket.end(response(200, answer).slice(0, -10)), /closed|terminated/, true],
    [
      'half a stream',
      (socket) => socket.end(Buffer.concat([Buffer.from(chunkedHead()), chunk(delta('No'))])),
      /closed|terminated/,
      true,
    ],
    [
      'a stream cut by a reset',
      (socket) =>
        socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk(delta('No'))]), () =>
          setTimeout(() => socket.resetAndDestroy(), 20),
        ),
      /ECONNRESET/,
      true,
    ],
    [
      'half an event at a proper end',
      (socket) => socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk('data: {"choi'), chunk('')])),
      /not JSON/,
      true,
    ],
    [
      'a stream without its end marker',
      (socket) => socket.write(Buffer.concat([Buffer.from(chunkedHead()), chunk(delta('Noon.', 'stop')), chunk('')])),
      /end marker/,
      true,
    ],
    [
      'HTML instead of an answer',
      (socket) => socket.write(response(200, '<html>Welcome</html>', { 'content-type': 'text/html' })),
      /not an answer of openai-chat: "<html>Welcome/,
      true,
    ],
  ]
  test.each(cases)('%s', async (_why, serve, detail, sawBytes) => {
    const server = await startRawServer(serve)
    const exchange = await senderTo(server.url).send(question, streamed)
    expect(exchange.outcome).toEqual({ kind: 'broken', detail: expect.stringMatching(detail) })
    expect(exchange.sawBytes).toBe(sawBytes)
  })

  test('nobody listens', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    await new Promise((resolve) => server.close(resolve))
    const exchange = await senderTo(`http://127.0.0.1:${port}/v1`).send(question, whole)
    expect(exchange).toMatchObject({
      httpStatus: null,
      sawBytes: false,
      timing: { headersMs: null, firstTokenMs: null },
    })
    expect(exchange.outcome).toEqual({ kind: 'broken', detail: expect.stringMatching(/^ECONNREFUSED/) })
  })

  test('an answer that came gzip-encoded though plain was asked for', async () => {
    const target = await startTarget((_request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(answer))
    })
    const { outcome } = await senderTo(target.url).send(question, whole)
    expect(outcome).toEqual({ kind: 'broken', detail: 'the answer came gzip-encoded though plain was asked for' })
  })

  test('an answer of 70 MB is broken off', async () => {
    let sent = 0
    const target = await startTarget((_request, reply) => {
      reply.writeHead(200, { 'content-type': 'application/json' })
      const mebibyte = Buffer.alloc(1024 * 1024, ' ')
      const more = () => {
        while (sent < 70 && !reply.destroyed) {
          sent += 1
          if (reply.write(mebibyte)) continue
          reply.once('drain', more)
          return
        }
        reply.end()
      }
      more()
    })
    const { outcome } = await senderTo(target.url).send(question, whole)
    expect(outcome).toEqual({ kind: 'broken', detail: 'the answer was larger than 64 MB' })
    expect(sent).toBeGreaterThanOrEqual(64)
  })
})
