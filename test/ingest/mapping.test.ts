// Logs that no format knows, read by a map, and what is told of what it left.

import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import type { LogMap } from '../../src/ingest/mapping/map.ts'
import { createMapping } from '../../src/ingest/mapping.ts'
import { answer, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'
import { duck } from './tables.ts'

const folder = temporaryFolder()

async function readBy(map: LogMap, ...lines: readonly Json[]) {
  return readText(map, jsonl(...lines))
}

async function readText(map: LogMap, content: string, name = 'own.log') {
  const format = createMapping(map)
  const all = await readAll([{ ...writeLog(folder, name, content), format }])
  return { ...all, coverage: format.coverage() }
}

describe("an API's own bodies", () => {
  const map: LogMap = {
    request: 'payload.request.body',
    response: '$.payload.response.body',
    capturedAt: 'at',
    latencySeconds: 'took',
    firstTokenMs: 'ttft',
    inputTokens: 'tokens.in',
    outputTokens: 'tokens.out',
    cachedInputTokens: 'tokens.cached',
    cacheWriteTokens: 'tokens.written',
    reasoningTokens: 'tokens.thought',
    cachedIsIncluded: false,
    user: 'who.id',
    conversation: 'thread',
    callId: 'id',
    traceId: 'trace',
    feedback: 'stars',
    status: 'status',
    error: 'failure',
    segments: { route: 'tags.route', tier: 'tags.tier' },
  }
  const line = {
    payload: { request: { body: request('Hi') }, response: { body: JSON.stringify(answer('Hello')) } },
    at: 1788256800,
    took: '0.812',
    ttft: 90,
    tokens: { in: 10, out: '5', cached: 100, written: 7, thought: 2 },
    who: { id: 42 },
    thread: 'c1',
    id: 'call-1',
    trace: 'trace-1',
    stars: '1',
    status: 200,
    failure: '',
    tags: { route: 'greeting', tier: 2, other: 'x' },
  }

  test('each thing goes where it belongs', async () => {
    const { records, rejected, files, text } = await readBy(map, line)
    expect(rejected).toEqual([])
    expect(files[0]).toMatchObject({ format: 'mapping', records: 1 })
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: request('Hi'),
        capturedAt: '2026-09-01T10:00:00.000Z',
        recorded: { text: 'Hello', stop: 'end', servedModel: 'gpt-x-1' },
        recordedTiming: { headersMs: null, firstTokenMs: 90, totalMs: 812 },
        recordedUsage: { input: 117, output: 5, cachedInput: 100, reasoning: 2, cacheWrite: 7 },
        recordedError: null,
        feedback: [{ name: 'feedback', value: 1, comment: null }],
        cluster: expect.stringMatching(/^c-/),
        segments: { route: 'greeting', tier: '2' },
        fidelity: 'full',
        callId: 'call-1',
        traceId: 'trace-1',
      },
    ])
    expect(text).not.toContain('"c1"')
  })

  test('cached tokens that are counted already are not counted twice', async () => {
    const { records } = await readBy(
      { ...map, cachedIsIncluded: true },
      { ...line, tokens: { in: 110, out: 5, cached: 100 } },
    )
    expect(records[0]?.recordedUsage).toEqual({ input: 110, output: 5, cachedInput: 100, reasoning: null })
  })

  test.each<[string, JsonObject, object]>([
    ['a status', { status: 503 }, { status: 503, code: null, message: '' }],
    ['a word', { status: 'ERROR', failure: 'boom' }, { status: null, code: 'ERROR', message: 'boom' }],
    [
      'an object',
      { failure: { code: 'rate_limit', message: 'slow down' } },
      { code: 'rate_limit', message: 'slow down' },
    ],
    ['JSON in a text', { failure: '{"type":"overloaded","message":"busy"}' }, { code: 'overloaded', message: 'busy' }],
  ])('an error, as %s', async (_, changed, error) => {
    const { records } = await readBy(map, { ...line, ...changed })
    expect(records).toMatchObject([{ recordedError: error, recorded: null, body: request('Hi') }])
  })

  test('a body in a text, in an API that the map names, with its model elsewhere', async () => {
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
    const { records } = await readBy(
      { request: 'req', api: 'gemini-generate-content', model: 'm' },
      { req: JSON.stringify(body), m: 'gemini-x' },
    )
    expect(records).toMatchObject([{ api: 'gemini-generate-content', body: { model: 'gemini-x', ...body } }])
  })

  test('a line without its request is kept, and cannot be replayed', async () => {
    const { records, files } = await readBy(map, { ...line, payload: { request: null } }, { unrelated: 1 }, line)
    expect(records).toMatchObject([
      { fidelity: 'metadata-only', fidelityReason: 'no request at payload.request.body', recordedUsage: { output: 5 } },
      { fidelity: 'full' },
    ])
    expect(files[0]).toMatchObject({ rejected: 1 })
  })
})

