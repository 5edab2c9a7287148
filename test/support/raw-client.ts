// A client that writes bytes on a socket, as no library would, and keeps what it is told.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawClient {
  readonly socket: Socket
  /** So far. */
  readonly said: () => string
  readonly write: (text: string) => void
  /** Resolves when the other side is done; with all that was said. */
  readonly closed: Promise<string>
}

/** Closed with the test. */
export async function rawClient(base: string, text = ''): Promise<RawClient> {
  const { hostname, port } = new URL(base)
  const socket = connect(Number(port), hostname)
  let said = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    said += chunk
  })
  // A connection that is cut off is what some tests wait for.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(said)))
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return { socket, said: () => said, write: (more) => void socket.write(more), closed }
}

/** A request's head, with its empty line. */
export function head(line: string, ...headers: readonly string[]): string {
  return [`${line} HTTP/1.1`, 'host: router', ...headers, '', ''].join('\r\n')
}
