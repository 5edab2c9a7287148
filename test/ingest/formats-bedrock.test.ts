// Amazon Bedrock's invocation log: Anthropic's messages, whole and streamed, and what lies elsewhere.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { bedrock } from '../../src/ingest/formats/bedrock.ts'
import { temporaryFolder } from './files.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()
const recorded = join(import.meta.dirname, '../../../shared/data/tool-logs/aws')
const [line] = bedrock.specimens.map((each): JsonObject => each.line)
const hi = [{ role: 'user', content: 'Hi' }]
const asked = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 256, messages: hi }

const input = (body: Json): JsonObject => ({ ...line, input: { inputBodyJson: body } })
const output = (body: Json, change: JsonObject = {}): JsonObject => ({
  ...line,
  output: { outputBodyJson: body },
  ...change,
})

/** A stream that was recorded at Anthropic's, with the tail that Bedrock adds to it. */
function stream(): readonly Json[] {
  const { response } = specimen(
    'vercel-anthropic-messages-text.json',
    join(import.meta.dirname, '../providers/specimens'),
  )
  const metrics = { inputTokenCount: 12, outputTokenCount: 30, invocationLatency: 6059, firstByteLatency: 1988 }
  const events = Array.isArray(response) ? (response as Json[]) : []
  return [...events.slice(0, -1), { type: 'message_stop', 'amazon-bedrock-invocationMetrics': metrics }]
}

test('an invocation becomes a record that votes, though its texts are plain', async () => {
  const { records, reasons, format, text } = await readLines(folder, line ?? {})
  expect([reasons, format]).toEqual([[], 'bedrock'])
  expect(records).toMatchObject([
    {
      api: 'anthropic-messages',
      body: { model: 'anthropic.claude-x-v1:0', max_tokens: 256, messages: hi },
      capturedAt: '2026-09-01T10:00:00.000Z',
      recorded: { text: 'Hello', stop: 'end', usage: { input: 12, output: 3 } },
      recordedTiming: null,
      cluster: expect.stringMatching(/^c-/),
      segments: { route: 'greeting' },
      fidelity: 'full',
    },
  ])
  expect(text).not.toContain('"s1"')
})

test('a stream is the list of its chunks, and its tail has the only times', async () => {
  const { records } = await readLines(folder, output(stream(), { operation: 'InvokeModelWithResponseStream' }))
  expect(records).toMatchObject([
    {
      body: { stream: true },
      recorded: { text: expect.stringMatching(/^Hello! I'm doing well/), stop: 'end' },
      recordedTiming: { headersMs: 1988, firstTokenMs: null, totalMs: 6059 },
    },
  ])
})

test('bodies may be JSON in texts; an error has no answer', async () => {
  const { records } = await readLines(
    folder,
    input(JSON.stringify(asked)),
    output(JSON.stringify({ type: 'message', content: [{ type: 'text', text: 'Ho' }] })),
    { ...line, errorCode: 'ThrottlingException' },
  )
  expect(records.map((record) => record.recorded?.text ?? null)).toEqual(['Hello', 'Ho', null])
  expect(records[2]?.recordedError).toEqual({ status: null, code: 'ThrottlingException', message: '' })
})

test("a body in OpenAI's words, which its answer confirms", async () => {
  const answered = { choices: [{ index: 0, message: { content: 'Ho' }, finish_reason: 'stop' }] }
  const open = { ...input({ messages: hi, max_completion_tokens: 9 }), modelId: 'openai.gpt-oss-20b-1:0' }
  const { records } = await readLines(folder, { ...open, output: { outputBodyJson: answered } }, open)
  expect(records).toMatchObject([
    {
      api: 'openai-chat',
      body: { model: 'openai.gpt-oss-20b-1:0', messages: hi },
      recorded: { text: 'Ho' },
      fidelity: 'full',
    },
    { fidelity: 'metadata-only' },
  ])
})

describe('a request that is not there is counted, with what the log counted', () => {
  const counts = { inputTokenCount: 8, cacheReadInputTokenCount: 100, cacheWriteInputTokenCount: 7 }
  test.each<[string, JsonObject, RegExp]>([
    ['another maker’s body', input({ inputText: 'Hi' }), /the body of anthropic.claude-x-v1:0 is of no API/],
    ['Anthropic’s older prompts', input({ prompt: 'Human: Hi' }), /is of no API/],
    ['a body in S3', { ...line, input: { ...counts, inputBodyS3Path: 's3://a/b.json.gz' } }, /lies in S3/],
    ['no body', { ...line, input: counts }, /no `input.inputBodyJson`: switch on/],
  ])('%s', async (_, read, reason) => {
    const { records, reasons } = await readLines(folder, read)
    expect(reasons).toEqual([])
    expect(records).toMatchObject([
      {
        fidelity: 'metadata-only',
        fidelityReason: expect.stringMatching(reason),
        callId: 'q1',
        segments: { route: 'greeting' },
      },
    ])
  })

  test('cached input is part of the input', async () => {
    const { records } = await readLines(folder, { ...line, input: counts })
    expect(records[0]?.recordedUsage).toEqual({
      input: 115,
      output: 3,
      cachedInput: 100,
      reasoning: null,
      cacheWrite: 7,
    })
  })

  test.skipIf(!existsSync(recorded))(
    'a recorded line of Cohere’s (skipped where ../shared/data/tool-logs is absent)',
    async () => {
      const { records } = await readLines(folder, specimen('bedrock_model_invocation_log.sample.json', recorded))
      expect(records).toMatchObject([
        {
          fidelityReason: expect.stringMatching(/cohere\.command-r-plus-v1:0 is of no API/),
          recordedUsage: { input: 8, output: 20 },
          capturedAt: '2026-04-17T14:21:50.000Z',
        },
      ])
    },
  )
})

test.each<[string, JsonObject, RegExp]>([
  ['another operation', { ...line, operation: 'ApplyGuardrail' }, /ApplyGuardrail is not read; there is InvokeModel/],
  ['no model', { ...line, modelId: null }, /no `modelId`/],
])('%s is rejected, with the reason', async (_, read, reason) => {
  // The first line says of which format the file is.
  const { reasons } = await readLines(folder, line ?? {}, read)
  expect(reasons).toEqual([expect.stringMatching(reason)])
})

test('embeddings and pictures are left out', async () => {
  const models = ['amazon.titan-embed-text-v2:0', 'cohere.rerank-v3-5:0', 'amazon.nova-canvas-v1:0']
  const lines = models.map((modelId): JsonObject => ({ ...line, modelId }))
  const { records, reasons } = await readLines(folder, line ?? {}, ...lines)
  expect([records.length, reasons]).toEqual([1, []])
})

test('CloudWatch wraps the log, alone and in lists', async () => {
  const message = JSON.stringify(line)
  const event = { id: '3', timestamp: 1790000000000, message }
  const other = { ...event, message: 'START RequestId: 1' }
  const { records, reasons, format } = await readLines(
    folder,
    event,
    { '@timestamp': '2026-09-01 10:00:00.000', '@message': line ?? {} },
    { messageType: 'DATA_MESSAGE', logGroup: '/bedrock', logEvents: [event, other, event] },
    other,
  )
  expect(format).toBe('bedrock')
  expect(reasons).toEqual(['no `schemaType` ModelInvocationLog'])
  expect(records).toHaveLength(4)
  for (const record of records) expect(record).toMatchObject({ recorded: { text: 'Hello' }, fidelity: 'full' })
})
