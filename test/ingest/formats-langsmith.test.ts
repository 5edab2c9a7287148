// LangSmith's runs, in the ways in which LangChain and others write what went in and came back.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { langsmith } from '../../src/ingest/formats/langsmith.ts'
import { arrayAt } from '../../src/providers/shape.ts'
import { temporaryFolder } from './files.ts'
import { readLines, specimen } from './specimens.ts'

const folder = temporaryFolder()
const [{ line: base }] = langsmith.specimens
const user = { role: 'user', content: 'Hi' }
const weather = { type: 'function', function: { name: 'weather', description: 'W', parameters: { type: 'object' } } }

async function one(rest: JsonObject) {
  const { records, reasons, format } = await readLines(folder, { ...base, ...rest })
  expect([reasons, format, records.length]).toEqual([[], 'langsmith', 1])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

describe('a call inside a graph', () => {
  const page = specimen('langsmith-runs-made-from-schema.json')
  const [graph, call] = arrayAt(page, 'runs')
  const expected = {
    api: 'openai-chat',
    body: {
      model: 'gpt-x',
      messages: [
        { role: 'system', content: 'Be kind' },
        { role: 'user', content: 'Sun?' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'k', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
        },
        { role: 'tool', tool_call_id: 'k', content: 'Sun' },
      ],
      tools: [weather],
      temperature: 0.5,
      stream: true,
    },
    fidelity: 'full',
    capturedAt: '2026-09-01T10:00:00.500Z',
    recorded: { text: 'Yes', stop: 'end' },
    recordedTiming: { headersMs: null, firstTokenMs: 400, totalMs: 2000 },
    recordedUsage: { input: 20, output: 2, cachedInput: 5, reasoning: 1 },
    recordedError: null,
    feedback: [
      { name: 'user_score', value: 0.5, comment: null },
      { name: 'verdict', value: 1, comment: null },
    ],
    segments: { feature: 'refund', tier: 'gold' },
    callId: '11111111-0000-7000-8000-000000000002',
    traceId: '11111111-0000-7000-8000-000000000001',
    cluster: expect.stringMatching(/^c-/),
  }
  const asObject = (json: Json | undefined): JsonObject => JSON.parse(JSON.stringify(json))

  test.each<[string, readonly JsonObject[]]>([
    ["as a page of the API's", [page]],
    ['as rows, one a line', [asObject(call), asObject(graph)]],
    ['as a tree', [{ ...asObject(graph), child_runs: [asObject(call)] }]],
    [
      "as Parquet's rows, whose objects are JSON in a text",
      [
        Object.fromEntries(
          Object.entries(asObject(call)).map(([field, value]) => [
            field,
            typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
          ]),
        ),
      ],
    ],
  ])('%s', async (_, lines) => {
    const { records, reasons, format } = await readLines(folder, ...lines)
    expect([reasons, format]).toEqual([[], 'langsmith'])
    expect(records).toMatchObject([expected])
    // Neither the segments nor the project of the run say who asked.
    expect(Object.keys(records[0]?.segments ?? {})).toEqual(['feature', 'tier'])
  })

  test('a call around a call is the same one, by any of the fields that say so', async () => {
    const outer = { ...asObject(call), id: 'outer', parent_run_id: null, dotted_order: null }
    for (const link of [
      { parent_run_id: 'outer' },
      { parent_run_id: null, parent_run_ids: ['root', 'outer'] },
      { parent_run_id: null, dotted_order: '20260901Zroot.20260901Zouter.20260901Zinner' },
    ]) {
      const inner = { ...asObject(call), id: 'inner', ...link }
      const { records } = await readLines(folder, inner, outer)
      expect(records.map(({ callId }) => callId)).toEqual(['inner'])
    }
  })
})

describe('messages', () => {
  test.each<[string, Json]>([
    ['as OpenAI has them', { messages: [user] }],
    ['as a type and its data', { messages: [[{ type: 'human', data: { content: 'Hi' } }]] }],
    ["as LangChain's, by type", { messages: [{ type: 'human', content: 'Hi' }] }],
    [
      'as constructors without a type',
      { messages: [{ lc: 1, id: ['x', 'HumanMessageChunk'], kwargs: { content: 'Hi' } }] },
    ],
  ])('%s', async (_, inputs) => {
    expect((await one({ inputs })).body['messages']).toEqual([user])
  })

  test('the wrapper of an SDK has the whole request, which is believed', async () => {
    const inputs = { model: 'gpt-y', messages: [user], temperature: 0, tools: [weather] }
    const outputs = { choices: [{ index: 0, message: { role: 'assistant', content: 'Hey' }, finish_reason: 'length' }] }
    expect(await one({ inputs, outputs })).toMatchObject({
      body: { model: 'gpt-y', messages: [user], temperature: 0, tools: [weather] },
      recorded: { text: 'Hey', stop: 'length' },
    })
  })

  test.each<[string, Json]>([
    ['a generation of text alone', { generations: [[{ text: 'Hey' }]] }],
    [
      'generations of one prompt',
      { generations: [{ text: 'Hey', message: { type: 'ai', data: { content: 'Hey' } } }] },
    ],
    ['a message', { role: 'assistant', content: 'Hey' }],
    ['a message inside', { output: { type: 'ai', content: 'Hey' } }],
  ])('answers: %s', async (_, outputs) => {
    expect((await one({ outputs })).recorded?.text).toBe('Hey')
  })

  test('the settings that LangChain reports stand in for those that are not there', async () => {
    const metadata = { ls_model_name: 'claude-x', ls_temperature: 0.7, ls_max_tokens: 64 }
    expect((await one({ extra: { metadata } })).body).toMatchObject({
      model: 'claude-x',
      temperature: 0.7,
      max_tokens: 64,
    })
  })
})

describe('calls whose chat is not certain are counted, with what is known of them', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['an address', { inputs: {}, inputs_s3_urls: { ROOT: {} } }, /inputs_s3_urls/],
    ['no inputs', { inputs: null }, /without its inputs/],
    ['a text to complete', { inputs: { prompts: ['Hi'] } }, /no chat/],
    ['two prompts in one run', { inputs: { messages: [[user], [user]] } }, /not certain/],
    ['an object of the user', { inputs: { question: 'Hi' } }, /no chat/],
  ])('%s', async (_, rest, reason) => {
    expect(await one(rest)).toMatchObject({
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(reason),
      recordedTiming: { firstTokenMs: 700, totalMs: 2500 },
      recordedUsage: { input: 12, output: 3 },
      callId: base.id,
    })
  })
})

test('a call that failed says with what', async () => {
  const failed = await one({ status: 'error', error: 'RateLimitError: 429', outputs: null })
  expect(failed).toMatchObject({ recorded: null, recordedError: { message: 'RateLimitError: 429' } })
})

test("the columns' own count goes first, with what its details say of the cache", async () => {
  const details = {
    prompt_token_details: { cache_read: 8, cache_creation: 2 },
    completion_token_details: { reasoning: 1 },
  }
  expect((await one(details)).recordedUsage).toEqual({
    input: 12,
    output: 3,
    cachedInput: 8,
    cacheWrite: 2,
    reasoning: 1,
  })
})
