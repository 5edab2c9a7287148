// A request's body, whole, within a bound.

import type { IncomingMessage } from 'node:http'

/** `too-large` where it is beyond the bound; `gone` where the client went away in the middle. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too-large' | 'gone'> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      resolve('too-large')
      return
    }
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxBytes) {
        request.pause()
        resolve('too-large')
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(Buffer.concat(chunks, bytes)))
    request.on('error', () => resolve('gone'))
    request.on('close', () => resolve('gone'))
  })
}
