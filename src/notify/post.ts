// One message on its way to a webhook: tried again where that may help, within a time, and never an exception.

import { request } from 'undici'
import type { Clock } from '../core/clock.ts'

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PostOptions {
  readonly clock: Clock
  /** For each try. */
  readonly timeoutMs: number
  readonly tries: number
}

/** `because` never names the address: a webhook's is its secret. */
export type Delivery = { readonly isDelivered: true } | { readonly isDelivered: false; readonly because: string }

/** A server that asks for more patience than this is not waited for. */
const longestWaitMs = 30_000

/** Waits 1, 4, 16 … s between tries, or as long as Retry-After says. What the receiver refuses (4xx but 408 and 429) is not tried again. */
export async function post(message: Post, { clock, timeoutMs, tries }: PostOptions): Promise<Delivery> {
  let because = 'it was not tried'
  for (let attempt = 0; attempt < tries; attempt++) {
    const answer = await tryOnce(message, timeoutMs)
    if (answer.kind === 'status' && answer.status < 300) return { isDelivered: true }
    because = answer.kind === 'status' ? `HTTP ${answer.status}` : answer.because
    const isFinal = answer.kind === 'status' && answer.status < 500 && ![408, 429].includes(answer.status)
    const waitMs = (answer.kind === 'status' && answer.retryAfterMs) || 1000 * 4 ** attempt
    if (isFinal || waitMs > longestWaitMs) break
    if (attempt + 1 < tries) await clock.sleep(waitMs)
  }
  return { isDelivered: false, because }
}

type Answer =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'broken'; readonly because: string }

async function tryOnce({ url, headers, body }: Post, timeoutMs: number): Promise<Answer> {
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body.dump()
    const after = Number(response.headers['retry-after'])
    return { kind: 'status', status: response.statusCode, retryAfterMs: after > 0 ? after * 1000 : null }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return {
      kind: 'broken',
      because: isLate ? `no answer within ${timeoutMs} ms` : `the connection failed ${code}`.trim(),
    }
  }
}
