// A traced request as spans: one for what the client asked of us, and one for each exchange with an arm.

import type { Arm } from '../../core/types.ts'
import type { Served } from '../served/served.ts'
import { type Attributes, type Exchanged, genAiAttributes, genAiName } from './gen-ai-attributes.ts'
import type { Trace } from './trace-context.ts'

/** Plain data; the SDK makes its own of it. */
export interface SpanData {
  readonly kind: 'server' | 'client'
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentId: string | null
  /** Whether the parent is the client's. */
  readonly hasRemoteParent: boolean
  readonly flags: number
  readonly state: string | null
  /** ms since 1970. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Attributes
  readonly isFailed: boolean
}

/** An exchange of a trace that is recorded. */
export interface TracedExchange extends Omit<Exchanged, 'isInItsWords' | 'path' | 'status' | 'api'> {
  readonly served: Served
  readonly trace: Trace
  readonly api: string
  /** ms since 1970. */
  readonly endedAtMs: number
  /** Of the rollout. */
  readonly fingerprint: string
}

export function spansOf(exchange: TracedExchange): readonly SpanData[] {
  const client = clientSpan(exchange)
  return exchange.served.isUnseen ? [client] : [client, serverSpan(exchange)]
}

function clientSpan(exchange: TracedExchange): SpanData {
  const { served, trace, endedAtMs } = exchange
  const { servedBy, path, status, atMs, totalMs, failure } = served
  const attributes = genAiAttributes({ ...exchange, isInItsWords: servedBy === 'candidate', path, status })
  return {
    ...ofTrace(trace),
    kind: 'client',
    name: genAiName(attributes),
    spanId: trace.exchangeIds[servedBy],
    parentId: trace.spanId,
    hasRemoteParent: false,
    // The clock of times is in whole ms, that of durations is not.
    startMs: Math.max(atMs, endedAtMs - totalMs),
    endMs: endedAtMs,
    attributes: { ...attributes, ...ownAttributes(exchange, servedBy) },
    // Who went away has met no error.
    isFailed: failure?.kind !== 'left' && attributes['error.type'] !== undefined,
  }
}

function serverSpan(exchange: TracedExchange): SpanData {
  const { served, trace, endedAtMs } = exchange
  const { path, atMs, arm, servedBy, failure } = served
  const status = statusSeen(served)
  const route = routeOf(path)
  const error = status !== null && status >= 500 ? { 'error.type': String(status) } : {}
  const left = failure?.kind === 'left' ? { 'error.type': 'cancelled' } : {}
  return {
    ...ofTrace(trace),
    kind: 'server',
    name: `POST ${route}`,
    spanId: trace.spanId,
    parentId: trace.parentId,
    hasRemoteParent: trace.parentId !== null,
    startMs: atMs,
    endMs: Math.max(atMs, endedAtMs),
    attributes: {
      'http.request.method': 'POST',
      'http.route': route,
      'url.scheme': 'http',
      ...(status !== null && { 'http.response.status_code': status }),
      ...error,
      ...left,
      ...ownAttributes(exchange, servedBy),
      'shadowgate.fallback': servedBy !== arm,
    },
    isFailed: status !== null && status >= 500,
  }
}

function ofTrace({ traceId, flags, state }: Trace) {
  return { traceId, flags, state }
}

/** No user: whoever looks for one finds the pseudonym in the router's log, by the request's id. */
function ownAttributes({ served, trace, api, fingerprint }: TracedExchange, arm: Arm): Attributes {
  const { id, group, reason, segments, isUnseen, isCopied } = served
  return {
    'shadowgate.request.id': id,
    'shadowgate.rollout.fingerprint': fingerprint,
    'shadowgate.mode': trace.mode,
    'shadowgate.stage': trace.stage,
    'shadowgate.arm': arm,
    'shadowgate.group': group ?? 'none',
    'shadowgate.reason': reason,
    'shadowgate.api': api,
    'shadowgate.is_unseen': isUnseen,
    'shadowgate.is_shadow': isUnseen && isCopied,
    ...Object.fromEntries(Object.entries(segments).map(([key, value]) => [`shadowgate.segment.${key}`, value])),
  }
}

/** null where the client was sent none. A failure before the answer's head is answered by the router itself. */
function statusSeen({ status, failure }: Served): number | null {
  if (status !== null || failure === null || failure.kind === 'left') return status
  return failure.kind === 'timeout' ? 504 : 502
}

/** Its last word, which is one of a few: what stands before it is the client's own, and a model's name is no part of a route. */
function routeOf(path: string): string {
  const [bare = ''] = path.split('?')
  const last = bare.replace(/\/$/, '').split('/').at(-1) ?? ''
  return `*/${last.replace(/^[^:]*(?=:)/, '{model}')}`
}
