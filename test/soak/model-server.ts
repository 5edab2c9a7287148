// A model behind a real HTTP server: seeded answers and latencies, whatever misbehaviour a night wants, and a book of all that came.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededBy } from '../../src/core/random.ts'
import type { Material, Model } from './material.ts'
import { ticketIn, tokensIn } from './traffic.ts'

/** `quota`: 429 for ever; `hangs`: no byte more. Both from the request of that number in the night on. */
export type Behaviour =
  | { readonly kind: 'well' }
  | { readonly kind: 'quota' | 'hangs'; readonly from: number }
  /** Streams in pieces that end within an event, and some of them end there for good at the first try. */
  | { readonly kind: 'half-frames' }

export interface Heard {
  readonly atMs: number
  readonly ticket: number
  /** Tells run, arm and trial: the line that the replay puts before the system prompt. */
  readonly salt: string
  /** Whether its answer went out whole: that is what a provider asks money for. */
  isAnswered: boolean
}

export interface ModelServer {
  readonly url: string
  model: Model
  behaviour: Behaviour
  /** Chats of the job that runs now. */
  heard: Heard[]
  /** Called at each chat, before it is answered, with its number in the job from 1. */
  onChat: (number: number) => void
  /** The probe is answered when this is done. */
  onProbe: () => Promise<void> | void
  readonly goDown: () => Promise<void>
  readonly comeBack: () => Promise<void>
  readonly openSockets: () => number
}

interface Chat {
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  readonly stream?: boolean
  readonly model: string
}

export async function startModelServer(material: Material, model: Model, seed: number): Promise<ModelServer> {
  const sockets = new Set<Socket>()
  /** Salts by which a ticket was asked, over all nights: each is another time that it is asked. */
  const askedBy = new Map<number, string[]>()
  const triedOnce = new Set<string>()
  let port = 0
  let server: Server | null = null
  const state: ModelServer = {
    get url() {
      return `http://127.0.0.1:${port}/v1`
    },
    model,
    behaviour: { kind: 'well' },
    heard: [],
    onChat: () => {},
    onProbe: () => {},
    goDown: async () => {
      const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      server = null
    },
    comeBack: async () => {
      const made = createServer((request, response) => void serve(request, response))
      made.on('connection', (socket) => {
        sockets.add(socket)
        socket.on('close', () => sockets.delete(socket))
      })
      await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', resolve))
      port = (made.address() as AddressInfo).port
      server = made
    },
    openSockets: () => sockets.size,
  }
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    response.on('error', () => {})
    if (request.method !== 'POST') {
      await state.onProbe()
      return sendJson(response, 200, { object: 'list', data: [] })
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const chat: Chat = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const said = chat.messages.map(({ content }) => content).join('\n')
    const ticket = ticketIn(said) ?? -1
    const salt = digestIn(said)
    const heard: Heard = { atMs: performance.now(), ticket, salt, isAnswered: false }
    state.heard.push(heard)
    const number = state.heard.length
    state.onChat(number)
    const { behaviour } = state
    if (behaviour.kind === 'hangs' && number >= behaviour.from) return
    if (behaviour.kind === 'quota' && number >= behaviour.from) {
      const error = { message: 'You exceeded your current quota.', type: 'insufficient_quota' }
      return sendJson(response, 429, { error }, { 'retry-after': '3600' })
    }
    const salts = askedBy.get(ticket) ?? []
    if (!salts.includes(salt)) askedBy.set(ticket, [...salts, salt])
    const asked = (askedBy.get(ticket) ?? []).indexOf(salt)
    const text = material.answerOf(ticket, state.model, asked)
    const latencyMs = 30 + seededBy(seed, 'latency', String(ticket), String(asked)).below(50)
    await sleep(latencyMs)
    response.on('finish', () => {
      heard.isAnswered = true
    })
    const usage = { prompt_tokens: tokensIn(said), completion_tokens: tokensIn(text) }
    const answer = { text, usage, model: chat.model }
    if (!chat.stream) return sendJson(response, 200, wholeOf(answer))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const stream = streamOf(answer)
    if (behaviour.kind !== 'half-frames') return response.end(stream)
    const isBroken = ticket % 24 === 0 && !triedOnce.has(`${salt} ${ticket}`)
    triedOnce.add(`${salt} ${ticket}`)
    await drip(response, stream, isBroken)
  }
  await state.comeBack()
  return state
}

/** Cut anywhere: also within a character. A broken one ends in the middle of an event. */
async function drip(response: ServerResponse, stream: string, isBroken: boolean): Promise<void> {
  const bytes = Buffer.from(stream)
  const step = Math.ceil(bytes.length / 7)
  for (let at = 0; at < bytes.length; at += step) {
    if (isBroken && at > bytes.length / 2) return void response.destroy()
    response.write(bytes.subarray(at, at + step))
    await sleep(2)
  }
  response.end()
}

interface Answer {
  readonly text: string
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number }
  readonly model: string
}

function wholeOf({ text, usage, model }: Answer): object {
  const message = { role: 'assistant', content: text, refusal: null }
  const choices = [{ index: 0, message, finish_reason: 'stop' }]
  return { id: 'chatcmpl-soak', object: 'chat.completion', created: 1, model, choices, usage: totalOf(usage) }
}

function streamOf({ text, usage, model }: Answer): string {
  const head = { id: 'chatcmpl-soak', object: 'chat.completion.chunk', created: 1, model }
  const third = Math.ceil(text.length / 3)
  const parts = [text.slice(0, third), text.slice(third, 2 * third), text.slice(2 * third)]
  const deltas = parts.map((content) => ({ ...head, choices: [{ index: 0, delta: { content }, finish_reason: null }] }))
  const end = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
  const events = [...deltas, end, { ...head, choices: [], usage: totalOf(usage) }]
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
}

function totalOf(usage: Answer['usage']) {
  return { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens }
}

function sendJson(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** What the replay's line before a system prompt holds; nothing where there is none. */
export function digestIn(text: string): string {
  return /^\[replay ([0-9a-f]+)\]/.exec(text)?.[1] ?? ''
}
