// TensorZero's tables: rows of calls and of inferences in several files, around answers that it recorded itself.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { tensorzero } from '../../src/ingest/formats/tensorzero.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'
import { specimen } from './specimens.ts'

const folder = temporaryFolder()
const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'specimens/tensorzero', name), 'utf8')
const [{ line: call }, { line: inference }] = tensorzero.specimens
const asked = { messages: [{ role: 'user', content: 'Who brings presents?' }], model: 'gpt-4.1-mini', stream: true }

function exchangeOf(...rows: readonly Json[]): CapturedExchange {
  const entry = tensorzero.assemble(rows)
  if (entry.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('a call and its inference are one record, from two tables in any order', async () => {
  const calls = writeLog(folder, 'model_inference.jsonl', jsonl(call))
  const inferences = writeLog(folder, 'chat_inference.jsonl', jsonl(inference))
  for (const files of [
    [calls, inferences],
    [inferences, calls],
  ]) {
    const { records, rejected, text } = await readAll(files)
    expect(rejected).toEqual([])
    expect(records).toMatchObject([
      {
        api: 'openai-chat',
        body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Hi' }] },
        recorded: { text: 'Hello', stop: 'end' },
        recordedTiming: { firstTokenMs: null, totalMs: 812 },
        recordedUsage: { input: 12, output: 3 },
        // The inference's name is its time.
        capturedAt: '2025-04-15T02:02:36.235Z',
        callId: inference.id,
        traceId: inference.episode_id,
        cluster: expect.stringMatching(/^u-/),
        segments: { function: 'greet', tier: 'free' },
        fidelity: 'full',
      },
    ])
    expect(text).not.toMatch(/"u1"|user_id/)
  }
})

describe('what TensorZero recorded', () => {
  test.each<[string, string, string]>([
    [
      'an answer',
      'chat_completions_example.json',
      'The 2020 World Series was played in Texas at Globe Life Field in Arlington.',
    ],
    ['a stream, a chunk a line', 'chat_completions_streaming_example.jsonl', 'Santa Claus is a'],
  ])('%s', async (_, name, text) => {
    const row = { ...call, raw_request: JSON.stringify(asked), raw_response: recorded(name), ttft_ms: 240 }
    const { records } = await readAll([writeLog(folder, 'recorded.jsonl', jsonl(row))])
    expect(records).toMatchObject([
      {
        body: asked,
        recorded: {
          text: expect.stringContaining(text),
          usage: { input: 57, output: 17, cachedInput: 2, reasoning: 1 },
        },
        recordedTiming: { firstTokenMs: 240, totalMs: 812 },
        cluster: null,
      },
    ])
  })

  test('datapoints were never asked', async () => {
    const log = writeLog(folder, 'datapoints.jsonl', recorded('chat_datapoint_fixture.first2.jsonl'))
    const { records, rejected, files } = await readAll([log])
    expect([records, rejected]).toEqual([[], []])
    expect(files).toMatchObject([{ format: 'tensorzero', lines: 2, leftOut: 2 }])
  })

  test('comments on an episode are opinions of its trace', () => {
    // As ui/fixtures/comment_feedback_examples.jsonl has them.
    const comment = {
      id: '01944339-00dc-7aa2-843a-74ebdf5d5d60',
      target_id: '01942e26-4693-7e80-8591-47b98e25d721',
      target_type: 'episode',
      value: 'a',
      tags: {},
    }
    expect(tensorzero.read(comment)).toEqual([
      { kind: 'opinion', about: comment.target_id, feedback: { name: 'comment', value: null, comment: 'a' } },
    ])
  })
})

test('Anthropic’s calls are told by their answers', async () => {
  const { response } = specimen(
    'vercel-anthropic-messages-whole.json',
    join(import.meta.dirname, '../providers/specimens'),
  )
  const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
  const raw_request = JSON.stringify({ model: 'claude-x', max_tokens: 100, messages, stream: false })
  const row = { ...call, raw_request, raw_response: JSON.stringify(response) }
  const { records } = await readAll([writeLog(folder, 'anthropic.jsonl', jsonl(row))])
  expect(records).toMatchObject([{ api: 'anthropic-messages', fidelity: 'full', recorded: { stop: 'tool' } }])
})

test('an episode is the conversation where no user is named', () => {
  expect(exchangeOf(call, inference)).toMatchObject({ user: 'u1', conversation: null })
  const tags = { 'tensorzero::ui': 'true' }
  const anonymous = { user: null, conversation: inference.episode_id, segments: { function: 'greet' } }
  expect(exchangeOf(call, { ...inference, tags })).toMatchObject(anonymous)
  expect(exchangeOf(call, { ...inference, tags: '{"session_id":"s1"}' }).conversation).toBe('s1')
})

test('an answer out of the cache is no model’s', () => {
  expect(exchangeOf({ ...call, cached: true })).toMatchObject({
    body: { model: 'gpt-x' },
    response: null,
    timing: null,
    usage: null,
  })
})

test('Google’s requests name their model in the path, so the body is given it', () => {
  const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }]
  const row = { ...call, raw_request: JSON.stringify({ contents }), model_name: 'google_ai_studio_gemini::gemini-x' }
  expect(exchangeOf(row).body).toEqual({ model: 'gemini-x', contents })
})

describe('a call is lost, and the rest is kept,', () => {
  test.each<[string, readonly Json[], RegExp]>([
    ['where its table was not exported', [inference], /export the table ModelInference/],
    ['where several served one inference', [inference, call, { ...call, id: 'c2' }], /2 calls of models served it/],
    ['where its request is no JSON', [inference, { ...call, raw_request: 'cut {' }], /no JSON/],
  ])('%s', (_, rows, reason) => {
    expect(exchangeOf(...rows)).toMatchObject({
      body: null,
      callId: inference.id,
      traceId: inference.episode_id,
      segments: { tier: 'free' },
      damage: { fidelity: 'metadata-only', reason: expect.stringMatching(reason) },
    })
  })
})

describe('a metric', () => {
  const valueOf = (value: Json) => {
    const line: JsonObject = { id: 'f', target_id: 't', metric_name: 'm', value, tags: {} }
    const [entry] = tensorzero.read(line)
    return entry?.kind === 'opinion' ? entry.feedback.value : entry?.kind
  }

  test.each<[Json, number | null]>([
    [true, 1],
    [false, -1],
    [0.5, 0.5],
    [5, null],
  ])('of %j is %s, for only what is on our scale is taken over', (value, expected) => {
    expect(valueOf(value)).toBe(expected)
  })

  test('of a text is none', () => expect(valueOf('x')).toBe('rejected'))
})
