// Whether spans are exported, where to, and of which traces: OpenTelemetry's own variables first, then the config.

import type { ClientRequest } from '../../../canary/proxy/forward.ts'
import type { Asking, Assigned } from '../../../canary/proxy/proxy.ts'
import { type Sampling, type Trace, traceOf, withTrace } from '../../../canary/tracing/trace-context.ts'
import type { RampState } from '../../../core/rollout.ts'
import type { Arm } from '../../../core/types.ts'
import { type CollectorSettings, collectorOf } from '../../../notify/collector.ts'
import { unsetIn } from '../../notify/webhook-address.ts'
import type { Session } from '../../session/session.ts'

type Env = Readonly<Record<string, string | undefined>>

export interface Tracing {
  readonly collector: CollectorSettings
  readonly sampling: Sampling
  readonly queue: SpanQueue
}

/** How spans wait, as OTEL_BSP_… say it. */
export interface SpanQueue {
  /** More are lost, and counted. */
  readonly maxSpans: number
  readonly batchSpans: number
  readonly delayMs: number
}

/** null: none are asked for. `because`: they can't be sent, and why: requests are served all the same. */
export function tracingOf(
  env: Env,
  canary: Pick<Session['config']['canary'], 'otlp' | 'traceRatio'>,
): Tracing | { readonly because: string } | null {
  const collector = collectorOf(env, canary.otlp, { name: 'traces', setting: 'canary.otlp.endpoint' })
  if (collector === null || 'because' in collector) return collector
  const unset = unsetIn([collector.url ?? '', ...Object.values(collector.headers ?? {})])
  if (unset !== undefined) return { because: `the environment variable ${unset} is not set` }
  const sampling = samplingOf(env, canary.traceRatio)
  return 'because' in sampling ? sampling : { collector, sampling, queue: queueOf(env) }
}

const samplers: Readonly<Record<string, (ratio: number) => Sampling>> = {
  always_on: () => ({ isParentBased: false, ratio: 1 }),
  always_off: () => ({ isParentBased: false, ratio: 0 }),
  traceidratio: (ratio) => ({ isParentBased: false, ratio }),
  parentbased_always_on: () => ({ isParentBased: true, ratio: 1 }),
  parentbased_always_off: () => ({ isParentBased: true, ratio: 0 }),
  parentbased_traceidratio: (ratio) => ({ isParentBased: true, ratio }),
}

function samplingOf(env: Env, ratio: number): Sampling | { readonly because: string } {
  const word = env['OTEL_TRACES_SAMPLER']?.trim().toLowerCase()
  if (!word) return { isParentBased: true, ratio }
  const sampler = Object.hasOwn(samplers, word) ? samplers[word] : undefined
  if (sampler === undefined) {
    return { because: `OTEL_TRACES_SAMPLER knows ${Object.keys(samplers).join(', ')}, and not ${JSON.stringify(word)}` }
  }
  const given = env['OTEL_TRACES_SAMPLER_ARG']?.trim()
  const share = given ? Number(given) : 1
  if (!(share >= 0 && share <= 1)) return { because: `OTEL_TRACES_SAMPLER_ARG is no share from 0 to 1` }
  return sampler(share)
}

/** The defaults are those of OpenTelemetry's specification, but for a queue that a busy router does not fill between two batches. */
function queueOf(env: Env): SpanQueue {
  const maxSpans = positive(env['OTEL_BSP_MAX_QUEUE_SIZE']) ?? 8192
  return {
    maxSpans,
    batchSpans: Math.min(positive(env['OTEL_BSP_MAX_EXPORT_BATCH_SIZE']) ?? 512, maxSpans),
    delayMs: positive(env['OTEL_BSP_SCHEDULE_DELAY']) ?? 1000,
  }
}

function positive(text: string | undefined): number | null {
  const number = Number(text?.trim() || Number.NaN)
  return Number.isSafeInteger(number) && number > 0 ? number : null
}

export interface Traces {
  /** Requests that ask a model are traced, in whatever API. */
  readonly assigned: (asking: Asking, assigned: Assigned) => Assigned
  /** What the arm is asked, as a part of the trace of the request. */
  readonly request: (request: ClientRequest, arm: Arm, asking: Asking) => ClientRequest
}

export function createTraces(sampling: Sampling, state: () => RampState): Traces {
  const traces = new WeakMap<Asking, Trace>()
  return {
    assigned: (asking, assigned) => {
      if (assigned.api === null || asking.method !== 'POST') return assigned
      const { mode, stage } = state()
      const trace = traceOf(asking.headers, sampling, { mode, stage: stage + 1 })
      if (trace === null) return assigned
      traces.set(asking, trace)
      return { ...assigned, trace }
    },
    request: (request, arm, asking) => {
      const trace = traces.get(asking)
      return trace === undefined ? request : withTrace(request, trace, arm)
    },
  }
}
