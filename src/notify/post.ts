// One message on its way to a webhook: tried again where that may help, within a time, and never an exception.

import { Agent, request } from 'undici'
import type { Clock } from '../core/clock.ts'

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PostOptions {
  readonly clock: Clock
  /** For each try, its answer's last byte included. */
  readonly timeoutMs: number
  readonly tries: number
  /** Ends the waiting, for an answer and between tries. */
  readonly leave?: AbortSignal
}

/** What is said of it never names the address: a webhook's is its secret. */
export type Delivery =
  | { readonly isDelivered: true; readonly answer: string }
  | { readonly isDelivered: false; readonly because: string }

export const brokenOff = 'no answer before the job was asked to end'
/** A server that asks for more patience than this is not waited for. */
const longestWaitMs = 30_000
/** What a receiver answers is read so far, and no further. */
const mostAnswerBytes = 16_384

/** Waits 1, 4, 16 … s between tries, or as long as Retry-After says. What the receiver refuses (4xx but 408 and 429) is not tried again. */
export async function post(message: Post, options: PostOptions): Promise<Delivery> {
  const { clock, tries, leave } = options
  // A connection of its own for each message: none is left that keeps the process.
  const agent = new Agent({ connections: 1, pipelining: 0, connectTimeout: options.timeoutMs })
  let because = 'it was not tried'
  try {
    for (let attempt = 0; attempt < tries; attempt++) {
      const answer = await tryOnce(message, agent, options)
      if (answer.kind === 'status' && answer.status >= 200 && answer.status < 300) {
        return { isDelivered: true, answer: `HTTP ${answer.status}` }
      }
      because = answer.kind === 'status' ? statusWords(answer) : answer.because
      const waitMs = (answer.kind === 'status' && answer.retryAfterMs) || 1000 * 4 ** attempt
      if (isFinal(answer) || attempt + 1 >= tries || leave?.aborted) break
      if (waitMs > longestWaitMs) {
        because = `${because}, and wants to be left alone for ${Math.round(waitMs / 1000)} s`
        break
      }
      await clock.sleep(waitMs, leave)
    }
    return { isDelivered: false, because }
  } finally {
    await agent.destroy()
  }
}

type Answer =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | null; readonly word: string }
  | { readonly kind: 'broken'; readonly because: string; readonly isFinal: boolean }

function isFinal(answer: Answer): boolean {
  if (answer.kind === 'broken') return answer.isFinal
  return answer.status < 500 && ![408, 425, 429].includes(answer.status)
}

function statusWords({ status, word }: Answer & { kind: 'status' }): string {
  if (status >= 300 && status < 400)
    return `HTTP ${status}: it moved, and a message is not sent on to where it was not addressed`
  return word === '' ? `HTTP ${status}` : `HTTP ${status} (${word})`
}

async function tryOnce({ url, headers, body }: Post, agent: Agent, options: PostOptions): Promise<Answer> {
  const { clock, timeoutMs, leave } = options
  const late = AbortSignal.timeout(timeoutMs)
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'shadowgate', ...headers },
      body,
      signal: leave && !leave.aborted ? AbortSignal.any([late, leave]) : late,
      dispatcher: agent,
    })
    const retryAfterMs = retryAfterOf(response.headers['retry-after'], clock.now())
    const word = await wordIn(response.body)
    return { kind: 'status', status: response.statusCode, retryAfterMs, word }
  } catch (error) {
    if (leave?.aborted && !late.aborted) return { kind: 'broken', because: brokenOff, isFinal: true }
    return brokenBy(error, timeoutMs)
  }
}

/** Seconds, or a date. null where it says nothing that can be read. */
function retryAfterOf(header: string | string[] | undefined, nowMs: number): number | null {
  if (typeof header !== 'string') return null
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return ms > 0 ? ms : null
}

/** What Slack and its like name a mistake by, `invalid_blocks`. Any other text may hold the address, and is left. */
async function wordIn(body: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > mostAnswerBytes) break
    text += chunk.toString('latin1')
  }
  return /^[a-z]+(?:_[a-z]+)+$/.test(text) && text.length <= 40 ? text : ''
}

function brokenBy(error: unknown, timeoutMs: number): Answer {
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  if (isLate) return { kind: 'broken', because: `no answer within ${timeoutMs} ms`, isFinal: false }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  // A header that can't be sent, a scheme that nobody speaks: asking again changes nothing.
  const isOurs = code.startsWith('UND_ERR_INVALID') || code === 'ERR_INVALID_ARG_TYPE' || code === 'ERR_INVALID_CHAR'
  if (isOurs) return { kind: 'broken', because: 'the address or a header can’t be sent', isFinal: true }
  const isOther = error instanceof Error && error.name === 'HTTPParserError'
  const because = isOther ? 'what answered does not speak HTTP' : `the connection failed ${code}`.trim()
  return { kind: 'broken', because, isFinal: false }
}
