// The mock provider, a process of its own: raw HTTP/1.1 with prebuilt bytes, so that it is never the bottleneck.

import { createServer, type Socket } from 'node:net'
import { type Answer, streamedAnswers, wholeAnswers } from './mock-answers.ts'

export interface MockSettings {
  /** From a request's last byte to the answer's first. */
  readonly delayMs: number
  /** Where set, answers are streams: the first event after `delayMs`, the others `gapMs` apart. */
  readonly stream: StreamSettings | null
}

interface StreamSettings {
  readonly events: number
  readonly gapMs: number
}

export interface MockCounts {
  /** Chat requests that came, for each arm. */
  readonly production: number
  readonly candidate: number
  /** Anything else, such as the probe of /models. */
  readonly others: number
  /** This process's, since the last reset. */
  readonly cpuSeconds: number
  /** From a request's last byte to the answer's first, by the id that the answer carries (0 where it has none yet). */
  readonly residenceMs: Float64Array
}

export type MockCommand = { readonly kind: 'reset'; readonly settings: MockSettings } | { readonly kind: 'read' }

type Arm = 'production' | 'candidate'

const headEnd = Buffer.from('\r\n\r\n')
const models = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 27\r\n\r\n{"object":"list","data":[]}',
)
/** However its parent ends, this one does not stay. */
const lifeMs = 2 * 3_600_000

let settings: MockSettings = { delayMs: 0, stream: null }
let counts = { production: 0, candidate: 0, others: 0 }
let residences = new Float64Array(1 << 16)
let nextId = 0
let cpuBefore = process.cpuUsage()

const ports = { production: await listen('production'), candidate: await listen('candidate') }
process.on('message', (command: MockCommand) => process.send?.(command.kind === 'read' ? read() : reset(command)))
process.on('disconnect', () => process.exit())
setTimeout(() => process.exit(), lifeMs).unref()
process.send?.(ports)

function reset(command: MockCommand & { kind: 'reset' }): Record<string, never> {
  settings = command.settings
  counts = { production: 0, candidate: 0, others: 0 }
  residences.fill(0)
  nextId = 0
  cpuBefore = process.cpuUsage()
  return {}
}

function read(): MockCounts {
  const { user, system } = process.cpuUsage(cpuBefore)
  return { ...counts, cpuSeconds: (user + system) / 1e6, residenceMs: residences.slice(0, nextId) }
}

function listen(arm: Arm): Promise<number> {
  const whole = wholeAnswers(arm)
  const streamed = streamedAnswers(arm)
  const server = createServer({ noDelay: true }, (socket) => {
    let rest: Buffer | null = null
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      const arrivedAt = performance.now()
      let heard = rest === null ? bytes : Buffer.concat([rest, bytes])
      rest = null
      while (heard.length > 0) {
        const length = requestLength(heard)
        if (length > heard.length) {
          rest = heard
          return
        }
        if (heard[0] === 0x50 /* P of POST */) {
          counts[arm] += 1
          // Both arms ask the same at the same length, and so get texts that are alike.
          const answers = settings.stream ? streamed : whole
          const chosen = answers[length % answers.length]
          if (chosen) answer(socket, chosen, arrivedAt)
        } else {
          counts.others += 1
          socket.write(models)
        }
        heard = heard.subarray(length)
      }
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : 0)
    })
  })
}

/** Bytes of the first request in a buffer; Infinity while its head is not whole. */
function requestLength(heard: Buffer): number {
  const end = heard.indexOf(headEnd)
  if (end < 0) return Number.POSITIVE_INFINITY
  const length = /content-length: *(\d+)/i.exec(heard.toString('latin1', 0, end))
  return end + headEnd.length + Number(length?.[1] ?? 0)
}

function answer(socket: Socket, chosen: Answer, arrivedAt: number): void {
  const id = nextId++
  const { delayMs, stream } = settings
  if (id >= residences.length) {
    const larger = new Float64Array(residences.length * 2)
    larger.set(residences)
    residences = larger
  }
  if (stream) socket.write(chosen.head(id))
  const begin = () => {
    const bytes = chosen.first(id)
    residences[id] = performance.now() - arrivedAt
    socket.write(bytes)
    if (stream) goOn(socket, chosen, stream)
  }
  if (delayMs > 0) setTimeout(begin, delayMs)
  else begin()
}

/** The events after the first, each `gapMs` after the one before; without a gap, all in one piece. */
function goOn(socket: Socket, { events, end }: Answer, { events: count, gapMs }: StreamSettings): void {
  const chunks = Array.from({ length: count - 1 }, (_, index) => events[index % events.length] ?? end)
  if (gapMs === 0) {
    socket.write(Buffer.concat([...chunks, end]))
    return
  }
  let sent = 0
  const next = () => {
    if (socket.destroyed) return
    const chunk = chunks[sent++]
    socket.write(chunk ?? end)
    if (chunk) setTimeout(next, gapMs)
  }
  setTimeout(next, gapMs)
}
