// Metrics on their way to a collector: what arrives, in both encodings, and every way in which it may not.

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { DiagLogLevel, diag } from '@opentelemetry/api'
import { expect, onTestFinished, test } from 'vitest'
import type { CollectorSettings } from '../../src/notify/collector.ts'
import { jobMetrics } from '../../src/notify/job-metrics.ts'
import { exportMetrics } from '../../src/notify/otlp.ts'
import { noPast } from '../../src/notify/past.ts'
import { prometheusName, textfileOf } from '../../src/notify/textfile.ts'
import { realClock } from '../../src/replay/real-clock.ts'
import { startCollector } from '../support/otlp.ts'
import { judged } from './nights.ts'

const facts = { night: judged(), past: noPast, storeBytes: 4096 }
const metrics = jobMetrics.map((metric) => ({ ...metric, points: metric.points(facts) }))

function send(url: string, parts: Partial<CollectorSettings> = {}, timeoutMs = 5000, leave?: AbortSignal) {
  const collector: CollectorSettings = {
    protocol: 'http/protobuf',
    url: `${url}/v1/metrics`,
    headers: { 'x-tenant': 'a', authorization: 'Bearer T0P-SECRET' },
    timeoutMs: null,
    from: 'notify.otlp.endpoint',
    ...parts,
  }
  return exportMetrics({ collector, metrics, version: '9.9.9', timeoutMs, clock: realClock, ...(leave && { leave }) })
}

test.each(['http/protobuf', 'http/json'] as const)(
  'over %s a collector gets what the textfile holds',
  async (protocol) => {
    const { url, collected } = await startCollector()
    expect(await send(url, { protocol })).toEqual({ isDelivered: true, answer: 'accepted' })
    const [message] = collected
    expect(collected).toHaveLength(1)
    expect(message).toMatchObject({
      path: '/v1/metrics',
      headers: { 'x-tenant': 'a' },
      resource: { 'service.name': 'shadowgate', 'service.version': '9.9.9' },
      units: { 'shadowgate.night.duration': 's', 'shadowgate.store.size': 'By', 'shadowgate.requests': '{request}' },
    })
    const samples = Object.entries(message?.points ?? {}).map(([key, value]) => {
      const [, name = '', labels = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(key) ?? []
      const quoted = labels.replaceAll(/=([^,]+)/g, '="$1"')
      return `${prometheusName(name, message?.units[name] ?? '')}${quoted === '' ? '' : `{${quoted}}`} ${value}`
    })
    const lines = (await textfileOf(facts)).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(samples.toSorted()).toEqual(lines.toSorted())
  },
)

test.each([
  ['refuses', 400, 'HTTP 400'],
  ['does not know the key', 401, 'HTTP 401'],
])('one that %s is a reason, without what it answered', async (_, status, because) => {
  const { url, collected } = await startCollector((response) => response.writeHead(status).end('Bearer T0P-SECRET'))
  expect(await send(url)).toEqual({ isDelivered: false, because })
  expect(collected).toHaveLength(1)
})

test('one that is busy is asked again', async () => {
  const { url, collected } = await startCollector((response, number) =>
    response.writeHead(number === 1 ? 503 : 200, { 'retry-after': '1' }).end(),
  )
  expect(await send(url)).toEqual({ isDelivered: true, answer: 'accepted' })
  expect(collected).toHaveLength(2)
})

test('one that answers nonsense took it all the same', async () => {
  const { url } = await startCollector((response) => response.writeHead(200).end('<html>hello</html>'))
  expect(await send(url)).toEqual({ isDelivered: true, answer: 'accepted' })
})

test.each<[string, string]>([
  ['hangs', ''],
  ['drips', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
])('one that %s is late, and its connection is closed', async (_, head) => {
  let open = 0
  const server = createServer((socket) => {
    open += 1
    socket.write(head)
    const timer = setInterval(() => head !== '' && socket.write('1\r\nx\r\n'), 20)
    socket.on('close', () => {
      open -= 1
      clearInterval(timer)
    })
    socket.on('error', () => {}).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const delivery = await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {}, 300)
  expect(delivery).toEqual({ isDelivered: false, because: expect.stringMatching(/^no answer/) })
  await expect.poll(() => open).toBe(0)
})

test('one that is not there is a reason', async () => {
  expect(await send('http://127.0.0.1:1', {}, 300)).toEqual({
    isDelivered: false,
    because: 'the connection failed ECONNREFUSED',
  })
})

test('one that hangs is left when the job is to end, and is not asked again', async () => {
  const leave = new AbortController()
  const closed = Promise.withResolvers<void>()
  const { url, collected } = await startCollector((response) => {
    response.on('close', closed.resolve)
    leave.abort()
  })
  // A next try would be told here, and its timer would keep the process.
  const next = Promise.withResolvers<string>()
  const tell = (message: string) => next.resolve(message)
  diag.setLogger({ error: tell, warn: tell, info: tell, debug: () => {}, verbose: tell }, DiagLogLevel.ALL)
  onTestFinished(() => diag.disable())
  expect(await send(url, {}, 600_000, leave.signal)).toEqual({
    isDelivered: false,
    because: 'no answer before the job was asked to end',
  })
  await closed.promise
  expect(await next.promise).toMatch(/^Export failed with non-retryable error/)
  expect(collected).toHaveLength(1)
})
