// Spoilt answers: in every API what the fault says and nothing else, and production's turn where the proxy may know of it.

import { describe, expect, it } from 'vitest'
import { type FaultName, type FaultOrder, faults, withFaults } from '../../../src/canary/faults/faults.ts'
import { speak } from '../../../src/canary/faults/spoken.ts'
import { type ArmConnections, connectArm, type Failure, type Sink } from '../../../src/canary/proxy/forward.ts'
import type { Clock } from '../../../src/core/clock.ts'
import { providerNamed, providers } from '../../../src/providers/index.ts'
import { realClock } from '../../../src/replay/real-clock.ts'
import { answered } from '../../../src/score/metrics/answered.ts'
import { refused } from '../../../src/score/metrics/refused.ts'
import { answerJson, startArm } from '../../support/arm-server.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { ask, startEcho, startProxy } from '../../support/proxied.ts'
import { readAnswer } from '../../support/spoken.ts'

const timeouts = { connectMs: 2000, firstTokenMs: 5000, idleMs: 5000, totalMs: 20_000 }
const request = { method: 'POST', path: '/v1/x', headers: {}, body: Buffer.from('{}') }
const said = {
  text: 'Noon is when the sun stands highest over the place, and shadows are short.',
  isRefusal: false,
  model: 'm-1',
  usage: { input: 40, cached: 30, output: 10 },
}

interface Told {
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  readonly failure: Failure | null
  readonly drill: string | undefined
}

function spoiling(
  connections: ArmConnections,
  order: FaultOrder | null,
  api = 'openai-chat',
  clock: Clock = realClock,
) {
  return withFaults(connections, { order: () => order, api, model: 'm-1', timeouts, chance: () => 0.3, clock })
}

function sendTo(connections: ArmConnections): Promise<Told> {
  return new Promise((resolve) => {
    let status: number | null = null
    let headers: Told['headers'] = {}
    const chunks: Buffer[] = []
    const over = (failure: Failure | null) =>
      resolve({ status, headers, body: Buffer.concat(chunks), failure, drill: exchange.drill })
    const exchange = connections.send(request, {
      start: (code, received) => {
        status = code
        headers = received
      },
      data: (chunk) => {
        chunks.push(Buffer.from(chunk))
        return true
      },
      end: () => over(null),
      fail: over,
    })
  })
}

/** A server that says `said`, in the API's own way. */
async function speaking(api: string, isStreamed: boolean) {
  const { contentType, frames } = speak(api, said, isStreamed)
  const { origin } = await startArm((response) => {
    // Of a whole answer the length is known.
    if (!isStreamed) response.setHeader('content-length', Buffer.byteLength(frames.join('')))
    response.writeHead(200, { 'content-type': contentType })
    for (const frame of frames) response.write(frame)
    response.end()
  })
  return { connections: connectArm({ origin, timeouts, connections: 1 }), original: frames.join(''), frames }
}

const cases = providers.flatMap(({ name }) => [false, true].map((isStreamed) => ({ name, isStreamed })))

describe.each(cases)('$name, streamed: $isStreamed', ({ name, isStreamed }) => {
  const provider = providerNamed(name)
  const spoilt = async (fault: FaultName, share = 1) => {
    const { connections, original, frames } = await speaking(name, isStreamed)
    const told = await sendTo(spoiling(connections, { fault, share }, name))
    const outcome = readAnswer(provider, String(told.headers['content-type']), told.body)
    return { ...told, outcome, call: { outcome, latencyMs: 1, firstTokenMs: 1, tries: 1 }, original, frames }
  }

  it('what is not spoilt passes byte for byte', async () => {
    const { body, headers, original, drill } = await spoilt('refusal', 0.3)
    expect(body.toString()).toBe(original)
    expect(headers['content-length']).toBe(isStreamed ? undefined : String(Buffer.byteLength(original)))
    expect(drill).toBeUndefined()
  })

  it('refusal: the API’s own, with the bill for the input', async () => {
    const { call, outcome, drill } = await spoilt('refusal', 0.31)
    expect(refused.measure(call)).toEqual({ kind: 'value', value: 1 })
    expect(outcome).toMatchObject({ reply: { usage: { input: 40 } } })
    expect(drill).toBe('refusal')
  })

  it('empty: an answer that says nothing', async () => {
    const { call, outcome, status } = await spoilt('empty')
    expect(status).toBe(200)
    expect(outcome).toMatchObject({ kind: 'reply', reply: { text: '' } })
    expect(answered.measure(call)).toEqual({ kind: 'value', value: 0 })
  })

  it('other-answer: a whole one, to nothing that was asked', async () => {
    const { outcome } = await spoilt('other-answer')
    expect(outcome).toMatchObject({ kind: 'reply', reply: { stop: 'end', text: expect.stringContaining('Canberra') } })
  })

  it('tokens: twice the text and twice the bill for the output', async () => {
    const { outcome } = await spoilt('tokens')
    if (outcome.kind !== 'reply') throw new Error(`it is ${outcome.kind}`)
    expect(outcome.reply.text).toHaveLength(2 * said.text.length)
    expect(outcome.reply.usage).toMatchObject({ input: 40, output: 20 })
  })

  it('cut: a beginning that ends within a frame, and as HTTP has it all is well', async () => {
    const { body, original, outcome, failure, status, headers, frames } = await spoilt('cut')
    expect([status, failure, headers['content-length']]).toEqual([200, null, undefined])
    expect(original.startsWith(body.toString())).toBe(true)
    const ends = frames.map((_, index) => frames.slice(0, index + 1).join('').length)
    expect(ends).not.toContain(body.length)
    expect(body.length).toBeGreaterThan(0)
    expect(outcome.kind).toBe('broken')
  })

  it.each(['error-500', 'error-429'] as const)('%s: an error that the API’s reader understands', async (fault) => {
    const { connections } = await speaking(name, isStreamed)
    const { status, body } = await sendTo(spoiling(connections, { fault, share: 1 }, name))
    expect(status).toBe(Number(fault.slice(-3)))
    const { detail } = provider.rejection(status ?? 0, JSON.parse(body.toString()))
    expect(detail).toContain('a drill of shadowgate')
  })
})

