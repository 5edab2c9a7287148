// OpenTelemetry's GenAI conventions, of today and before: what was said on the span, in events, and in the log.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { temporaryFolder } from './files.ts'
import { type Attributes, otlp, otlpLogs } from './otlp.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const user = { role: 'user', content: 'Hi' }
const facts: Attributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-x',
  'gen_ai.request.temperature': 0.5,
  'gen_ai.request.max_tokens': 100,
  'gen_ai.request.stop_sequences': ['END'],
  'gen_ai.usage.input_tokens': 12,
  'gen_ai.usage.output_tokens': 3,
  'gen_ai.usage.cache_read.input_tokens': 8,
  'gen_ai.usage.cache_creation.input_tokens': 2,
  'gen_ai.usage.reasoning.output_tokens': 1,
  'gen_ai.response.time_to_first_chunk': 0.25,
  'gen_ai.response.id': 'r1',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.conversation.id': 'c1',
}
const asked: Json = [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }]
const answered: Json = [{ role: 'assistant', parts: [{ type: 'text', content: 'Hello' }] }]
const said: Attributes = { 'gen_ai.input.messages': asked, 'gen_ai.output.messages': answered }
const inText = (attributes: Attributes) =>
  Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, JSON.stringify(value)]))

async function one(...lines: readonly JsonObject[]) {
  const { records, reasons, format } = await readLines(folder, ...lines)
  expect([reasons, format, records.length]).toEqual([[], 'otel-genai', 1])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

const body = {
  model: 'gpt-x',
  messages: [user],
  temperature: 0.5,
  max_tokens: 100,
  stop: ['END'],
  stream: true,
}

describe('what was said, wherever it stands', () => {
  const detailed = { ...facts, ...inText(said) }

  test.each<[string, readonly JsonObject[]]>([
    ['in attributes, as values of their own', [otlp({ spanId: 'a', attributes: { ...facts, ...said } })]],
    ['in attributes, as JSON in a text', [otlp({ spanId: 'a', attributes: detailed })]],
    [
      'in an event on the span',
      [
        otlp({
          spanId: 'a',
          attributes: facts,
          events: [{ name: 'gen_ai.client.inference.operation.details', attributes: said }],
        }),
      ],
    ],
    [
      'in a log record after the span',
      [
        otlp({ spanId: 'a', attributes: facts }),
        otlpLogs({ eventName: 'gen_ai.client.inference.operation.details', spanId: 'a', attributes: detailed }),
      ],
    ],
    [
      'in a log record before the span, and on the span too',
      [
        otlpLogs({ eventName: 'gen_ai.client.inference.operation.details', spanId: 'a', attributes: detailed }),
        otlp({ spanId: 'a', attributes: { ...facts, ...said } }),
      ],
    ],
    [
      'in events of one message each',
      [
        otlp({
          spanId: 'a',
          attributes: facts,
          events: [
            { name: 'gen_ai.user.message', attributes: { 'gen_ai.system': 'openai', content: 'Hi' } },
            { name: 'gen_ai.choice', attributes: { index: 0, finish_reason: 'stop', message: '{"content":"Hello"}' } },
          ],
        }),
      ],
    ],
    [
      'in events whose message is JSON in one attribute',
      [
        otlp({
          spanId: 'a',
          attributes: facts,
          events: [
            { name: 'gen_ai.user.message', attributes: { 'gen_ai.event.content': JSON.stringify(user) } },
            {
              name: 'gen_ai.choice',
              attributes: {
                'gen_ai.event.content': '{"message":{"content":"Hello"},"finish_reason":"stop","index":0}',
              },
            },
          ],
        }),
      ],
    ],
    [
      'in events whose message is a list of blocks',
      [
        otlp({
          spanId: 'a',
          attributes: facts,
          events: [
            { name: 'gen_ai.user.message', attributes: { content: '[{"text":"Hi"}]' } },
            { name: 'gen_ai.choice', attributes: { message: '[{"text":"Hello"}]', finish_reason: 'end_turn' } },
          ],
        }),
      ],
    ],
    [
      'in log records of one message each, out of order',
      [
        otlpLogs(
          {
            eventName: 'gen_ai.choice',
            spanId: 'a',
            at: 2,
            body: { finish_reason: 'stop', message: { content: 'Hello' } },
          },
          { eventName: 'gen_ai.user.message', spanId: 'a', at: 1, body: { content: 'Hi' } },
        ),
        otlp({ spanId: 'a', attributes: facts }),
      ],
    ],
    [
      'in the attributes that were there first',
      [
        otlp({
          spanId: 'a',
          attributes: {
            ...facts,
            'gen_ai.prompt': JSON.stringify([user]),
            'gen_ai.completion': JSON.stringify([{ role: 'assistant', content: 'Hello', finish_reason: 'stop' }]),
          },
        }),
      ],
    ],
  ])('%s', async (_, lines) => {
    expect(await one(...lines)).toMatchObject({
      api: 'openai-chat',
      body,
      fidelity: 'full',
      capturedAt: '2026-09-21T14:13:20.000Z',
      recorded: { text: 'Hello', stop: 'end' },
      recordedTiming: { headersMs: null, firstTokenMs: 250, totalMs: 2000.5 },
      recordedUsage: { input: 12, output: 3, cachedInput: 8, cacheWrite: 2, reasoning: 1 },
      recordedError: null,
      segments: { service: 'bot', environment: 'prod' },
      callId: 'r1',
      traceId: '5b8efff798038103d269b633813fc60c',
      cluster: expect.stringMatching(/^c-/),
    })
  })
})

test('instructions, tools, calls and results make a chat', async () => {
  const record = await one(
    otlp({
      spanId: 'a',
      attributes: {
        ...facts,
        'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'Be kind' }]),
        'gen_ai.tool.definitions': JSON.stringify([
          { type: 'function', name: 'weather', description: 'W', parameters: { type: 'object' } },
        ]),
        'gen_ai.input.messages': JSON.stringify([
          ...(Array.isArray(asked) ? asked : []),
          { role: 'assistant', parts: [{ type: 'tool_call', id: 'k', name: 'weather', arguments: { city: 'Rome' } }] },
          { role: 'tool', parts: [{ type: 'tool_call_response', id: 'k', response: 'Sun' }] },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          {
            role: 'assistant',
            parts: [{ type: 'tool_call', id: 'l', name: 'weather', arguments: { city: 'Oslo' } }],
            finish_reason: 'tool_call',
          },
        ]),
      },
    }),
  )
  expect(record.body['messages']).toEqual([
    { role: 'system', content: 'Be kind' },
    user,
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'k', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
    },
    { role: 'tool', tool_call_id: 'k', content: 'Sun' },
  ])
  expect(record.body['tools']).toEqual([
    { type: 'function', function: { name: 'weather', description: 'W', parameters: { type: 'object' } } },
  ])
  expect(record.recorded).toMatchObject({
    stop: 'tool',
    toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }],
  })
})

