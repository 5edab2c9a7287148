// W3C trace context on its way through: whose trace a request is of, whether it is recorded, and what each arm is told of it.

import { randomFillSync } from 'node:crypto'
import type { Mode } from '../../core/rollout.ts'
import type { Arm } from '../../core/types.ts'
import type { ClientRequest } from '../proxy/forward.ts'
import type { Headers } from '../proxy/headers.ts'

/** Which traces are recorded, as OTEL_TRACES_SAMPLER says it. */
export interface Sampling {
  /** Whether a client that brings a trace has decided already. */
  readonly isParentBased: boolean
  /** Of the other traces so large a share is recorded, 0..1. */
  readonly ratio: number
}

export interface Trace {
  readonly traceId: string
  /** The client's span; null where the trace begins here. */
  readonly parentId: string | null
  /** Ours: of what the client asked. */
  readonly spanId: string
  /** Ours too: of what each arm is asked, at whichever of its targets. */
  readonly exchangeIds: Readonly<Record<Arm, string>>
  /** As `traceparent` has them. */
  readonly flags: number
  /** The client's `tracestate`; null where there is none, or none that is of this trace. */
  readonly state: string | null
  /** How the rollout stood when the request came: the stage from 1, 0 where there is none. */
  readonly mode: Mode
  readonly stage: number
}

const sampled = 0x01
/** The trace's id is random: whoever began it knows. */
const random = 0x02

export function isRecorded({ flags }: Pick<Trace, 'flags'>): boolean {
  return (flags & sampled) !== 0
}

/** null where the client has decided that nothing is recorded: its headers pass as they are. */
export function traceOf(headers: Headers, sampling: Sampling, stand: Pick<Trace, 'mode' | 'stage'>): Trace | null {
  const parent = parentIn(headers['traceparent'])
  if (parent !== null && sampling.isParentBased && !isRecorded(parent)) return null
  const isDecided = parent !== null && sampling.isParentBased
  const traceId = parent?.traceId ?? randomHex(16)
  const flag = isDecided || isChosen(traceId, sampling.ratio) ? sampled : 0
  const ids = randomHex(24)
  return {
    traceId,
    parentId: parent?.parentId ?? null,
    spanId: ids.slice(0, 16),
    exchangeIds: { production: ids.slice(16, 32), candidate: ids.slice(32) },
    flags: flag | ((parent?.flags ?? random) & random),
    state: parent === null ? null : stateIn(headers['tracestate']),
    ...stand,
  }
}

/** What the arm is asked, as a child of ours. */
export function withTrace(request: ClientRequest, trace: Trace, arm: Arm): ClientRequest {
  const { traceparent: _, tracestate: __, ...rest } = request.headers
  const { traceId, exchangeIds, flags, state } = trace
  const own = `00-${traceId}-${exchangeIds[arm]}-${flags.toString(16).padStart(2, '0')}`
  return { ...request, headers: { ...rest, traceparent: own, ...(state !== null && { tracestate: state }) } }
}

/** Of version 00; a later one begins the same way, and may go on. */
const form = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/

/** null where there is none, or more than one, or it is malformed: a trace begins anew then (W3C Trace Context, section 4.3). */
function parentIn(value: Headers[string]): (Pick<Trace, 'traceId' | 'flags'> & { parentId: string }) | null {
  const found = typeof value === 'string' ? form.exec(value) : null
  const [, version, traceId, parentId, flags, more] = found ?? []
  if (traceId === undefined || parentId === undefined || flags === undefined) return null
  if (version === '00' && more !== undefined) return null
  return { traceId, parentId, flags: Number.parseInt(flags, 16) }
}

function stateIn(value: Headers[string]): string | null {
  const text = typeof value === 'string' ? value : (value?.join(',') ?? '')
  return text.trim() === '' ? null : text
}

/** By the trace's own randomness, so that whoever samples it by the same rule keeps the same traces (OpenTelemetry, "Sampling threshold"). */
function isChosen(traceId: string, ratio: number): boolean {
  // The last 56 bits are random; a double holds 52 of them surely.
  return Number.parseInt(traceId.slice(-14, -1), 16) >= (1 - ratio) * 2 ** 52
}

/** Filled anew when it is used up: asked for one by one, random bytes cost more than all else of a trace. */
const pool = Buffer.alloc(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}
