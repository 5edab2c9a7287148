// A real TCP server that hears HTTP requests and answers whatever bytes a test wants, at the test's own pace.

import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawServer {
  /** Ends in `/v1`. */
  readonly url: string
  readonly port: number
  /** Requests as they came: head and body. */
  readonly requests: string[]
  /** Sockets that are open now. */
  readonly open: ReadonlySet<Socket>
  /** Resolves once no socket is open. */
  readonly emptied: () => Promise<void>
}

/** Calls `answer` for each whole request; `number` counts them from 1. Listens until the test ends. */
export async function startRawServer(answer: (socket: Socket, number: number) => void): Promise<RawServer> {
  const requests: string[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    let heard = ''
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1')
      const request = wholeRequest(heard)
      if (request === null) return
      heard = heard.slice(request.length)
      requests.push(request)
      answer(socket, requests.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  const emptied = async () => {
    await Promise.all([...open].map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  }
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, port, requests, open, emptied }
}

function wholeRequest(heard: string): string | null {
  const headEnd = heard.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const length = Number(/content-length: (\d+)/i.exec(heard.slice(0, headEnd))?.[1] ?? 0)
  return heard.length < headEnd + 4 + length ? null : heard.slice(0, headEnd + 4 + length)
}

/** A response whose length is said. */
export function response(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const fields = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers }
  return `${headOf(status, fields)}${body}`
}

/** The head of a response whose body comes in chunks. */
export function chunkedHead(headers: Readonly<Record<string, string>> = {}): string {
  return headOf(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked', ...headers })
}

/** One chunk of a chunked body; an empty one ends it. */
export function chunk(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

function headOf(status: number, headers: Readonly<Record<string, string | number>>): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} Status\r\n${fields.join('')}\r\n`
}
