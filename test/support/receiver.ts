// A webhook's other end, which keeps what it is told.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

interface Message {
  readonly headline: string
  readonly kind: string
  readonly code?: string
  readonly reports?: readonly string[]
  readonly turns?: readonly string[]
  readonly reportUrl: string | null
  readonly isTest?: boolean
  readonly numbers?: { readonly arms?: { readonly candidate: { readonly outcomes: { readonly reply: number } } } }
  readonly past: { readonly failures: number }
}

export async function startReceiver(status = 200) {
  const messages: Message[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      messages.push(JSON.parse(body))
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/T0P-SECRET`, messages }
}
