// The job's own metrics: one list, as Prometheus' own tool reads it from the file and as a collector is sent it.

import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { collectorOf } from '../../src/notify/collector.ts'
import { type JobFacts, jobMetrics } from '../../src/notify/job-metrics.ts'
import { noPast, type Past } from '../../src/notify/past.ts'
import { prometheusName, textfileOf } from '../../src/notify/textfile.ts'
import { failed, judged, quiet } from './nights.ts'

const facts = (night: JobFacts['night'], past: Partial<Past> = {}): JobFacts => ({
  night,
  past: { ...noPast, ...past },
  storeBytes: 12_582_912,
})
const at = (instant: string) => Date.parse(instant) / 1000

describe('the textfile', () => {
  it('says of a night what it came to, and what it did', async () => {
    const lines = (await textfileOf(facts(judged()))).split('\n')
    for (const line of [
      'shadowgate_decision{decision="NO-GO"} 1',
      'shadowgate_decision{decision="GO"} 0',
      'shadowgate_decision_held 0',
      'shadowgate_night_duration_seconds 1050',
      `shadowgate_night_finished_timestamp_seconds ${at('2026-11-26T02:47:30Z')}`,
      `shadowgate_night_success_timestamp_seconds ${at('2026-11-26T02:47:30Z')}`,
      'shadowgate_night_stage_duration_seconds{stage="replay"} 1000',
      'shadowgate_night_exit_status 1',
      'shadowgate_night_outcome{outcome="judged"} 1',
      'shadowgate_night_outcome{outcome="failed"} 0',
      'shadowgate_night_failures 0',
      'shadowgate_pairs 1980',
      'shadowgate_pairs_excluded 20',
      'shadowgate_records_added 2000',
      'shadowgate_records_rejected 3',
      'shadowgate_requests{arm="candidate",outcome="timeout"} 11',
      'shadowgate_retries{arm="production"} 12',
      'shadowgate_tokens{arm="production",type="output"} 90000',
      'shadowgate_cost_usd{arm="production"} 1.25',
      'shadowgate_request_latency_seconds{arm="production",percentile="95"} 2.4',
      'shadowgate_store_size_bytes 12582912',
    ]) {
      expect(lines).toContain(line)
    }
    // No price is set, and so many calls had no answer.
    expect(lines.filter((line) => /candidate/.test(line) && /cost|"95"/.test(line))).toEqual([])
  })

  it('of a night without a verdict keeps what stands, and counts', async () => {
    const past = { failures: 2, lastSuccessAt: '2026-11-23T02:40:00.000Z' }
    const lines = (await textfileOf(facts(failed(), past))).split('\n')
    expect(lines).toContain('shadowgate_night_failures 3')
    expect(lines).toContain(`shadowgate_night_success_timestamp_seconds ${at(past.lastSuccessAt)}`)
    expect(lines).toContain('shadowgate_night_outcome{outcome="failed"} 1')
    expect(lines).toContain('shadowgate_decision{decision="GO"} 1')
    expect(lines.join('\n')).not.toMatch(/shadowgate_pairs|shadowgate_requests/)
    expect((await textfileOf(facts(quiet(), { quiet: 4 }))).split('\n')).toContain('shadowgate_night_quiet 5')
  })

  it('of the very first night, which failed, claims no decision and no success', async () => {
    const text = await textfileOf(facts(failed({ before: null })))
    expect(text).not.toMatch(/shadowgate_decision|night_success/)
  })

  it('of a clock that was turned back goes by the one that nobody turns, or by none', async () => {
    const turned = { finishedAt: '2026-11-26T01:00:00.000Z' }
    expect(await textfileOf(facts(judged(turned)))).toContain('shadowgate_night_duration_seconds 1050\n')
    expect(await textfileOf(facts(judged({ ...turned, numbers: {} })))).toContain(
      'shadowgate_night_duration_seconds 0\n',
    )
  })

  const isPromtoolThere = spawnSync('promtool', ['--version']).error === undefined
  it.skipIf(!isPromtoolThere)('is what Prometheus reads, and finds nothing to say of (promtool)', async () => {
    for (const each of [facts(judged()), facts(failed()), facts(quiet())]) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: await textfileOf(each),
        encoding: 'utf8',
      })
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
    }
  })
})

describe('the list', () => {
  it('names each metric once, as both conventions have it, and each with few closed labels', () => {
    const names = jobMetrics.map(({ name, unit }) => prometheusName(name, unit))
    expect(new Set(names).size).toBe(names.length)
    for (const { name } of jobMetrics) expect(name).toMatch(/^shadowgate(?:\.[a-z]+(?:_[a-z]+)*)+$/)
    const points = jobMetrics.flatMap((metric) => metric.points(facts(judged())))
    expect(points.length).toBeLessThanOrEqual(50)
    const labels = new Set(points.flatMap(({ attributes }) => Object.keys(attributes)))
    expect([...labels].toSorted()).toEqual(['arm', 'decision', 'outcome', 'percentile', 'stage', 'type'])
  })

  it('has the same labels on every point of a metric', () => {
    for (const metric of jobMetrics) {
      const labels = metric.points(facts(judged())).map(({ attributes }) => Object.keys(attributes).join())
      expect(new Set(labels).size).toBeLessThanOrEqual(1)
    }
  })
})

describe('the collector', () => {
  const configured = { endpoint: 'http://collector:4318/', headers: { 'x-tenant': 'a' } }
  const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other:4318' }
  it.each<[string, Record<string, string>, typeof configured | undefined, unknown]>([
    ['none where nothing names one', {}, undefined, null],
    ['an empty variable names none', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, undefined, null],
    [
      'the config’s',
      {},
      configured,
      {
        url: 'http://collector:4318/v1/metrics',
        headers: { 'x-tenant': 'a' },
        protocol: 'http/protobuf',
        from: 'notify.otlp.endpoint',
        timeoutMs: null,
      },
    ],
    [
      'the environment’s before it',
      general,
      configured,
      { url: null, headers: null, from: 'OTEL_EXPORTER_OTLP_ENDPOINT' },
    ],
    [
      'that of metrics before that of all',
      { ...general, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/' },
      undefined,
      { from: 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT' },
    ],
    [
      'JSON, and its time, where they are set',
      { ...general, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_TIMEOUT: '2500' },
      undefined,
      { protocol: 'http/json', timeoutMs: 2500 },
    ],
    ['none where the SDK is disabled', { ...general, OTEL_SDK_DISABLED: 'TRUE' }, configured, null],
    ['none where metrics are exported nowhere', { ...general, OTEL_METRICS_EXPORTER: 'none' }, configured, null],
    [
      'not over gRPC',
      { ...general, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      undefined,
      { because: expect.stringContaining('http/protobuf') },
    ],
    [
      'not where the address is none',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'not an address' },
      configured,
      { because: 'OTEL_EXPORTER_OTLP_ENDPOINT holds no address' },
    ],
  ])('is %s', (_, env, config, expected) => {
    const found = collectorOf(env, config)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected as object)
  })
})
