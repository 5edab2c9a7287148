// A real HTTP server that keeps comments as GitHub and notes as GitLab do: pages with Link headers, authors, refusals.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { sendJson } from './target.ts'

export interface Author {
  readonly id: number
  readonly login: string
  readonly type: 'Bot' | 'User'
}

export interface ForgeComment {
  readonly id: number
  body: string
  readonly author: Author
}

export const bot: Author = { id: 41_898_282, login: 'github-actions[bot]', type: 'Bot' }
export const stranger: Author = { id: 7, login: 'mallory', type: 'User' }

export interface Forge {
  /** The API's base, with its path. */
  readonly url: string
  readonly comments: ForgeComment[]
  /** `POST /repos/o/r/issues/3/comments`, without the query. */
  readonly asked: string[]
  readonly tokens: (string | undefined)[]
}

export interface ForgeOptions {
  /** `/api/v3` on GitHub's own servers for companies. */
  readonly path?: string
  readonly comments?: readonly ForgeComment[]
  /** Who the token belongs to; a job's or an app's gets 403 from GET /user. */
  readonly self?: Author
  readonly pulls?: readonly unknown[]
  /** Answers in the server's stead where it gives true; `number` counts the requests of this kind from 1. */
  readonly instead?: (what: string, number: number, response: ServerResponse) => boolean
  /** Called with what was asked after it was done and before it is answered: true keeps the answer back and cuts the line. */
  readonly isLost?: (what: string, number: number) => boolean
}

/** Listens on a free port until the test ends. */
export async function startForge(options: ForgeOptions = {}): Promise<Forge> {
  const self = options.self ?? bot
  const path = options.path ?? ''
  const forge = {
    url: '',
    comments: [...(options.comments ?? [])],
    asked: [] as string[],
    tokens: [] as Forge['tokens'],
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', forge.url)
    const what = `${request.method} ${url.pathname.slice(path.length)}`
    forge.asked.push(what)
    forge.tokens.push(request.headers.authorization ?? request.headers['private-token']?.toString())
    const number = forge.asked.filter((each) => each === what).length
    if (options.instead?.(what, number, response)) return
    if (!url.pathname.startsWith(path)) return sendJson(response, 404, { message: 'Not Found' })
    void textOf(request).then((text) => {
      const answer = answerTo({ what, url, self, comments: forge.comments, pulls: options.pulls ?? [], text })
      if (options.isLost?.(what, number)) response.destroy()
      else sendJson(response, answer.status, answer.body, answer.headers)
      return undefined
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  forge.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  return forge
}

interface Asked {
  readonly what: string
  readonly url: URL
  readonly self: Author
  readonly comments: ForgeComment[]
  readonly pulls: readonly unknown[]
  readonly text: string
}

interface Answered {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

const list = /^(GET|POST) \/(?:repos\/o\/r\/issues\/3\/comments|projects\/g%2Fp\/merge_requests\/3\/notes)$/
const one = /^(?:PATCH \/repos\/o\/r\/issues\/comments|PUT \/projects\/g%2Fp\/merge_requests\/3\/notes)\/(\d+)$/

function answerTo(asked: Asked): Answered {
  const { what, self, comments, text } = asked
  if (what === 'GET /user') {
    if (self.type === 'User') return { status: 200, body: self }
    return { status: 403, body: { message: 'Resource not accessible by integration' } }
  }
  if (what === 'GET /repos/o/r/pulls') return { status: 200, body: asked.pulls }
  const verb = list.exec(what)?.[1]
  if (verb === 'GET') return page(asked)
  const body = text === '' ? '' : String(JSON.parse(text).body)
  if (body.length > 65_536) return { status: 422, body: { message: 'body is too long (maximum is 65536 characters)' } }
  if (verb === 'POST') {
    const made = { id: 1000 + comments.length, body, author: self }
    comments.push(made)
    return { status: 201, body: shown(made) }
  }
  const found = comments.find(({ id }) => String(id) === one.exec(what)?.[1])
  if (!found) return { status: 404, body: { message: 'Not Found' } }
  if (found.author.id !== self.id) return { status: 403, body: { message: 'Must be its author' } }
  found.body = body
  return { status: 200, body: shown(found) }
}

function page({ url, comments }: Asked): Answered {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30))
  const number = Number(url.searchParams.get('page') ?? 1)
  const link = (to: number, rel: string) => {
    const target = new URL(url)
    target.searchParams.set('page', String(to))
    return `<${target}>; rel="${rel}"`
  }
  const last = Math.max(1, Math.ceil(comments.length / size))
  const links = number < last ? [link(number + 1, 'next'), link(last, 'last')] : [link(1, 'first')]
  const shownOnes = comments.slice((number - 1) * size, number * size).map(shown)
  return { status: 200, body: shownOnes, headers: { link: links.join(', ') } }
}

/** As both forges write it: GitHub's `user` is GitLab's `author`. */
function shown({ id, body, author }: ForgeComment) {
  return { id, body, user: author, author, html_url: `https://forge.example/o/r/pull/3#issuecomment-${id}` }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
