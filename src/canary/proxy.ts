// The proxy: takes a client's request, sends it to the arm that it falls to, and passes the answer on as it arrives.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Clock } from '../core/clock.ts'
import type { Arm, Json } from '../core/types.ts'
import { type Feedback, feedbackIn, feedbackPath } from './feedback.ts'
import type { ArmConnections, ClientRequest, Exchange, Failure } from './forward.ts'
import { responseHeaders } from './headers.ts'
import { readBody } from './read-body.ts'
import type { Assignment } from './router.ts'
import { createTap, type Served } from './served.ts'

export interface Asking {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** null where it is no JSON. */
  readonly json: Json
}

/** Where a request goes, and what is known of it already. */
export type Assigned = Assignment & Pick<Served, 'api' | 'segments'>

export interface ProxyOptions {
  readonly connections: Readonly<Record<Arm, ArmConnections>>
  readonly assign: (asking: Asking) => Assigned
  /** The request as this arm is asked it. */
  readonly requestTo: (arm: Arm, asking: Asking, assignment: Assignment) => ClientRequest
  /** Told of each exchange with an arm once it is over. */
  readonly onServed: (served: Served) => void
  readonly onFeedback: (feedback: Feedback) => void
  readonly maxBodyBytes: number
  /** Copies to the candidate under way at most: beyond, a copy is left out and counted. */
  readonly maxCopies: number
  readonly onLeftOut: () => void
  /** Whether the client is told who answered. */
  readonly tellsArm: boolean
  readonly clock: Clock
}

export interface Proxy {
  readonly server: Server
  /** What the server does with a request; another proxy's may take its place between two of them. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** Requests under way, copies included. */
  readonly active: () => number
}

/** Not listening yet. */
export function createProxy(options: ProxyOptions): Proxy {
  const { clock, connections } = options
  let [active, copies] = [0, 0]
  const handle: Proxy['handle'] = (request, response) => {
    active++
    response.once('close', () => active--)
    void serve(request, response)
  }
  const server = createServer(handle)
  // A client's slow upload is bounded; how long an answer takes is the arm's matter.
  server.requestTimeout = 120_000
  server.headersTimeout = 30_000
  server.keepAliveTimeout = 75_000

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, options.maxBodyBytes)
    if (!Buffer.isBuffer(body)) {
      if (body === 'too-large') refuse(response, 413, `the body is larger than ${options.maxBodyBytes} bytes`)
      return
    }
    const { method = 'GET', url = '/', headers } = request
    const asking: Asking = { method, path: url, headers, body, json: jsonIn(body) }
    if (method === 'POST' && url === feedbackPath) {
      rated(asking.json, response, options)
      return
    }
    const assigned = options.assign(asking)
    const about = { ...assigned, id: randomUUID(), atMs: clock.now(), path: url, request: body }
    if (assigned.isCopied) copy(asking, assigned, about)
    forward({ asking, about, response, arm: assigned.arm })
  }

  type About = Omit<Served, 'servedBy' | 'isUnseen' | keyof ReturnType<ReturnType<typeof createTap>['over']>>

  interface Forwarding {
    readonly asking: Asking
    readonly about: About
    readonly response: ServerResponse
    readonly arm: Arm
  }

  /** The candidate's failure is production's turn, as long as the client was sent nothing. */
  function forward({ asking, about, response, arm }: Forwarding): void {
    const tap = createTap(clock.elapsed)
    const tell = (isUnseen: boolean, failure: Failure | null) =>
      options.onServed({ ...about, servedBy: arm, isUnseen, ...tap.over(failure) })
    const canFallBack = arm === 'candidate'
    let isHeldBack = false
    let exchange: Exchange | null = null
    const onClose = () => exchange?.leave()
    const onDrain = () => exchange?.resume()
    const settle = () => {
      response.off('close', onClose)
      response.off('drain', onDrain)
    }
    const fallBack = (failure: Failure | null) => {
      settle()
      tell(true, failure)
      forward({ asking, about, response, arm: 'production' })
    }
    response.on('close', onClose).on('drain', onDrain)
    exchange = connections[arm].send(options.requestTo(arm, asking, about), {
      start: (status, headers) => {
        tap.start(status, headers)
        isHeldBack = canFallBack && isFailure(status)
        if (isHeldBack) return
        const own = { 'x-shadowgate-id': about.id, ...(options.tellsArm && { 'x-shadowgate-arm': arm }) }
        response.writeHead(status, responseHeaders(headers, own))
        // A stream's first byte may be long in coming: the client knows by its head that it will.
        response.flushHeaders()
      },
      data: (chunk) => {
        tap.data(chunk)
        return isHeldBack || response.write(chunk)
      },
      end: () => {
        if (isHeldBack) return fallBack(null)
        settle()
        response.end()
        tell(false, null)
      },
      fail: (failure) => {
        if (failure.kind !== 'left' && canFallBack && !response.headersSent) return fallBack(failure)
        settle()
        if (failure.kind !== 'left') breakOff(response, failure)
        tell(false, failure)
      },
    })
    if (response.destroyed) exchange.leave()
  }

  function copy(asking: Asking, assigned: Assignment, about: About): void {
    if (copies >= options.maxCopies) return options.onLeftOut()
    copies++
    active++
    const tap = createTap(clock.elapsed)
    const over = (failure: Failure | null) => {
      copies--
      active--
      options.onServed({ ...about, arm: 'candidate', servedBy: 'candidate', isUnseen: true, ...tap.over(failure) })
    }
    connections.candidate.send(options.requestTo('candidate', asking, assigned), {
      start: tap.start,
      data: (chunk) => {
        tap.data(chunk)
        return true
      },
      end: () => over(null),
      fail: over,
    })
  }

  return { server, handle, active: () => active }
}

/** Whether the answer is known is told to nobody: an id is no secret, and what it was worth is not theirs. */
function rated(body: Json, response: ServerResponse, { onFeedback }: ProxyOptions): void {
  const feedback = feedbackIn(body)
  if (feedback === null) {
    refuse(response, 400, 'feedback takes { "id": <x-shadowgate-id>, "score": 0 to 1, true, false, "up" or "down" }')
    return
  }
  onFeedback(feedback)
  response.writeHead(202, { 'content-type': 'application/json' })
  response.end('{"ok":true}')
}

/** A candidate that is down, or has no room: production would have answered. */
function isFailure(status: number): boolean {
  return status >= 500 || status === 429 || status === 401 || status === 403 || status === 404
}

function jsonIn(body: Buffer): Json {
  if (body.length === 0) return null
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch {
    return null
  }
}

/** In the shape that clients of all provider APIs read a message from. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const error = { type: 'shadowgate_error', code: String(status), message: `shadowgate: ${message}` }
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ type: 'error', error }))
}

/** What was begun is broken off, so that the client does not take a part for the whole. */
function breakOff(response: ServerResponse, failure: Failure): void {
  if (response.headersSent) response.destroy()
  else refuse(response, failure.kind === 'timeout' ? 504 : 502, `the target did not answer: ${failure.detail}`)
}
