// What is seen of a router that runs: spans at a collector, metrics at its door, and words in its terminal.

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { type Collector, startSpanCollector } from '../support/otlp-traces.ts'
import { askRouter as ask, failing, openRouter } from '../support/seen-router.ts'
import { askUntil } from '../support/served.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const parentId = 'b7ad6b7169203331'
const traceparent = `00-${traceId}-${parentId}-01`

const spansOf = (collector: Collector, trace = traceId) => collector.spans.filter((span) => span.traceId === trace)

describe('spans', () => {
  it('go on with the client’s trace through the router to the arm, and tell of a candidate that failed', async () => {
    const collector = await startSpanCollector()
    const { base, production, candidate } = await openRouter({
      candidate: failing,
      canary: { guards: { consecutive: 1000 } },
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' },
    })
    // The candidate has half of all users in the only stage that there is, so that somebody falls to it.
    const users = Array.from({ length: 40 }, (_, n) => `user-${n}`)
    for (const user of users) {
      if (candidate.requests.length > 0) break
      await (await ask(base, { 'x-user-id': user, traceparent, tracestate: 'vendor=1' })).text()
    }
    const tried = candidate.requests.at(0)?.headers['traceparent']
    const mended = production.requests.at(-1)?.headers
    await expect.poll(() => spansOf(collector).length).toBeGreaterThanOrEqual(3)
    const server = spansOf(collector).find((span) => span.attributes['shadowgate.fallback'] === true)
    expect(server).toMatchObject({
      kind: 'server',
      name: 'POST */completions',
      parentId,
      state: 'vendor=1',
      isFailed: false,
      attributes: { 'http.response.status_code': 200, 'shadowgate.mode': 'canary', 'shadowgate.stage': 1 },
      resource: { 'service.name': 'shadowgate', 'deployment.environment.name': 'test' },
    })
    const clients = spansOf(collector).filter((span) => span.parentId === server?.spanId)
    expect(clients).toMatchObject([
      {
        kind: 'client',
        name: 'chat next',
        isFailed: true,
        attributes: { 'error.type': '500', 'shadowgate.arm': 'candidate', 'shadowgate.is_unseen': true },
      },
      {
        name: 'chat now',
        isFailed: false,
        attributes: {
          'shadowgate.arm': 'production',
          'gen_ai.request.temperature': 0.5,
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.usage.cache_read.input_tokens': 4,
        },
      },
    ])
    // Production answered after the candidate had failed: neither of them at the same time.
    const [first, second] = clients
    expect(second?.startMs).toBeGreaterThanOrEqual((first?.endMs ?? Infinity) - 1)
    // Each was told its own span, and the state of the trace.
    expect(tried).toBe(`00-${traceId}-${first?.spanId}-01`)
    expect(mended).toMatchObject({ traceparent: `00-${traceId}-${second?.spanId}-01`, tracestate: 'vendor=1' })
  })

  it('of a copy stand beside production’s, and a trace that nobody records passes as it came', async () => {
    const collector = await startSpanCollector()
    const { base, production, candidate } = await openRouter({
      canary: { mode: 'shadow', otlp: { endpoint: collector.url, headers: { 'x-tenant': 'a' } } },
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    })
    const unrecorded = traceparent.replace(/01$/, '00')
    await (await ask(base, { traceparent: unrecorded })).text()
    await (await ask(base, { traceparent })).text()
    await expect.poll(() => candidate.requests.length).toBe(2)
    await expect.poll(() => spansOf(collector).length).toBe(3)
    expect(production.requests[0]?.headers['traceparent']).toBe(unrecorded)
    expect(collector.heads[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-tenant': 'a' } })
    const names = spansOf(collector).map(
      ({ kind, attributes }) => `${kind} ${String(attributes['shadowgate.is_shadow'])}`,
    )
    expect(new Set(names)).toEqual(new Set(['client false', 'client true', 'server false']))
  })

  it('that no collector takes hold up nobody, and are said once', async () => {
    const { base, stop, over, metrics } = await openRouter({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
        OTEL_BSP_MAX_QUEUE_SIZE: '5',
        OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      },
    })
    const answers = await askUntil(base, { users: 20, requests: 100 })
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    await expect
      .poll(async () => Number(/^shadowgate_router_spans_lost_total (\d+)$/m.exec(await metrics())?.[1]))
      .toBeGreaterThan(100)
    stop()
    const { status, stderr } = await over
    expect(status).toBe(0)
    expect(stderr.match(/the collector of spans/g)).toHaveLength(1)
    expect(stderr).toContain('the connection failed ECONNREFUSED')
  })
})

describe('metrics', () => {
  it('tell both arms, the ramp and what answers held, and Prometheus’ own tool reads them', async ({ skip }) => {
    const { base, metrics, adminPort } = await openRouter({})
    const { id } = (await askUntil(base, { users: 40, requests: 100 }))[0] ?? {}
    await fetch(`${base}/feedback`, { method: 'POST', body: JSON.stringify({ id, score: 'up' }) })
    await expect.poll(metrics).toMatch(/^shadowgate_router_feedback_total\{.*opinion="good"\} 1$/m)
    const text = await metrics()
    const sumOf = (pattern: RegExp) => [...text.matchAll(pattern)].reduce((sum, [, value]) => sum + Number(value), 0)
    expect(sumOf(/^shadowgate_router_requests_total\{.*outcome="2xx",seen="true"\} (\d+)$/gm)).toBe(100)
    expect(sumOf(/^shadowgate_router_answers_read_total\{.*\} (\d+)$/gm)).toBe(100)
    expect(sumOf(/^shadowgate_router_tokens_total\{.*type="cached_input"\} (\d+)$/gm)).toBe(400)
    expect(text).toContain('shadowgate_router_in_flight{arm="candidate"} 0')
    expect(text).toContain('shadowgate_ramp_phase{phase="open"} 1')
    expect(text).toMatch(/^process_resident_memory_bytes \d/m)
    expect((await fetch(`http://127.0.0.1:${adminPort}/metrics`)).status).toBe(401)
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    if (checked.error !== undefined) skip('promtool is not installed')
    expect([checked.stdout, checked.stderr, checked.status]).toEqual(['', '', 0])
  })
})

describe('whoever started it', () => {
  it.each(['text', 'json'])('is told in %s of what changes, and not of requests', async (format) => {
    const { base, stop, over, folder } = await openRouter({ env: { SHADOWGATE_LOG_FORMAT: format } })
    await askUntil(base, { users: 40, requests: 200 })
    await runCli(['ramp', 'hold', '--because', 'a freeze'], { cwd: folder })
    await runCli(['ramp', 'release'], { cwd: folder })
    stop()
    const { stderr, stdout } = await over
    expect(stdout.trim().split('\n')).toHaveLength(1)
    const lines = stderr.trim().split('\n')
    expect(lines.length).toBeLessThan(20)
    for (const word of ['opened', 'held', 'released'])
      expect(lines.filter((line) => new RegExp(`\\brouter +${word} by`).test(line))).toHaveLength(1)
    if (format === 'json') for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg')
  })
})
