// The demo's servers over real HTTP, in their own threads.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { demoDatasetDir, loadAnswerBook } from '../../src/demo/dataset.ts'
import { draw } from '../../src/demo/draw.ts'
import { type DemoServers, startDemoServers } from '../../src/demo/start.ts'

const book = loadAnswerBook(demoDatasetDir, 'production')
const [prompt = ''] = book.byPrompt.keys()
const instantly = { timeScale: 1e9, seed: 7 } as const
const dispatcher = new Agent()

let servers: DemoServers
beforeAll(async () => {
  servers = await startDemoServers({ candidate: 'june', ...instantly })
})
afterAll(async () => {
  await servers.close()
  await dispatcher.close()
})

interface Sent {
  readonly path?: string
  readonly method?: 'GET' | 'POST'
  readonly key?: string
  readonly body?: unknown
}

async function send(base: string, { path = '/chat/completions', method = 'POST', key, body }: Sent) {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) }
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await request(base + path, { method, headers, body: sent, dispatcher })
  return { status: answer.statusCode, type: answer.headers['content-type'], text: await answer.body.text() }
}

const chat = (content: unknown, rest: object = {}) => ({
  model: 'gpt-4-0314',
  messages: [{ role: 'user', content }],
  ...rest,
})

const usage = z.strictObject({ prompt_tokens: z.int(), completion_tokens: z.int(), total_tokens: z.int() })
const completion = z.object({
  id: z.string().startsWith('chatcmpl-'),
  object: z.literal('chat.completion'),
  model: z.string(),
  choices: z.tuple([
    z.object({ message: z.object({ role: z.literal('assistant'), content: z.string() }), finish_reason: z.string() }),
  ]),
  usage,
})
const chunk = z.object({
  id: z.string(),
  object: z.literal('chat.completion.chunk'),
  model: z.string(),
  choices: z.array(
    z.object({ delta: z.object({ content: z.string().optional() }), finish_reason: z.string().nullable() }),
  ),
  usage: usage.nullish(),
})

async function whole(base: string, content: unknown) {
  const { status, text } = await send(base, { body: chat(content) })
  expect(status).toBe(200)
  return completion.parse(JSON.parse(text))
}

async function streamed(base: string, rest: object) {
  const { status, type, text } = await send(base, { body: chat(prompt, { stream: true, ...rest }) })
  expect([status, type]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const events = text.split('\n\n')
  expect(events.splice(-2)).toEqual(['data: [DONE]', ''])
  return events.map((event) => chunk.parse(JSON.parse(event.replace(/^data: /, ''))))
}

describe('an answer', () => {
  it('that comes whole is the one drawn, and counts its tokens', async () => {
    const one = await startDemoServers({ candidate: 'june', ...instantly })
    for (const ask of [0, 1, 2]) {
      const expected = draw(book, { seed: '7 production', prompt, ask })
      const { model, choices, usage: spent } = await whole(one.productionUrl, prompt)
      expect([model, choices[0].message.content]).toEqual(['gpt-4-0314', expected?.text])
      expect([spent.completion_tokens, choices[0].finish_reason]).toEqual([
        expected?.outputTokens,
        expected?.finishReason,
      ])
      expect(spent.total_tokens).toBe(spent.prompt_tokens + spent.completion_tokens)
    }
    await one.close()
  })

  it('names the model that gave it', async () => {
    expect((await whole(servers.candidateUrl, prompt)).model).toBe('gpt-4-0613')
  })

  it('to a prompt in parts is found too', async () => {
    expect((await whole(servers.productionUrl, [{ type: 'text', text: prompt }])).choices[0].message.content).not.toBe(
      '',
    )
  })

  it('that is streamed comes in pieces and ends with its reason, without usage', async () => {
    const chunks = await streamed(servers.productionUrl, {})
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
    const possible = [0, 1, 2, 3, 4, 5, 6].map((ask) => draw(book, { seed: '7 production', prompt, ask })?.text)
    expect(possible).toContain(text)
    expect(chunks.filter(({ choices }) => choices[0]?.delta.content)).toHaveLength(13)
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.every((one) => one.usage === undefined)).toBe(true)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  it('that is streamed with usage ends in a chunk of usage that has no choices', async () => {
    const chunks = await streamed(servers.productionUrl, { stream_options: { include_usage: true } })
    const last = chunks.pop()
    expect(last?.choices).toEqual([])
    expect(last?.usage?.completion_tokens).toBeGreaterThan(0)
    expect(chunks.every((one) => one.usage === null)).toBe(true)
  })

  it('of the same model behind both arms is drawn apart', async () => {
    const same = await startDemoServers({ candidate: 'same', ...instantly })
    const prompts = [...book.byPrompt.keys()].slice(0, 40)
    const texts = async (url: string) =>
      (await Promise.all(prompts.map((one) => whole(url, one)))).map(({ model, choices }) => {
        expect(model).toBe('gpt-4-0314')
        return choices[0].message.content
      })
    const [production, candidate] = await Promise.all([texts(same.productionUrl), texts(same.candidateUrl)])
    const equal = production.filter((text, at) => text === candidate[at]).length
    expect(equal).toBeGreaterThan(10)
    expect(equal).toBeLessThan(35)
    await same.close()
  })
})

const openAiError = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.literal('invalid_request_error'),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
})

