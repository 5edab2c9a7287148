// The server that clients connect to, and its limits: on connections, headers, slow uploads, and on who asks and does not read.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { refuse } from './refuse.ts'

export interface ClientLimits {
  /** Beyond, requests are answered 503 and their connection is closed. */
  readonly mostConnections: number
  readonly maxHeaderBytes: number
  /** From a connection's, or a request's, first byte. */
  readonly headersMs: number
  /** For the whole of a request, its body included. */
  readonly requestMs: number
  /** Between two requests. More than the load balancer's before it, or that sends into a connection that is just being closed. */
  readonly keepAliveMs: number
  /** Who takes nothing of their answer for so long is cut off. */
  readonly stalledMs: number
}

export interface ClientCounts {
  /** Connections. */
  readonly open: number
  /** Connections that were too many. */
  readonly refused: number
  /** Connections that were cut off, since nobody read. */
  readonly stalled: number
}

export interface ClientServer {
  readonly server: Server
  readonly counts: () => ClientCounts
}

export interface Listening {
  readonly limits: ClientLimits
  readonly maxBodyBytes: () => number
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void
}

/** Room for those who are told that there is none. */
const surplus = 1.1

/** Not listening yet. */
export function createClientServer({ limits, maxBodyBytes, onRequest }: Listening): ClientServer {
  const { mostConnections, maxHeaderBytes, headersMs, requestMs, keepAliveMs, stalledMs } = limits
  const sockets = new Map<Socket, Progress>()
  const tooMany = new Set<Socket>()
  const queued = new Map<Socket, Set<ServerResponse>>()
  let [refused, stalled] = [0, 0]
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (response.socket === null) queue(request.socket, response)
    if (tooMany.size === 0 || !tooMany.has(request.socket)) return onRequest(request, response)
    const message = `there are more than ${mostConnections} connections`
    refuse(response, { status: 503, message, retryAfterSeconds: 1, closes: true })
  }
  // Of requests that came before the answer to one before them had ended. Of a connection that closes Node 22 tells the first of its
  // answers alone: the others would be under way for ever.
  const queue = (socket: Socket, response: ServerResponse) => {
    const all = queued.get(socket) ?? new Set()
    queued.set(socket, all.add(response))
    response.once('close', () => all.delete(response))
  }
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: Math.min(headersMs, requestMs, 20_000) / 4,
    },
    answer,
  )
  server.maxConnections = Math.ceil(mostConnections * surplus)
  server.on('drop', () => refused++)
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Who is refused for the length that they announce need not send it.
    if (Number(request.headers['content-length'] ?? 0) <= maxBodyBytes()) response.writeContinue()
    answer(request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, { taken: 0, looks: 0 })
    if (sockets.size > mostConnections) {
      refused++
      tooMany.add(socket)
    }
    socket.once('close', () => {
      sockets.delete(socket)
      tooMany.delete(socket)
      for (const response of queued.get(socket) ?? []) {
        // Whoever has the connection by now hears of it from Node.
        if (response.socket === null) response.destroy().emit('close')
      }
      queued.delete(socket)
    })
  })
  // One look at all of them, and nothing on the way of an answer.
  const looking = setInterval(() => {
    for (const [socket, before] of sockets) {
      const after = progressOf(socket, before)
      sockets.set(socket, after)
      if (after.looks < looksUntilStalled) continue
      stalled++
      socket.destroy()
    }
  }, stalledMs / looksUntilStalled)
  looking.unref()
  server.on('close', () => clearInterval(looking))
  return { server, counts: () => ({ open: sockets.size, refused, stalled }) }
}

const looksUntilStalled = 4

interface Progress {
  /** Bytes that went out. */
  readonly taken: number
  /** Looks in a row at which something waited to go out and nothing had gone. */
  readonly looks: number
}

function progressOf(socket: Socket, before: Progress): Progress {
  const taken = socket.bytesWritten - socket.writableLength
  const isStuck = socket.writableLength > 0 && taken === before.taken
  return { taken, looks: isStuck ? before.looks + 1 : 0 }
}
