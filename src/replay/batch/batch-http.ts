// The connection to one target's batch API: plain requests with deadlines, to its own origin alone.

import { Agent, FormData, request } from 'undici'
import type { Json, Target } from '../../core/types.ts'
import { createFrameReader } from '../../providers/framing.ts'
import { parseJson } from '../../providers/shape.ts'
import { type Clean, withoutKeys } from '../clean.ts'
import { type TargetHeaders, targetHeaders } from '../headers.ts'
import { readAdvice } from '../retry.ts'
import { type BatchHttp, HttpTrouble } from './batch-api.ts'

export interface BatchHttpOptions extends TargetHeaders {
  readonly target: Target
  /** Epoch ms. */
  readonly now: () => number
  /** Aborted: what only reads is broken off. */
  readonly drain: AbortSignal
  /** Aborted: what hands over is broken off, too, and nobody knows whether it came there. */
  readonly leave: AbortSignal
}

/** From the last byte sent to the headers, and between two chunks, in ms: an answer about a batch does not wait for a model. */
const answerWithinMs = 120_000

/** A line that is slower than this is given up, in bytes for each ms: what is handed over may be large. */
const slowestBytesPerMs = 50

/** An error's body is read this far. */
const maxErrorChars = 100_000

interface Asked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | FormData | null
  /** Of the body, about. */
  readonly bytes?: number
  readonly signal: AbortSignal
}

type Answer = Awaited<ReturnType<typeof request>>

export function createBatchHttp(options: BatchHttpOptions): BatchHttp & { readonly close: () => Promise<void> } {
  const { target, now, drain, leave } = options
  const keyless: Clean = withoutKeys(options) ?? ((text) => text)
  const base = new URL(target.baseUrl)
  const dispatcher = new Agent({
    connect: { timeout: target.timeouts.connectMs },
    bodyTimeout: answerWithinMs,
  })
  const headers = targetHeaders(options)
  // The form's own has its boundary in it.
  const { 'content-type': _, ...formHeaders } = headers
  const isOwn = (url: string) => URL.canParse(url) && new URL(url).origin === base.origin
  const ask = async ({ url, body = null, bytes = 0, ...asked }: Asked): Promise<Answer> => {
    if (!isOwn(url)) throw new Error(`${new URL(url).origin} is not the target's own origin`)
    // Redirects are not followed: undici does so only where it is told to.
    const headersTimeout = answerWithinMs + Math.ceil(bytes / slowestBytesPerMs)
    const answer = await request(url, { ...asked, body, headersTimeout, dispatcher }).catch(noAnswer)
    if (answer.statusCode >= 200 && answer.statusCode < 300) return answer
    throw await refusal(answer)
  }
  const refusal = async ({ statusCode, headers: told, body }: Answer): Promise<HttpTrouble> => {
    const text = keyless((await body.text().catch(() => '')).slice(0, maxErrorChars))
    const { detail } = options.provider.rejection(statusCode, parseJson(text) ?? text)
    return new HttpTrouble(statusCode, detail, { afterMs: readAdvice(told, now()).afterMs })
  }
  return {
    at: (path) => {
      const url = new URL(base)
      const [below = '', query = ''] = path.split('?', 2)
      url.pathname = base.pathname.replace(/\/$/, '') + below
      url.search = [base.search.slice(1), query].filter(Boolean).join('&')
      return url.href
    },
    isOwn,
    get: async (url) => jsonOf(await ask({ method: 'GET', url, headers, signal: drain }), keyless),
    post: async (url, body) =>
      jsonOf(await ask({ method: 'POST', url, headers, body, bytes: body.length, signal: leave }), keyless),
    upload: async (url, fields, { name, text }) => {
      const form = new FormData()
      for (const [field, value] of Object.entries(fields)) form.set(field, value)
      form.set('file', new Blob([text], { type: 'application/jsonl' }), name)
      const bytes = text.length
      return jsonOf(await ask({ method: 'POST', url, headers: formHeaders, body: form, bytes, signal: leave }), keyless)
    },
    async *lines(url) {
      const { body } = await ask({ method: 'GET', url, headers, signal: drain })
      const frames = createFrameReader('ndjson')
      try {
        for await (const bytes of body as AsyncIterable<Uint8Array>) {
          for (const { data } of frames.push(bytes)) yield keyless(data)
        }
      } catch (error) {
        noAnswer(error)
      }
      for (const { data } of frames.end()) yield keyless(data)
    },
    close: () => dispatcher.destroy(),
  }
}

async function jsonOf({ body, statusCode }: Answer, clean: Clean): Promise<Json> {
  const json = parseJson(clean(await body.text().catch(noAnswer)))
  if (json === undefined) throw new HttpTrouble(statusCode, 'the answer is no JSON')
  return json
}

function noAnswer(error: unknown): never {
  if (!(error instanceof Error)) throw error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  throw new HttpTrouble(null, [code, error.message].filter(Boolean).join(': ').slice(0, 300))
}
