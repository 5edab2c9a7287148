// The job's own metrics to a collector of OpenTelemetry's, over HTTP: within a time, and never an exception.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ClientRequest } from 'node:http'
import type { Clock } from '../core/clock.ts'
import type { CollectorSettings } from './collector.ts'
import { type JobMetric, type JobPoint } from './job-metrics.ts'
import { brokenOff, type Delivery } from './post.ts'

export interface Export {
  readonly collector: CollectorSettings
  /** Each with its points. */
  readonly metrics: readonly (Omit<JobMetric, 'points'> & { readonly points: readonly JobPoint[] })[]
  readonly version: string
  readonly timeoutMs: number
  readonly clock: Clock
  /** Ends the waiting for an answer. */
  readonly leave?: AbortSignal
}

/** Beyond the exporter's own time, which knows silence and not a server that drips. */
const graceMs = 1000

/** The SDK is loaded here, so that nobody pays for it who has no collector. What it reads of the environment stands in collector.ts. */
export async function exportMetrics(options: Export): Promise<Delivery> {
  const { clock, timeoutMs, leave } = options
  const requests = watchRequests()
  const over = new AbortController()
  let because = `no answer within ${timeoutMs} ms`
  const onLeave = () => {
    because = brokenOff
    over.abort()
  }
  leave?.addEventListener('abort', onLeave)
  const sending = sent(options)
  try {
    const late = clock.sleep(timeoutMs + graceMs, over.signal).then((): Delivery => ({ isDelivered: false, because }))
    return await Promise.race([sending, late])
  } catch (error) {
    return { isDelivered: false, because: wordsOf(error) }
  } finally {
    over.abort()
    leave?.removeEventListener('abort', onLeave)
    requests.breakOff()
    // What is broken off may wait for its next try.
    void sending.catch(() => {}).finally(requests.close)
  }
}

/** The exporter can't be broken off, and a request that goes on would keep the process: its requests are listened for. */
function watchRequests() {
  const requests = new Set<ClientRequest>()
  let isOver = false
  const onRequest = (message: unknown) => {
    if (!isRequest(message)) return
    requests.add(message.request)
    if (isOver) breakOff(message.request)
  }
  subscribe(requestChannel, onRequest)
  return {
    breakOff: () => {
      isOver = true
      requests.forEach(breakOff)
    },
    close: () => void unsubscribe(requestChannel, onRequest),
  }
}

/** By an error without a code: after others the exporter tries again. */
function breakOff(request: ClientRequest): void {
  request.destroy(new Error(brokenOff))
}

const requestChannel = 'http.client.request.created'

function isRequest(message: unknown): message is { request: ClientRequest } {
  return typeof message === 'object' && message !== null && 'request' in message
}

async function sent({ collector, metrics, version, timeoutMs }: Export): Promise<Delivery> {
  const { MeterProvider, MetricReader } = await import('@opentelemetry/sdk-metrics')
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = await import(
    '@opentelemetry/resources'
  )
  const { OTLPMetricExporter } =
    collector.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-metrics-otlp-http')
      : await import('@opentelemetry/exporter-metrics-otlp-proto')
  /** Read once, when the night is over: nothing is exported by the clock. */
  class OnceReader extends MetricReader {
    protected override async onForceFlush(): Promise<void> {}
    protected override async onShutdown(): Promise<void> {}
  }
  const reader = new OnceReader()
  const own = resourceFromAttributes({ 'service.name': 'shadowgate', 'service.version': version })
  const resource = defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }))
  const meter = new MeterProvider({ resource, readers: [reader] }).getMeter('shadowgate', version)
  for (const { name, unit, help, points } of metrics) {
    const gauge = meter.createGauge(name, { unit, description: help })
    for (const { value, attributes } of points) gauge.record(value, attributes)
  }
  const { resourceMetrics } = await reader.collect()
  const exporter = new OTLPMetricExporter({
    timeoutMillis: timeoutMs,
    ...(collector.url === null ? {} : { url: collector.url }),
    ...(collector.headers === null ? {} : { headers: { ...collector.headers } }),
  })
  return new Promise((resolve) => {
    exporter.export(resourceMetrics, ({ error }) =>
      resolve(error ? { isDelivered: false, because: wordsOf(error) } : { isDelivered: true, answer: 'accepted' }),
    )
  })
}

/** An error of the exporter holds what the collector answered, which may hold what it was sent: its code is enough. */
export function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (typeof code === 'number') return `HTTP ${code}`
  if (typeof code === 'string') return `the connection failed ${code}`
  return error instanceof Error && error.message === 'Request timed out' ? 'no answer in time' : 'it was not taken'
}
