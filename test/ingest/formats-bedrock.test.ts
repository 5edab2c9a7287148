// Amazon Bedrock's invocation log: Anthropic's messages, whole and streamed, and what is not read.

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

function reasonOf(read: JsonObject): string {
  const [entry] = bedrock.read(read)
  return entry?.kind === 'rejected' ? entry.reason : JSON.stringify(entry)
}

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
})

describe('what is not read', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['Converse', { ...line, operation: 'ConverseStream' }, /ConverseStream is not read.*there is InvokeModel/],
    ['another maker’s body', input({ inputText: 'Hi' }), /the body of anthropic.claude-x-v1:0 is not read/],
    ['Anthropic’s older prompts', input({ ...asked, messages: [], prompt: 'Human: Hi' }), /is not read/],
    ['a body in S3', { ...line, input: { inputBodyS3Path: 's3://a/b.json.gz' } }, /lies in S3/],
    ['no body', { ...line, input: { inputTokenCount: 1 } }, /no `input.inputBodyJson`/],
    ['no model', { ...line, modelId: null }, /no `modelId`/],
  ])('%s is rejected, with the reason', (_, read, reason) => {
    expect(reasonOf(read)).toMatch(reason)
  })

  test.skipIf(!existsSync(recorded))(
    'a recorded line of Cohere’s (skipped where ../shared/data/tool-logs is absent)',
    async () => {
      const { records, reasons } = await readLines(
        folder,
        specimen('bedrock_model_invocation_log.sample.json', recorded),
      )
      expect(records).toEqual([])
      expect(reasons).toEqual([expect.stringMatching(/cohere\.command-r-plus-v1:0 is not read/)])
    },
  )
})
