// Vertex AI's request-response logging. The rows are made from the table's published columns.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { isArray } from '../../src/providers/shape.ts'
import { specimen } from '../providers/recorded.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }]
const answer = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hello' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 3, thoughtsTokenCount: 5, cachedContentTokenCount: 8 },
}
const row = (rest: JsonObject = {}): JsonObject => ({
  endpoint: '',
  deployed_model_id: null,
  logging_time: '2026-09-01 10:00:01.500000 UTC',
  request_id: '3292372995731278848',
  request_payload: [],
  response_payload: [],
  model: 'publishers/google/models/gemini-x',
  model_version: null,
  api_method: 'GenerateContent',
  full_request: { contents, model: 'projects/p/locations/l/publishers/google/models/gemini-x' },
  full_response: answer,
  metadata: { request_latency: 812.5 },
  otel_log: { trace_id: 'ignored' },
  ...rest,
})

async function recordOf(line: JsonObject) {
  const { records, reasons } = await readLines(folder, line)
  expect(reasons).toEqual([])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

/** The chunks of a recorded stream. */
function chunks(name: string): readonly Json[] {
  const { response } = specimen(name)
  if (isArray(response)) return response
  const events = typeof response === 'string' ? response.split('\n').filter((line) => line.startsWith('data: {')) : []
  return events.map((line): Json => JSON.parse(line.slice('data: '.length)))
}

const whole = {
  api: 'gemini-generate-content',
  body: { contents, model: 'gemini-x' },
  // A call is logged when it is answered.
  capturedAt: '2026-09-01T10:00:00.687Z',
  recorded: { text: 'Hello', stop: 'end', usage: { input: 12, output: 8, cachedInput: 8, reasoning: 5 } },
  recordedTiming: { headersMs: null, firstTokenMs: null, totalMs: 812.5 },
  fidelity: 'full',
  callId: '3292372995731278848',
}

test('a row becomes a record', async () => {
  const record = await recordOf(row())
  expect(record).toMatchObject(whole)
  expect(record.body).toEqual(whole.body)
})

test('columns may be JSON in texts', async () => {
  const line = row()
  const fields = ['full_request', 'full_response', 'metadata'] as const
  const texts = Object.fromEntries(fields.map((field) => [field, JSON.stringify(line[field] ?? null)]))
  expect(await recordOf({ ...line, ...texts })).toMatchObject(whole)
})

test('labels are segments, and say who asked', async () => {
  const labels = { adk_agent_name: 'triage', user_id: 'ann' }
  const record = await recordOf(row({ full_request: { contents, labels } }))
  expect(record).toMatchObject({ segments: { adk_agent_name: 'triage' }, cluster: expect.stringMatching(/^u-/) })
  expect(JSON.stringify(record)).not.toContain('ann')
})

describe('streams', () => {
  const streamed = { api_method: 'StreamGenerateContent' }

  test('as the list of their chunks', async () => {
    const list = chunks('vercel-google-text')
    const expected = {
      body: { stream: true },
      recorded: { text: expect.stringMatching(/^There are \*\*3/), stop: 'end' },
    }
    const texts = list.map((each) => JSON.stringify(each))
    expect(await recordOf(row({ ...streamed, full_response: null, response_payload: texts }))).toMatchObject(expected)
    expect(await recordOf(row({ ...streamed, full_response: list }))).toMatchObject(expected)
  })

  test('what the table put together of one counts where it came to its end', async () => {
    expect(await recordOf(row(streamed))).toMatchObject({ recorded: { text: 'Hello' } })
    const cut = {
      ...answer,
      candidates: [{ content: { role: 'model', parts: [{ text: 'The' }] }, finishReason: null }],
    }
    expect(await recordOf(row({ ...streamed, full_response: cut }))).toMatchObject({
      recorded: null,
      recordedUsage: { input: 12, output: 8 },
      fidelity: 'full',
    })
  })
})

describe("Anthropic's models", () => {
  const asked = { anthropic_version: 'vertex-2023-10-16', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] }
  const claude = { model: 'publishers/anthropic/models/claude-x', full_request: asked }

  test('whole', async () => {
    const { response } = specimen('vercel-anthropic-messages-whole')
    expect(await recordOf(row({ ...claude, api_method: 'rawPredict', full_response: response }))).toMatchObject({
      api: 'anthropic-messages',
      body: { model: 'claude-x', max_tokens: 9 },
      recorded: { stop: 'tool', usage: { input: 602, output: 93 } },
      fidelity: 'full',
    })
  })

  test('streamed', async () => {
    const list = chunks('vercel-anthropic-messages-text')
    const line = row({ ...claude, api_method: 'streamRawPredict', full_response: null, response_payload: list })
    expect(await recordOf(line)).toMatchObject({
      body: { stream: true },
      recorded: { text: expect.stringMatching(/^Hello! I'm doing well/), usage: { input: 12, output: 30 } },
    })
  })
})

test('older rows have the payloads alone', async () => {
  const old = { full_request: null, full_response: null }
  const json = { request_payload: [JSON.stringify({ contents })], response_payload: [JSON.stringify(answer)] }
  expect(await recordOf(row({ ...old, ...json }))).toMatchObject({ recorded: { text: 'Hello' }, fidelity: 'full' })
  const texts = { request_payload: ['Hi'], response_payload: ['Hello'] }
  expect(await recordOf(row({ ...old, ...texts }))).toMatchObject({
    fidelity: 'metadata-only',
    fidelityReason: expect.stringMatching(/no `full_request`/),
    recordedTiming: { totalMs: 812.5 },
  })
})

test('an error is none of the answers', async () => {
  const error = { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' }
  expect(await recordOf(row({ full_response: { error } }))).toMatchObject({
    recorded: null,
    recordedError: { status: 429, code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded' },
  })
})

test('a tuned model is its endpoint', async () => {
  const endpoint = 'projects/p/locations/l/endpoints/123'
  const record = await recordOf(row({ model: null, full_request: { contents, endpoint } }))
  expect(record.body).toEqual({ contents, model: 'endpoints/123' })
})

test('predictions of other kinds are left out, and raw ones of other makers are lost', async () => {
  const embedding = row({ api_method: 'predict', full_request: { instances: [] } })
  const llama = row({
    api_method: 'rawPredict',
    model: 'publishers/meta/models/llama-x',
    full_request: { prompt: 'Hi' },
  })
  const { records, reasons } = await readLines(folder, embedding, llama)
  expect(reasons).toEqual([])
  expect(records).toMatchObject([
    { fidelity: 'metadata-only', fidelityReason: expect.stringMatching(/Anthropic's messages/) },
  ])
})