it('a tool is called with what the model said, however long the answer', async () => {
  const call = { id: 'c', type: 'function', function: { name: 'weather', arguments: '{"text":"Oslo"}' } }
  const message = { role: 'assistant', content: 'Wait.', tool_calls: [call] }
  const body = { model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] }
  const { origin } = await startArm((response) => answerJson(response, body))
  const connections = connectArm({ origin, timeouts, connections: 1 })
  const told = await sendTo(spoiling(connections, { fault: 'tokens', share: 1 }))
  expect(JSON.parse(told.body.toString()).choices[0].message).toEqual({ ...message, content: 'Wait.Wait.' })
})

it.each(['refusal', 'tokens', 'cut'] as const)('%s: an error of the target’s own stays what it is', async (fault) => {
  const { origin } = await startArm((response) => answerJson(response, { error: { message: 'own' } }, 500))
  const told = await sendTo(spoiling(connectArm({ origin, timeouts, connections: 1 }), { fault, share: 1 }))
  expect([told.status, told.body.toString()]).toEqual([500, '{"error":{"message":"own"}}'])
})

describe('in time', () => {
  /** An answer whose head comes after 10 ms, and its three pieces after 20, 30 and 40. */
  function scripted(clock: Clock): ArmConnections {
    return {
      send: (_, sink) => {
        const run = async () => {
          await clock.sleep(10)
          sink.start(200, {})
          for (const piece of ['a', 'b', 'c']) {
            await clock.sleep(10)
            sink.data(Buffer.from(piece))
          }
          sink.end()
        }
        void run()
        return { resume: () => {}, leave: () => {} }
      },
      close: async () => {},
      destroy: async () => {},
    }
  }

  async function heard(fault: FaultName, untilMs = 10_000) {
    const clock = createFakeClock()
    const moments: string[] = []
    const note = (what: string) => moments.push(`${Math.round(clock.elapsed())} ${what}`)
    const sink: Sink = {
      start: (status) => void note(String(status)),
      data: (chunk) => note(chunk.toString()) > 0,
      end: () => void note('end'),
      fail: ({ kind }) => void note(kind),
    }
    const exchange = spoiling(scripted(clock), { fault, share: 1 }, 'openai-chat', clock).send(request, sink)
    await clock.advance(untilMs)
    return { moments, exchange, clock }
  }

  it('slow-2: each moment twice as late', async () => {
    expect((await heard('slow-2')).moments).toEqual(['20 200', '40 a', '60 b', '80 c', '80 end'])
  })
  it('slow-5: five times', async () => {
    expect((await heard('slow-5')).moments).toEqual(['50 200', '100 a', '150 b', '200 c', '200 end'])
  })
  it('late-token: the head in time, the first piece late, and then the old pace', async () => {
    expect((await heard('late-token')).moments).toEqual(['10 200', '100 a', '110 b', '120 c', '120 end'])
  })
  it('hang: nothing until the limit of the connection', async () => {
    expect((await heard('hang')).moments).toEqual(['5000 timeout'])
  })
  it('reset: broken at once', async () => {
    expect((await heard('reset')).moments).toEqual(['0 broken'])
  })
  it.each(['slow-5', 'late-token', 'hang'] as const)('%s: a client that leaves hears nothing more', async (fault) => {
    const { moments, exchange, clock } = await heard(fault, 60)
    const before = moments.length
    exchange.leave()
    exchange.leave()
    await clock.advance(10_000)
    expect(moments.slice(before)).toEqual(['60 left'])
  })
})

it.each(faults.filter(({ isPlain }) => isPlain).map(({ name }) => name))(
  '%s: production answers, and the log knows which of the two a drill spoilt',
  async (fault) => {
    const [production, candidate] = [await startEcho('production'), await startEcho('candidate')]
    const spoilt = (connections: ArmConnections) =>
      withFaults(connections, {
        order: () => ({ fault, share: 1 }),
        api: 'openai-chat',
        model: 'm',
        timeouts: { firstTokenMs: 20 },
        chance: () => 0,
        clock: realClock,
      })
    const { base, served } = await startProxy({ production, candidate, arm: 'candidate', spoilt })
    expect(await (await ask(base)).json()).toMatchObject({ name: 'production' })
    await expect.poll(() => served.length).toBe(2)
    expect(served.map(({ servedBy, isUnseen, drill }) => [servedBy, isUnseen, drill])).toEqual([
      ['candidate', true, fault],
      ['production', false, undefined],
    ])
    expect(candidate.heard).toEqual([])
  },
)
