// The proxy: takes a client's request, sends it to the arm that it falls to, and passes the answer on as it arrives.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Clock } from '../../core/clock.ts'
import type { Arm, Json } from '../../core/types.ts'
import type { Assignment } from '../dealing/router.ts'
import { createTap, type Served } from '../served/served.ts'
import type { ArmTargets } from './arm-targets.ts'
import type { Leaning } from './balance.ts'
import { ClientAsking } from './client-asking.ts'
import { type ClientCounts, type ClientLimits, createClientServer } from './client-server.ts'
import { errorTextMs, isFailure } from './failing.ts'
import { type Feedback, feedbackPath } from './feedback.ts'
import type { ClientRequest, Exchange, Failure } from './forward.ts'
import { responseHeaders } from './headers.ts'
import { holdForThisTurn } from './hold-writes.ts'
import { createPlanes, type Held } from './planes.ts'
import { readBody } from './read-body.ts'
import { breakOff, refuse } from './refuse.ts'
import { takeFeedback } from './take-feedback.ts'
import { createUnderWay, type UnderWay } from './under-way.ts'

export interface Asking {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** null where it is no JSON. */
  readonly json: Json
}

/** Where a request goes, and what is known of it already. */
export type Assigned = Assignment & Pick<Served, 'api' | 'segments' | 'trace' | 'credentials'>

/** All that a request meets and that may be another for the next one. */
export interface Plane {
  readonly arms: Readonly<Record<Arm, ArmTargets>>
  readonly assign: (asking: Asking) => Assigned
  /** The request as the target at this place of the arm is asked it. */
  readonly requestTo: (arm: Arm, target: number, asking: Asking, assignment: Assignment) => ClientRequest
  readonly maxBodyBytes: number
  /** Copies to the candidate under way at most: beyond, a copy is left out and counted. */
  readonly maxCopies: number
  /** Whether the client is told who answered. */
  readonly tellsArm: boolean
}

export interface ProxyOptions extends Plane {
  /** Told of each exchange with an arm once it is over. */
  readonly onServed: (served: Served) => void
  readonly onFeedback: (feedback: Feedback) => void
  readonly limits: ClientLimits
  readonly onLeftOut: () => void
  readonly clock: Clock
}

export interface Proxy {
  readonly server: Server
  /** Requests that come from now on meet another plane. Resolves when the last one of those before is over. */
  readonly swap: (next: Plane) => Promise<void>
  /** Requests under way, copies included. */
  readonly active: () => number
  /** Those of the rollout, by arm. */
  readonly underWay: UnderWay
  readonly clients: () => ClientCounts
  /** From now on each answer closes its connection, so that clients come to another router. */
  readonly leave: () => void
  /** Breaks off what is under way. Says how many requests of clients that were. */
  readonly cut: () => number
}

