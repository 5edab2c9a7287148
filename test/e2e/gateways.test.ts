// The router before and behind a gateway that others wrote (Portkey's, which runs here), with clients that others wrote.

import Anthropic from '@anthropic-ai/sdk'
import type { LLMock } from '@copilotkit/aimock'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Arm } from '../../src/core/types.ts'
import { type Mock, startMock } from '../support/aimock.ts'
import { startPortkey } from '../support/portkey.ts'
import { halfAndHalf, ingested, routed, said } from '../support/router-log.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const question = 'How long may I return it?'
const refund = { name: 'refund', arguments: '{"order":"№ 7"}' }
const parameters = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] } as const

const answers = (text: string) => (mock: LLMock) => {
  mock.onMessage(/refund/, { toolCalls: [refund] })
  mock.onMessage(/too long/, {
    error: { message: 'the context is too long', type: 'invalid_request_error' },
    status: 400,
  })
  mock.onMessage(/return/, { content: text })
}

const chat = { model: 'now', messages: [{ role: 'user', content: question }] }
const users = Array.from({ length: 12 }, (_, n) => `user-${n}`)

interface Chain {
  /** Where clients ask; without `/v1`. */
  readonly base: string
  /** That they send. */
  readonly headersOf: (user: string) => Readonly<Record<string, string>>
  readonly mocks: Readonly<Record<Arm, Mock>>
}

type Api = 'openai-chat' | 'anthropic-messages'
const providerOf = { 'openai-chat': 'openai', 'anthropic-messages': 'anthropic' } as const

async function startMocks(): Promise<Chain['mocks']> {
  return { production: await startMock(answers(said.production)), candidate: await startMock(answers(said.candidate)) }
}

/** Client → router → Portkey → servers: users are named as Portkey's clients name them. */
async function beforePortkey(api: Api): Promise<Chain> {
  const [gateway, mocks] = [await startPortkey(), await startMocks()]
  const target = (mock: Mock) => ({
    headers: { 'x-portkey-provider': providerOf[api], 'x-portkey-custom-host': mock.url },
  })
  const { base } = await routed({
    production: gateway,
    candidate: gateway,
    target: { api, ...(api === 'openai-chat' && { vendor: 'portkey-gateway' }), timeoutMs: 30_000 },
    targets: { production: target(mocks.production), candidate: target(mocks.candidate) },
    canary: { ...halfAndHalf, key: [{ header: 'x-portkey-metadata', field: '_user' }] },
  })
  return { base, mocks, headersOf: (user) => ({ 'x-portkey-metadata': JSON.stringify({ _user: user }) }) }
}

/** Client → Portkey → router → servers: Portkey hands on the headers that it is told to. */
async function behindPortkey(api: Api): Promise<Chain> {
  const [gateway, mocks] = [await startPortkey(), await startMocks()]
  const { base: router } = await routed({
    production: mocks.production.url,
    candidate: mocks.candidate.url,
    target: { api },
    canary: halfAndHalf,
  })
  const headersOf = (user: string) => ({
    'x-portkey-provider': providerOf[api],
    'x-portkey-custom-host': `${router}/v1`,
    'x-portkey-forward-headers': 'x-user-id',
    'x-user-id': user,
  })
  return { base: gateway.replace(/\/v1$/, ''), mocks, headersOf }
}

const chains = [
  { where: 'before Portkey', start: beforePortkey },
  { where: 'behind Portkey', start: behindPortkey },
]

/** Which arm the texts are of; fails where they are of both. */
function armOf(texts: readonly (string | null | undefined)[]): Arm {
  const arms = (['production', 'candidate'] as const).filter((arm) => texts.every((text) => text === said[arm]))
  expect(arms, `not one arm's: ${texts.join(' | ')}`).toHaveLength(1)
  return arms[0] ?? 'production'
}