test.each<[string, Sent, number, { param?: string; code?: string }]>([
  ['an unknown path', { path: '/completions', body: chat(prompt) }, 404, { code: 'unknown_url' }],
  ['a chat completion that is fetched', { method: 'GET' }, 404, { code: 'unknown_url' }],
  ['an unknown prompt', { body: chat('Is 17 a prime number?') }, 404, { code: 'prompt_not_found' }],
  ['a body that is not JSON', { body: '{"model"' }, 400, {}],
  ['a body without messages', { body: { model: 'gpt-4-0314' } }, 400, { param: 'messages' }],
  ['a body without a model', { body: { messages: chat('x').messages } }, 400, { param: 'model' }],
  [
    'messages of no user',
    { body: { model: 'm', messages: [{ role: 'system', content: 'x' }] } },
    400,
    { param: 'messages' },
  ],
  ['a stream flag that is none', { body: chat(prompt, { stream: 'yes' }) }, 400, { param: 'stream' }],
])('%s is refused in the words of OpenAI', async (_, sent, status, expected) => {
  const answer = await send(servers.productionUrl, sent)
  expect(answer.status).toBe(status)
  expect(openAiError.parse(JSON.parse(answer.text)).error).toMatchObject(expected)
})

it('lists its one model', async () => {
  const { status, text } = await send(servers.candidateUrl, { path: '/models?limit=1', method: 'GET' })
  expect(status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({ object: 'list', data: [{ id: 'gpt-4-0613', object: 'model' }] })
})

it('asks for its key where it has one', async () => {
  const locked = await startDemoServers({ candidate: 'june', ...instantly, key: 'demo' })
  const ask = (key?: string) => send(locked.productionUrl, { body: chat(prompt), ...(key !== undefined && { key }) })
  const [right, wrong, none] = await Promise.all([ask('demo'), ask('other'), ask()])
  expect([right.status, wrong.status, none.status]).toEqual([200, 401, 401])
  expect(openAiError.parse(JSON.parse(wrong.text)).error.code).toBe('invalid_api_key')
  await locked.close()
})

describe('starting and ending', () => {
  it('ends its threads, and answers under way with them', async () => {
    const slow = await startDemoServers({ candidate: 'june', seed: 7, timeScale: 1e-3 })
    const hanging = send(slow.productionUrl, { body: chat(prompt) })
    await send(slow.productionUrl, { path: '/models', method: 'GET' })
    const [ended] = await Promise.allSettled([hanging, slow.close()])
    expect(ended.status).toBe('rejected')
    await expect(send(slow.candidateUrl, { path: '/models', method: 'GET' })).rejects.toThrow('ECONNREFUSED')
  })

  it('outlives a client that leaves in the middle of a stream', async () => {
    const slow = await startDemoServers({ candidate: 'june', seed: 7, timeScale: 20 })
    const body = JSON.stringify(chat(prompt, { stream: true }))
    const leaving = await request(`${slow.productionUrl}/chat/completions`, { method: 'POST', body, dispatcher })
    const pieces = leaving.body[Symbol.asyncIterator]()
    expect((await pieces.next()).done).toBe(false)
    // Leaving the iterator ends the connection.
    await pieces.return?.()
    expect((await whole(slow.productionUrl, prompt)).model).toBe('gpt-4-0314')
    await slow.close()
  })

  it('listens where it is told, and says so when it cannot', async () => {
    const taken = Number(new URL(servers.productionUrl).port)
    await expect(
      startDemoServers({ candidate: 'june', ...instantly, ports: { candidate: taken } }),
    ).rejects.toMatchObject({
      code: 'USAGE',
      place: `port ${taken}`,
    })
  })

  it('rejects where the data is not', async () => {
    const nowhere = startDemoServers({ candidate: 'june', ...instantly, datasetDir: '/nowhere' })
    await expect(nowhere).rejects.toThrow('ENOENT')
  })

  it('lets a process end that forgot to close', () => {
    const start = fileURLToPath(new URL('../../src/demo/start.ts', import.meta.url))
    const script = `const { startDemoServers } = await import(${JSON.stringify(start)})
      console.log((await startDemoServers({ candidate: 'june', seed: 1 })).productionUrl)`
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
    expect(printed).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\n$/)
  })
})
