// Langfuse's rows, one trap each: times, parameters, tools, answers, and what is no certain chat.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { openaiChat } from '../../src/providers/openai-chat.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const [{ line: base }] = langfuse.specimens
const row = (rest: JsonObject): JsonObject => ({ ...base, ...rest })
const user = { role: 'user', content: 'Hi' }
const weather = { type: 'function', function: { name: 'weather' } }
const call = { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }

function read(line: JsonObject) {
  const [entry] = langfuse.read(line)
  if (entry?.kind !== 'whole') throw new Error(`not whole: ${JSON.stringify(entry)}`)
  return entry.exchange
}
const bodyOf = (rest: JsonObject) => read(row(rest)).body ?? {}
const reasonOf = (rest: JsonObject) => {
  const [entry] = langfuse.read(row(rest))
  if (entry?.kind === 'whole') return entry.exchange.damage?.reason ?? 'certain'
  return entry?.kind === 'rejected' || entry?.kind === 'left-out' ? entry.reason : `${entry?.kind}`
}

test('a row becomes an exchange', () => {
  expect(
    read(row({ tags: ['beta', 'feature:refund', 'user:anna'], release: 'v2', prompt_name: 'p', latency: 9 })),
  ).toEqual({
    api: 'openai-chat',
    body: { model: 'gpt-x', messages: [user], temperature: 0.2, stream: true },
    response: {
      choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: null }],
    },
    error: null,
    usage: { input: 12, output: 3, cachedInput: null, reasoning: null },
    callId: 'o1',
    traceId: 't1',
    damage: null,
    timing: { headersMs: null, firstTokenMs: 700, totalMs: 2500 },
    capturedAt: '2026-09-01T10:00:00.000Z',
    feedback: [],
    reply: null,
    conversation: 's1',
    user: 'u1',
    segments: { beta: 'true', feature: 'refund', release: 'v2', prompt_name: 'p' },
  })
})

test("without a session the user binds a trace's calls, without a user the trace does", () => {
  expect(read(row({ session_id: null })).conversation).toBeNull()
  expect(read(row({ session_id: null, user_id: '' })).conversation).toBe('t1')
})

test('through a file: spans are left out beside the calls', async () => {
  const lines = [row({}), row({ id: 'o2', type: 'SPAN' }), row({ id: 'o3', input: 'Bye', output: 'Bye!' })]
  const { records, rejected, files } = await readAll([writeLog(folder, 'rows', jsonl(...lines))])
  expect(records.map((each) => [each.fidelity, each.recorded?.text])).toEqual([
    ['full', 'Hello'],
    ['full', 'Bye!'],
  ])
  expect(rejected).toEqual([])
  expect(files).toMatchObject([{ records: 2, leftOut: 1 }])
})

test('a call whose chat is not certain is counted, with its time, its tokens and its names', () => {
  const [entry] = langfuse.read(row({ input: '{"question":"Hi"}' }))
  expect(entry).toMatchObject({
    kind: 'whole',
    place: { id: 't1/o1', parent: null },
    exchange: {
      body: null,
      damage: { fidelity: 'metadata-only', reason: 'its request is not certain: an input that is no chat' },
      timing: { totalMs: 2500 },
      usage: { input: 12, output: 3 },
      callId: 'o1',
      traceId: 't1',
      user: 'u1',
    },
  })
})

test('a call that failed says with what', () => {
  const failed = row({ level: 'ERROR', status_message: 'Rate limit reached', output: 'Hey' })
  expect(read(failed)).toMatchObject({ response: null, error: { status: null, message: 'Rate limit reached' } })
})

describe('parameters', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['no limit, in the words of tracers', { max_tokens: -1, seed: '', top_p: 1 }, { top_p: 1 }],
    ['an infinite limit', { max_tokens: 'inf', temperature: '0.5' }, { temperature: 0.5 }],
    ['JSON in strings', { stop_sequences: '["a","b"]' }, { stop: ['a', 'b'] }],
    ['nothing in a wrapper', { stop_sequences: '{"arrayValue":{}}', tool_choice: 'auto' }, {}],
    ['a stop that is no JSON', { stop: 'END' }, { stop: ['END'] }],
    ['a form of answer', { response_format: '{"type":"json_object"}' }, { response_format: { type: 'json_object' } }],
    ['a stream', { is_stream: 'true' }, { stream: true }],
    ['another model than was served', { model: 'alias' }, { model: 'alias' }],
  ])('%s', (_, parameters, expected) => {
    const line = { completion_start_time: null, model_parameters: JSON.stringify(parameters) }
    expect(bodyOf(line)).toEqual({ model: 'gpt-x', messages: [user], ...expected })
  })
})