test('an agent around a chat and a tool beside it: the chat counts', async () => {
  const agent = { 'gen_ai.operation.name': 'invoke_agent', ...said }
  const lines = [
    otlp({ spanId: 'b', parentSpanId: 'a', attributes: { ...facts, ...said } }),
    otlp(
      { spanId: 'a', attributes: agent },
      { spanId: 'c', parentSpanId: 'a', attributes: { 'gen_ai.operation.name': 'execute_tool' } },
      { spanId: 'd', attributes: { 'http.request.method': 'POST' } },
    ),
  ]
  expect((await one(...lines)).body).toEqual(body)
})

describe('calls without what was asked are counted, with what is known of them', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['content is off', otlp({ spanId: 'a', attributes: facts }), /OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT/],
    [
      'events came without content',
      otlp({
        spanId: 'a',
        attributes: facts,
        events: [{ name: 'gen_ai.user.message', attributes: { 'gen_ai.system': 'openai' } }],
      }),
      /CAPTURE_MESSAGE_CONTENT/,
    ],
    [
      'a completion of a text',
      otlp({ spanId: 'a', attributes: { ...facts, ...said, 'gen_ai.operation.name': 'text_completion' } }),
      /no chat/,
    ],
    [
      'a picture apart',
      otlp({
        spanId: 'a',
        attributes: { ...facts, 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"blob","content":"x"}]}]' },
      }),
      /not certain.*blob/,
    ],
  ])('%s', async (_, line, reason) => {
    expect(await one(line)).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(reason),
      recordedUsage: { input: 12, output: 3 },
      recordedTiming: { totalMs: 2000.5 },
      callId: 'r1',
    })
  })

  test('JSON was asked for by a schema that nobody kept', async () => {
    const record = await one(otlp({ spanId: 'a', attributes: { ...facts, ...said, 'gen_ai.output.type': 'json' } }))
    expect(record).toMatchObject({ fidelity: 'truncated', fidelityReason: expect.stringMatching(/schema/) })
  })

  test('a call that failed', async () => {
    const status = { code: 2, message: 'Rate limit reached' }
    const attributes = { ...facts, ...said, 'error.type': 'rate_limit', 'http.response.status_code': 429 }
    expect(await one(otlp({ spanId: 'a', attributes, status }))).toMatchObject({
      recorded: null,
      recordedError: { status: 429, code: 'rate_limit', message: 'Rate limit reached' },
    })
  })

  test('details in the log whose span is in no file: all but the time', async () => {
    const name = 'gen_ai.client.inference.operation.details'
    const record = await one(otlpLogs({ eventName: name, spanId: 'a', attributes: { ...facts, ...said } }))
    expect(record).toMatchObject({ fidelity: 'full', recorded: { text: 'Hello' }, recordedTiming: { totalMs: null } })
    const alone = await one(otlpLogs({ eventName: name, spanId: null, attributes: { ...facts, ...said } }))
    expect(alone).toMatchObject({ fidelity: 'full', callId: 'r1', traceId: null })
  })
})

test('what the cache gave is counted in, also by those who count it beside', async () => {
  const usage = { 'gen_ai.usage.input_tokens': 4, 'gen_ai.usage.cache_read.input_tokens': 8 }
  const record = await one(otlp({ spanId: 'a', attributes: { ...facts, ...said, ...usage } }))
  expect(record.recordedUsage).toMatchObject({ input: 14, cachedInput: 8, cacheWrite: 2 })
})
