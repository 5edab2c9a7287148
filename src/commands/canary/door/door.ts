// The router's door for its operators: on loopback alone, and behind a token but for the two probes.

import { timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Wish } from '../../../canary/ramp/keeper.ts'
import type { Reloaded } from '../reload.ts'

const wishSchema = z.union([
  z.strictObject({
    action: z.enum(['advance', 'hold', 'release', 'rollback']),
    because: z.string().max(1000),
    by: z.string().min(1).max(200),
  }),
  z.strictObject({ action: z.literal('reload'), because: z.string().max(1000), by: z.string().min(1).max(200) }),
  z.strictObject({
    action: z.literal('flip'),
    to: z.enum(['production', 'candidate']),
    because: z.string().max(1000),
    by: z.string().min(1).max(200),
  }),
])

export interface DoorOptions {
  readonly token: string
  readonly isReady: () => boolean
  readonly status: () => object
  readonly metrics: () => Promise<string>
  /** Says why it can't be done; null where it was. */
  readonly ask: (wish: Wish, by: string) => string | null
  /** Of what was asked about a drill; null asks how it stands. */
  readonly drill: (asked: unknown) => { readonly status: number; readonly body: object }
  /** Reads the config again. */
  readonly reload: (by: string) => Promise<Reloaded>
}

/** Not listening yet. `GET /healthz`, `/readyz`; with `Authorization: Bearer <token>`: `GET /ramp`, `/metrics`, `/drill`, `POST /ramp`, `/drill`. */
export function createDoor(options: DoorOptions): Server {
  return createServer((request, response) => {
    void answer(request, response, options).catch(() => send(response, 500, { error: 'this is a bug of shadowgate' }))
  })
}

async function answer(request: IncomingMessage, response: ServerResponse, options: DoorOptions): Promise<void> {
  const what = `${request.method} ${(request.url ?? '/').split('?')[0]}`
  if (what === 'GET /healthz') return send(response, 200, { ok: true })
  if (what === 'GET /readyz') return send(response, options.isReady() ? 200 : 503, { ready: options.isReady() })
  if (!isAllowed(request, options.token)) return send(response, 401, { error: 'the token is missing or wrong' })
  if (what === 'GET /ramp') return send(response, 200, options.status())
  if (what === 'GET /metrics') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
    response.end(await options.metrics())
    return
  }
  if (what === 'GET /drill' || what === 'POST /drill') {
    const { status, body } = options.drill(what === 'GET /drill' ? null : (parsed(await textOf(request)) ?? {}))
    return send(response, status, body)
  }
  if (what !== 'POST /ramp') return send(response, 404, { error: `nothing is at ${what}` })
  const wish = wishSchema.safeParse(parsed(await textOf(request)))
  if (!wish.success) return send(response, 400, { error: z.prettifyError(wish.error) })
  const { action, by, because } = wish.data
  if (action === 'reload') {
    const reloaded = await options.reload(by)
    if (reloaded.kind === 'refused') return send(response, 409, { error: reloaded.because })
    return send(response, 200, { ...options.status(), reloaded: reloaded.changes })
  }
  const asked: Wish = action === 'flip' ? { kind: 'flip', to: wish.data.to, because } : { kind: action, because }
  const refusal = options.ask(asked, by)
  send(response, refusal === null ? 200 : 409, refusal === null ? options.status() : { error: refusal })
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '')
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) {
    response.end()
    return
  }
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body)}\n`)
}

const longestWish = 64 * 1024

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > longestWish) break
  }
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