describe('chats', () => {
  const input = (value: Json) => bodyOf({ input: JSON.stringify(value), completion_start_time: null })
  const result = { role: 'tool', tool_call_id: 'c1', content: 'Sun' }

  test.each<[string, Json, readonly Json[]]>([
    ['text that is no JSON', 'Hi', [user]],
    ['a list in a list', [[user]], [user]],
    [
      "LangChain's roles",
      [
        { type: 'human', content: 'Hi' },
        { role: 'ai', content: 'Ho' },
      ],
      [user, { role: 'assistant', content: 'Ho' }],
    ],
    ['parts of text', [{ role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }], [user]],
    ['parts of OpenTelemetry', [{ role: 'user', parts: [{ type: 'text', content: 'Hi' }] }], [user]],
    [
      'a system beside the messages',
      { system: 'Be kind', messages: [user] },
      [{ role: 'system', content: 'Be kind' }, user],
    ],
    ['Responses', { instructions: 'Be kind', input: 'Hi' }, [{ role: 'system', content: 'Be kind' }, user]],
    [
      'a picture by its address',
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }] }],
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x/y.png' } }] }],
    ],
  ])('%s', (_, value, expected) => {
    const body = typeof value === 'string' ? bodyOf({ input: value }) : input(value)
    expect(body['messages']).toEqual(expected)
    expect(openaiChat.accepts(body)).toBe(true)
  })

  test.each<[string, readonly Json[]]>([
    ['as OpenAI has them', [{ role: 'assistant', content: null, tool_calls: [call] }, result]],
    [
      "in LangChain's own words",
      [{ type: 'ai', content: '', tool_calls: [{ name: 'weather', args: { city: 'Rome' }, id: 'c1' }] }, result],
    ],
    ['beside the content', [{ role: 'assistant', content: '', additional_kwargs: { tool_calls: [call] } }, result]],
    [
      'as parts',
      [
        { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'weather', arguments: { city: 'Rome' } }] },
        { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', result: 'Sun' }] },
      ],
    ],
    [
      "as Anthropic's blocks",
      [
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Rome' } }] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'Sun' }] }],
        },
      ],
    ],
  ])('calls and results, %s', (_, turns) => {
    const { messages, tools } = input({ messages: [user, ...turns], tools: [weather] })
    expect(messages).toMatchObject([user, { role: 'assistant', tool_calls: [call] }, result])
    expect(tools).toEqual([weather])
  })

  test('calls that were logged one by one stand in one message', () => {
    const item = (id: string) => ({ type: 'function_call', call_id: id, name: 'weather', arguments: '{}' })
    const back = (id: string) => ({ type: 'function_call_output', call_id: id, output: id })
    const items = [user, item('a'), item('b'), back('b'), back('a')]
    const { messages } = input({ input: items, tools: [{ type: 'function', name: 'weather' }] })
    expect(messages).toMatchObject([
      user,
      { role: 'assistant', tool_calls: [{ id: 'a' }, { id: 'b' }] },
      { role: 'tool', tool_call_id: 'b' },
      { role: 'tool', tool_call_id: 'a' },
    ])
  })

  test("tools from Langfuse's own column, and Gemini's types in small letters", () => {
    const parameters = '{"type":"OBJECT","properties":{"type":{"type":"STRING"}}}'
    expect(
      bodyOf({ tool_definitions: { weather: JSON.stringify({ description: 'W', parameters }) } })['tools'],
    ).toEqual([
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'W',
          parameters: { type: 'object', properties: { type: { type: 'string' } } },
        },
      },
    ])
  })
})

describe('no certain chat', () => {
  test.each<[string, JsonObject, RegExp]>([
    ['no input', { input: null }, /no input/],
    ['an object that is none', { input: '{"question":"Hi"}' }, /no chat/],
    ['flattened messages', { input: 'system: Be kind\nuser: Hi' }, /flattened/],
    ['media kept apart', { input: '[{"role":"user","content":"@@@langfuseMedia:type=image/png|id=1@@@"}]' }, /media/],
    ['a part that is not read', { input: '[{"role":"user","content":[{"type":"input_audio"}]}]' }, /input_audio/],
    ['a role of nobody', { input: '[{"role":"oracle","content":"Hi"}]' }, /oracle/],
    [
      'a result without its call',
      { input: JSON.stringify([user, { role: 'tool', content: 'x' }]) },
      /without its call/,
    ],
    [
      'calls of unknown tools',
      { output: JSON.stringify({ role: 'assistant', tool_calls: [call] }) },
      /does not describe/,
    ],
    [
      "a provider's own tool",
      { input: JSON.stringify({ messages: [user], tools: [{ type: 'web_search' }] }) },
      /web_search/,
    ],
    ['a conversation kept elsewhere', { output: '{"output":[],"previous_response_id":"r1"}' }, /previous_response_id/],
    [
      'a picture that a tool gave back',
      { input: JSON.stringify([user, { role: 'tool', tool_call_id: 'c1', content: [{ type: 'image' }] }]) },
      /no text/,
    ],
    ['a prompt kept elsewhere', { input: 'Hi', output: '{"output":[],"prompt":{"id":"p1"}}' }, /prompt/],
    [
      'a tool without end',
      { tool_definitions: { a: `{"parameters":${'{"a":'.repeat(20000)}1${'}'.repeat(20001)}` } },
      /deeply/,
    ],
    ['JSON without end', { input: `${'['.repeat(9000)}${']'.repeat(9000)}` }, /too deeply/],
    ['another type', { type: 'EMBEDDING' }, /type EMBEDDING/],
  ])('%s', (_, rest, reason) => {
    expect(reasonOf(rest)).toMatch(reason)
  })
})

test('survives any JSON in its fields', () => {
  const words =
    `role content parts type text tool_calls function name arguments input output messages contents config tools
    choices message instructions system id call_id result usage_metadata additional_kwargs finish_reason`.split(/\s+/)
  const { node } = fc.letrec<{ node: Json }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<Json>(
        null,
        'x',
        7,
        'user',
        'assistant',
        'tool',
        'text',
        'function_call',
        "role='user'",
        '{"a":1}',
      ),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie('node'), { maxKeys: 5 }),
    ),
  }))
  const bodiesAreChats = fc.property(node, node, node, (input, output, other) => {
    const rest = { model_parameters: other, metadata: { attributes: other }, usage_details: other }
    const entries = langfuse.read(row({ input, output, ...rest }))
    return entries.every(
      (entry) => entry.kind !== 'whole' || entry.exchange.body === null || openaiChat.accepts(entry.exchange.body),
    )
  })
  const { failed, counterexample } = fc.check(bodiesAreChats, { numRuns: 1000 })
  expect([failed, counterexample]).toEqual([false, null])
})