describe('a chat that is made', () => {
  const answered = {
    system: 'sys',
    model: 'model',
    parameters: 'params',
    tools: 'tools',
    text: 'out',
    toolCalls: 'calls',
    finishReason: 'why',
    servedModel: 'served',
  }
  const tool = { name: 'find', description: 'Finds', parameters: { type: 'object' } }

  test('of messages, with what stands apart', async () => {
    const { records } = await readBy(
      { messages: 'history', ...answered },
      {
        history: JSON.stringify([{ role: 'human', content: 'Where?' }]),
        sys: 'Be brief.',
        model: 'gpt-x',
        params: '{"temperature":0.2,"max_tokens":50}',
        tools: [tool],
        out: '',
        calls: [{ name: 'find', arguments: { q: 'here' } }],
        why: 'tool_use',
        served: 'gpt-x-2',
      },
    )
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: {
          model: 'gpt-x',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Where?' },
          ],
          temperature: 0.2,
          max_tokens: 50,
          tools: [{ type: 'function', function: tool }],
        },
        recorded: { toolCalls: [{ name: 'find', arguments: '{"q":"here"}' }], stop: 'tool', servedModel: 'gpt-x-2' },
        fidelity: 'full',
      },
    ])
  })

  test('of a prompt; a stream where its first token has a time', async () => {
    const map = { prompt: 'q', model: 'm', text: 'a', startedAt: 's', endedAt: 'e', firstTokenAt: 'f' }
    const [s, f, e] = ['2026-09-01T10:00:00.000Z', '2026-09-01T10:00:00.250Z', '2026-09-01 10:00:01.5']
    const { records } = await readBy(map, { q: 'User: Hi', m: 'gpt-x', a: '{"ok":true}', s, f, e })
    expect(records).toMatchObject([
      {
        body: { ...request('User: Hi'), stream: true },
        capturedAt: s,
        recordedTiming: { firstTokenMs: 250, totalMs: 1500 },
        recorded: { text: '{"ok":true}', toolCalls: [], stop: 'unknown' },
      },
    ])
  })

  test('of a flat table, with a path for each parameter', async () => {
    const parameters = { temperature: 'temp', max_tokens: 'limit', seed: 'none' }
    const { records } = await readText({ prompt: 'q', parameters }, 'q,temp,limit\nHi,0.5,20\n')
    expect(records[0]?.body).toEqual({
      messages: [{ role: 'user', content: 'Hi' }],
      temperature: 0.5,
      max_tokens: 20,
    })
  })

  test('of messages that a JSONPath gathers', async () => {
    const turns = [
      { type: 'turn', message: { role: 'user', content: 'a' } },
      { type: 'note' },
      { type: 'turn', message: { role: 'assistant', content: 'b' } },
      { type: 'turn', message: { role: 'user', content: 'c' } },
    ]
    const { records } = await readBy({ messages: "$.turns[?@.type == 'turn'].message" }, { turns })
    expect(Object(records[0]?.body['messages']).map(({ content }: JsonObject) => content)).toEqual(['a', 'b', 'c'])
  })

  test('not where nobody knows what was asked', async () => {
    const { records } = await readBy(
      { messages: 'm', toolCalls: 'c' },
      { m: 'user: Hi\nassistant: Ho' },
      {
        m: [{ role: 'user', content: 'x' }],
        c: [{ name: 'find', arguments: '{}' }],
      },
    )
    expect(records.map((record) => record.fidelityReason)).toEqual([
      'messages that were flattened into one text',
      'calls of tools that the log does not describe',
    ])
  })

  test.each<[string, JsonObject]>([
    ['openai-chat', request('Hi')],
    ['anthropic-messages', { ...request('Hi'), max_tokens: 9 }],
  ])("its answer beside an API's own request: %s", async (api, body) => {
    const map: LogMap = { request: 'r', api, text: 't', toolCalls: 'c', finishReason: 'f', servedModel: 'v' }
    const call = { function: { name: 'find', arguments: '{"q":1}' } }
    const { records } = await readBy(
      map,
      { r: body, t: 'Ho', c: [call], f: 'tool_use', v: 'x' },
      { r: body, t: 'Ho', f: 'length' },
    )
    expect(records).toMatchObject([
      { recorded: { text: 'Ho', stop: 'tool', toolCalls: [{ name: 'find', arguments: '{"q":1}' }], servedModel: 'x' } },
      { recorded: { text: 'Ho', stop: 'length', toolCalls: [] } },
    ])
  })
})

