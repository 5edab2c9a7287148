// Plain lines of request and response: every API, whole and streamed, by what stands in and beside the bodies.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, RequestRecord } from '../../src/core/types.ts'
import { isObject } from '../../src/providers/shape.ts'
import { specimens } from '../providers/recorded.ts'
import { answer, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const hi = [{ role: 'user', content: 'Hi' }]
const plain = { model: 'claude-x', max_tokens: 100, messages: hi }
const message = { type: 'message', content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn' }

async function recordOf(line: JsonObject): Promise<RequestRecord> {
  const { records, reasons } = await readLines(folder, line)
  const [record] = records
  if (record === undefined) throw new Error(reasons.join())
  return record
}

type Facts = readonly [
  name: string,
  api: string,
  text: string,
  tools: readonly string[],
  stop: string,
  input: number | null,
  output: number | null,
]

/** What was recorded, by its file: the tests of the APIs say the same from the wire. */
const facts: readonly Facts[] = [
  ['envoy-chat-basic', 'openai-chat', 'Hi there! How can I help', [], 'end', 8, 377],
  ['envoy-chat-streaming-detailed-usage', 'openai-chat', '', [], 'length', 12, 100],
  ['envoy-chat-tools', 'openai-chat', '', ['get_current_weather'], 'tool', 162, 287],
  ['envoy-completion-streaming-usage', 'openai-completions', ' + fib(n-3)', [], 'length', 31, 25],
  ['envoy-completion-token-batch', 'openai-completions', ' + fib(n-3)', [], 'length', 49, 57],
  ['vercel-anthropic-fallback-tool-call', 'openai-chat', 'Reading it.', ['read_file'], 'tool', null, null],
  ['vercel-anthropic-messages-fallback', 'anthropic-messages', 'The printing press', [], 'end', 412, 264],
  ['vercel-anthropic-messages-refusal', 'anthropic-messages', 'This request triggered', [], 'refused', 18, 5],
  ['vercel-anthropic-messages-spliced', 'anthropic-messages', '', ['test-tool'], 'tool', 17, 65],
  ['vercel-anthropic-messages-text', 'anthropic-messages', "Hello! I'm doing well", [], 'end', 12, 30],
  ['vercel-anthropic-messages-thinking', 'anthropic-messages', '925 ÷ 5 = 185', [], 'end', 69, 53],
  ['vercel-anthropic-messages-tool', 'anthropic-messages', "I'll update", ['updateIssueList'], 'tool', 565, 48],
  ['vercel-anthropic-messages-whole', 'anthropic-messages', '<thinking>', ['updateIssueList'], 'tool', 602, 93],
  ['vercel-azure-model-router', 'openai-chat', 'Capital of Denmark.', [], 'end', 15, 78],
  ['vercel-google-arguments', 'gemini-generate-content', '', ['writeItems'], 'tool', 54, 195],
  ['vercel-google-text', 'gemini-generate-content', 'There are **3** "r"s', [], 'end', 9, 208],
  ['vercel-google-tool-call', 'gemini-generate-content', '', ['weather'], 'tool', 29, 908],
  ['vercel-responses-id-rotation', 'openai-responses', 'There are **3** letter', [], 'end', 19, 105],
  ['vercel-responses-tool-call', 'openai-responses', '', ['weather'], 'tool', 45, 24],
  ['vercel-responses-whole', 'openai-responses', 'I’ll quickly check', [], 'end', 7243, 423],
  ['vercel-xai-tool-call', 'openai-chat', '', ['weather'], 'tool', 307, 281],
]

const recorded = specimens()
const asked: Readonly<Record<string, JsonObject>> = {
  'openai-chat': { model: 'm', messages: hi },
  'openai-responses': { model: 'm', input: 'Hi' },
  'anthropic-messages': plain,
  'gemini-generate-content': { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
}

/** Recordings of the SDK's have no request: a plain one stands for it, which says no more than it must. */
function exchangeNamed(name: string, api: string): { readonly request: JsonObject; readonly response: Json } {
  const found = recorded.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no specimen ${name}`)
  return { request: isObject(found.request) ? found.request : (asked[api] ?? {}), response: found.response }
}

test('every recorded answer is in the table, but for the errors', () => {
  const answered = recorded.filter(({ name }) => !/-(?:unknown-model|retry-info|responses-error)$/.test(name))
  expect(facts.map(([name]) => name)).toEqual(answered.map(({ name }) => name))
})

/** An SSE body, the lists that a logger may make of it, and bodies that are JSON in texts. */
const spellings: readonly (readonly [string, (response: Json) => Json])[] = [
  ['as it is', (response) => response],
  ['in text', (response) => (typeof response === 'string' ? response : JSON.stringify(response))],
  [
    'lines',
    (response) => (typeof response === 'string' ? response.split('\n').filter((line) => line !== '') : response),
  ],
  ['in an HTTP message', (response) => ({ status: 200, headers: {}, body: response })],
]

describe.each(spellings)('recorded answers, %s', (_, spell) => {
  test.each(facts)('%s', async (name, api, text, tools, stop, input, output) => {
    const { request: body, response } = exchangeNamed(name, api)
    const record = await recordOf({ request: body, response: spell(response), status: 200 })
    expect(record).toMatchObject({ api, fidelity: 'full', recordedError: null, recorded: { stop } })
    expect(record.recorded?.text.startsWith(text)).toBe(true)
    expect(record.recorded?.text === '').toBe(text === '')
    expect(record.recorded?.toolCalls.map((call) => call.name)).toEqual(tools)
    expect([record.recorded?.usage?.input ?? null, record.recorded?.usage?.output ?? null]).toEqual([input, output])
  })
})

describe('errors', () => {
  test.each<[string, string, number, string | null, RegExp]>([
    ['envoy-chat-unknown-model', 'openai-chat', 404, 'model_not_found', /^The model `gpt-4.1-nano-wrong`/],
    ['envoy-completion-unknown-model', 'openai-completions', 404, 'model_not_found', /^The model `babbage/],
    ['vercel-google-retry-info', 'gemini-generate-content', 429, 'RESOURCE_EXHAUSTED', /^You exceeded/],
  ])('%s', async (name, api, status, code, said) => {
    const line = { ...exchangeNamed(name, api), status_code: status }
    expect(await recordOf(line)).toMatchObject({
      api,
      recorded: null,
      recordedError: { status, code, message: expect.stringMatching(said) },
    })
  })

  test('an error inside a stream', async () => {
    for (const rest of [{}, { status: 200 }]) {
      const line = { ...exchangeNamed('vercel-responses-error', 'openai-responses'), ...rest }
      const { recorded: reply, recordedError } = await recordOf(line)
      expect(reply).toBeNull()
      expect(recordedError).toMatchObject({ status: null, message: expect.stringMatching(/\w/) })
    }
  })

  test.each<[string, JsonObject, JsonObject]>([
    ['a status alone', { status: 503 }, { status: 503, code: null, message: '' }],
    ['a text', { error: 'timed out' }, { status: null, code: null, message: 'timed out' }],
    [
      'an object',
      { error: { type: 'overloaded_error', message: 'Overloaded' }, status: '529' },
      { status: 529, code: 'overloaded_error', message: 'Overloaded' },
    ],
    ['an HTTP message', { response: { status: 500, body: 'oh no' } }, { status: 500, code: null, message: 'oh no' }],
  ])('%s', async (_, rest, error) => {
    expect(await recordOf({ request: request('Hi'), ...rest })).toMatchObject({ recorded: null, recordedError: error })
  })

  test.each<JsonObject>([{ status: 200 }, { status: 'ok' }, { error: null }, { error: false }, { error: '' }])(
    '%j is none',
    async (rest) => {
      const line = { request: request('Hi'), response: answer('Ho'), ...rest }
      expect(await recordOf(line)).toMatchObject({ recorded: { text: 'Ho' }, recordedError: null })
    },
  )
})