/** Not listening yet. */
export function createProxy(options: ProxyOptions): Proxy {
  const { clock, limits } = options
  const planes = createPlanes<Plane>(options)
  const underWay = createUnderWay(clock.now)
  const copies = new Set<Exchange>()
  let [active, isLeaving] = [0, false]
  const { server, counts } = createClientServer({
    limits,
    maxBodyBytes: () => planes.current().plane.maxBodyBytes,
    onRequest: (request, response) => {
      const held = planes.current()
      const visit: Visit = { arm: null, held }
      active++
      held.hold()
      response.once('close', () => {
        active--
        held.letGo()
        if (visit.arm !== null) underWay.end(visit.arm)
      })
      response.shouldKeepAlive &&= !isLeaving
      if (isWebSocket(request.headers)) return refuse(response, noWebSockets)
      const { maxBodyBytes } = held.plane
      readBody(request, maxBodyBytes, (body) => {
        const message = `the body is larger than ${maxBodyBytes} bytes`
        if (body === 'too-large') refuse(response, { status: 413, message, closes: true })
        else attempt(request, response, { body, visit })
      })
    },
  })

  /** One request that this process can't take must not end all the others. */
  function attempt(...visited: Parameters<typeof serve>): void {
    try {
      serve(...visited)
    } catch {
      visited[1].destroy()
    }
  }

  function serve(
    request: IncomingMessage,
    response: ServerResponse,
    { body, visit }: { readonly body: Buffer; readonly visit: Visit },
  ): void {
    const { method = 'GET', headers } = request
    const path = pathIn(request.url)
    if (path === null) return refuse(response, noPath)
    const asking = new ClientAsking({ method, path, headers, body })
    if (method === 'POST' && path === feedbackPath) {
      takeFeedback(asking.json, response, options.onFeedback)
      return
    }
    const assigned = visit.held.plane.assign(asking)
    const about = { ...assigned, id: randomUUID(), atMs: clock.now(), path, request: body }
    if (assigned.reason === 'user' || assigned.reason === 'request') {
      visit.arm = assigned.arm
      underWay.begin(assigned.arm)
    }
    const { held } = visit
    forward({ asking, about, response, arm: assigned.arm, plane: held.plane })
    if (!assigned.isCopied) return
    // The user's request is on its way before the copy costs anything.
    active++
    held.hold()
    setImmediate(() => {
      active--
      copy(asking, about, held)
      held.letGo()
    })
  }

  type About = Omit<Served, 'servedBy' | 'isUnseen' | 'drill' | keyof ReturnType<ReturnType<typeof createTap>['over']>>

  interface Forwarding {
    readonly asking: Asking
    readonly about: About
    readonly response: ServerResponse
    readonly arm: Arm
    readonly plane: Plane
  }

  /** The candidate's failure is production's turn, as long as the client was sent nothing. */
  function forward({ asking, about, response, arm, plane }: Forwarding): void {
    const tap = createTap(clock.elapsed)
    const tell = (isUnseen: boolean, failure: Failure | null) =>
      options.onServed({ ...about, servedBy: arm, isUnseen, ...drillOf(exchange), ...tap.over(failure) })
    const canFallBack = arm === 'candidate'
    let isHeldBack = false
    let exchange: Exchange | null = null
    const onClose = () => exchange?.leave()
    const onDrain = () => exchange?.resume()
    const settle = () => response.off('close', onClose)
    const fallBack = (failure: Failure | null) => {
      settle()
      tell(true, failure)
      forward({ asking, about, response, arm: 'production', plane })
    }
    response.on('close', onClose)
    exchange = plane.arms[arm].send(orderOf(arm, asking, about, plane), {
      start: (status, headers) => {
        tap.start(status, headers)
        isHeldBack = canFallBack && isFailure(status, true)
        if (isHeldBack) return exchange?.endWithin?.(errorTextMs)
        const own = { 'x-shadowgate-id': about.id, ...(plane.tellsArm && { 'x-shadowgate-arm': arm }) }
        response.shouldKeepAlive &&= !isLeaving
        holdForThisTurn(response)
        response.writeHead(status, responseHeaders(headers, own))
        // A stream's first byte may be long in coming: the client knows by its head that it will.
        response.flushHeaders()
      },
      data: (chunk) => {
        tap.data(chunk)
        if (isHeldBack || response.write(chunk)) return true
        response.once('drain', onDrain)
        return false
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

  const orderOf = (arm: Arm, asking: Asking, about: Assigned, plane: Plane) => ({
    leaning: leaningOf(about),
    isControl: arm === 'production' && about.group === 'control',
    isRepeatable: about.api !== null || asking.method === 'GET' || asking.method === 'HEAD',
    requestTo: (target: number) => plane.requestTo(arm, target, asking, about),
  })

  function copy(asking: Asking, about: About, { plane, hold, letGo }: Held<Plane>): void {
    if (copies.size >= plane.maxCopies) return options.onLeftOut()
    active++
    hold()
    const tap = createTap(clock.elapsed)
    let exchange: Exchange | null = null
    let isOver = false
    const over = (failure: Failure | null) => {
      isOver = true
      active--
      letGo()
      if (exchange !== null) copies.delete(exchange)
      const own = { arm: 'candidate', servedBy: 'candidate', isUnseen: true, ...drillOf(exchange) } as const
      options.onServed({ ...about, ...own, ...tap.over(failure) })
    }
    exchange = plane.arms.candidate.send(orderOf('candidate', asking, about, plane), {
      start: tap.start,
      data: (chunk) => {
        tap.data(chunk)
        return true
      },
      end: () => over(null),
      fail: over,
    })
    if (!isOver) copies.add(exchange)
  }

  return {
    server,
    swap: planes.swap,
    active: () => active,
    underWay,
    clients: counts,
    leave: () => {
      isLeaving = true
    },
    cut: () => {
      const clients = active - copies.size
      for (const copied of copies) copied.leave()
      server.closeAllConnections()
      return clients
    },
  }
}

/** A client's request from its first byte until its connection is done with it. */
interface Visit {
  /** That it was dealt to; null where the rollout is not about it. */
  arm: Arm | null
  readonly held: Held<Plane>
}

/** What the rollout is not about may be about something that lives at one target: a file, a batch. */
function leaningOf({ reason, user }: Assigned): Leaning {
  if (reason === 'not-of-it') return 'first'
  return user === null ? 'any' : { user }
}

/** `Upgrade: h2c`, which some clients offer with each request, may be passed over. */
function isWebSocket({ upgrade }: IncomingMessage['headers']): boolean {
  return upgrade !== undefined && upgrade.toLowerCase() === 'websocket'
}

const noWebSockets = { status: 501, message: 'websockets are not routed: connect to the provider itself' }

const noPath = { status: 400, message: 'the request names no path' }

/** Clients that think of it as a forward proxy name the host, too. null for `*` and the like: no target's failure if it is not taken. */
function pathIn(url = '/'): string | null {
  if (url.startsWith('/')) return url
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return null
  const { pathname, search } = new URL(url)
  return pathname + search
}

function drillOf(exchange: Exchange | null): Pick<Served, 'drill'> {
  return exchange?.drill === undefined ? {} : { drill: exchange.drill }
}
