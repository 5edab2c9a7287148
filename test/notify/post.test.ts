// A message on its way, to real servers that take it, refuse it, are busy, move, drip, hang, or hang up.

import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { post } from '../../src/notify/post.ts'
import { createFakeClock } from '../support/fake-clock.ts'

async function listening(server: Server & { closeAllConnections?: () => void }): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections?.()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

function answering(answer: (response: ServerResponse, number: number) => void) {
  const bodies: string[] = []
  const listener: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => answer(response, bodies.push(body)))
  }
  return { bodies, listener }
}

async function receiver(answer: (response: ServerResponse, number: number) => void) {
  const { bodies, listener } = answering(answer)
  const port = await listening(createServer(listener))
  return { url: `http://127.0.0.1:${port}/secret-path`, bodies }
}

/** A clock whose sleeps are over at once, and told. */
function clock() {
  const slept: number[] = []
  return { slept, clock: { ...createFakeClock(), sleep: async (ms: number) => void slept.push(ms) } }
}

interface Ways {
  readonly timeoutMs?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly leave?: AbortSignal
}

async function deliver(url: string, { timeoutMs = 2000, headers = {}, leave }: Ways = {}) {
  const time = clock()
  const options = { clock: time.clock, timeoutMs, tries: 3, ...(leave === undefined ? {} : { leave }) }
  const outcome = await post({ url, headers, body: '{"a":1}' }, options)
  return { outcome, slept: time.slept }
}

const undelivered = (because: unknown) => ({ isDelivered: false, because })

test('a message is posted once', async () => {
  const { url, bodies } = await receiver((response) => response.writeHead(204).end())
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: true, answer: 'HTTP 204' }, slept: [] })
  expect(bodies).toEqual(['{"a":1}'])
})

test('a busy receiver is asked again, when it says', async () => {
  const { url, bodies } = await receiver((response, number) =>
    number === 1
      ? response.writeHead(429, { 'retry-after': '7' }).end()
      : response.writeHead(number === 2 ? 503 : 200).end(),
  )
  expect(await deliver(url)).toEqual({ outcome: { isDelivered: true, answer: 'HTTP 200' }, slept: [7000, 4000] })
  expect(bodies).toHaveLength(3)
})

test('a time to come back may be a date, and nonsense is none', async () => {
  const inFive = new Date(createFakeClock().now() + 5000).toUTCString()
  const { url } = await receiver((response, number) =>
    response.writeHead(503, { 'retry-after': number === 1 ? inFive : 'soon' }).end(),
  )
  expect(await deliver(url)).toEqual({ outcome: undelivered('HTTP 503'), slept: [5000, 4000] })
})

test('one that is busy for ever is left after three tries', async () => {
  const { url, bodies } = await receiver((response) => response.writeHead(429, { 'retry-after': '30' }).end())
  expect(await deliver(url)).toEqual({ outcome: undelivered('HTTP 429'), slept: [30_000, 30_000] })
  expect(bodies).toHaveLength(3)
})

test.each<[string, number, string, string]>([
  ['nothing', 404, '', 'HTTP 404'],
  ['the name of the mistake', 400, 'invalid_blocks', 'HTTP 400 (invalid_blocks)'],
  ['a page that repeats the address', 403, 'Cannot POST /secret-path', 'HTTP 403'],
])('what is refused with %s is not tried again', async (_, status, body, because) => {
  const { url, bodies } = await receiver((response) => response.writeHead(status).end(body))
  expect(await deliver(url)).toEqual({ outcome: undelivered(because), slept: [] })
  expect(bodies).toHaveLength(1)
})

test('a message, with what is secret in its headers, goes nowhere but to its address', async () => {
  const other = await receiver((response) => response.writeHead(200).end())
  const { url } = await receiver((response) => response.writeHead(307, { location: other.url }).end())
  const { outcome } = await deliver(url)
  expect(outcome).toEqual(undelivered('HTTP 307: it moved, and a message is not sent on to where it was not addressed'))
  expect(other.bodies).toEqual([])
})

