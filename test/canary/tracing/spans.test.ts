// A traced request in the words of OpenTelemetry's conventions: who asked whom for what, how it ended, and nothing of what was said.

import { describe, expect, it } from 'vitest'
import type { Served } from '../../../src/canary/served/served.ts'
import { spansOf, type TracedExchange } from '../../../src/canary/tracing/spans.ts'
import type { Trace } from '../../../src/canary/tracing/trace-context.ts'
import type { JsonObject, Outcome, Target } from '../../../src/core/types.ts'
import { providers } from '../../../src/providers/index.ts'
import { replyOf } from '../../support/nouns.ts'
import { targetOf } from '../../support/sender.ts'

const trace: Trace = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  parentId: 'b7ad6b7169203331',
  spanId: '1111111111111111',
  exchangeIds: { production: '2222222222222222', candidate: '3333333333333333' },
  flags: 1,
  state: null,
  mode: 'canary',
  stage: 2,
}
const atMs = Date.UTC(2026, 10, 26, 8)

const served: Served = {
  id: 'id-1',
  atMs,
  api: 'openai-chat',
  path: '/v1/chat/completions?key=T0P-SECRET',
  arm: 'candidate',
  servedBy: 'candidate',
  group: 'candidate',
  user: '0123456789abcdef',
  reason: 'user',
  isCopied: false,
  isUnseen: false,
  segments: { route: 'chat' },
  request: Buffer.from('{}'),
  status: 200,
  headers: {},
  answer: Buffer.from('{}'),
  isCut: false,
  pieces: new Float64Array(),
  headersMs: 50,
  totalMs: 600,
  failure: null,
}

const usage = { input: 100, output: 20, cachedInput: 40, reasoning: 5, cacheWrite: 10 }
const reply = replyOf({ text: 'A SECRET ANSWER', stop: 'end', usage, servedModel: 'next-2026' })

const asked: JsonObject = {
  model: 'now',
  messages: [{ role: 'user', content: 'A SECRET QUESTION' }],
  stop: ['A SECRET END'],
  temperature: 0.5,
  max_completion_tokens: 64,
  n: 2,
}

interface Parts {
  readonly served?: Partial<Served>
  readonly target?: Partial<Target>
  readonly outcome?: Outcome | null
  readonly request?: JsonObject
  readonly exchange?: Partial<TracedExchange>
}

function spans(parts: Parts = {}) {
  return spansOf({
    served: { ...served, ...parts.served },
    trace,
    api: parts.served?.api ?? 'openai-chat',
    endedAtMs: atMs + 700,
    fingerprint: 'f1',
    target: {
      ...targetOf('https://models.example.com/v1'),
      arm: 'candidate',
      model: 'next',
      overrides: {},
      ...parts.target,
    },
    request: parts.request ?? asked,
    isStreamed: true,
    outcome: parts.outcome === undefined ? reply : parts.outcome,
    firstTokenMs: 250,
    ...parts.exchange,
  })
}

const client = (parts?: Parts) => spans(parts).find(({ kind }) => kind === 'client')
const server = (parts?: Parts) => spans(parts).find(({ kind }) => kind === 'server')

