// The vendors that speak OpenAI's APIs: what each changes in a request, and how its own words are read.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { providerNamed, providerServedBy, providers } from '../../src/providers/index.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { openaiCompletions } from '../../src/providers/openai-completions.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { isObject } from '../../src/providers/shape.ts'
import { withVendor } from '../../src/providers/vendor.ts'
import { vendorNamed, vendors } from '../../src/providers/vendors.ts'
import { read } from './object-streams.ts'
import { specimen, specimens } from './recorded.ts'

const chatOf = (name: string) => withVendor(openaiChat, vendorNamed(name))
const chat: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }
const plain = { model: null, stream: false, overrides: {} }
const sent = (provider: Provider, body: JsonObject, options: Partial<Parameters<Provider['request']>[1]> = {}) =>
  provider.request({ ...chat, ...body }, { ...plain, ...options }).body

describe('the roster', () => {
  test('names are unique, and found', () => {
    const names = vendors.map((vendor) => vendor.name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) {
      expect(name).toMatch(/^[a-z]+([-.][a-z]+)*$/)
      expect(vendorNamed(name).name).toBe(name)
    }
    const asked = `azure-openai vllm llama.cpp groq mistral openrouter litellm portkey ollama-openai together deepseek xai`
    expect(names).toEqual(expect.arrayContaining(asked.split(' ')))
  })

  test.each([
    ['mistrall', 'no vendor called "mistrall"; did you mean "mistral"?'],
    ['azure-opnai', 'no vendor called "azure-opnai"; did you mean "azure-openai"?'],
    ['acme-cloud-llm', /^no vendor called "acme-cloud-llm"; there is azure-openai, .*, xai$/],
  ])('%s is a fault', (name, message) => {
    expect(() => vendorNamed(name)).toThrow(Fault)
    expect(() => vendorNamed(name)).toThrow(message)
  })

  test('each serves APIs that there are, and has paths for those alone', () => {
    for (const vendor of vendors) {
      expect(vendor.apis.length).toBeGreaterThan(0)
      for (const api of vendor.apis) expect(providerNamed(api).name).toBe(api)
      for (const [api, path] of Object.entries(vendor.paths)) {
        expect(vendor.apis).toContain(api)
        expect(path).toMatch(/^\/[\w/{}-]+$/)
      }
    }
  })

  test('an API is served by its maker where no vendor is named', () => {
    expect(providerServedBy('openai-chat', null)).toBe(openaiChat)
    expect(providerServedBy('openai-chat', 'azure-openai').headers('k')).toEqual({ 'api-key': 'k' })
    expect(() => providerServedBy('openai-chart', 'azure-openai')).toThrow(/no provider API called/)
    expect(() => providerServedBy('openai-chat', 'azure')).toThrow(/no vendor called "azure"/)
  })

  test('an API that a vendor does not serve is a fault', () => {
    expect(() => withVendor(openaiResponses, vendorNamed('mistral'))).toThrow(
      'the vendor "mistral" does not serve openai-responses; it serves openai-chat',
    )
    const anthropic = providers.filter((provider) => !provider.name.startsWith('openai-'))
    for (const provider of anthropic) {
      const others = vendors.filter((vendor) => !vendor.apis.includes(provider.name))
      for (const vendor of others) expect(() => withVendor(provider, vendor)).toThrow(Fault)
    }
  })
})

const served = vendors.flatMap((vendor) => vendor.apis.map((api) => [vendor.name, api] as const))

