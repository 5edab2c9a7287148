// promptfoo's results. The lines are made from its published types.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { promptfoo } from '../../src/ingest/formats/promptfoo.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { temporaryFolder } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const [{ line: row }, , { line: file }] = promptfoo.specimens

function exchangeOf(change: JsonObject): CapturedExchange {
  const [entry] = promptfoo.read({ ...row, ...change })
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('a result becomes a record', async () => {
  const { records, reasons, format } = await readLines(folder, row)
  expect([reasons, format]).toEqual([[], 'promptfoo'])
  expect(records).toMatchObject([
    {
      api: 'openai-chat',
      body: { model: 'gpt-x', messages: [{ role: 'user', content: 'Write about trains' }] },
      recorded: { text: 'Steel' },
      recordedTiming: { firstTokenMs: null, totalMs: 812 },
      recordedUsage: { input: 12, output: 3 },
      segments: { task: 'haiku' },
      callId: 'r1',
      fidelity: 'full',
    },
  ])
})

test('a file has all its results, when they were made, and the settings of each provider', async () => {
  const config = {
    providers: [
      'openai:chat:other',
      { id: 'openai:chat:gpt-x', config: { temperature: 0.2, apiKey: 'words', max_tokens: 9 } },
    ],
  }
  const results = [row, { ...row, id: 'r2', provider: { id: 'openai:chat:other' } }]
  const { records, text } = await readLines(folder, { ...file, config, results: { ...file.results, results } })
  expect(records).toMatchObject([
    { body: { model: 'gpt-x', temperature: 0.2, max_tokens: 9 }, capturedAt: '2026-09-01T10:00:00.000Z' },
    { callId: 'r2', body: { model: 'other' } },
  ])
  expect(text).not.toContain('words')
})

test('an answer out of promptfoo’s cache has neither times nor tokens', () => {
  const response = { ...row.response, cached: true }
  expect(exchangeOf({ response })).toMatchObject({
    response: { choices: [{ message: { content: 'Steel' } }] },
    timing: null,
    usage: null,
  })
})

describe('the prompt', () => {
  test('is a chat where it is JSON of messages', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ]
    expect(exchangeOf({ prompt: { raw: JSON.stringify(messages) } }).body).toEqual({ model: 'gpt-x', messages })
  })

  test.each<[string, JsonObject, RegExp]>([
    ['in YAML', { prompt: { raw: '- role: user\n  content: Hi' } }, /YAML/],
    ['of other JSON', { prompt: { raw: '{"topic":"trains"}' } }, /no chat/],
    ['of nothing', { prompt: { raw: ' ' } }, /empty/],
    [
      'to another API',
      { provider: { id: 'anthropic:messages:claude-x' } },
      /anthropic:messages:claude-x was sent is not/,
    ],
    ['to a model whose endpoint is not certain', { provider: { id: 'openai:gpt-5-pro' } }, /not certain/],
    ['to a program', { provider: { id: 'file://ask.py' } }, /not certain/],
  ])('%s is lost', (_, change, reason) => {
    expect(exchangeOf(change)).toMatchObject({
      body: null,
      timing: { totalMs: 812 },
      damage: { reason: expect.stringMatching(reason) },
    })
  })

  test.each<[string, string]>([
    ['openai:gpt-4o-mini', 'gpt-4o-mini'],
    ['openai:chat:ft:gpt-4.1-mini:company-name:ID', 'ft:gpt-4.1-mini:company-name:ID'],
  ])('to %s asks for %s', (id, model) => {
    expect(exchangeOf({ provider: { id } }).body).toMatchObject({ model })
  })

  test('brings settings of its own', () => {
    const prompt = { raw: 'Hi', config: { response_format: { type: 'json_object' } } }
    expect(exchangeOf({ prompt }).body).toMatchObject(prompt.config)
  })

  test('is lost where the settings lie in another file', () => {
    const config = { providers: [{ id: 'openai:chat:gpt-x', config: { tools: 'file://tools.json' } }] }
    expect(promptfoo.read({ ...file, config })).toMatchObject([{ exchange: { body: null } }])
  })
})

describe('what came of it', () => {
  test('an answer that a check refused is an answer', () => {
    const refused = { success: false, failureReason: 1, error: 'Expected output to contain "iron"' }
    expect(exchangeOf(refused)).toMatchObject({ error: null, timing: { totalMs: 812 } })
  })

  test('an error is production’s', () => {
    const error = 'API error: 429 Too Many Requests'
    const failed = { success: false, failureReason: 2, error, response: { error, metadata: { http: { status: 429 } } } }
    expect(exchangeOf(failed)).toMatchObject({
      response: null,
      timing: null,
      error: { status: 429, code: null, message: error },
    })
  })

  test.each<[Json]>([[[{ type: 'function' }]], [{ answer: 1 }], [null]])('an output of %j is no text', (output) => {
    expect(exchangeOf({ response: { ...row.response, output } }).response).toBeNull()
  })

  test('an output that was transformed is not the answer', () => {
    const options = { transform: 'output.trim()' }
    expect(exchangeOf({ testCase: { options } })).toMatchObject({ response: null, timing: { totalMs: 812 } })
    const config = { providers: [{ id: 'openai:chat:gpt-x', transform: 'output.trim()' }] }
    expect(promptfoo.read({ ...file, config })).toMatchObject([{ exchange: { response: null } }])
  })

  test('what people marked is feedback, and checks are none', () => {
    const componentResults = [
      { pass: true, assertion: { type: 'contains' } },
      { pass: false, comment: 'too stiff', assertion: { type: 'human' } },
    ]
    expect(exchangeOf({ gradingResult: { componentResults } }).feedback).toEqual([
      { name: 'human', value: -1, comment: 'too stiff' },
    ])
  })
})
