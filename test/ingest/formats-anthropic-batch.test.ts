// Anthropic's Message Batches: requests as lines and as the body that made the batch, joined with what came of each.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { isObject } from '../../src/providers/shape.ts'
import { specimen } from '../providers/recorded.ts'
import { jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const log = (name: string, ...lines: readonly JsonObject[]) => writeLog(folder, name, jsonl(...lines))
const asked = (id: string, rest: JsonObject = {}): JsonObject => ({
  custom_id: id,
  params: { model: 'claude-x', max_tokens: 100, messages: [{ role: 'user', content: id }], ...rest },
})
const ended = (id: string, result: JsonObject): JsonObject => ({ custom_id: id, result })
const message = { type: 'message', content: [{ type: 'text', text: 'Hello' }], stop_reason: 'end_turn' }

test('a result finds its request, in whichever order the files come', async () => {
  const files = [
    log('in', asked('a', { metadata: { user_id: 'ann' } }), asked('b')),
    log('out', ended('b', { type: 'succeeded', message }), ended('a', { type: 'succeeded', message })),
  ]
  for (const order of [files, files.toReversed()]) {
    const { records, rejected, text } = await readAll(order)
    expect(rejected).toEqual([])
    expect(records).toHaveLength(2)
    for (const record of records) {
      expect(record).toMatchObject({
        api: 'anthropic-messages',
        fidelity: 'full',
        recorded: { text: 'Hello', stop: 'end' },
      })
    }
    expect(records.filter(({ cluster }) => cluster?.startsWith('u-'))).toHaveLength(1)
    expect(text).not.toContain('ann')
  }
})

test('the body that made the batch holds all of its requests', async () => {
  const { records } = await readAll([
    log('batch.json', { requests: [asked('a'), asked('b')] }),
    log('out', ended('a', { type: 'succeeded', message })),
  ])
  expect(records.map(({ callId, recorded }) => [callId, recorded?.text ?? null])).toEqual([
    ['a', 'Hello'],
    ['b', null],
  ])
})

test('an answer that was recorded at Anthropic’s, with its usage', async () => {
  const { response } = specimen('vercel-anthropic-messages-whole')
  const result = { type: 'succeeded', message: isObject(response) ? response : {} }
  const { records } = await readAll([log('in', asked('a')), log('out', ended('a', result))])
  expect(records).toMatchObject([
    { recorded: { stop: 'tool', toolCalls: [{ name: 'updateIssueList' }], usage: { input: 602, output: 93 } } },
  ])
})

describe('what was not answered', () => {
  test.each<[string, JsonObject, string, RegExp]>([
    [
      'errored',
      { error: { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: required' } } },
      'invalid_request_error',
      /^max_tokens: required$/,
    ],
    ['errored', { error: { type: 'api_error', message: 'Internal' } }, 'api_error', /^Internal$/],
    ['expired', {}, 'expired', /24 hours/],
    ['canceled', {}, 'canceled', /canceled/],
  ])('%s %j', async (type, rest, code, said) => {
    const { records } = await readAll([log('in', asked('a')), log('out', ended('a', { type, ...rest }))])
    expect(records).toMatchObject([
      { recorded: null, recordedError: { status: null, code, message: expect.stringMatching(said) } },
    ])
  })

  test('a result without its request is rejected, with the reason', async () => {
    const { rejected } = await readAll([log('out', ended('a', { type: 'succeeded', message }))])
    expect(rejected).toMatchObject([{ reason: 'an answer whose request is in none of the files' }])
  })
})

test('a batch of OpenAI’s with the same ids is another', async () => {
  const openai = { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body: request('Hi') }
  const { records } = await readAll([
    log('openai', openai),
    log('anthropic', asked('a')),
    log('out', ended('a', { type: 'succeeded', message })),
  ])
  const texts = records.map(({ api, recorded }) => [api, recorded?.text ?? null] as const)
  expect(Object.fromEntries(texts)).toEqual({ 'anthropic-messages': 'Hello', 'openai-chat': null })
})
