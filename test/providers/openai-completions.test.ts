// OpenAI's completions: what is taken for a request, what is sent, what it says, and the answers.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { openaiCompletions } from '../../src/providers/openai-completions.ts'
import { read } from './object-streams.ts'

const hello: JsonObject = { model: 'davinci-a', prompt: 'Once upon' }
const plain = { model: null, stream: false, overrides: {} }

describe('accepts', () => {
  test.each<[string, JsonObject]>([
    ['a text', {}],
    ['an empty text', { prompt: '' }],
    ['texts', { prompt: ['a', 'b'] }],
    ['tokens', { prompt: [755, 16178] }],
    ['the tokens of several', { prompt: [[755], [16178, 3]] }],
    ['fields of servers like it', { suffix: 'b', echo: true, top_k: 4, guided_json: {} }],
  ])('%s', (_, fields) => {
    expect(openaiCompletions.accepts({ ...hello, ...fields })).toBe(true)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['a list', [hello]],
    ['no prompt', { model: 'a' }],
    ['no model', { prompt: 'a' }],
    ['no prompts', { ...hello, prompt: [] }],
    ['an empty list of tokens', { ...hello, prompt: [[]] }],
    ['texts and tokens mixed', { ...hello, prompt: ['a', 1] }],
    ['half a token', { ...hello, prompt: [1.5] }],
    ['a stored prompt of the responses', { ...hello, prompt: { id: 'pmpt_1' } }],
    ['a chat', { ...hello, messages: [] }],
    ["Ollama's generate", { ...hello, options: { num_predict: 5 } }],
    ["Anthropic's old completions", { ...hello, max_tokens_to_sample: 5 }],
    ['a picture', { ...hello, size: '1024x1024' }],
    ["Bedrock's Llama", { ...hello, max_gen_len: 5 }],
  ])('not %s', (_, body) => {
    expect(openaiCompletions.accepts(body)).toBe(false)
  })
})

describe('request', () => {
  test('goes to the completions path as captured', () => {
    expect(openaiCompletions.request(hello, plain)).toEqual({ path: '/completions', body: hello })
  })

  test('streaming asks for usage', () => {
    const { body } = openaiCompletions.request(hello, { model: 'b', stream: true, overrides: { temperature: 0 } })
    const delivery = { stream: true, stream_options: { include_usage: true } }
    expect(body).toEqual({ ...hello, model: 'b', temperature: 0, ...delivery })
  })
})

test.each<[string, Json, string]>([
  ['a text', 'Once', 'Once'],
  ['texts', ['a', 'b'], 'a\n\nb'],
  ['tokens', [1, 2, 3], '[3 tokens]'],
  ['the tokens of several', [[1, 2], [3]], '[2 tokens]\n\n[1 tokens]'],
  ['none', null, ''],
  ['what is no prompt', [{}, 1], '\n\n'],
])('prompt: %s', (_, prompt, expected) => {
  expect(openaiCompletions.prompt({ model: 'a', prompt })).toBe(expected)
})

const choice = (text: Json, rest: JsonObject = {}): JsonObject => ({ text, index: 0, finish_reason: null, ...rest })

describe('reply', () => {
  test('the first choice, with the bill of all', () => {
    const body = {
      model: 'davinci-a-2026',
      choices: [choice('b', { index: 1 }), choice(' a time', { finish_reason: 'stop' })],
      usage: { prompt_tokens: 2, completion_tokens: 6, total_tokens: 8 },
    }
    expect(openaiCompletions.reply(body)).toEqual({
      text: ' a time',
      toolCalls: [],
      stop: 'end',
      usage: { input: 2, output: 6, cachedInput: null, reasoning: null },
      servedModel: 'davinci-a-2026',
    })
  })

  test.each([
    ['length', 'length'],
    ['content_filter', 'filtered'],
    ['abort', 'unknown'],
    [null, 'unknown'],
  ])('finish_reason %j is %s', (reason, stop) => {
    expect(openaiCompletions.reply({ choices: [choice('', { finish_reason: reason })] })?.stop).toBe(stop)
  })

  test.each<[string, Json]>([
    ['null', null],
    ['no choices', { choices: [] }],
    ['a chat', { choices: [{ index: 0, message: { content: 'Hi' } }] }],
    ['a chunk of a chat', [{ choices: [{ index: 0, delta: { content: 'Hi' } }] }]],
    ['an error inside a 200', { error: { message: 'no' } }],
    ['an empty list', []],
  ])('%s is none', (_, body) => {
    expect(openaiCompletions.reply(body)).toBeNull()
  })

  test('a log may keep the chunks as a list', () => {
    const chunks = [{ choices: [choice('a')] }, { choices: [choice('b', { finish_reason: 'stop' })] }]
    expect(openaiCompletions.reply(chunks)).toMatchObject({ text: 'ab', stop: 'end' })
  })
})

describe('stream', () => {
  const end = { choices: [choice('', { finish_reason: 'length' })], model: 'm' }
  const usage = { choices: [], usage: { prompt_tokens: 2, completion_tokens: 3 } }

  test('the first choice, and the usage of the chunk without choices', () => {
    const other = { choices: [choice('x', { index: 1, finish_reason: 'stop' })] }
    const events = [{ choices: [choice('a')] }, other, { choices: [choice('b')] }, end, usage, '[DONE]']
    const stream = read(openaiCompletions, events)
    expect(stream.hasContent).toEqual([true, false, true, false, false, false])
    expect(stream.end).toEqual({
      reply: {
        text: 'ab',
        toolCalls: [],
        stop: 'length',
        usage: { input: 2, output: 3, cachedInput: null, reasoning: null },
        servedModel: 'm',
      },
    })
  })

  test('an answer of nothing is an answer', () => {
    expect(read(openaiCompletions, [end, '[DONE]']).end).toMatchObject({ reply: { text: '' } })
  })

  test.each<[string, readonly (Json | string)[], string]>([
    ['cut in the text', [{ choices: [choice('a')] }], 'the stream was cut'],
    ['no end marker', [{ choices: [choice('a')] }, end], 'the stream ended without its end marker'],
    ['no choice', [usage, '[DONE]'], 'the stream held no answer'],
    ['the chunks of a chat', [{ choices: [{ index: 0, delta: {} }] }, '[DONE]'], 'the stream held no answer'],
    ['an error inside a 200', [{ choices: [choice('a')] }, { error: { message: 'full' } }, '[DONE]'], 'full'],
    ['not JSON', ['{"choices":[{"te'], 'an event of the stream is not JSON'],
  ])('broken: %s', (_, events, broken) => {
    expect(read(openaiCompletions, events).end).toEqual({ broken })
  })
})
