// The router's own word where no target answers, in the shape that clients of all provider APIs read a message from.

import type { ServerResponse } from 'node:http'
import type { Failure } from './forward.ts'

export interface Refusal {
  readonly status: number
  readonly message: string
  /** Clients of the providers wait so long before they ask again. */
  readonly retryAfterSeconds?: number | undefined
  /** Whether the connection is of no use any more, as where a body was not read. */
  readonly closes?: true
}

export function refuse(response: ServerResponse, { status, message, retryAfterSeconds, closes }: Refusal): void {
  const error = { type: 'shadowgate_error', code: String(status), message: `shadowgate: ${message}` }
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(closes && { connection: 'close' }),
  })
  response.end(JSON.stringify({ type: 'error', error }))
}

/** What was begun is broken off, so that the client does not take a part for the whole. */
export function breakOff(response: ServerResponse, failure: Failure): void {
  if (response.headersSent) response.destroy()
  else if (failure.kind === 'unsent') {
    const { detail, retryAfterSeconds } = failure
    refuse(response, { status: 503, message: `the target takes no requests now: ${detail}`, retryAfterSeconds })
  } else {
    const status = failure.kind === 'timeout' ? 504 : 502
    refuse(response, { status, message: `the target did not answer: ${failure.detail}` })
  }
}
