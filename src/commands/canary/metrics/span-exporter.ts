// Spans on their way to a collector of OpenTelemetry's: waited for by nobody, bounded in memory, and said once where they can't go.

import type { SpanContext, TraceState } from '@opentelemetry/api'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { SpanData } from '../../../canary/tracing/spans.ts'
import type { CollectorSettings } from '../../../notify/collector.ts'
import { wordsOf } from '../../../notify/otlp.ts'
import { realClock } from '../../../replay/real-clock.ts'
import type { SpanQueue } from './tracing.ts'

/** Plain data. */
export interface SpanOrder {
  readonly collector: CollectorSettings
  readonly queue: SpanQueue
  readonly version: string
}

export interface SpanCounts {
  readonly sent: number
  /** Not taken by the collector, or too many to wait. */
  readonly lost: number
}

export interface Spans {
  readonly see: (spans: readonly SpanData[]) => void
  readonly counts: () => SpanCounts
  /** Sends what waits, for so long at most. */
  readonly close: () => Promise<void>
}

/** OpenTelemetry's default. */
const exportTimeoutMs = 10_000
/** Beyond the exporter's own time, which knows silence and not a server that drips. */
const graceMs = 1000
/** A collector that is down must not hold up a restart. */
const closeWithinMs = 3000

/** The SDK is loaded here, so that nobody pays for it who has no collector. */
export async function startSpans(order: SpanOrder, onTrouble: (message: string) => void): Promise<Spans> {
  const { collector, queue, version } = order
  const api = await import('@opentelemetry/api')
  const { BatchSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace')
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = await import(
    '@opentelemetry/resources'
  )
  const timeoutMs = collector.timeoutMs ?? exportTimeoutMs
  const watched = watch(await exporterOf(collector, timeoutMs), timeoutMs + graceMs, onTrouble)
  const own = resourceFromAttributes({ 'service.name': 'shadowgate', 'service.version': version })
  // Their ids went to the target long ago, with its request, and so did the word whether they are recorded.
  let next: Pick<SpanData, 'traceId' | 'spanId'> = { traceId: '', spanId: '' }
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(own)
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: watched.exporter,
        maxQueueSize: queue.maxSpans,
        maxExportBatchSize: queue.batchSpans,
        scheduledDelayMillis: queue.delayMs,
        exportTimeoutMillis: timeoutMs + 2 * graceMs,
      }),
    ],
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
    sampler: { shouldSample: () => ({ decision: api.SamplingDecision.RECORD_AND_SAMPLED }), toString: () => 'Decided' },
  })
  const tracer = provider.getTracer('shadowgate', version)
  let [ended, dropped] = [0, 0]
  const see = (span: SpanData) => {
    // The SDK would drop it in silence.
    if (ended - watched.taken() >= queue.maxSpans) {
      dropped++
      return
    }
    next = span
    const parent = parentOf(span, api.createTraceState)
    const context = parent === null ? api.ROOT_CONTEXT : api.trace.setSpanContext(api.ROOT_CONTEXT, parent)
    const kind = span.kind === 'server' ? api.SpanKind.SERVER : api.SpanKind.CLIENT
    const made = tracer.startSpan(span.name, { kind, startTime: span.startMs, attributes: writable(span) }, context)
    if (span.isFailed) made.setStatus({ code: api.SpanStatusCode.ERROR })
    made.end(span.endMs)
    ended++
  }
  return {
    see: (spans) => spans.forEach(see),
    counts: () => ({ sent: watched.sent(), lost: watched.failed() + dropped }),
    close: async () => {
      const over = new AbortController()
      await Promise.race([provider.shutdown().catch(() => {}), realClock.sleep(closeWithinMs, over.signal)])
      over.abort()
    },
  }
}

async function exporterOf({ protocol, url, headers }: CollectorSettings, timeoutMillis: number): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter({
    timeoutMillis,
    ...(url !== null && { url }),
    ...(headers !== null && { headers: { ...headers } }),
  })
}

/** Counts what becomes of spans, and says when they begin to be lost, and when they no longer are. */
function watch(exporter: SpanExporter, limitMs: number, onTrouble: (message: string) => void) {
  let [taken, sent, failed, lostInARow] = [0, 0, 0, 0]
  const settle = (spans: number, because: string | null) => {
    if (because === null) {
      sent += spans
      if (lostInARow > 0) onTrouble(`the collector takes spans again; ${lostInARow} are lost`)
      lostInARow = 0
      return
    }
    failed += spans
    if (lostInARow === 0) onTrouble(`the collector of spans: ${because}; requests are served all the same`)
    lostInARow += spans
  }
  const watched: SpanExporter = {
    export: (spans, done) => {
      taken += spans.length
      let isOver = false
      const end = (because: string | null) => {
        if (isOver) return
        isOver = true
        clearTimeout(timer)
        settle(spans.length, because)
      }
      const timer = setTimeout(() => end('no answer in time'), limitMs)
      timer.unref()
      exporter.export(spans, (result) => {
        end(result.error === undefined ? null : wordsOf(result.error))
        done(result)
      })
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
  return { exporter: watched, taken: () => taken, sent: () => sent, failed: () => failed }
}

function parentOf(span: SpanData, stateOf: (text: string) => TraceState): SpanContext | null {
  const { traceId, parentId, flags, hasRemoteParent, state } = span
  if (parentId === null) return null
  const context = { traceId, spanId: parentId, traceFlags: flags, isRemote: hasRemoteParent }
  return state === null ? context : { ...context, traceState: stateOf(state) }
}

/** The SDK's own type is of arrays that may be changed. */
function writable({ attributes }: SpanData) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  )
}
