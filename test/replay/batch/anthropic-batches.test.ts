// Anthropic's Message Batches API against answers as they are documented.

import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/types.ts'
import { anthropicMessages } from '../../../src/providers/anthropic-messages.ts'
import { anthropicBatches, resultOf } from '../../../src/replay/batch/anthropic-batches.ts'
import { HttpTrouble } from '../../../src/replay/batch/batch-api.ts'
import { scriptedHttp } from '../../support/scripted-http.ts'

const api = (answers: Record<string, Json | Error>) => {
  const http = scriptedHttp(answers)
  return { http, ...anthropicBatches(http, anthropicMessages) }
}

/** The batch of the API's reference. */
const recorded = {
  id: 'msgbatch_013Zva2CMHLNnXjNJJKqJ2EF',
  archived_at: null,
  cancel_initiated_at: null,
  created_at: '2026-11-23T00:00:05.100435Z',
  ended_at: null,
  expires_at: '2026-11-24T00:00:05.100435Z',
  processing_status: 'in_progress',
  request_counts: { canceled: 10, errored: 30, expired: 10, processing: 100, succeeded: 50 },
  results_url: null,
  type: 'message_batch',
}

it('hands over all requests in one body', async () => {
  const { http, ...batches } = api({ 'POST /messages/batches': recorded })
  const lines = ['a', 'b'].map((id) => batches.lineOf(id, { model: id, max_tokens: 1, messages: [] }))
  expect(await batches.upload(lines)).toBeNull()
  expect(await batches.create(lines, null)).toBe(recorded.id)
  expect(JSON.parse(String(http.asked[0]?.body))).toEqual({
    requests: [
      { custom_id: 'a', params: { model: 'a', max_tokens: 1, messages: [] } },
      { custom_id: 'b', params: { model: 'b', max_tokens: 1, messages: [] } },
    ],
  })
  expect(batches.groupOf({ model: 'a' })).toBe(batches.groupOf({ model: 'b' }))
  expect(batches.limits).toEqual({ requests: 100_000, bytes: 256_000_000 })
})

describe('a lost batch', () => {
  const lost = { fileId: null, requests: 200, submittedAt: '2026-11-23T00:00:00.000Z', known: new Set<string>() }
  const list = (...data: Json[]) => ({ 'GET /messages/batches?limit=100': { data, has_more: false } })
  it.each([
    ['made then, with as many requests', recorded, recorded.id],
    ['with other requests', { ...recorded, request_counts: { processing: 199 } }, null],
    ['made before', { ...recorded, created_at: '2026-11-22T23:00:00Z' }, null],
    ['of no time', { ...recorded, created_at: null }, null],
  ])('%s', async (_name, batch, expected) => {
    expect(await api(list(batch)).find(lost)).toBe(expected)
  })
  it('is none that is accounted for', async () => {
    expect(await api(list(recorded)).find({ ...lost, known: new Set([recorded.id]) })).toBeNull()
  })
  it('is looked for on later pages, back to its time', async () => {
    const younger = {
      ...recorded,
      id: 'msgbatch_9',
      created_at: '2026-11-25T00:00:00Z',
      request_counts: { processing: 1 },
    }
    const { find } = api({
      'GET /messages/batches?limit=100': { data: [younger], has_more: true, last_id: 'msgbatch_9' },
      'GET /messages/batches?limit=100&after_id=msgbatch_9': { data: [recorded], has_more: true, last_id: recorded.id },
    })
    expect(await find(lost)).toBe(recorded.id)
  })
})

describe('a batch', () => {
  const stateOf = (changes: object) => api({ 'GET /messages/batches/b': { ...recorded, ...changes } }).poll('b')
  it('is waited for', async () => {
    expect(await stateOf({})).toEqual({ kind: 'pending', answered: 100 })
    expect(await stateOf({ processing_status: 'canceling' })).toMatchObject({ kind: 'pending' })
  })
  it('ends with a place for its results, which may move on the own origin', async () => {
    const ended = { processing_status: 'ended', results_url: 'http://a/moved/results' }
    expect(await stateOf(ended)).toEqual({
      kind: 'ended',
      sources: [{ url: 'http://a/moved/results', elsewhere: null }],
      isCancelled: false,
    })
  })
  it('that names another origin is asked on the own one', async () => {
    const told = 'https://evil.example/v1/messages/batches/b/results'
    expect(await stateOf({ processing_status: 'ended', results_url: told })).toMatchObject({
      sources: [{ url: 'http://a/v1/messages/batches/b/results', elsewhere: told }],
    })
  })
  it('is cancelled where somebody did so, and empty after 29 days', async () => {
    expect(await stateOf({ processing_status: 'ended', cancel_initiated_at: '2026-11-23T01:00:00Z' })).toEqual({
      kind: 'ended',
      sources: [],
      isCancelled: true,
    })
  })
})

describe('results that are said to be elsewhere', () => {
  const source = { url: 'http://a/v1/messages/batches/b/results', elsewhere: 'https://evil.example/results' }
  const read = async (answer: Json | Error) => {
    const results = []
    for await (const result of api({ 'GET /messages/batches/b/results': answer }).results(source)) results.push(result)
    return results
  }
  it('are read here', async () => {
    expect(await read('{"custom_id":"r","result":{"type":"expired"}}\nnot JSON\n')).toHaveLength(1)
  })
  it('end the run where they are not here', async () => {
    await expect(read(new HttpTrouble(404, 'no such path'))).rejects.toThrow('said to be at https://evil.example')
  })
  it('are waited for where here is down for now', async () => {
    await expect(read(new HttpTrouble(503, 'maintenance'))).rejects.toMatchObject({ status: 503, isTransient: true })
  })
})

describe('a result', () => {
  const of = (result: Json) => resultOf({ custom_id: 'r-1', result }, anthropicMessages)
  it('is a message', () => {
    const message = {
      id: 'msg_014VwiXbi91y3JMjcpyGBHX5',
      type: 'message',
      role: 'assistant',
      model: 'claude-opus-5',
      content: [{ type: 'text', text: 'Hello again!' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 11, output_tokens: 36 },
    }
    expect(of({ type: 'succeeded', message })).toMatchObject({
      customId: 'r-1',
      isFinal: true,
      outcome: { kind: 'reply', reply: { text: 'Hello again!', usage: { input: 11, output: 36 } } },
    })
  })
  it.each([
    ['invalid_request_error', 400, true],
    ['request_too_large', 413, true],
    ['not_found_error', 404, true],
    ['rate_limit_error', 429, false],
    ['api_error', 500, false],
    ['overloaded_error', 529, false],
    ['something_new', 500, false],
  ])('errored with %s: %i', (type, status, isFinal) => {
    const told = { outcome: { kind: 'rejected', status, code: type, detail: 'told' }, httpStatus: status, isFinal }
    expect(of({ type: 'errored', error: { type: 'error', error: { type, message: 'told' } } })).toMatchObject(told)
    expect(of({ type: 'errored', error: { type, message: 'told' } })).toMatchObject(told)
  })
  it.each([['expired'], ['canceled'], ['unheard-of']])('%s was not answered', (type) => {
    expect(of({ type })).toMatchObject({ isFinal: false, httpStatus: null, outcome: { kind: 'broken' } })
  })
  it('without an id is none', () => {
    expect(resultOf({ result: { type: 'expired' } }, anthropicMessages)).toBeNull()
  })
})
