// A target on loopback that answers as a test says, and remembers what it was asked.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

export interface Heard {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Resolves when the one who asked went away before the answer had ended. */
  readonly left: Promise<void>
}

export interface ArmServer {
  readonly origin: string
  readonly heard: readonly Heard[]
}

type Answer = (response: ServerResponse, heard: Heard) => void

const open = new Set<() => Promise<void>>()
afterEach(async () => {
  await Promise.all([...open].map((close) => close()))
  open.clear()
})

/** Closed after the test. */
export async function startArm(answer: Answer): Promise<ArmServer> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const left = new Promise<void>((resolve) => {
        response.once('close', () => {
          if (!response.writableEnded) resolve()
        })
      })
      const one = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8'), left }
      heard.push(one)
      answer(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  open.add(close)
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}

export function answerJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
