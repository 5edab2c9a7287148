// Whoever is told of nights: a real HTTP server that keeps what it was posted.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Told {
  readonly kind: string
  readonly headline: string
  readonly runId: string | null
  readonly decision?: string
  readonly code?: string
}

export interface Receiver {
  readonly url: string
  readonly messages: Told[]
  readonly close: () => Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const messages: Told[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      messages.push(JSON.parse(Buffer.concat(chunks).toString('utf8')))
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks/night`,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
