// The two targets of a rehearsal or of the demo, on loopback: they answer in the config's own API, equally well and at a made-up pace.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { speak } from '../../../canary/faults/spoken.ts'
import type { Clock } from '../../../core/clock.ts'
import { type Random, seededBy } from '../../../core/random.ts'
import { type Arm, arms } from '../../../core/types.ts'
import { endpointOf } from '../../../providers/endpoint.ts'
import { providerNamed } from '../../../providers/index.ts'
import { isObject, parseJson } from '../../../providers/shape.ts'

export interface StandIns {
  /** Base URLs. */
  readonly urls: Readonly<Record<Arm, string>>
  readonly close: () => void
}

export interface StandInOptions {
  /** Names of the `providers` roster. */
  readonly apis: Readonly<Record<Arm, string>>
  readonly seed: number
  readonly clock: Clock
  /** Of an answer, where it is not 20 ms. */
  readonly medianMs?: Readonly<Record<Arm, number>>
}

/** What users ask about, and find again in an answer to their question. */
export const subject = /order-\d+/

/** Of an answer: a hundredth of what models take. */
const usualMs = 20
/** Of its logarithm. */
const spread = 0.25
/** Share of it that passes before the first token. */
const beforeFirstToken = 0.4

export async function startStandIns(options: StandInOptions): Promise<StandIns> {
  const started = await Promise.all(arms.map((arm) => startStandIn(arm, options)))
  const [production, candidate] = started.map(({ url }) => url)
  return {
    urls: { production: production ?? '', candidate: candidate ?? '' },
    close: () => {
      for (const { close } of started) close()
    },
  }
}

async function startStandIn(arm: Arm, { apis, seed, clock, medianMs }: StandInOptions) {
  const pace = medianMs?.[arm] ?? usualMs
  const random = seededBy(seed, 'stand-in', arm)
  const server = createServer((request, response) => {
    void answer({ request, response, api: apis[arm], medianMs: pace, random, clock }).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { url: `http://127.0.0.1:${port}/v1`, close }
}

interface Answering {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly api: string
  readonly medianMs: number
  readonly random: Random
  readonly clock: Clock
}

async function answer({ request, response, api, medianMs, random, clock }: Answering): Promise<void> {
  const startedAt = clock.elapsed()
  const asked = await text(request)
  const body = parseJson(asked)
  const path = request.url ?? '/'
  const isStreamed =
    endpointOf(path)?.isStreamed === true || (isObject(body) && providerNamed(api).isStreaming(body) && !isGemini(api))
  const { contentType, frames } = speak(api, saidAbout(subject.exec(asked)?.[0] ?? 'it', random), isStreamed)
  const totalMs = medianMs * Math.exp(spread * normal(random))
  const until = (ms: number) => clock.sleep(Math.max(0, startedAt + ms - clock.elapsed()))
  const early = isStreamed ? Math.ceil(frames.length / 2) : 0
  if (early > 0) {
    await until(beforeFirstToken * totalMs)
    response.writeHead(200, { 'content-type': contentType })
    response.write(frames.slice(0, early).join(''))
  }
  await until(totalMs)
  if (early === 0) response.writeHead(200, { 'content-type': contentType })
  response.end(frames.slice(early).join(''))
}

/** Its path says it. */
function isGemini(api: string): boolean {
  return api === 'gemini-generate-content'
}

const words = 'left our store on Tuesday and will be with you by Friday unless the carrier says otherwise'.split(' ')

function saidAbout(what: string, random: Random) {
  const rest = Array.from({ length: 20 + random.below(20) }, () => words[random.below(words.length)])
  const cached = random.unit() < 0.5 ? 320 : 0
  const said = `Your ${what} ${rest.join(' ')}.`
  const output = said.split(' ').length
  return { text: said, isRefusal: false, model: 'stand-in', usage: { input: 400, cached, output } }
}

/** Standard normal (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit())
}
