// Bedrock's Converse, whole and streamed, in its log and in batches: translated to an OpenAI chat, or lost with a reason.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const model = 'us.amazon.nova-x-v1:0'
const hello = {
  output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
  stopReason: 'end_turn',
  metrics: { latencyMs: 302 },
  usage: {
    inputTokens: 4,
    outputTokens: 38,
    totalTokens: 1144,
    cacheReadInputTokens: 1000,
    cacheWriteInputTokens: 102,
  },
}
const hi = { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }

const logged = (body: Json, answer: Json = hello, rest: JsonObject = {}): JsonObject => ({
  schemaType: 'ModelInvocationLog',
  schemaVersion: '1.0',
  timestamp: '2026-09-01T10:00:00Z',
  requestId: 'q1',
  operation: 'Converse',
  modelId: model,
  input: { inputContentType: 'application/json', inputBodyJson: body, inputTokenCount: 4 },
  output: { outputContentType: 'application/json', outputBodyJson: answer, outputTokenCount: 38 },
  ...rest,
})

async function recordOf(line: JsonObject) {
  const { records, reasons } = await readLines(folder, line)
  expect(reasons).toEqual([])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

test('a call becomes an OpenAI chat, with its bill and its time', async () => {
  const body = {
    ...hi,
    system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default' } }],
    inferenceConfig: { maxTokens: 512, temperature: 0.7, topP: 0.9, stopSequences: [] },
    additionalModelRequestFields: {},
  }
  expect(await recordOf(logged(body))).toMatchObject({
    api: 'openai-chat',
    body: {
      model,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      max_tokens: 512,
      temperature: 0.7,
      top_p: 0.9,
    },
    fidelity: 'full',
    capturedAt: '2026-09-01T10:00:00.000Z',
    recorded: { text: 'Hello', stop: 'end', usage: { input: 1106, output: 38, cachedInput: 1000, cacheWrite: 102 } },
    recordedTiming: { headersMs: null, firstTokenMs: null, totalMs: 302 },
  })
})

test('tools, their calls and results, and pictures', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } } }
  const body = {
    messages: [
      { role: 'user', content: [{ text: 'Here?' }, { image: { format: 'png', source: { bytes: 'aGk=' } } }] },
      {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
          { text: 'I look.' },
          { toolUse: { toolUseId: 't1', name: 'weather', input: { city: 'Rome' } } },
        ],
      },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 't1', content: [{ json: { c: 7 } }], status: 'success' } }],
      },
    ],
    toolConfig: {
      tools: [{ toolSpec: { name: 'weather', description: 'now', inputSchema: { json: schema } } }],
      toolChoice: { tool: { name: 'weather' } },
    },
  }
  const call = { toolUse: { toolUseId: 't2', name: 'weather', input: { city: 'Oslo' } } }
  const answer = {
    output: { message: { role: 'assistant', content: [{ text: 'And' }, call] } },
    stopReason: 'tool_use',
  }
  const record = await recordOf(logged(body, answer))
  expect(record.recorded).toMatchObject({
    text: 'And',
    toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }],
    stop: 'tool',
  })
  expect(record.body).toEqual({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Here?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: '{"c":7}' },
    ],
    tools: [{ type: 'function', function: { name: 'weather', description: 'now', parameters: schema } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
  })
})

describe('a stream', () => {
  const events = [
    { messageStart: { role: 'assistant' } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Hel' } } },
    { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'lo' } } },
    { contentBlockStop: { contentBlockIndex: 0 } },
    { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 't', name: 'f' } } } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"a":' } } } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '1}' } } } },
    { messageStop: { stopReason: 'tool_use' } },
    { metadata: { usage: { inputTokens: 30, outputTokens: 70, totalTokens: 100 }, metrics: { latencyMs: 900 } } },
  ]

  test('as its events', async () => {
    expect(await recordOf(logged(hi, events, { operation: 'ConverseStream' }))).toMatchObject({
      body: { stream: true },
      recorded: {
        text: 'Hello',
        toolCalls: [{ name: 'f', arguments: '{"a":1}' }],
        stop: 'tool',
        usage: { input: 30, output: 70 },
      },
      recordedTiming: { totalMs: 900 },
    })
  })

  test('put together, as the log has it', async () => {
    const record = await recordOf(logged(hi, hello, { operation: 'ConverseStream' }))
    expect(record).toMatchObject({ body: { stream: true }, recorded: { text: 'Hello' } })
  })

  test('that has no end is no answer', async () => {
    const { recorded } = await recordOf(logged(hi, events.slice(0, 3), { operation: 'ConverseStream' }))
    expect(recorded).toBeNull()
  })
})

