// A request's body, whole, within a bound.

import type { IncomingMessage } from 'node:http'

/** Told once; never where the client goes away in the middle. `too-large`: beyond the bound. */
export function readBody(request: IncomingMessage, maxBytes: number, tell: (body: Buffer | 'too-large') => void): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return tell('too-large')
  const chunks: Buffer[] = []
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    const isWithin = bytes <= maxBytes
    bytes += chunk.length
    if (bytes <= maxBytes) chunks.push(chunk)
    else if (isWithin) {
      request.pause()
      tell('too-large')
    }
  })
  request.on('end', () => {
    if (bytes <= maxBytes)
      tell(chunks[0] !== undefined && chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, bytes))
  })
}