describe.each(served)('%s: %s', (name, api) => {
  const own = providerNamed(api)
  const provider = withVendor(own, vendorNamed(name))

  test('headers are lower-case, and hold a key only where there is one', () => {
    const { headers } = vendorNamed(name)
    const keyless = { ...own.headers(null), ...headers }
    expect(provider.headers(null)).toEqual(keyless)
    const keyed = Object.entries(provider.headers('k')).filter(([header]) => !Object.hasOwn(keyless, header))
    expect(keyed).toHaveLength(1)
    expect(keyed[0]?.[0]).toBe(keyed[0]?.[0]?.toLowerCase())
    expect(keyed[0]?.[1]).toMatch(/^(?:Bearer )?k$/)
  })

  test('reads what OpenAI sends as OpenAI does', () => {
    for (const { response, name: file } of specimens().filter(({ status }) => status < 300)) {
      if (typeof response !== 'string') {
        // What a vendor says otherwise may be added to such an answer; none of its own may be lost.
        expect([file, provider.reply(response)]).toEqual([file, own.reply(response)])
      }
    }
  })

  test('survives any answer, any stream, any request', () => {
    const json = fc.json({ maxDepth: 3 }).map((text): Json => JSON.parse(text))
    const usage = fc.dictionary(
      fc.constantFrom('prompt_tokens', 'completion_tokens', 'total_tokens', 'prompt_cache_hit_tokens', 'x'),
      json,
    )
    const answer = fc.record({ choices: fc.array(json), usage: fc.oneof(usage, json), x_groq: json })
    fc.assert(
      fc.property(answer, json, fc.boolean(), (body, value, stream) => {
        provider.reply(body)
        provider.reply([body, value])
        provider.reply(value)
        expect(read(provider, [body, JSON.stringify(value), '[DONE]']).end).toBeDefined()
        if (isObject(value)) {
          const before = JSON.stringify(value)
          const request = provider.request(value, { model: 'a/b?c', stream, overrides: {} })
          expect(request.path).toMatch(/^\/[^?#]+$/)
          expect(own.isStreaming(request.body)).toBe(stream)
          expect(JSON.stringify(value)).toBe(before)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('requests', () => {
  test.each([
    ['azure-openai', { 'api-key': 'k' }],
    ['azure-openai-deployments', { 'api-key': 'k' }],
    ['vllm', { authorization: 'Bearer k' }],
    ['portkey', { 'x-portkey-api-key': 'k', 'x-portkey-cache-force-refresh': 'true' }],
    ['portkey-gateway', { authorization: 'Bearer k', 'x-portkey-cache-force-refresh': 'true' }],
  ])('%s: the key', (name, headers) => {
    expect(chatOf(name).headers('k')).toEqual(headers)
  })

  test.each<[string, Provider, string]>([
    ['azure-openai', openaiChat, '/chat/completions'],
    ['azure-openai-deployments', openaiChat, '/openai/deployments/gpt%204%2Fx%24%26/chat/completions'],
    ['azure-openai-deployments', openaiCompletions, '/openai/deployments/gpt%204%2Fx%24%26/completions'],
    ['azure-openai-deployments', openaiResponses, '/openai/responses'],
    ['mistral', openaiChat, '/chat/completions'],
  ])('%s: the path', (name, api, path) => {
    const provider = withVendor(api, vendorNamed(name))
    expect(provider.request(chat, { ...plain, model: 'gpt 4/x$&' }).path).toBe(path)
  })

  test("Azure's deployment may be the captured model", () => {
    const { path } = chatOf('azure-openai-deployments').request(chat, plain)
    expect(path).toBe('/openai/deployments/m/chat/completions')
  })

  test.each([
    ['openrouter', '/key'],
    ['azure-openai-deployments', '/openai/models'],
    ['vllm', '/models'],
  ])('%s: the probe', (name, probePath) => {
    expect(chatOf(name).probePath).toBe(probePath)
  })

  test('stream options go to those who take them', () => {
    const streamed = { stream: true }
    expect(sent(chatOf('vllm'), {}, streamed)).toMatchObject({ stream_options: { include_usage: true } })
    expect(sent(chatOf('mistral'), {}, streamed)).not.toHaveProperty('stream_options')
    expect(sent(chatOf('mistral'), {}, streamed)).toMatchObject({ stream: true })
    const overrides = { stream_options: { include_usage: true } }
    expect(sent(chatOf('mistral'), {}, { ...streamed, overrides })).toMatchObject(overrides)
  })

  test.each<[string, string, JsonObject, JsonObject, JsonObject]>([
    ['the limit', 'mistral', { max_completion_tokens: 9 }, {}, { max_tokens: 9 }],
    ['the seed', 'mistral', { seed: 7 }, {}, { random_seed: 7 }],
    ['the older limit stays', 'mistral', { max_tokens: 9 }, {}, { max_tokens: 9 }],
    [
      'a field that is there under both names',
      'together',
      { max_completion_tokens: 9, max_tokens: 5 },
      {},
      { max_completion_tokens: 9, max_tokens: 5 },
    ],
    ["the target's own override", 'together', {}, { max_completion_tokens: 9 }, { max_completion_tokens: 9 }],
    [
      'what another calls otherwise',
      'vllm',
      { max_completion_tokens: 9, seed: 7 },
      {},
      { max_completion_tokens: 9, seed: 7 },
    ],
  ])('%s (%s)', (_, name, fields, overrides, expected) => {
    expect(sent(chatOf(name), fields, { overrides })).toEqual({ ...chat, ...expected })
  })

  test("the target's own rename wins over the vendor's", () => {
    const rename = { max_tokens: 'max_completion_tokens' }
    expect(sent(chatOf('together'), { max_tokens: 9 }, { rename })).toEqual({ ...chat, max_completion_tokens: 9 })
  })

  test('other APIs keep their names', () => {
    const provider = withVendor(openaiCompletions, vendorNamed('together'))
    const body = { model: 'm', prompt: 'a', max_completion_tokens: 9 }
    expect(provider.request(body, plain).body).toEqual(body)
  })
})

describe('answers', () => {
  const answer = (usage: Json, finish_reason = 'stop'): JsonObject => ({
    choices: [{ index: 0, message: { content: 'Hi' }, finish_reason }],
    usage,
  })
  const chunk = (delta: Json, rest: JsonObject = {}, finish_reason: string | null = null): JsonObject => ({
    choices: [{ index: 0, delta, finish_reason }],
    ...rest,
  })

  test.each([
    ['together', 'eos', 'end'],
    ['together', 'length', 'length'],
    ['mistral', 'model_length', 'length'],
    ['mistral', 'error', 'unknown'],
    ['deepseek', 'insufficient_system_resource', 'unknown'],
    ['vllm', 'eos', 'unknown'],
    ['together', 'constructor', 'unknown'],
  ])('%s: %s is %s, whole, streamed and logged', (name, reason, stop) => {
    const provider = chatOf(name)
    const chunks = [chunk({ content: 'Hi' }), chunk({}, {}, reason)]
    expect(provider.reply(answer(null, reason))?.stop).toBe(stop)
    expect(provider.reply(chunks)?.stop).toBe(stop)
    const stream = read(provider, [...chunks, '[DONE]'])
    expect(stream.hasContent).toEqual([true, false, false])
    expect(stream.end).toMatchObject({ reply: { text: 'Hi', stop } })
  })

  test("Groq's usage stands in a field of its own", () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 }
    const events = [chunk({ content: 'Hi' }), chunk({}, { x_groq: { id: 'req', usage } }, 'stop'), '[DONE]']
    const reply = { usage: { input: 4, output: 2 } }
    expect(read(chatOf('groq'), events).end).toMatchObject({ reply })
    expect(read(openaiChat, events).end).toMatchObject({ reply: { usage: null } })
    const both = [chunk({}, { usage, x_groq: { usage: { prompt_tokens: 9, completion_tokens: 9 } } }, 'stop'), '[DONE]']
    expect(read(chatOf('groq'), both).end).toMatchObject({ reply })
    expect(chatOf('groq').reply({ ...answer(usage), x_groq: { id: 'req' } })).toMatchObject(reply)
  })

  test.each<[string, JsonObject, number | null]>([
    ['its own count', { prompt_cache_hit_tokens: 3, prompt_cache_miss_tokens: 1 }, 3],
    ['no count', {}, null],
    ["OpenAI's count wins", { prompt_cache_hit_tokens: 3, prompt_tokens_details: { cached_tokens: 2 } }, 2],
    ['no number', { prompt_cache_hit_tokens: 'many' }, null],
  ])("DeepSeek's cached input: %s", (_, fields, cachedInput) => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, ...fields }
    expect(chatOf('deepseek').reply(answer(usage))?.usage).toEqual({
      input: 4,
      output: 2,
      cachedInput,
      reasoning: null,
    })
    const events = [chunk({ content: 'Hi' }, {}, 'stop'), { choices: [], usage }, '[DONE]']
    expect(read(chatOf('deepseek'), events).end).toMatchObject({ reply: { usage: { cachedInput } } })
  })

  test.each<[string, JsonObject, number]>([
    ['without a sum it is known of the vendor', {}, 12],
    ['with a sum that adds it', { total_tokens: 16 }, 12],
    ['a sum that does not add it is believed', { total_tokens: 14 }, 10],
  ])("xAI's reasoning stands beside the output: %s", (_, fields, output) => {
    const details = { completion_tokens_details: { reasoning_tokens: 2 } }
    const usage = { prompt_tokens: 4, completion_tokens: 10, ...details, ...fields }
    expect(chatOf('xai').reply(answer(usage))?.usage).toMatchObject({ output, reasoning: 2 })
    const events = [chunk({ content: 'Hi' }, {}, 'stop'), { choices: [], usage }, '[DONE]']
    expect(read(chatOf('xai'), events).end).toMatchObject({ reply: { usage: { output, reasoning: 2 } } })
  })

  test("xAI's recorded answer is the same with and without the vendor's name", () => {
    const { response } = specimen('vercel-xai-tool-call')
    expect(chatOf('xai').reply(response)).toEqual(openaiChat.reply(response))
    expect(chatOf('xai').reply(response)?.usage?.output).toBe(26 + 255)
  })

  test('what is not JSON breaks a stream as it does elsewhere', () => {
    expect(read(chatOf('together'), ['{"choices":"eos"']).end).toEqual({ broken: 'an event of the stream is not JSON' })
  })
})
