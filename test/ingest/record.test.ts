// From a captured exchange to a record: its name, its fidelity, and what is not in it.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject, RequestRecord } from '../../src/core/types.ts'
import { type CapturedExchange, captured } from '../../src/ingest/log-format.ts'
import { recordOf } from '../../src/ingest/record.ts'
import { redactions } from '../../src/ingest/redact.ts'
import { providers } from '../../src/providers/index.ts'
import { answer, request } from './files.ts'

const greeting = captured({ body: request('Hi'), response: answer('Hello') })
const source = { file: 'a.jsonl', line: 1, format: 'request-response' }
const startRedaction = redactions({ salt: 'salt', without: [], patterns: [] })
const key = `sk-proj-${'a1B2c3D4'.repeat(4)}`

function made(change: Partial<CapturedExchange>, salt = 'salt') {
  return recordOf({ ...greeting, ...change }, { source, salt, providers, startRedaction })
}

function recordFrom(change: Partial<CapturedExchange>, salt = 'salt'): RequestRecord {
  const result = made(change, salt)
  if ('rejected' in result) throw new Error(result.rejected)
  return result.record
}

const idOf = (body: JsonObject) => recordFrom({ body }).id

describe('the id', () => {
  test('is 24 hex digits of what is asked, whatever the order of fields', () => {
    const { messages = null, model = null } = request('Hi')
    expect(idOf(request('Hi'))).toMatch(/^[0-9a-f]{24}$/)
    expect(idOf({ messages, model })).toBe(idOf({ model, messages }))
    // Pinned: a changed id would make every stored record a new one.
    expect(idOf(request('Hi'))).toMatchInlineSnapshot(`"b6daeb156d5d2c896fc87cc9"`)
  })

  test.each<[string, JsonObject]>([
    ['who asks', { user: 'ann', safety_identifier: 'x' }],
    ['how it is delivered', { stream: true, stream_options: { include_usage: true } }],
  ])('does not depend on %s', (_, rest) => {
    expect(idOf(request('Hi', rest))).toBe(idOf(request('Hi')))
  })

  test.each<[string, JsonObject]>([
    ['the text', request('Ho')],
    ['the model', request('Hi', { model: 'gpt-y' })],
    ['a setting', request('Hi', { temperature: 0 })],
  ])('depends on %s', (_, body) => {
    expect(idOf(body)).not.toBe(idOf(request('Hi')))
  })
})

const clusterOf = (change: Partial<CapturedExchange>, salt?: string) => recordFrom(change, salt).cluster

describe('the cluster', () => {
  test('is the conversation, else the user, else the user in the body, else nobody', () => {
    expect(clusterOf({})).toBeNull()
    expect(clusterOf({ conversation: 'c', user: 'ann' })).toBe(clusterOf({ conversation: 'c', user: 'bob' }))
    expect(clusterOf({ user: 'ann' })).toMatch(/^u-[0-9a-f]{22}$/)
    expect(clusterOf({ user: 'ann' })).not.toBe(clusterOf({ user: 'bob' }))
    expect(clusterOf({ body: request('Hi', { user: 'ann' }) })).toBe(clusterOf({ user: 'ann' }))
    expect(clusterOf({ conversation: 'ann' })).not.toBe(clusterOf({ user: 'ann' }))
  })

  test('depends on the salt', () => {
    expect(clusterOf({ user: 'ann' }, 'a')).not.toBe(clusterOf({ user: 'ann' }, 'b'))
  })
})

describe('fidelity', () => {
  test.each<[string, JsonObject, Json, string]>([
    ['a whole request', request('Hi'), null, 'full'],
    ['a key in a message', request(`use ${key}`), null, 'redacted'],
    ['a key in the answer only', request('Hi'), answer(key), 'full'],
    ['a text that LiteLLM cut', request('abc... (litellm_truncated 12982 chars) ...xyz'), null, 'truncated'],
    ['a text that LiteLLM took out', request('redacted-by-litellm'), null, 'redacted'],
    ['no messages, but a chat answer', { model: 'gpt-x' }, answer('Hello'), 'metadata-only'],
    ['messages of {}, as LiteLLM logs them', { model: 'gpt-x', messages: {} }, answer('Hello'), 'metadata-only'],
    ['messages without a word', request(''), null, 'metadata-only'],
  ])('%s', (_, body, response, fidelity) => {
    expect(recordFrom({ body, response }).fidelity).toBe(fidelity)
  })
})

const chunk = (delta: Json, finish: string | null = null) => ({
  model: 'm',
  choices: [{ index: 0, delta, finish_reason: finish }],
})

describe('the recorded reply', () => {
  const chunks = [chunk({ content: 'Hel' }), chunk({ content: 'lo' }), chunk({}, 'stop')]

  test.each<[string, Json]>([
    ['whole', answer('Hello')],
    ['as the chunks of a stream', chunks],
    [
      'as the text of a stream',
      [...chunks.map((each) => JSON.stringify(each)), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
    ],
  ])('%s', (_, response) => {
    expect(recordFrom({ response }).recorded).toMatchObject({ text: 'Hello', stop: 'end' })
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['an error', { error: { message: 'overloaded' } }],
    ['text that is no stream', 'Hello'],
    ['another API', { content: [{ type: 'text', text: 'Hello' }] }],
  ])('%s is none', (_, response) => {
    expect(recordFrom({ response }).recorded).toBeNull()
  })

  test('a key that came apart over the chunks of a stream is found', () => {
    const result = made({ response: Array.from(key).map((letter) => chunk({ content: letter })) })
    expect(JSON.stringify(result)).not.toContain('a1B2')
    expect(result).toMatchObject({ taken: { keys: 1 }, record: { recorded: { text: '[secret]' } } })
  })
})

describe('rejected', () => {
  test.each<[string, Partial<CapturedExchange>, RegExp]>([
    ['an API that is not read', { body: { contents: [] }, response: null }, /no API.*openai-chat/],
    ['an API that is unknown', { api: 'cohere-chat' }, /no API/],
    [
      'a body nested without end',
      { body: { ...request('Hi'), x: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) } },
      /deep/,
    ],
  ])('%s', (_, change, reason) => {
    expect(made(change)).toEqual({ rejected: expect.stringMatching(reason) })
  })
})

test('half an emoji in a message is no obstacle', () => {
  expect(recordFrom({ body: request('cut \uD83D') }).body).toEqual(request('cut \uFFFD'))
})
