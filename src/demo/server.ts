// One demo server: recorded answers over real HTTP, in OpenAI's shape and at the recorded pace.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswerBook } from './answers.ts'
import { completion, type Head, modelList, readChatRequest, rejections, streamParts } from './chat.ts'
import { draw, type ServedAnswer } from './draw.ts'
import { paced } from './pace.ts'

/** What one server is. */
export interface DemoServerOptions {
  readonly book: AnswerBook
  /** The model that it says it is, whatever model is asked for. */
  readonly model: string
  /** Servers of different seeds draw independently. */
  readonly seed: string
  /** Recorded time is divided by this. */
  readonly timeScale: number
  /** null accepts any key and none. */
  readonly key: string | null
}

interface Exchange {
  readonly response: ServerResponse
  /** `performance.now()` when the request came. */
  readonly startedAt: number
  readonly head: Head
  readonly signal: AbortSignal
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Waits for a moment counted from the request, so that late timers do not add up. */
async function until({ startedAt, signal }: Exchange, dueMs: number): Promise<void> {
  const left = Math.round(startedAt + dueMs - performance.now())
  if (left > 0) await sleep(left, undefined, { signal })
}

interface Sending {
  readonly answer: ServedAnswer
  readonly totalMs: number
  readonly hasUsageChunk: boolean
}

async function sendStream(exchange: Exchange, { answer, totalMs, hasUsageChunk }: Sending): Promise<void> {
  const { response, head } = exchange
  const { opening, piece, ending } = streamParts(head, answer, hasUsageChunk)
  for (const [place, part] of paced(answer.text, { tokens: answer.outputTokens, totalMs }).entries()) {
    await until(exchange, part.dueMs)
    if (place === 0) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
      response.write(opening)
    }
    response.write(piece(part.text))
  }
  await until(exchange, totalMs)
  response.end(ending)
}

async function sendWhole(exchange: Exchange, { answer, totalMs }: Sending): Promise<void> {
  await until(exchange, totalMs)
  sendJson(exchange.response, 200, completion(exchange.head, answer))
}

/** What a request gets before any model is asked; null where it is a chat completion. */
function atTheDoor(
  request: IncomingMessage,
  { key, model }: DemoServerOptions,
): { status: number; body: object } | null {
  if (key !== null && request.headers.authorization !== `Bearer ${key}`) return rejections.badKey()
  const [method = '', path = ''] = [request.method, request.url?.split('?', 1)[0]]
  if (method === 'GET' && path === '/v1/models') return { status: 200, body: modelList(model) }
  return method === 'POST' && path === '/v1/chat/completions' ? null : rejections.noSuchUrl(method, path)
}

/** A server that listens nowhere yet. It counts how often it was asked each prompt, and keeps nothing else. */
export function createDemoServer(options: DemoServerOptions): Server {
  const { book, model, seed, timeScale } = options
  const asked = new Map<string, number>()
  let served = 0

  async function answer(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now()
    const early = atTheDoor(request, options)
    if (early !== null) return sendJson(response, early.status, early.body)
    const chat = readChatRequest(await text(request))
    if ('status' in chat) return sendJson(response, chat.status, chat.body)
    const ask = asked.get(chat.prompt) ?? 0
    const drawn = draw(book, { seed, prompt: chat.prompt, ask })
    if (drawn === null) {
      const { status, body } = rejections.noSuchPrompt()
      return sendJson(response, status, body)
    }
    asked.set(chat.prompt, ask + 1)
    const head = { id: `chatcmpl-demo-${++served}`, created: Math.floor(Date.now() / 1000), model }
    const sending = { answer: drawn, totalMs: drawn.latencyMs / timeScale, hasUsageChunk: chat.hasUsageChunk }
    await (chat.isStreamed ? sendStream : sendWhole)({ response, startedAt, head, signal }, sending)
  }

  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    // A client that left ends its own answer; anything else is our bug, and the connection says so.
    answer(request, response, gone.signal).catch(() => response.destroy())
  })
  // Longer than any pause of a client: a connection closed under a request would look like a fault of the model.
  server.keepAliveTimeout = 120_000
  return server
}