describe.each(chains)('the router $where', { timeout: 120_000 }, ({ start }) => {
  it('openai: whole, streamed, tools and errors; a user meets one arm, asked as that arm is', async () => {
    const { base, headersOf, mocks } = await start('openai-chat')
    const met = new Map<Arm, number>()
    const ask = { model: 'now', messages: [{ role: 'user' as const, content: question }] }
    for (const user of users) {
      const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'sk-client', defaultHeaders: headersOf(user) })
      const whole = await client.chat.completions.create(ask)
      let text = ''
      for await (const chunk of await client.chat.completions.create({ ...ask, stream: true })) {
        text += chunk.choices[0]?.delta.content ?? ''
      }
      const arm = armOf([whole.choices[0]?.message.content, text])
      met.set(arm, (met.get(arm) ?? 0) + 1)
    }
    for (const [arm, model] of [
      ['production', 'now'],
      ['candidate', 'next'],
    ] as const) {
      expect(mocks[arm].served().map(({ body }) => body)).toEqual(
        Array.from({ length: 2 * (met.get(arm) ?? 0) }, () => expect.objectContaining({ model })),
      )
    }
    expect(met.size).toBe(2)

    const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'k', maxRetries: 0, defaultHeaders: headersOf('ada') })
    const tools = [{ type: 'function' as const, function: { name: refund.name, parameters } }]
    const called = await client.chat.completions.create({
      ...ask,
      messages: [{ role: 'user', content: 'refund it' }],
      tools,
    })
    expect(called.choices[0]?.message.tool_calls?.[0]).toMatchObject({ function: refund })
    await expect(
      client.chat.completions.create({ ...ask, messages: [{ role: 'user', content: 'too long' }] }),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining('the context is too long') })
  })

  it('@anthropic-ai/sdk: whole, streamed, tools and errors; a user meets one arm', async () => {
    const { base, headersOf } = await start('anthropic-messages')
    const met = new Set<Arm>()
    const ask = { model: 'now', max_tokens: 100, messages: [{ role: 'user' as const, content: question }] }
    for (const user of users) {
      const client = new Anthropic({ baseURL: base, apiKey: 'sk-client', defaultHeaders: headersOf(user) })
      const whole = await client.messages.create(ask)
      const [block] = whole.content
      const streamed = await client.messages.stream(ask).finalText()
      met.add(armOf([block?.type === 'text' ? block.text : null, streamed]))
    }
    expect(met.size).toBe(2)

    const client = new Anthropic({ baseURL: base, apiKey: 'k', maxRetries: 0, defaultHeaders: headersOf('ada') })
    const called = await client.messages.create({
      ...ask,
      messages: [{ role: 'user', content: 'refund it' }],
      tools: [{ name: refund.name, input_schema: { ...parameters, required: [...parameters.required] } }],
    })
    expect(called.content.find(({ type }) => type === 'tool_use')).toMatchObject({ input: { order: '№ 7' } })
    await expect(
      client.messages.create({ ...ask, messages: [{ role: 'user', content: 'too long' }] }),
    ).rejects.toMatchObject({ status: 400, message: expect.stringContaining('the context is too long') })
  })
})

