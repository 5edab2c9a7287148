// Whoever runs the router, told of each answer once it is read: by metrics, and by spans where a collector is named.

import type { Served } from '../../../canary/served/served.ts'
import { type SpanData, spansOf } from '../../../canary/tracing/spans.ts'
import { isRecorded } from '../../../canary/tracing/trace-context.ts'
import { thrownMessage } from '../../../core/fault.ts'
import type { AnsweredCall, JsonObject, Outcome } from '../../../core/types.ts'
import { endpointOf } from '../../../providers/endpoint.ts'
import type { Provider } from '../../../providers/provider.ts'
import { type SpanOrder, type Spans, startSpans } from '../metrics/span-exporter.ts'
import { type AnswerMetrics, createAnswerMetrics } from './answer-metrics.ts'
import type { ClerkOrder } from './clerk-thread.ts'

export interface Observed {
  readonly served: Served
  readonly provider: Provider
  /** Cleaned. */
  readonly request: JsonObject
  /** null where nobody can say. */
  readonly call: AnsweredCall | null
  /** Of the call, cleaned. */
  readonly outcome: Outcome
}

export interface Observer {
  /** Told of every exchange, read or not. */
  readonly pass: (served: Served) => void
  /** Whether the exchange is of interest, though it is not of the rollout. */
  readonly wants: (served: Served) => boolean
  readonly see: (observed: Observed) => void
  readonly hear: AnswerMetrics['hear']
  readonly text: () => Promise<string>
  /** Sends what waits. */
  readonly close: () => Promise<void>
}

export async function createObserver(
  { targets, spans: order }: Pick<ClerkOrder, 'targets' | 'spans'>,
  onTrouble: (message: string) => void,
): Promise<Observer> {
  const prices = { production: targets.production.pricePerMillion, candidate: targets.candidate.pricePerMillion }
  const metrics = createAnswerMetrics(prices)
  const spans = order === null ? null : await startedSpans(order, onTrouble)
  const wants = ({ trace }: Served) => spans !== null && trace !== undefined && isRecorded(trace)
  return {
    pass: metrics.pass,
    wants,
    see: (observed) => {
      const { served, call } = observed
      // Of the call itself, not of its cleaned copy: whether it refuses was worked out for the comparison, and takes longer than all else.
      if (served.group !== null && call !== null)
        metrics.see({ served, outcome: call.outcome, firstTokenMs: call.firstTokenMs })
      if (wants(served)) spans?.see(spansOfObserved(observed, targets, order?.fingerprint ?? ''))
    },
    hear: metrics.hear,
    text: () => {
      if (spans !== null) metrics.spans(spans.counts())
      return metrics.text()
    },
    close: async () => spans?.close(),
  }
}

/** null where it can't be: answers are read all the same. */
async function startedSpans(order: SpanOrder, onTrouble: (message: string) => void): Promise<Spans | null> {
  try {
    return await startSpans(order, onTrouble)
  } catch (error) {
    onTrouble(`no spans are sent: ${thrownMessage(error)}`)
    return null
  }
}

function spansOfObserved(
  { served, provider, request, call, outcome }: Observed,
  targets: ClerkOrder['targets'],
  fingerprint: string,
): readonly SpanData[] {
  const { trace, endedAtMs, api, servedBy, path, isCut } = served
  if (trace === undefined || endedAtMs === undefined || api === null) return []
  return spansOf({
    served,
    trace,
    api,
    endedAtMs,
    fingerprint,
    target: targets[servedBy],
    request,
    isStreamed: endpointOf(path)?.isStreamed === true || provider.isStreaming(request),
    // An answer that is too long to be read is none that was cancelled.
    outcome: isCut ? null : outcome,
    firstTokenMs: call?.firstTokenMs ?? null,
  })
}