describe('which API a body of plain texts is in', () => {
  const ollama = { model: 'llama', message: { role: 'assistant', content: 'Hello' }, done: true, done_reason: 'stop' }
  const part = { model: 'llama', message: { role: 'assistant', content: 'Hel' }, done: false }
  const ollamaLines = `${JSON.stringify(part)}\n${JSON.stringify(ollama)}\n`
  test.each<[string, JsonObject, string]>([
    ["Anthropic's answer", { request: plain, response: message }, 'anthropic-messages'],
    ["Ollama's answer", { request: { model: 'llama', messages: hi }, response: ollama }, 'ollama'],
    ["the lines of Ollama's stream", { request: { model: 'llama', messages: hi }, response: ollamaLines }, 'ollama'],
    [
      'a request in a text, with its path',
      { request: JSON.stringify({ url: '/v1/messages', body: plain }) },
      'anthropic-messages',
    ],
    ['the name of an API', { request: plain, api: 'anthropic-messages' }, 'anthropic-messages'],
    ['a path', { request: plain, url: 'https://api.anthropic.com/v1/messages?beta=true' }, 'anthropic-messages'],
    ['the path of the request itself', { request: { url: '/api/chat', body: { model: 'l', messages: hi } } }, 'ollama'],
    ["a vendor's word and its model", { request: plain, provider: 'anthropic' }, 'anthropic-messages'],
    [
      "a vendor's word, but another's model",
      { request: { ...plain, model: 'm' }, provider: 'anthropic' },
      'openai-chat',
    ],
    [
      "a vendor's word, but OpenAI's answer",
      { request: plain, provider: 'anthropic', response: answer('Ho') },
      'openai-chat',
    ],
    ['the name of a model alone', { request: plain }, 'openai-chat'],
    ['a path that the body cannot be of', { request: request('Hi', { n: 2 }), path: '/v1/messages' }, 'openai-chat'],
    ['messages of a thread', { request: plain, url: '/v1/threads/t/messages' }, 'openai-chat'],
  ])('%s', async (_, line, api) => {
    expect(await recordOf(line)).toMatchObject({ api, fidelity: 'full' })
  })

  test("a body that is certainly OpenAI's does not become Anthropic's by its answer", async () => {
    const tools = [{ type: 'function', function: { name: 'f' } }]
    const record = await recordOf({ request: { ...plain, tools }, response: message })
    expect(record).toMatchObject({ api: 'openai-chat', recorded: null })
  })

  test('model and stream that stand in the path alone', async () => {
    const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }]
    const url = 'https://host/v1beta/models/gemini-x:streamGenerateContent?alt=sse'
    expect((await recordOf({ request: { contents }, url })).body).toEqual({ contents, model: 'gemini-x', stream: true })
    const azure = 'https://host/openai/deployments/prod/chat/completions?api-version=2024-10-21'
    expect((await recordOf({ request: { messages: hi }, url: azure })).body).toMatchObject({ model: 'prod' })
    const prompt = { request: { prompt: 'Once' }, url: '/v1/completions', model: 'm' }
    expect(await recordOf(prompt)).toMatchObject({ api: 'openai-completions', body: { model: 'm' }, fidelity: 'full' })
  })
})

