// Spans on their way to a collector: what arrives, in both encodings, and what becomes of them where none takes them.

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SpanData } from '../../../../src/canary/tracing/spans.ts'
import { startSpans } from '../../../../src/commands/canary/metrics/span-exporter.ts'
import type { CollectorSettings } from '../../../../src/notify/collector.ts'
import { startSpanCollector } from '../../../support/otlp-traces.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'

function span(parts: Partial<SpanData> = {}): SpanData {
  return {
    kind: 'client',
    name: 'chat next',
    traceId,
    spanId: '00f067aa0ba902b7',
    parentId: 'b7ad6b7169203331',
    hasRemoteParent: false,
    flags: 1,
    state: 'vendor=1',
    startMs: 1_780_000_000_000.25,
    endMs: 1_780_000_001_500.5,
    attributes: { text: 'a', count: 7, ratio: 0.5, isSo: true, list: ['stop'] },
    isFailed: false,
    ...parts,
  }
}

interface Parts {
  readonly collector?: Partial<CollectorSettings>
  readonly maxSpans?: number
  readonly delayMs?: number
}

async function start(url: string, { collector = {}, maxSpans = 100, delayMs = 5 }: Parts = {}) {
  const said: string[] = []
  const order = {
    collector: {
      protocol: 'http/protobuf',
      url: `${url}/v1/traces`,
      headers: { 'x-tenant': 'a', authorization: 'Bearer T0P-SECRET' },
      timeoutMs: 300,
      from: 'canary.otlp.endpoint',
      ...collector,
    },
    queue: { maxSpans, batchSpans: Math.min(maxSpans, 50), delayMs },
    version: '9.9.9',
  } as const
  const spans = await startSpans(order, (message) => said.push(message))
  onTestFinished(() => spans.close())
  return { spans, said }
}

describe('a collector', () => {
  it.each(['http/protobuf', 'http/json'] as const)('is sent over %s what was seen', async (protocol) => {
    const { url, spans: collected, heads } = await startSpanCollector()
    const { spans, said } = await start(url, { collector: { protocol } })
    spans.see([
      span(),
      span({ kind: 'server', name: 'POST */completions', parentId: null, spanId: 'b7ad6b7169203331', isFailed: true }),
    ])
    await spans.close()
    expect(heads).toMatchObject([{ path: '/v1/traces', headers: { 'x-tenant': 'a' } }])
    expect(collected).toEqual([
      {
        traceId,
        spanId: '00f067aa0ba902b7',
        parentId: 'b7ad6b7169203331',
        state: 'vendor=1',
        name: 'chat next',
        kind: 'client',
        startMs: expect.closeTo(1_780_000_000_000.25, 1),
        endMs: expect.closeTo(1_780_000_001_500.5, 1),
        isFailed: false,
        attributes: { text: 'a', count: 7, ratio: 0.5, isSo: true, list: ['stop'] },
        resource: expect.objectContaining({ 'service.name': 'shadowgate', 'service.version': '9.9.9' }),
      },
      expect.objectContaining({ kind: 'server', parentId: '', spanId: 'b7ad6b7169203331', isFailed: true }),
    ])
    expect([said, spans.counts()]).toEqual([[], { sent: 2, lost: 0 }])
  })

  it('that refuses is said once, without what it answered, and again once it takes them', async () => {
    const { url } = await startSpanCollector((response, number) =>
      response.writeHead(number <= 2 ? 401 : 200).end('Bearer T0P-SECRET'),
    )
    const { spans, said } = await start(url)
    for (const lost of [1, 2]) {
      spans.see([span()])
      await expect.poll(() => spans.counts().lost).toBe(lost)
    }
    expect(said).toEqual(['the collector of spans: HTTP 401; requests are served all the same'])
    spans.see([span()])
    await expect.poll(() => spans.counts().sent).toBe(1)
    expect(said.slice(1)).toEqual(['the collector takes spans again; 2 are lost'])
  })

  it('that is not there is said', async () => {
    const { spans, said } = await start('http://127.0.0.1:1')
    spans.see([span()])
    await expect
      .poll(() => said)
      .toEqual(['the collector of spans: the connection failed ECONNREFUSED; requests are served all the same'])
  })

  it.each([
    ['hangs', ''],
    ['drips', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'],
  ])('that %s takes no more memory than the queue', async (_, head) => {
    const server = createServer((socket) => {
      socket.write(head)
      const timer = setInterval(() => head !== '' && socket.write('1\r\nx\r\n'), 20)
      socket.on('close', () => clearInterval(timer))
      socket.on('error', () => {}).resume()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { spans, said } = await start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxSpans: 10 })
    spans.see(Array.from({ length: 25 }, () => span()))
    // Ten are under way, ten wait, and the others are lost at once.
    expect(spans.counts()).toEqual({ sent: 0, lost: 5 })
    await expect.poll(() => spans.counts()).toEqual({ sent: 0, lost: 25 })
    expect(said).toEqual([expect.stringMatching(/^the collector of spans: no answer in time/)])
  })
})