test.each([
  ['max_tokens', 'length'],
  ['stop_sequence', 'end'],
  ['guardrail_intervened', 'filtered'],
  ['content_filtered', 'filtered'],
  ['malformed_model_output', 'unknown'],
])('it stopped with %s', async (stopReason, stop) => {
  expect((await recordOf(logged(hi, { ...hello, stopReason }))).recorded?.stop).toBe(stop)
})

describe('what an OpenAI chat cannot say is lost, with the reason', () => {
  const asking = (...content: readonly JsonObject[]) => ({ messages: [{ role: 'user', content }] })
  test.each<[string, JsonObject, RegExp]>([
    ['a guardrail', { ...hi, guardrailConfig: { guardrailIdentifier: 'g' } }, /Converse's `guardrailConfig`/],
    ["its model's own fields", { ...hi, additionalModelRequestFields: { top_k: 5 } }, /`top_k`/],
    ['a document', asking({ document: { name: 'a' } }), /not read: document/],
    [
      'a picture in S3',
      asking({ image: { format: 'png', source: { s3Location: { uri: 's3://a' } } } }),
      /picture that lies/,
    ],
    [
      'a result without its call',
      asking({ toolResult: { toolUseId: 't', content: [{ text: '7' }] } }),
      /without its call/,
    ],
    ['a result that is a picture', asking({ toolResult: { toolUseId: 't', content: [{ image: {} }] } }), /no text/],
    ['a tool of AWS', { ...hi, toolConfig: { tools: [{ systemTool: { name: 'x' } }] } }, /no function/],
    ['a setting of tomorrow', { ...hi, inferenceConfig: { topK: 3 } }, /setting that is not read: topK/],
    ['no messages', { messages: [] }, /a chat without a message/],
  ])('%s', async (_, body, reason) => {
    expect(await recordOf(logged(body))).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(reason),
      recordedUsage: { input: 4, output: 38 },
      callId: 'q1',
    })
  })

  test('calls of tools that it does not describe', async () => {
    const call = { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'f', input: {} } }] }
    const record = await recordOf(logged({ messages: [...hi.messages, call] }))
    expect(record.fidelityReason).toMatch(/tools that it does not describe/)
  })
})

describe('batches', () => {
  const claude = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }
  const message = {
    type: 'message',
    model: 'claude-x',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
  }

  test.each<[string, JsonObject, JsonObject]>([
    [
      "Anthropic's body, with the model that its answer names",
      { modelInput: claude, modelOutput: message },
      { api: 'anthropic-messages', body: { model: 'claude-x' }, recorded: { text: 'Hello' }, fidelity: 'full' },
    ],
    [
      'Converse',
      { modelInput: hi, modelOutput: hello },
      { api: 'openai-chat', recorded: { text: 'Hello' }, fidelity: 'full' },
    ],
    ['an input file', { modelInput: claude }, { api: 'anthropic-messages', recorded: null, fidelity: 'full' }],
    [
      'an error',
      { modelInput: claude, error: { errorCode: 400, errorMessage: 'bad request' } },
      { recorded: null, recordedError: { status: 400, code: null, message: 'bad request' } },
    ],
    [
      "another maker's body",
      { modelInput: { inputText: 'Roses are red' }, modelOutput: { results: [{ outputText: 'blue' }] } },
      { fidelity: 'metadata-only', fidelityReason: expect.stringMatching(/its model is of no API/) },
    ],
  ])('%s', async (_, line, expected) => {
    const record = await recordOf({ recordId: '1223213ABCD', ...line })
    expect(record).toMatchObject({ ...expected, callId: '1223213ABCD', source: { format: 'bedrock-batch' } })
  })

  test('embeddings are left out', async () => {
    const first = { recordId: 'a', modelInput: claude }
    const embedding = { recordId: 'b', modelInput: { inputText: 'Hi' }, modelOutput: { embedding: [0.1] } }
    const { records, reasons } = await readLines(folder, first, embedding)
    expect([records.length, reasons]).toEqual([1, []])
  })
})
