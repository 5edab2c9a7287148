// Streams of OpenAI's responses, event by event: what is content, what ends them, what breaks them.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiResponses } from '../../src/providers/openai-responses.ts'
import { read as readOf } from './object-streams.ts'

const read = (events: readonly (Json | string)[]) => readOf(openaiResponses, events)

const typed = (name: string, rest: JsonObject = {}): JsonObject => ({ type: `response.${name}`, ...rest })
const delta = (name: string, words: string, rest: JsonObject = {}) =>
  typed(`${name}.delta`, { output_index: 0, delta: words, ...rest })
const words = (text: string, rest: JsonObject = {}) => delta('output_text', text, rest)
const message = (text: string): JsonObject => ({
  type: 'message',
  id: 'msg_1',
  content: text === '' ? [] : [{ type: 'output_text', text }],
})
const call = (args: string): JsonObject => ({ type: 'function_call', id: 'fc_1', name: 'f', arguments: args })
const item = (name: 'added' | 'done', value: JsonObject, output_index = 0) =>
  typed(`output_item.${name}`, { output_index, item: value })
const started = typed('created', { response: { model: 'gpt-a', status: 'in_progress', output: [] } })
const usage = { input_tokens: 4, output_tokens: 2, total_tokens: 6 }
const ended = (output: readonly JsonObject[], rest: JsonObject = {}) =>
  typed('completed', { response: { model: 'gpt-a-2026', status: 'completed', output, usage, ...rest } })

describe('content', () => {
  test.each<[string, JsonObject, boolean]>([
    ['text', words('Hi'), true],
    ['white space is text', words(' '), true],
    ['a refusal', delta('refusal', 'No'), true],
    ['arguments', delta('function_call_arguments', '{'), true],
    ['a summary of reasoning', delta('reasoning_summary_text', 'hm'), true],
    ['reasoning', delta('reasoning_text', 'hm'), true],
    ['code', delta('code_interpreter_call_code', 'x='), true],
    ['the name of a tool', item('added', call('')), true],
    ['text that comes whole', typed('output_text.done', { output_index: 0, text: 'Hi' }), true],
    ['a message that comes whole', item('done', message('Hi')), true],
    ['reasoning that comes whole', item('done', { type: 'reasoning', summary: [{ text: 'hm' }] }), true],
    ['the whole answer at once', ended([message('Hi')]), true],
    ['the start', started, false],
    ['an empty message', item('added', message('')), false],
    ['empty text', words(''), false],
    ['secret reasoning', item('done', { type: 'reasoning', summary: [], encrypted_content: 'x' }), false],
    ['a search of the provider', item('added', { type: 'web_search_call' }), false],
    ['its progress', typed('web_search_call.searching', { output_index: 0 }), false],
    ['an end of nothing', ended([]), false],
  ])('%s: %j → %s', (_, event, expected) => {
    expect(read([event]).hasContent).toEqual([expected])
  })
})

