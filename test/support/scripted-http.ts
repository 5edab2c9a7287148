// Answers about batches by rote, on the base URL `http://a/v1`: no connection.

import type { Json } from '../../src/core/types.ts'
import { type BatchHttp, HttpTrouble } from '../../src/replay/batch/batch-api.ts'

export interface Asked {
  /** `GET /batches/batch_1`. */
  readonly what: string
  readonly body?: string
  readonly fields?: Readonly<Record<string, string>>
  readonly name?: string
}

/** By method and path; a text is the body of an answer in lines. What has no answer is a 404. */
export function scriptedHttp(answers: Readonly<Record<string, Json | Error>>): BatchHttp & { readonly asked: Asked[] } {
  const base = 'http://a/v1'
  const asked: Asked[] = []
  const answer = (method: string, url: string, more: Omit<Asked, 'what'> = {}): Json => {
    const what = `${method} ${url.replace(base, '')}`
    asked.push({ what, ...more })
    const found = answers[what]
    if (found === undefined) throw new HttpTrouble(404, `no answer to ${what}`)
    if (found instanceof Error) throw found
    return found
  }
  return {
    asked,
    at: (path) => `${base}${path}`,
    isOwn: (url) => new URL(url).origin === 'http://a',
    get: async (url) => answer('GET', url),
    post: async (url, body) => answer('POST', url, { body }),
    upload: async (url, fields, { name, text }) => answer('POST', url, { body: text, fields, name }),
    async *lines(url) {
      const text = answer('GET', url)
      if (typeof text === 'string') yield* text.split('\n').filter(Boolean)
    },
  }
}
