// The connection to one target: sends one request, keeps its deadlines and its clock.

import { Pool } from 'undici'
import type { Clock } from '../core/clock.ts'
import type { Outcome, Target, TimeoutPhase } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import { type Clean, cleaned, withoutKeys } from './clean.ts'
import { Deadline, type Exchange, ResponseFolder } from './exchange.ts'
import { targetHeaders } from './headers.ts'
import type { Wire } from './wire.ts'

/** A target, and what its requests carry. */
export interface SenderOptions {
  readonly target: Target
  readonly provider: Provider
  readonly key: string | null
  /** Extra headers, with their values. */
  readonly headers: Readonly<Record<string, string>>
  readonly userAgent: string
  readonly clock: Clock
}

/** A connection to one target. */
export interface Sender {
  /** Never rejects: what the world does is the exchange's outcome. */
  readonly send: (wire: Wire) => Promise<Exchange>
  /** A request that costs nothing, or null where the API has none. */
  readonly probe: () => Promise<Exchange | null>
  /** Breaks off what runs, and whatever is sent from now on: their outcome is `cancelled`. */
  readonly cancel: () => void
  readonly close: () => Promise<void>
}

/** A connection to a target, with as many sockets as there are requests in flight. `close` it at the end. Throws TypeError where `baseUrl` is no URL. */
export function createSender(options: SenderOptions): Sender {
  const { target, provider } = options
  const base = new URL(target.baseUrl)
  // As many sockets as there are requests in flight, which the lane bounds: with fewer, the pool's queue would hide in the
  // latency (four times the median, at 200 requests on 50 sockets).
  const pool = new Pool(base.origin, {
    connections: null,
    connect: { timeout: target.timeouts.connectMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const headers = targetHeaders(options)
  const pathOf = joining(base)
  const running = new Set<() => void>()
  const state = { isCancelled: false }
  const keyless = withoutKeys(options)
  return {
    send: ({ path, body }) => {
      const post = { method: 'POST', path: pathOf(path), headers, body }
      return exchange({ pool, post, running, state, options, keyless })
    },
    probe: async () => {
      if (provider.probePath === null) return null
      const post = { method: 'GET', path: pathOf(provider.probePath), headers, body: null }
      return exchange({ pool, post, running, state, options, keyless })
    },
    cancel: () => {
      state.isCancelled = true
      for (const stop of running) stop()
    },
    close: () => pool.destroy(),
  }
}

/** The base URL's path and query, and the API's own. Remembered: an API has few paths, and a URL's parts are slow to ask for. */
function joining(base: URL): (path: string) => string {
  const [start, search] = [base.pathname.replace(/\/$/, ''), base.search.slice(1)]
  const known = new Map<string, string>()
  return (path) => {
    const found = known.get(path)
    if (found !== undefined) return found
    const [below = '', query = ''] = path.split('?', 2)
    const queries = [search, query].filter(Boolean).join('&')
    const joined = start + below + (queries ? `?${queries}` : '')
    known.set(path, joined)
    return joined
  }
}

interface Post {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

interface Running {
  readonly pool: Pool
  readonly post: Post
  /** Each stops one exchange that is under way. */
  readonly running: Set<() => void>
  readonly state: { readonly isCancelled: boolean }
  readonly options: SenderOptions
  /** Takes the target's own keys out of what it says. */
  readonly keyless: Clean | null
}

function exchange({ pool, post, running, state, options, keyless }: Running): Promise<Exchange> {
  const { clock, provider } = options
  const { timeouts } = options.target
  return new Promise((resolve) => {
    const folder = new ResponseFolder(provider)
    let sentAtMs = clock.now()
    let startedAt = clock.elapsed()
    let isOver = false
    let isSent = false
    let abort: ((reason: Error) => void) | null = null
    const deadlines = createDeadlines((phase) => stop(new Deadline(phase)))
    const since = () => clock.elapsed() - startedAt
    const finish = (outcome: Outcome, totalMs = since()) => {
      if (isOver) return
      isOver = true
      deadlines.clear()
      running.delete(cancel)
      const said = keyless === null ? outcome : cleaned(outcome, keyless)
      resolve(folder.finish(said, { sentAtMs, totalMs }))
    }
    // Subtle: before the connection stands there is no controller to abort; the result is settled at once all the same,
    // and `onRequestStart` then drops the request before it is written.
    const stop = (reason: Error) => {
      finish(outcomeOf(reason))
      abort?.(reason)
    }
    const cancel = () => stop(new Cancelled())
    if (state.isCancelled) return cancel()
    running.add(cancel)
    pool.dispatch(
      { method: post.method, path: post.path, headers: post.headers, body: post.body },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason)
          if (isOver) return controller.abort(new Cancelled())
          sentAtMs = clock.now()
          startedAt = clock.elapsed()
          isSent = true
          deadlines.drop('connect')
          deadlines.set('total', timeouts.totalMs)
          // Later than the last of them, a deadline says nothing.
          if (timeouts.firstTokenMs < timeouts.totalMs) deadlines.set('first-token', timeouts.firstTokenMs)
        },
        onResponseStart(_controller, status, headers) {
          // 102 and 103 announce an answer; they are none.
          if (status < 200) return
          folder.start(status, headers, since())
          if (!folder.awaitsFirstToken) deadlines.drop('first-token')
          if (timeouts.idleMs < timeouts.totalMs) deadlines.set('idle', timeouts.idleMs)
        },
        onResponseData(_controller, chunk) {
          deadlines.refresh('idle')
          if (!folder.push(chunk, since())) stop(new Error('the answer was larger than 64 MB'))
          else if (!folder.awaitsFirstToken) deadlines.drop('first-token')
        },
        onResponseEnd() {
          if (isOver) return
          const totalMs = since()
          deadlines.clear()
          // Subtle: read only when every socket that has something has been heard: what is parsed now would stand in the
          // latency of all that came with it.
          setImmediate(() => finish(folder.end(totalMs), totalMs))
        },
        onResponseError(_controller, error) {
          finish(outcomeOf(error))
        },
      },
    )
    // Where a connection stands, the request is written before `dispatch` comes back.
    if (!isSent && !isOver) deadlines.set('connect', timeouts.connectMs)
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
  return {
    /** Anew from now. */
    set: (phase: TimeoutPhase, ms: number) => {
      clearTimeout(timers.get(phase))
      timers.set(
        phase,
        setTimeout(() => onExpired(phase), ms),
      )
    },
    drop: (phase: TimeoutPhase) => {
      if (timers.size === 0) return
      clearTimeout(timers.get(phase))
      timers.delete(phase)
    },
    refresh: (phase: TimeoutPhase) => timers.get(phase)?.refresh(),
    clear: () => {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