describe('a line that is the bare request', () => {
  test.each(['response', 'completion', 'output', 'reply', 'answer'])('with its answer in `%s`', async (field) => {
    const line = { ...request('Hi', { temperature: 0 }), [field]: answer('Ho'), latency_ms: 5, user_id: 'u', id: 'c1' }
    expect(await recordOf(line)).toMatchObject({
      body: request('Hi', { temperature: 0 }),
      recorded: { text: 'Ho' },
      recordedTiming: { totalMs: 5 },
      cluster: expect.stringMatching(/^u-/),
      callId: 'c1',
    })
  })

  test.each<[string, JsonObject]>([
    ['a text, which nobody can say to be all of the answer', { ...request('Hi'), completion: 'Ho' }],
    ['two answers', { ...request('Hi'), completion: answer('Ho'), output: answer('Hu') }],
    ['a field of nobody', { ...request('Hi'), completion: answer('Ho'), call_type: 'x' }],
    ['an answer of another API', { ...request('Hi', { n: 1 }), completion: message }],
  ])('is none with %s', async (_, line) => {
    await expect(readLines(folder, line)).rejects.toThrow(/no log format recognises/)
  })
})

test('a request that leans on what the provider keeps is not replayed', async () => {
  const line = { request: { model: 'm', input: 'And?', previous_response_id: 'r1' }, url: '/v1/responses' }
  expect(await recordOf(line)).toMatchObject({
    fidelity: 'truncated',
    fidelityReason: 'it leans on `previous_response_id`, which the provider keeps',
  })
})

test('lines of all APIs in one file', async () => {
  const lines = facts.map(([name, api]) => exchangeNamed(name, api))
  const { records, rejected } = await readAll([writeLog(folder, 'all.jsonl', jsonl(...lines))])
  expect([records.length, rejected]).toEqual([facts.length, []])
  expect(records.map((record) => record.api)).toEqual(facts.map(([, api]) => api))
})