describe('an exchange with an arm', () => {
  it('says what was asked of which model, what it took, and where the rollout stood', () => {
    expect(client()).toEqual({
      kind: 'client',
      name: 'chat next',
      traceId: trace.traceId,
      spanId: '3333333333333333',
      parentId: '1111111111111111',
      hasRemoteParent: false,
      flags: 1,
      state: null,
      startMs: atMs + 100,
      endMs: atMs + 700,
      isFailed: false,
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'next',
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.stream': true,
        'gen_ai.response.model': 'next-2026',
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.response.time_to_first_chunk': 0.25,
        'gen_ai.usage.input_tokens': 100,
        'gen_ai.usage.output_tokens': 20,
        'gen_ai.usage.cache_read.input_tokens': 40,
        'gen_ai.usage.cache_write.input_tokens': 10,
        'gen_ai.usage.reasoning.output_tokens': 5,
        'server.address': 'models.example.com',
        'server.port': 443,
        'http.response.status_code': 200,
        'shadowgate.request.id': 'id-1',
        'shadowgate.rollout.fingerprint': 'f1',
        'shadowgate.mode': 'canary',
        'shadowgate.stage': 2,
        'shadowgate.arm': 'candidate',
        'shadowgate.group': 'candidate',
        'shadowgate.reason': 'user',
        'shadowgate.api': 'openai-chat',
        'shadowgate.is_unseen': false,
        'shadowgate.is_shadow': false,
        'shadowgate.segment.route': 'chat',
      },
    })
  })

  it('names the model that the client named where production was asked, in the body or in the path', () => {
    const parts = { arm: 'production', servedBy: 'production' } as const
    expect(client({ served: parts })).toMatchObject({ name: 'chat now', spanId: '2222222222222222' })
    const { model: _, ...request } = asked
    const path = '/v1beta/models/gemini-3:streamGenerateContent?key=T0P-SECRET'
    const gemini = client({ served: { ...parts, api: 'gemini-generate-content', path }, request })
    expect(gemini?.name).toBe('generate_content gemini-3')
    expect(gemini?.attributes).toMatchObject({ 'gen_ai.provider.name': 'gcp.gemini' })
  })

  it('reads the settings of every API, and those that the candidate is asked with instead', () => {
    const generationConfig = { maxOutputTokens: 9, temperature: 1, topK: 3, stopSequences: ['A SECRET END'] }
    expect(client({ request: { generationConfig } })?.attributes).toMatchObject({
      'gen_ai.request.max_tokens': 9,
      'gen_ai.request.top_k': 3,
    })
    expect(client({ request: { options: { num_predict: 5 } } })?.attributes).toMatchObject({
      'gen_ai.request.max_tokens': 5,
    })
    const other = client({ target: { overrides: { temperature: 0, max_completion_tokens: null } } })?.attributes
    expect(other).toMatchObject({ 'gen_ai.request.temperature': 0 })
    expect(other).not.toHaveProperty(['gen_ai.request.max_tokens'])
  })

  it.each(providers.map(({ name }) => name))('of %s has an operation and a provider', (api) => {
    const attributes = client({ served: { api } })?.attributes
    expect(['chat', 'text_completion', 'generate_content']).toContain(attributes?.['gen_ai.operation.name'])
    expect(attributes?.['gen_ai.provider.name']).toEqual(expect.stringMatching(/^[a-z.]+$/))
  })

  it.each<[string, Partial<Target>, string]>([
    ['a vendor with a word of the conventions', { vendor: 'azure-openai' }, 'azure.ai.openai'],
    ['a vendor without one', { vendor: 'vllm' }, 'vllm'],
  ])('%s', (_, target, provider) => {
    expect(client({ target })?.attributes['gen_ai.provider.name']).toBe(provider)
  })

  it.each<[string, Outcome | null, Partial<Served>, string | undefined, boolean]>([
    ['refused', { kind: 'rejected', status: 429, code: 'SECRET', detail: 'SECRET' }, { status: 429 }, '429', true],
    ['slow', { kind: 'timeout', phase: 'total' }, { status: null }, 'timeout', true],
    [
      'no connection',
      { kind: 'broken', detail: 'ECONNREFUSED: connect SECRET' },
      { status: null },
      'ECONNREFUSED',
      true,
    ],
    ['nonsense', { kind: 'broken', detail: 'not an answer: SECRET' }, {}, 'malformed_answer', true],
    ['left by the client', { kind: 'cancelled' }, { failure: { kind: 'left', detail: '' } }, 'cancelled', false],
    ['too long to be read', null, { isCut: true }, undefined, false],
  ])('that was %s says so in a word', (_, outcome, parts, word, isFailed) => {
    const span = client({ outcome, served: parts })
    expect([span?.attributes['error.type'], span?.isFailed]).toEqual([word, isFailed])
  })

  it('that broke in the middle has the conventions’ reason for it, and one that was refused has none', () => {
    const reasons = (outcome: Outcome, status: number | null) =>
      client({ outcome, served: { status } })?.attributes['gen_ai.response.finish_reasons']
    expect(reasons({ kind: 'timeout', phase: 'idle' }, 200)).toEqual(['error'])
    expect(reasons({ kind: 'rejected', status: 500, code: null, detail: '' }, 500)).toBeUndefined()
  })
})

describe('what the client asked', () => {
  it('is the parent of its exchanges, and the child of the client’s own span', () => {
    expect(server()).toMatchObject({
      name: 'POST */completions',
      spanId: '1111111111111111',
      parentId: 'b7ad6b7169203331',
      hasRemoteParent: true,
      startMs: atMs,
      endMs: atMs + 700,
      isFailed: false,
      attributes: {
        'http.route': '*/completions',
        'http.response.status_code': 200,
        'shadowgate.arm': 'candidate',
        'shadowgate.fallback': false,
      },
    })
  })

  it('has a route without the model’s name', () => {
    expect(server({ served: { path: '/v1beta/models/gemini-3:generateContent?key=T0P-SECRET' } })?.name).toBe(
      'POST */{model}:generateContent',
    )
  })

  it('of two tries has one span, with production’s answer, and says that it is that', () => {
    const failed = spans({ served: { isUnseen: true, status: 500 } })
    expect(failed.map(({ kind }) => kind)).toEqual(['client'])
    const mended = server({ served: { servedBy: 'production' } })
    expect(mended?.attributes).toMatchObject({ 'shadowgate.arm': 'production', 'shadowgate.fallback': true })
  })

  it('of a copy has none, since nobody asked for it', () => {
    const copy = spans({ served: { isUnseen: true, isCopied: true } })
    expect(copy).toMatchObject([{ kind: 'client', attributes: { 'shadowgate.is_shadow': true } }])
  })

  it.each<[string, Partial<Served>, number | undefined, boolean]>([
    ['timeout', { status: null, failure: { kind: 'timeout', detail: '' } }, 504, true],
    ['break', { status: null, failure: { kind: 'broken', detail: '' } }, 502, true],
    ['client that left', { status: null, failure: { kind: 'left', detail: '' } }, undefined, false],
    ['refusal', { status: 400 }, 400, false],
  ])('after a %s has the status that the client saw', (_, parts, status, isFailed) => {
    const span = server({ served: parts, outcome: { kind: 'cancelled' } })
    expect([span?.attributes['http.response.status_code'], span?.isFailed]).toEqual([status, isFailed])
  })
})

it('nothing of what was said, no key, and no user is in any span', () => {
  const text = JSON.stringify([spans(), spans({ served: { servedBy: 'production' } })])
  expect(text).not.toMatch(/SECRET/)
  expect(text).not.toContain('0123456789abcdef')
})