describe('reply', () => {
  test('as the last event has it', () => {
    const events = [started, item('added', message('')), words('Hi'), words('!'), ended([message('Hi!')])]
    expect(read(events).end).toEqual({
      reply: {
        text: 'Hi!',
        toolCalls: [],
        stop: 'end',
        usage: { input: 4, output: 2, cachedInput: null, reasoning: null },
        servedModel: 'gpt-a-2026',
      },
    })
  })

  test.each<[string, readonly JsonObject[], JsonObject]>([
    ['text from its pieces', [item('added', message('')), words('a'), words('b')], { text: 'ab', stop: 'end' }],
    ['text without its item', [words('a'), words('b')], { text: 'ab', stop: 'end' }],
    ['text that came whole', [typed('output_text.done', { output_index: 0, text: 'ab' })], { text: 'ab', stop: 'end' }],
    ['an item as its end has it', [words('a'), item('done', message('abc'))], { text: 'abc', stop: 'end' }],
    ['a refusal', [item('added', message('')), delta('refusal', 'No')], { text: 'No', stop: 'refused' }],
    [
      'a refusal that came whole',
      [typed('refusal.done', { output_index: 0, refusal: 'No' })],
      { text: 'No', stop: 'refused' },
    ],
    [
      'arguments from their pieces',
      [item('added', call('')), delta('function_call_arguments', '{"a"'), delta('function_call_arguments', ':1}')],
      { toolCalls: [{ name: 'f', arguments: '{"a":1}' }], stop: 'tool' },
    ],
    [
      'arguments as their end has them',
      [
        item('added', call('')),
        delta('function_call_arguments', '{'),
        typed('function_call_arguments.done', { output_index: 0, arguments: '{}' }),
      ],
      { toolCalls: [{ name: 'f', arguments: '{}' }], stop: 'tool' },
    ],
    [
      'free text for a tool',
      [item('added', { type: 'custom_tool_call', name: 'sql', input: '' }), delta('custom_tool_call_input', 'SELECT')],
      { toolCalls: [{ name: 'sql', arguments: 'SELECT' }], stop: 'tool' },
    ],
    [
      'two calls, their pieces mixed',
      [
        item('added', call(''), 0),
        item('added', { ...call(''), id: 'fc_2', name: 'g' }, 1),
        delta('function_call_arguments', '1', { output_index: 1 }),
        delta('function_call_arguments', '0', { output_index: 0 }),
      ],
      {
        toolCalls: [
          { name: 'f', arguments: '0' },
          { name: 'g', arguments: '1' },
        ],
        stop: 'tool',
      },
    ],
    [
      'items in the order of their places',
      [words('b', { output_index: 10 }), words('a', { output_index: 2 })],
      { text: 'ab', stop: 'end' },
    ],
    [
      'ids that change on the way',
      [item('added', message('')), words('a', { item_id: 'x' }), words('b', { item_id: 'y' })],
      { text: 'ab', stop: 'end' },
    ],
    [
      'places by id, where there is no index',
      [
        typed('output_text.delta', { item_id: 'msg_1', delta: 'a' }),
        typed('output_text.delta', { item_id: 'msg_2', delta: 'c' }),
        typed('output_text.delta', { item_id: 'msg_1', delta: 'b' }),
      ],
      { text: 'abc', stop: 'end' },
    ],
  ])('where the last event leaves the output out: %s', (_, events, reply) => {
    expect(read([started, ...events, ended([])]).end).toMatchObject({ reply })
  })

  test.each<[string, JsonObject, string]>([
    ['max_output_tokens', { reason: 'max_output_tokens' }, 'length'],
    ['content_filter', { reason: 'content_filter' }, 'filtered'],
  ])('incomplete by %s', (_, incomplete_details, stop) => {
    const response = { status: 'incomplete', incomplete_details, output: [message('Hal')] }
    expect(read([words('Hal'), typed('incomplete', { response })]).end).toMatchObject({ reply: { text: 'Hal', stop } })
  })

  test('the kind of the last event is its status, where it has none', () => {
    const response = { output: [message('a')], incomplete_details: { reason: 'max_output_tokens' } }
    expect(read([typed('completed', { response })]).end).toMatchObject({ reply: { stop: 'end' } })
    expect(read([typed('incomplete', { response })]).end).toMatchObject({ reply: { stop: 'length' } })
  })

  test('the name of the event is its kind, where it has none', () => {
    const reader = openaiResponses.stream()
    reader.push({ event: 'response.output_text.delta', data: '{"output_index":0,"delta":"Hi"}' })
    reader.push({
      event: 'response.completed',
      data: JSON.stringify({ response: { output: [], status: 'completed' } }),
    })
    expect(reader.end()).toMatchObject({ reply: { text: 'Hi', stop: 'end' } })
  })

  test('[DONE] and what follows the end is not read', () => {
    const events = [words('a'), ended([message('a')]), '[DONE]', words('b'), ended([message('b')]), 'junk']
    expect(read(events).end).toMatchObject({ reply: { text: 'a' } })
  })
})

describe('broken', () => {
  const failed = (error: Json) => typed('failed', { response: { status: 'failed', error, output: [] } })

  test.each<[string, readonly (Json | string)[], string]>([
    ['nothing came', [], 'the stream was cut'],
    ['cut in the text', [started, words('a')], 'the stream was cut'],
    ['cut after the item', [started, words('a'), item('done', message('a'))], 'the stream was cut'],
    ['[DONE] alone is no end', [started, words('a'), item('done', message('a')), '[DONE]'], 'the stream was cut'],
    ['an end without a response', [words('a'), typed('completed')], 'the stream held no answer'],
    ['an end that is none', [words('a'), ended([message('a')], { status: 'cancelled' })], 'the stream held no answer'],
    ['a failure', [started, failed({ code: 'server_error', message: 'overloaded' })], 'overloaded'],
    ['a failure that says nothing', [started, failed(null)], 'the stream brought a failed response'],
    ['a flat error', [started, { type: 'error', code: 'x', message: 'no quota', param: null }], 'no quota'],
    ['a nested error', [started, { type: 'error', error: { message: 'no quota' } }], 'no quota'],
    ['an error, then an end', [{ type: 'error', message: 'first' }, ended([message('a')])], 'first'],
    ['not JSON', [started, '{"type":"resp'], 'an event of the stream is not JSON'],
    ['no object', ['7'], 'an event of the stream is no object'],
    ['an error with a key', [{ type: 'error', message: 'key sk-proj-a1B2c3D4e5F6g7H8' }], 'key [secret]'],
    ["a chat's chunk", [{ choices: [{ delta: { content: 'a' } }] }, '[DONE]'], 'the stream was cut'],
  ])('%s', (_, events, broken) => {
    expect(read(events).end).toEqual({ broken })
  })

  test('wherever a stream is cut before its end, it is broken', () => {
    const events = [started, item('added', message('')), words('a'), item('done', message('a')), ended([message('a')])]
    for (let cut = 0; cut < events.length; cut += 1) expect(read(events.slice(0, cut)).end).toHaveProperty('broken')
    expect(read(events).end).toHaveProperty('reply')
  })

  test('pieces of any size give the same text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 12 }), (pieces) => {
        const { end } = read([started, ...pieces.map((piece) => words(piece)), ended([])])
        expect(end).toMatchObject({ reply: { text: pieces.join('') } })
      }),
      { numRuns: 50 },
    )
  })
})
