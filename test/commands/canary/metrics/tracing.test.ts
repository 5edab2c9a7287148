// Where spans go and which: OpenTelemetry's own variables before the config, and no unknown word passed over.

import { describe, expect, it } from 'vitest'
import { tracingOf } from '../../../../src/commands/canary/metrics/tracing.ts'

const otlp = { endpoint: 'http://collector:4318/', headers: { 'x-tenant': 'a' } }
const configured = { otlp, traceRatio: 0.1 }
const unset = { otlp: undefined, traceRatio: 1 }
const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://other:4318' }

describe('the collector of spans', () => {
  it.each([
    ['none where nothing names one', {}, unset, null],
    [
      'the config’s',
      {},
      configured,
      {
        collector: { url: 'http://collector:4318/v1/traces', headers: otlp.headers, from: 'canary.otlp.endpoint' },
        sampling: { isParentBased: true, ratio: 0.1 },
        queue: { maxSpans: 8192, batchSpans: 512, delayMs: 1000 },
      },
    ],
    ['the environment’s before it', general, configured, { collector: { url: null, headers: null } }],
    [
      'that of traces before that of all, and its protocol',
      {
        ...general,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://t/',
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2500',
      },
      unset,
      { collector: { from: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', protocol: 'http/json', timeoutMs: 2500 } },
    ],
    ['none of metrics’', { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://m/' }, unset, null],
    ['none where traces are switched off', { OTEL_TRACES_EXPORTER: 'none' }, configured, null],
    ['none where all of it is', { OTEL_SDK_DISABLED: 'TRUE' }, configured, null],
    [
      'not over gRPC',
      { ...general, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      unset,
      { because: expect.stringContaining('http/protobuf and http/json') },
    ],
    [
      'not with a key that nobody set',
      {},
      { otlp: { ...otlp, headers: { authorization: '${TEMPO_KEY}' } }, traceRatio: 1 },
      { because: 'the environment variable TEMPO_KEY is not set' },
    ],
    [
      'with a queue as small as they like',
      { ...general, OTEL_BSP_MAX_QUEUE_SIZE: '100', OTEL_BSP_SCHEDULE_DELAY: '50' },
      unset,
      { queue: { maxSpans: 100, batchSpans: 100, delayMs: 50 } },
    ],
  ])('%s', (_, env, canary, expected) => {
    const found = tracingOf(env, canary)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected)
  })
})

describe('the sampler', () => {
  it.each([
    ['always_on', undefined, { isParentBased: false, ratio: 1 }],
    ['always_off', undefined, { isParentBased: false, ratio: 0 }],
    ['traceidratio', '0.25', { isParentBased: false, ratio: 0.25 }],
    ['parentbased_always_on', undefined, { isParentBased: true, ratio: 1 }],
    ['parentbased_always_off', undefined, { isParentBased: true, ratio: 0 }],
    ['parentbased_traceidratio', '0.5', { isParentBased: true, ratio: 0.5 }],
    ['parentbased_traceidratio', undefined, { isParentBased: true, ratio: 1 }],
  ])('%s with %s', (word, share, sampling) => {
    const env = { ...general, OTEL_TRACES_SAMPLER: word, ...(share && { OTEL_TRACES_SAMPLER_ARG: share }) }
    expect(tracingOf(env, configured)).toMatchObject({ sampling })
  })

  it.each([
    ['jaeger_remote', undefined, 'OTEL_TRACES_SAMPLER knows always_on'],
    ['constructor', undefined, 'OTEL_TRACES_SAMPLER knows always_on'],
    ['traceidratio', '7', 'OTEL_TRACES_SAMPLER_ARG is no share'],
    ['traceidratio', 'half', 'OTEL_TRACES_SAMPLER_ARG is no share'],
  ])('%s with %s is said to be none', (word, share, because) => {
    const env = { ...general, OTEL_TRACES_SAMPLER: word, ...(share && { OTEL_TRACES_SAMPLER_ARG: share }) }
    expect(tracingOf(env, configured)).toEqual({ because: expect.stringContaining(because) })
  })
})