describe('containers', () => {
  const map = { prompt: 'question', model: 'model', text: 'answer', latencyMs: 'ms', segments: { team: 'meta.team' } }
  const row = { question: 'Why?', model: 'gpt-x', answer: 'Because.', ms: 12, meta: '{"team":"a"}' }
  const expected = [
    { body: request('Why?'), recorded: { text: 'Because.' }, recordedTiming: { totalMs: 12 }, segments: { team: 'a' } },
  ]

  test('a table, with JSON in its cells', async () => {
    const select = `SELECT 'Why?' AS question, 'gpt-x' AS model, 'Because.' AS answer, 12 AS ms, '{"team":"a"}' AS meta`
    for (const format of ['csv', 'parquet']) {
      await duck(`COPY (${select}) TO '${folder}/own.${format}' (FORMAT ${format})`)
      const file = { path: `${folder}/own.${format}`, name: format, format: createMapping(map) }
      expect((await readAll([file])).records).toMatchObject(expected)
    }
  })

  test('an array, a page of an API, standard input', async () => {
    expect((await readText(map, JSON.stringify([row], null, 2))).records).toMatchObject(expected)
    expect((await readText(map, JSON.stringify({ data: [row] }))).records).toMatchObject(expected)
    const file = { path: '-', name: '-', format: createMapping(map) }
    expect((await readAll([file], { stdin: Readable.from([jsonl(row)]) })).records).toMatchObject(expected)
  })
})

test('any JSON is read or rejected, and nothing is thrown', () => {
  const fields = ['m', 't', 'c', 'e', 's', 'role', 'content', 'messages', 'name', 'arguments']
  const json = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<Json>(null, '', 'user', 1, -1, true, '[{"role":"user","content":"x"}]', '{', '['.repeat(30_000)),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...fields), tie('node'), { maxKeys: 6 }),
    ),
  })).node
  const map = {
    messages: 'm',
    text: 't',
    toolCalls: '$..c',
    error: 'e',
    segments: { s: 's' },
    tools: 'name',
    system: 's',
  }
  const format = createMapping(map)
  fc.assert(
    fc.property(json, (line) => {
      expect(format.read(line)).toHaveLength(1)
    }),
    { numRuns: 500 },
  )
  const deep: Json = JSON.parse(`{"m":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
  expect(format.read(deep)).toMatchObject([{ kind: 'rejected', reason: expect.stringMatching(/deep/) }])
})