it('tries of one request that Portkey makes meet one arm, by its user or by its trace', {
  timeout: 120_000,
}, async () => {
  const tries = { production: new Map<string, number>(), candidate: new Map<string, number>() }
  const counting = (arm: Arm, isBroken: (tries: number) => boolean) =>
    startTarget(({ headers }, response) => {
      const asker = String(headers['x-user-id'] ?? headers['x-portkey-trace-id'])
      const count = (tries[arm].get(asker) ?? 0) + 1
      tries[arm].set(asker, count)
      if (isBroken(count)) sendJson(response, 503, { error: { message: 'no room' } })
      else sendJson(response, 200, completion(said[arm]))
    })
  const { base: router } = await routed({
    production: (await counting('production', (count) => count === 1)).url,
    candidate: (await counting('candidate', () => false)).url,
    // All first tries fail at once: a server that is left alone for it would answer no second one.
    canary: { ...halfAndHalf, traceHeader: 'x-portkey-trace-id', breaker: { failures: 1000 } },
  })
  const gateway = await startPortkey()
  const askers = Array.from({ length: 40 }, (_, n) =>
    n % 2 === 0 ? { 'x-user-id': `u-${n}` } : { 'x-portkey-trace-id': `t-${n}` },
  )
  // At once, since Portkey waits a second before it asks again.
  const asking = askers.map(async (asker) => {
    const response = await fetch(`${gateway}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sk-client',
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `${router}/v1`,
        'x-portkey-forward-headers': 'x-user-id,x-portkey-trace-id',
        'x-portkey-config': JSON.stringify({ retry: { attempts: 3, on_status_codes: [503] } }),
        ...asker,
      },
      body: JSON.stringify(chat),
    })
    expect(response.status).toBe(200)
    // By which users say what they think of it.
    expect(response.headers.get('x-shadowgate-id')).toMatch(/^[0-9a-f-]{36}$/)
    await response.text()
  })
  await Promise.all(asking)
  const names = askers.flatMap((asker) => Object.values(asker))
  for (const name of names) {
    const met = [tries.production.get(name) ?? 0, tries.candidate.get(name) ?? 0]
    expect(
      [
        [2, 0],
        [0, 1],
      ],
      name,
    ).toContainEqual(met)
  }
  // Both kinds of askers met both arms.
  for (const kind of ['u-', 't-']) {
    for (const arm of ['production', 'candidate'] as const) {
      expect(
        [...tries[arm].keys()].some((name) => name.startsWith(kind)),
        `${kind} ${arm}`,
      ).toBe(true)
    }
  }
})

const askPlainly = (base: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${base}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-client', ...headers },
    body: JSON.stringify(chat),
  })

it('a request that Portkey asked again behind the router counts once', { timeout: 120_000 }, async () => {
  let turn = 0
  const servers = {
    production: await startTarget((_, response) => {
      if (turn++ % 2 === 0) sendJson(response, 503, { error: { message: 'no room' } })
      else sendJson(response, 200, completion(said.production))
    }),
    candidate: await startTarget((_, response) => sendJson(response, 200, completion(said.candidate))),
  }
  const gateway = await startPortkey()
  const target = ({ url }: { url: string }) => ({
    headers: {
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': url,
      'x-portkey-config': JSON.stringify({ retry: { attempts: 2, on_status_codes: [503] } }),
    },
  })
  const { folder, base, end } = await routed({
    production: gateway,
    candidate: gateway,
    target: { vendor: 'portkey-gateway', timeoutMs: 30_000 },
    targets: { production: target(servers.production), candidate: target(servers.candidate) },
    canary: { ...halfAndHalf, stages: [{ share: 0.0001, minMinutes: 1e6, minRequests: 1e9 }] },
  })
  for (const user of users.slice(0, 4)) {
    const response = await askPlainly(`${base}/v1`, { 'x-user-id': user })
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ object: 'chat.completion' }),
    ])
  }
  await end()
  expect(servers.production.requests).toHaveLength(8)
  const answered = { arm: 'production', text: said.production, error: null }
  expect(await ingested(folder)).toMatchObject([answered, answered, answered, answered])
})

it('where both arms fail, Portkey before the router falls back, and the router counts its own failure', {
  timeout: 120_000,
}, async () => {
  const failing = () => startTarget((_, response) => sendJson(response, 503, { error: { message: 'no room' } }))
  const elsewhere = await startTarget((_, response) => sendJson(response, 200, completion('Ask the shop.')))
  const [production, candidate] = [await failing(), await failing()]
  const { folder, base, end } = await routed({
    production: production.url,
    candidate: candidate.url,
    canary: halfAndHalf,
  })
  const provider = { provider: 'openai', api_key: 'sk-client' }
  const config = {
    strategy: { mode: 'fallback' },
    targets: [
      { ...provider, custom_host: `${base}/v1`, forward_headers: ['x-user-id'] },
      { ...provider, custom_host: elsewhere.url },
    ],
  }
  const gateway = await startPortkey()
  for (const user of users.slice(0, 6)) {
    const response = await askPlainly(gateway, { 'x-user-id': user, 'x-portkey-config': JSON.stringify(config) })
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { choices: [{ message: { content: 'Ask the shop.' } }] },
    ])
  }
  await end()
  expect(candidate.requests.length).toBeGreaterThan(0)
  // Each once, as production's failure: the candidate's own tries were mended by nobody, but seen by nobody either.
  const failed = { arm: 'production', text: null }
  const records = await ingested(folder)
  expect(records).toMatchObject([failed, failed, failed, failed, failed, failed])
  for (const { error } of records) expect(JSON.parse(String(error))).toMatchObject({ status: 503 })
})