test('a receiver that wants an hour is not waited for', async () => {
  const { url } = await receiver((response) => response.writeHead(503, { 'retry-after': '3600' }).end())
  const because = 'HTTP 503, and wants to be left alone for 3600 s'
  expect(await deliver(url)).toEqual({ outcome: undelivered(because), slept: [] })
})

test('one that hangs up ends in a reason without the address', async () => {
  const rude = await receiver((response) => response.destroy())
  expect(await deliver(rude.url)).toEqual({
    outcome: undelivered('the connection failed UND_ERR_SOCKET'),
    slept: [1000, 4000],
  })
})

test.each<[string, (response: ServerResponse) => void]>([
  ['hangs', () => {}],
  ['drips its head', (response) => drip(response.socket, 'HTTP/1.1 200 OK\r\nx-drip: ', 'x')],
  [
    'drips its body',
    (response) => drip(response.socket, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'),
  ],
])('one that %s is late, at each try', async (_, answer) => {
  const { url, bodies } = await receiver(answer)
  expect((await deliver(url, { timeoutMs: 150 })).outcome).toEqual(undelivered('no answer within 150 ms'))
  expect(bodies).toHaveLength(3)
})

function drip(socket: ServerResponse['socket'], head: string, drop: string) {
  socket?.write(head)
  const timer = setInterval(() => socket?.write(drop), 10)
  socket?.on('close', () => clearInterval(timer)).on('error', () => {})
}

test('one that answers without end is heard so far, and no further', async () => {
  let isClosed = false
  const { url } = await receiver((response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536)));
    }
    response
      .writeHead(200)
      .on('drain', more)
      .on('close', () => (isClosed = true))
    more()
  })
  expect((await deliver(url)).outcome).toEqual({ isDelivered: true, answer: 'HTTP 200' })
  await expect.poll(() => isClosed).toBe(true)
})

test('one that speaks another protocol, one that speaks no TLS, and one that is not there', async () => {
  const talker = createSocketServer((socket) => socket.on('error', () => {}).end('220 mail.example ESMTP\r\n'))
  const mail = await listening(talker)
  expect((await deliver(`http://127.0.0.1:${mail}/secret-path`)).outcome).toEqual(
    undelivered('what answered does not speak HTTP'),
  )
  const plain = await receiver((response) => response.end())
  expect((await deliver(plain.url.replace('http:', 'https:'))).outcome).toEqual(
    undelivered(expect.stringMatching(/^the connection failed (?:EPROTO|ERR_SSL_\w+)$/)),
  )
  expect(plain.bodies).toEqual([])
  expect((await deliver('http://127.0.0.1:1/secret-path')).outcome).toEqual(
    undelivered('the connection failed ECONNREFUSED'),
  )
  expect((await deliver('http://nobody.invalid/secret-path')).outcome).toMatchObject({ isDelivered: false })
})

test('what can’t be sent is not tried again, and not shown', async () => {
  const { url, bodies } = await receiver((response) => response.end())
  const { outcome, slept } = await deliver(url, { headers: { 'x-token': 'T0P\nSECRET' } })
  expect({ outcome, slept, bodies }).toEqual({
    outcome: undelivered('the address or a header can’t be sent'),
    slept: [],
    bodies: [],
  })
})

test('who is told to leave was still waited for until the time limit', async () => {
  const leave = new AbortController()
  const { url, bodies } = await receiver(() => leave.abort())
  expect(await deliver(url, { leave: leave.signal, timeoutMs: 60_000 })).toEqual({
    outcome: undelivered('no answer before the job was asked to end'),
    slept: [],
  })
  expect(bodies).toHaveLength(1)
})

test('who is told to leave tries once', async () => {
  const { url, bodies } = await receiver((response) => response.writeHead(503).end())
  expect(await deliver(url, { leave: AbortSignal.abort() })).toEqual({ outcome: undelivered('HTTP 503'), slept: [] })
  expect(bodies).toHaveLength(1)
})
