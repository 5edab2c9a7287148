// The connection to one target: sends one request, keeps its deadlines and its clock.

import { Pool } from 'undici'
import type { Clock } from '../core/clock.ts'
import type { JsonObject, Outcome, Target, TimeoutPhase } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { Deadline, type Exchange, ResponseFolder } from './exchange.ts'

export interface SenderOptions {
  readonly target: Target
  readonly provider: Provider
  readonly key: string | null
  /** Extra headers, with their values. */
  readonly headers: Readonly<Record<string, string>>
  readonly userAgent: string
  readonly clock: Clock
}

export interface Sender {
  /** Never rejects: what the world does is the exchange's outcome. */
  readonly send: (body: JsonObject, options: { stream: boolean; signal: AbortSignal }) => Promise<Exchange>
  /** A request that costs nothing, or null where the API has none. */
  readonly probe: () => Promise<Exchange | null>
  readonly close: () => Promise<void>
}

export function createSender(options: SenderOptions): Sender {
  const { target, provider } = options
  const base = new URL(target.baseUrl)
  // Fewer sockets than requests in flight would hide the pool's queue in the latency (PERFORMANCE section 3).
  const pool = new Pool(base.origin, {
    connections: target.concurrency,
    connect: { timeout: target.timeouts.connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream, application/x-ndjson',
    'accept-encoding': 'identity',
    'user-agent': options.userAgent,
    ...provider.headers(options.key),
    // The config's own headers win: an API version, or a key where a gateway wants it.
    ...lowerCased(options.headers),
  }
  return {
    send: (body, { stream, signal }) => {
      const request = provider.request(body, { model: target.model, stream, overrides: target.overrides })
      const wire = {
        method: 'POST',
        path: joined(base, request.path),
        headers,
        body: JSON.stringify(request.body),
      }
      return exchange({ pool, wire, signal, options })
    },
    probe: async () => {
      if (provider.probePath === null) return null
      const wire = { method: 'GET', path: joined(base, provider.probePath), headers, body: null }
      return exchange({ pool, wire, signal: new AbortController().signal, options })
    },
    close: () => pool.destroy(),
  }
}

/** The base URL's path and query, and the API's own. */
function joined(base: URL, path: string): string {
  const [below = '', query = ''] = path.split('?', 2)
  const queries = [base.search.slice(1), query].filter(Boolean).join('&')
  return base.pathname.replace(/\/$/, '') + below + (queries ? `?${queries}` : '')
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

interface Wire {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

function exchange(call: { pool: Pool; wire: Wire; signal: AbortSignal; options: SenderOptions }): Promise<Exchange> {
  const { clock, provider, target } = call.options
  return new Promise((resolve) => {
    const folder = new ResponseFolder(provider)
    let sentAtMs = clock.now()
    let startedAt = clock.elapsed()
    let isOver = false
    let abort: ((reason: Error) => void) | null = null
    const deadlines = createDeadlines((phase) => stop(new Deadline(phase)))
    const since = () => clock.elapsed() - startedAt
    const finish = (outcome: Outcome) => {
      if (isOver) return
      isOver = true
      deadlines.clear()
      call.signal.removeEventListener('abort', cancel)
      resolve(folder.finish(outcome, { sentAtMs, totalMs: since() }))
    }
    // Subtle: before the connection stands there is no controller to abort; the result is settled at once all the same,
    // and `onRequestStart` then drops the request before it is written.
    const stop = (reason: Error) => {
      finish(outcomeOf(reason))
      abort?.(reason)
    }
    const cancel = () => stop(new Cancelled())
    if (call.signal.aborted) return cancel()
    call.signal.addEventListener('abort', cancel, { once: true })
    deadlines.set('connect', target.timeouts.connectMs)
    call.pool.dispatch(
      { method: call.wire.method, path: call.wire.path, headers: call.wire.headers, body: call.wire.body },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason)
          if (isOver) return controller.abort(new Cancelled())
          sentAtMs = clock.now()
          startedAt = clock.elapsed()
          deadlines.clear()
          deadlines.set('total', target.timeouts.totalMs)
          deadlines.set('headers', target.timeouts.headersMs)
        },
        onResponseStart(_controller, status, headers) {
          // 102 and 103 announce an answer; they are none.
          if (status < 200) return
          folder.start(status, flat(headers), since())
          deadlines.set('headers', null)
          deadlines.set('idle', target.timeouts.idleMs)
        },
        onResponseData(_controller, chunk) {
          deadlines.refresh('idle')
          if (!folder.push(chunk, since())) stop(new Error('the answer was larger than 64 MB'))
        },
        onResponseEnd() {
          if (!isOver) finish(folder.end(since()))
        },
        onResponseError(_controller, error) {
          finish(outcomeOf(error))
        },
      },
    )
  })
}

class Cancelled extends Error {}

function outcomeOf(error: Error): Outcome {
  if (error instanceof Deadline) return { kind: 'timeout', phase: error.phase }
  if (error instanceof Cancelled) return { kind: 'cancelled' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return { kind: 'timeout', phase: 'connect' }
  return { kind: 'broken', detail: [code, error.message].filter(Boolean).join(': ').slice(0, 300) }
}

/** Own timers: undici's are coarse by half a second and more. */
function createDeadlines(onExpired: (phase: TimeoutPhase) => void) {
  const timers = new Map<TimeoutPhase, NodeJS.Timeout>()
  const set = (phase: TimeoutPhase, ms: number | null) => {
    clearTimeout(timers.get(phase))
    if (ms === null) timers.delete(phase)
    else
      timers.set(
        phase,
        setTimeout(() => onExpired(phase), ms),
      )
  }
  return {
    set,
    refresh: (phase: TimeoutPhase) => timers.get(phase)?.refresh(),
    clear: () => {
      for (const phase of timers.keys()) set(phase, null)
    },
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
