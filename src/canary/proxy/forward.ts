// The connections to one arm: sends a client's request on, and hands over the answer as it arrives.

import { Pool } from 'undici'
import type { Timeouts } from '../../core/types.ts'

export interface ArmOptions {
  /** Scheme, host and port. */
  readonly origin: string
  readonly timeouts: Timeouts
  readonly connections: number
}

export interface ClientRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer | null
}

/** Why there is no whole answer. `unsent`: the arm had no target that takes requests, and nothing was sent. */
export interface Failure {
  readonly kind: 'broken' | 'timeout' | 'left' | 'unsent'
  readonly detail: string
  /** Of what was not sent: when it may be asked again. */
  readonly retryAfterSeconds?: number
}

/** Takes an answer. Nothing is called after `end` or `fail`. */
export interface Sink {
  readonly start: (status: number, headers: Readonly<Record<string, string | string[] | undefined>>) => void
  /** Says whether there is room for more; if not, `resume` of the exchange says when there is. */
  readonly data: (chunk: Buffer) => boolean
  readonly end: () => void
  readonly fail: (failure: Failure) => void
}

export interface Exchange {
  readonly resume: () => void
  /** The client went away: `fail` is told so. */
  readonly leave: () => void
  /** Somebody else is to be asked once this is over: whatever is not here by then fails as `timeout`. Absent where nothing lasts. */
  readonly endWithin?: (ms: number) => void
  /** The fault of a drill that spoils this answer. */
  readonly drill?: string | undefined
}

export interface ArmConnections {
  readonly send: (request: ClientRequest, sink: Sink) => Exchange
  readonly close: () => Promise<void>
  readonly destroy: () => Promise<void>
}

export function connectArm({ origin, timeouts, connections }: ArmOptions): ArmConnections {
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: timeouts.connectMs },
    // Of the answer's head, and between two pieces of it: undici's own clocks are coarse, and these are limits of minutes.
    headersTimeout: timeouts.firstTokenMs,
    bodyTimeout: timeouts.idleMs,
  })
  return {
    send: (request, sink) => exchange(pool, request, sink, timeouts.totalMs),
    close: () => pool.close(),
    destroy: () => pool.destroy(),
  }
}

function exchange(pool: Pool, request: ClientRequest, sink: Sink, totalMs: number): Exchange {
  let controller: { abort: (reason: Error) => void; pause: () => void; resume: () => void } | null = null
  let isOver = false
  let pieces: Buffer[] = []
  const finish = (tell: () => void) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    tell()
  }
  const stop = (failure: Failure) => {
    if (isOver) return
    finish(() => sink.fail(failure))
    controller?.abort(new Error(failure.detail))
  }
  // What one read of the socket brought is one piece: many events of a stream may come at once, and each write has its price.
  const pass = () => {
    const [only] = pieces
    if (isOver || only === undefined) return
    const piece = pieces.length === 1 ? only : Buffer.concat(pieces)
    pieces = []
    if (!sink.data(piece)) controller?.pause()
  }
  const endWithin = (ms: number) =>
    setTimeout(() => stop({ kind: 'timeout', detail: `no whole answer within ${ms} ms` }), ms)
  let timer = endWithin(totalMs)
  pool.dispatch(
    { method: request.method, path: request.path, headers: request.headers, body: request.body },
    {
      onRequestStart(own) {
        controller = own
        if (isOver) own.abort(new Error('over before it began'))
      },
      onResponseStart(_, status, headers) {
        // What comes before the answer (100, 102, 103) is between this proxy and the target.
        if (isOver || status < 200) return
        // First in line, so that a body that came with its head leaves with it.
        process.nextTick(pass)
        sink.start(status, headers)
      },
      onResponseData(_, chunk) {
        if (pieces.push(chunk) === 1) process.nextTick(pass)
      },
      onResponseEnd() {
        pass()
        finish(() => sink.end())
      },
      onResponseError(_, error) {
        pass()
        finish(() => sink.fail(failureOf(error)))
      },
    },
  )
  return {
    resume: () => controller?.resume(),
    leave: () => stop({ kind: 'left', detail: 'the client went away' }),
    endWithin: (ms) => {
      if (isOver) return
      clearTimeout(timer)
      timer = endWithin(ms)
    },
  }
}

const slow = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])

function failureOf(error: Error): Failure {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  if (code !== null && slow.has(code)) return { kind: 'timeout', detail: error.message }
  return { kind: 'broken', detail: code === null ? error.message : `${code}: ${error.message}`.slice(0, 200) }
}
