// Answers of OpenAI's responses: texts, refusals, calls, reasons to stop and bills.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'

const said = (...content: readonly JsonObject[]): JsonObject => ({ type: 'message', role: 'assistant', content })
const text = (words: string): JsonObject => ({ type: 'output_text', text: words, annotations: [] })
const refusal = (words: string): JsonObject => ({ type: 'refusal', refusal: words })
const call: JsonObject = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' }

function answer(output: Json, rest: JsonObject = {}): JsonObject {
  return { object: 'response', status: 'completed', error: null, model: 'gpt-a-2026', output, ...rest }
}

const replyTo = (output: Json, rest: JsonObject = {}) => openaiResponses.reply(answer(output, rest))

describe('reply', () => {
  test.each<[string, readonly JsonObject[], string, string]>([
    ['text', [said(text('Hi'))], 'Hi', 'end'],
    ['parts and messages are joined', [said(text('a'), text('b')), said(text('c'))], 'abc', 'end'],
    ['nothing', [], '', 'end'],
    ['reasoning is no answer', [{ type: 'reasoning', summary: [text('hm')], content: [text('hm')] }], '', 'end'],
    ['a refusal', [said(refusal('I cannot'))], 'I cannot', 'refused'],
    ['a refusal beside text', [said(text('Well'), refusal('I cannot'))], 'I cannot', 'refused'],
    ['an empty refusal is none', [said(text('Hi'), refusal(''))], 'Hi', 'end'],
    [
      'a search of the provider',
      [{ type: 'web_search_call', id: 'ws', status: 'completed' }, said(text('a'))],
      'a',
      'end',
    ],
  ])('%s', (_, output, words, stop) => {
    expect(replyTo(output)).toMatchObject({ text: words, stop, toolCalls: [], servedModel: 'gpt-a-2026' })
  })

  test.each<[string, JsonObject, string]>([
    ['the limit', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    ['the filter', { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'filtered'],
    ['a new reason', { status: 'incomplete', incomplete_details: { reason: 'bored' } }, 'unknown'],
    ['no reason', { status: 'incomplete', incomplete_details: null }, 'unknown'],
    ['no status', { status: null }, 'unknown'],
  ])('stop: %s', (_, rest, stop) => {
    expect(replyTo([said(text('a')), call], rest)).toMatchObject({ text: 'a', stop, toolCalls: [{ name: 'f' }] })
  })

  test.each<[string, Json]>([
    ['failed', answer([], { status: 'failed', error: { code: 'server_error', message: 'no' } })],
    ['failed without saying why', answer([], { status: 'failed' })],
    ['cancelled', answer([], { status: 'cancelled' })],
    ['queued', answer([], { status: 'queued' })],
    ['in progress', answer([], { status: 'in_progress' })],
    ['null', null],
    ['an error inside a 200', { error: { message: 'no' } }],
    ['neither status nor kind', { output: [] }],
    ["Bedrock's converse", { output: { message: { content: [] } }, stopReason: 'end_turn' }],
    ['a chat', { object: 'chat.completion', choices: [] }],
  ])('%s is none', (_, body) => {
    expect(openaiResponses.reply(body)).toBeNull()
  })

  test('a log may keep the events as a list', () => {
    const events = [{ type: 'response.completed', response: answer([said(text('Hi'))]) }]
    expect(openaiResponses.reply(events)).toMatchObject({ text: 'Hi', stop: 'end' })
    expect(openaiResponses.reply(events.slice(1))).toBeNull()
  })
})

describe('tool calls', () => {
  const action = { type: 'exec', command: ['ls'] }

  test.each<[string, JsonObject, string, string]>([
    ['a function', call, 'f', '{"a":1}'],
    ['arguments that are no JSON', { ...call, arguments: '{"a":' }, 'f', '{"a":'],
    ['a tool of free text', { type: 'custom_tool_call', name: 'sql', input: 'SELECT 1' }, 'sql', 'SELECT 1'],
    ['leave to call', { type: 'mcp_approval_request', name: 'go', arguments: '{}' }, 'go', '{}'],
    ['a shell', { type: 'local_shell_call', action }, 'local_shell_call', JSON.stringify(action)],
    ['a mouse', { type: 'computer_call', action }, 'computer_call', JSON.stringify(action)],
    ['a patch', { type: 'apply_patch_call', operation: { a: 1 } }, 'apply_patch_call', '{"a":1}'],
    [
      "a search of the caller's tools",
      { type: 'tool_search_call', execution: 'client', arguments: { goal: 'x' } },
      'tool_search_call',
      '{"goal":"x"}',
    ],
  ])('%s', (_, item, name, args) => {
    expect(replyTo([item])).toMatchObject({ toolCalls: [{ name, arguments: args }], stop: 'tool' })
  })

  test.each<[string, readonly JsonObject[]]>([
    ['a search for tools on their side', [{ type: 'tool_search_call', execution: 'server', arguments: {} }]],
    ['code', [{ type: 'code_interpreter_call', code: '1' }]],
    ['MCP', [{ type: 'mcp_call', name: 'x', arguments: '{}' }]],
    [
      'a shell with its output',
      [
        { type: 'shell_call', call_id: 'c', action },
        { type: 'shell_call_output', call_id: 'c', output: [] },
      ],
    ],
  ])('what the provider runs is none: %s', (_, output) => {
    expect(replyTo([...output, said(text('Done'))])).toMatchObject({ toolCalls: [], text: 'Done', stop: 'end' })
  })

  test("the output of another call answers none of the caller's", () => {
    const output = [
      { type: 'shell_call', call_id: 'c', action },
      { type: 'shell_call_output', call_id: 'd', output: [] },
    ]
    expect(replyTo(output)?.toolCalls).toHaveLength(1)
  })

  test('several stay in order', () => {
    expect(replyTo([call, { ...call, name: 'g' }])?.toolCalls.map(({ name }) => name)).toEqual(['f', 'g'])
  })
})

test.each<[string, Json, Json]>([
  ['none', null, null],
  ['plain', { input_tokens: 5, output_tokens: 3 }, { input: 5, output: 3, cachedInput: null, reasoning: null }],
  [
    'with details',
    {
      input_tokens: 5,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 8,
    },
    { input: 5, output: 3, cachedInput: 4, reasoning: 2, cacheWrite: 1 },
  ],
  [
    'reasoning left out of the output, by the sum',
    { input_tokens: 5, output_tokens: 3, output_tokens_details: { reasoning_tokens: 20 }, total_tokens: 28 },
    { input: 5, output: 23, cachedInput: null, reasoning: 20 },
  ],
  ["a chat's", { prompt_tokens: 5, completion_tokens: 3 }, null],
  ['half a bill', { input_tokens: 5 }, null],
  ['numbers as text', { input_tokens: '5', output_tokens: '3' }, null],
])('usage: %s', (_, usage, expected) => {
  expect(replyTo([], { usage })?.usage).toEqual(expected)
})
