// Streams of Gemini's generateContent, chunk by chunk: what is content, what ends them, what breaks them.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { geminiGenerateContent as gemini } from '../../src/providers/gemini-generate-content.ts'
import { read } from './object-streams.ts'

const chunk = (part: Json, rest: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: 'model', parts: [part] }, index: 0, ...rest }],
  modelVersion: 'gemini-a',
})
const stop = chunk({ text: '' }, { finishReason: 'STOP' })
const stream = (events: readonly (Json | string)[]) => read(gemini, events)
const piece = (jsonPath: string, value: JsonObject, willContinue = true): Json =>
  chunk({ functionCall: { partialArgs: [{ jsonPath, ...value }], willContinue } })

describe('content', () => {
  test.each<[string, Json, boolean]>([
    ['text', chunk({ text: ' ' }), true],
    ['a thought', chunk({ text: 'hm', thought: true }), true],
    ['a call', chunk({ functionCall: { name: 'f', args: {} } }), true],
    ['a picture', chunk({ inlineData: { mimeType: 'image/png', data: 'aGk=' } }), true],
    ['code', chunk({ executableCode: { code: '1' } }), true],
    ['the end', stop, false],
    ['a call that is over', chunk({ functionCall: {} }), false],
    ['usage alone', { usageMetadata: { promptTokenCount: 1 } }, false],
    ['another candidate', { candidates: [{ index: 1, content: { parts: [{ text: 'x' }] } }] }, false],
  ])('%s: %j → %s', (_, event, expected) => {
    expect(stream([event]).hasContent).toEqual([expected])
  })
})

describe('reply', () => {
  test('text, model, and the last usage that counts', () => {
    const events = [
      { ...chunk({ text: 'Hi' }), usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 1 } },
      { ...chunk({ text: ' there' }), usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 } },
      { ...stop, usageMetadata: { trafficType: 'ON_DEMAND' } },
    ]
    expect(stream(events).end).toEqual({
      reply: {
        text: 'Hi there',
        toolCalls: [],
        stop: 'end',
        usage: { input: 4, output: 2, cachedInput: null, reasoning: null },
        servedModel: 'gemini-a',
      },
    })
  })

  test('what follows the finish is read: there is no end marker', () => {
    const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 2 }
    expect(stream([chunk({ text: 'a' }), stop, { usageMetadata }]).end).toMatchObject({
      reply: { text: 'a', usage: { input: 4, output: 2 } },
    })
  })

  test('a blocked prompt', () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: { promptTokenCount: 4 } }
    expect(stream([blocked]).end).toMatchObject({ reply: { text: '', stop: 'filtered', usage: { input: 4 } } })
  })

  test('two calls in pieces', () => {
    const events = [
      chunk({ functionCall: { name: 'f', willContinue: true } }),
      piece('$.city', { stringValue: 'San ' }),
      piece('$.city', { stringValue: 'Francisco' }),
      piece('$.days', { numberValue: 3 }),
      chunk({ functionCall: {} }),
      chunk({ functionCall: { name: 'g', willContinue: true } }),
      piece('$.isFast', { boolValue: true }, false),
      stop,
    ]
    expect(stream(events).end).toMatchObject({
      reply: {
        toolCalls: [
          { name: 'f', arguments: '{"city":"San Francisco","days":3}' },
          { name: 'g', arguments: '{"isFast":true}' },
        ],
        stop: 'tool',
      },
    })
  })
})

describe('broken', () => {
  const error = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }

  test.each<[string, readonly (Json | string)[], string]>([
    ['nothing came', [], 'the stream was cut'],
    ['cut in the text', [chunk({ text: 'a' })], 'the stream was cut'],
    ['an error inside a 200', [chunk({ text: 'a' }), error, stop], 'The model is overloaded.'],
    ['an error in a list', [[error]], 'The model is overloaded.'],
    ['not JSON', [chunk({ text: 'a' }), '{"candid'], 'an event of the stream is not JSON'],
    ['no object', ['7'], 'an event of the stream is no object'],
    [
      'arguments of nowhere',
      [chunk({ functionCall: { name: 'f' } }), piece('city', { stringValue: 'x' }), stop],
      'the pieces of a tool call do not fit together',
    ],
    [
      'arguments of no call',
      [piece('$.city', { stringValue: 'x' }), stop],
      'the pieces of a tool call do not fit together',
    ],
  ])('%s', (_, events, broken) => {
    expect(stream(events).end).toEqual({ broken })
  })
})
