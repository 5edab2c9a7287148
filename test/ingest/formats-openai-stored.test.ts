// OpenAI's stored completions. The lines are made from the examples of its API reference.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const log = (name: string, ...lines: readonly JsonObject[]) => writeLog(folder, name, jsonl(...lines))

const completion = (id: string, rest: JsonObject = {}): JsonObject => ({
  object: 'chat.completion',
  id,
  model: 'gpt-x-2026-01-01',
  created: 1790000000,
  request_id: `req_${id}`,
  tool_choice: null,
  usage: { total_tokens: 31, completion_tokens: 18, prompt_tokens: 13 },
  seed: 4711,
  top_p: 1,
  temperature: 0.5,
  presence_penalty: 0,
  frequency_penalty: 0,
  system_fingerprint: 'fp_1',
  input_user: null,
  service_tier: 'default',
  tools: null,
  metadata: {},
  choices: [
    {
      index: 0,
      message: { content: 'Mind of circuits hum', role: 'assistant', tool_calls: null, function_call: null },
      finish_reason: 'stop',
      logprobs: null,
    },
  ],
  response_format: null,
  ...rest,
})
const list = (data: readonly JsonObject[], hasMore = false): JsonObject => ({ object: 'list', data, has_more: hasMore })
const message = (id: string, at: number, rest: JsonObject = {}): JsonObject => ({
  id: `${id}-${at}`,
  role: 'user',
  content: `say ${at}`,
  name: null,
  content_parts: null,
  ...rest,
})

const whole = {
  api: 'openai-chat',
  body: { model: 'gpt-x-2026-01-01', messages: [{ role: 'user', content: 'say 0' }], temperature: 0.5 },
  capturedAt: '2026-09-21T14:13:20.000Z',
  recorded: { text: 'Mind of circuits hum', stop: 'end', usage: { input: 13, output: 18 } },
  fidelity: 'full',
  callId: 'c1',
}

describe('a completion finds its messages', () => {
  test.each<[string, readonly (readonly JsonObject[])[]]>([
    ['in another file', [[list([completion('c1')])], [list([message('c1', 0)])]]],
    ['that came before', [[list([message('c1', 0)])], [list([completion('c1')])]]],
    ['in the next line', [[completion('c1'), list([message('c1', 0)])]]],
    ['beside it', [[completion('c1', { messages: [{ role: 'user', content: 'say 0' }] })]]],
    ['beside it, as the API gave them', [[completion('c1', { messages: list([message('c1', 0)]) })]]],
  ])('%s', async (_, files) => {
    const { records, rejected } = await readAll(files.map((lines, at) => log(`${at}`, ...lines)))
    expect(rejected).toEqual([])
    expect(records).toMatchObject([whole])
  })
})

test('pages of messages come together, whichever way they were asked for', async () => {
  const messages = [0, 1, 2].map((at) => message('c1', at))
  const asked = { messages: [0, 1, 2].map((at) => ({ role: 'user', content: `say ${at}` })) }
  const pages = [list(messages.slice(0, 2), true), list(messages.slice(2))]
  for (const [at, page] of [pages, pages.toReversed(), [list(messages.toReversed())]].entries()) {
    const { records } = await readAll([log(`pages-${at}`, completion('c1'), ...page)])
    expect(records).toMatchObject([{ body: asked, fidelity: 'full' }])
  }
})

test('who asked, what about, and with which tools', async () => {
  const tools = [{ type: 'function', function: { name: 'f' } }]
  const rest = { input_user: 'ann', metadata: { route: 'poems', session_id: 's1' }, tools, tool_choice: 'auto' }
  const parts = [
    { type: 'text', text: 'Hi', image_url: null },
    { type: 'image_url', image_url: { url: 'https://a/b' } },
  ]
  const { records, text } = await readAll([
    log('one', completion('c1', rest), list([message('c1', 0, { content: 'Hi', content_parts: parts })])),
  ])
  expect(records).toMatchObject([
    { segments: { route: 'poems' }, cluster: expect.stringMatching(/^c-/), body: { tools, tool_choice: 'auto' } },
  ])
  expect(records[0]?.body['messages']).toEqual([
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        { type: 'image_url', image_url: { url: 'https://a/b' } },
      ],
    },
  ])
  expect(text).not.toMatch(/ann|"s1"/)
})

describe('a request that is not all there is counted, with its answer', () => {
  const result = message('c1', 1, { role: 'tool', content: '7' })
  test.each<[string, readonly JsonObject[], RegExp]>([
    ['no messages', [], /save the answers to GET \/chat\/completions\/\{id\}\/messages/],
    ['a page of more', [list([message('c1', 0)], true)], /follow `has_more` to the end/],
    ['a page between', [list([message('c1', 0)], true), list([message('c1', 2)])], /follow `has_more`/],
    ['a result without its call', [list([message('c1', 0), result])], /a tool's result without its call/],
    ['a message of nothing', [list([message('c1', 0, { role: 'assistant', content: null })])], /nothing, by assistant/],
  ])('%s', async (_, pages, reason) => {
    const { records } = await readAll([log('lost', completion('c1'), ...pages)])
    expect(records).toMatchObject([
      { fidelity: 'metadata-only', fidelityReason: expect.stringMatching(reason), recorded: { usage: { input: 13 } } },
    ])
  })
})

test('messages of a completion that is nowhere are rejected', async () => {
  const { rejected } = await readAll([log('m', list([message('c9', 0)]), completion('c1'), list([message('c1', 0)]))])
  expect(rejected).toMatchObject([{ reason: 'messages of a stored completion that is in none of the files' }])
})

test('lists and answers of other kinds are none', async () => {
  const { rejected, records } = await readAll([
    log(
      'others',
      completion('c1', { messages: [{ role: 'user', content: 'Hi' }] }),
      { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0] }] },
      { object: 'list', data: [{ id: 'msg_1', object: 'thread.message', role: 'user', content: [] }] },
      { object: 'chat.completion', id: 'c2', model: 'm', choices: [] },
    ),
  ])
  expect([records.length, rejected.length]).toEqual([1, 3])
})
