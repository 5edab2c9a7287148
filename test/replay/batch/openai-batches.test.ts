// OpenAI's Batch API against answers as they were recorded and documented.

import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/types.ts'
import { openaiChat } from '../../../src/providers/openai-chat.ts'
import { openaiResponses } from '../../../src/providers/openai-responses.ts'
import { openaiBatches, resultOf } from '../../../src/replay/batch/openai-batches.ts'
import { scriptedHttp } from '../../support/scripted-http.ts'
import { completion } from '../../support/target.ts'

const api = (answers: Record<string, Json>) => {
  const http = scriptedHttp(answers)
  return { http, ...openaiBatches(http, openaiChat) }
}

/** The batch of the API's reference, "The batch object". */
const recorded = {
  id: 'batch_abc123',
  object: 'batch',
  endpoint: '/v1/completions',
  errors: null,
  input_file_id: 'file-abc123',
  completion_window: '24h',
  status: 'completed',
  output_file_id: 'file-cvaTdG',
  error_file_id: 'file-HOWS94',
  created_at: 1_711_471_533,
  in_progress_at: 1_711_471_538,
  expires_at: 1_711_557_933,
  finalizing_at: 1_711_493_133,
  completed_at: 1_711_493_163,
  failed_at: null,
  expired_at: null,
  cancelling_at: null,
  cancelled_at: null,
  request_counts: { total: 100, completed: 95, failed: 5 },
  metadata: { customer_id: 'user_123456789' },
}
const sourceOf = (id: string) => ({ url: `http://a/v1/files/${id}/content`, elsewhere: null })

describe('what is handed over', () => {
  it('is a file of lines, and a batch of that file', async () => {
    const { http, ...batches } = api({ 'POST /files': { id: 'file-1' }, 'POST /batches': { id: 'batch_1' } })
    const lines = ['a', 'b'].map((id) => batches.lineOf(id, { model: 'm', messages: [] }))
    const fileId = await batches.upload(lines)
    expect(fileId).toBe('file-1')
    expect(await batches.create(lines, fileId)).toBe('batch_1')
    const [upload, made] = http.asked
    const body = { model: 'm', messages: [] }
    expect(upload).toMatchObject({ fields: { purpose: 'batch' }, name: 'shadowgate.jsonl' })
    expect(
      String(upload?.body)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { custom_id: 'a', method: 'POST', url: '/v1/chat/completions', body },
      { custom_id: 'b', method: 'POST', url: '/v1/chat/completions', body },
    ])
    expect(JSON.parse(String(made?.body))).toEqual({
      input_file_id: 'file-1',
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
    })
  })

  it('names the endpoint of each API, and keeps models apart', () => {
    const responses = openaiBatches(scriptedHttp({}), openaiResponses)
    expect(JSON.parse(responses.lineOf('a', {})).url).toBe('/v1/responses')
    expect(responses.groupOf({ model: 'a' })).not.toBe(responses.groupOf({ model: 'b' }))
    expect(responses.limits).toEqual({ requests: 50_000, bytes: 200_000_000 })
  })

  it('an answer without an id is no batch', async () => {
    const { create } = api({ 'POST /batches': { object: 'batch' } })
    await expect(create([], 'file-1')).rejects.toThrow('names no id')
  })
})

describe('a lost batch', () => {
  const lost = { fileId: 'file-abc123', requests: 3, submittedAt: '2026-11-23T00:00:00.000Z', known: new Set<string>() }
  it('is found by its file, also on a later page', async () => {
    const other = { id: 'batch_9', input_file_id: 'file-9' }
    const { find } = api({
      'GET /batches?limit=100': { data: [other], has_more: true },
      'GET /batches?limit=100&after=batch_9': { data: [recorded], has_more: false },
    })
    expect(await find(lost)).toBe('batch_abc123')
  })
  it('was never made where no list has it, or no file was uploaded', async () => {
    expect(await api({ 'GET /batches?limit=100': { data: [], has_more: false } }).find(lost)).toBeNull()
    expect(await api({}).find({ ...lost, fileId: null })).toBeNull()
  })
})

describe('a batch', () => {
  const stateOf = (changes: object) => api({ 'GET /batches/batch_1': { ...recorded, ...changes } }).poll('batch_1')
  it.each([
    ['completed', {}, { kind: 'ended', sources: ['file-cvaTdG', 'file-HOWS94'].map(sourceOf), isCancelled: false }],
    [
      'completed, all of it errors (litellm issue 33987)',
      { output_file_id: null },
      { kind: 'ended', sources: [sourceOf('file-HOWS94')] },
    ],
    ['expired with some answers', { status: 'expired' }, { kind: 'ended', isCancelled: false }],
    [
      'cancelled with some answers',
      { status: 'cancelled', error_file_id: null },
      { kind: 'ended', sources: [sourceOf('file-cvaTdG')], isCancelled: true },
    ],
    ['in progress', { status: 'in_progress' }, { kind: 'pending', answered: 100 }],
    ['validating, without counts', { status: 'validating', request_counts: null }, { kind: 'pending', answered: 0 }],
    ['finalizing', { status: 'finalizing' }, { kind: 'pending' }],
    ['cancelling', { status: 'cancelling' }, { kind: 'pending' }],
    ['in a state of later times', { status: 'hibernating' }, { kind: 'pending' }],
  ])('%s', async (_name, changes, expected) => {
    expect(await stateOf(changes)).toMatchObject(expected)
  })

  it('that failed says why, line by line', async () => {
    const data = [
      { code: 'invalid_json_line', line: 1, message: 'This line is not parseable.', param: null },
      { code: 'mismatched_model', line: null, message: 'One model only.', param: 'body.model' },
      { code: 'a' },
      { code: 'b' },
    ]
    expect(await stateOf({ status: 'failed', errors: { object: 'list', data } })).toEqual({
      kind: 'failed',
      isFull: false,
      detail:
        'line 1: invalid_json_line: This line is not parseable.; mismatched_model: One model only.; a; and 1 more',
    })
    expect(await stateOf({ status: 'failed', errors: null })).toMatchObject({ detail: 'no reason was given' })
  })

  it('for which there is no room may come again (openai-python issue 2084)', async () => {
    const data = [{ code: 'token_limit_exceeded', line: null, message: 'Enqueued token limit reached', param: null }]
    expect(await stateOf({ status: 'failed', errors: { data } })).toMatchObject({ kind: 'failed', isFull: true })
  })
})

describe('a result', () => {
  const head = { id: 'batch_req_1', custom_id: 'r-1' }
  const of = (line: Json) => resultOf(line, openaiChat)
  it('is a reply', () => {
    const result = of({
      ...head,
      response: { status_code: 200, request_id: 'ab', body: completion('Noon.') },
      error: null,
    })
    expect(result).toMatchObject({
      customId: 'r-1',
      httpStatus: 200,
      isFinal: true,
      outcome: { kind: 'reply', reply: { text: 'Noon.' } },
    })
  })
  it('is a refusal, whose body is where the answer would be (openai-openapi issue 302)', () => {
    const error = {
      message: 'max_tokens is too large: 1000000.',
      type: 'invalid_request_error',
      param: 'max_tokens',
      code: 'invalid_value',
    }
    const result = of({ ...head, response: { status_code: 400, request_id: 'ab', body: { error } }, error: null })
    expect(result).toEqual({
      customId: 'r-1',
      httpStatus: 400,
      isFinal: true,
      outcome: { kind: 'rejected', status: 400, code: 'invalid_value', detail: 'max_tokens is too large: 1000000.' },
    })
  })
  it.each([
    ['a 429', { response: { status_code: 429, body: { error: { message: 'slow' } } }, error: null }, 'rejected'],
    ['a 500', { response: { status_code: 500, body: {} }, error: null }, 'rejected'],
    [
      'a status of 0 (ellmer issue 830)',
      { response: { status_code: 0, request_id: '', body: {} }, error: null },
      'broken',
    ],
    ['the end of the window', { response: null, error: { code: 'batch_expired', message: 'not executed' } }, 'broken'],
    ['an unknown word', { response: null, error: { code: 'sunspots' } }, 'broken'],
    ['nothing at all', { response: null, error: null }, 'broken'],
  ])('with %s is the provider’s trouble: to be asked again', (_name, line, kind) => {
    expect(of({ ...head, ...line })).toMatchObject({ isFinal: false, outcome: { kind } })
  })
  it('of another shape is broken for good', () => {
    const result = of({ ...head, response: { status_code: 200, body: { object: 'embedding' } }, error: null })
    expect(result).toMatchObject({
      isFinal: true,
      outcome: { kind: 'broken', detail: expect.stringContaining('not an answer of openai-chat') },
    })
  })
  it.each([[undefined], [null], [7], [{ response: null }]])('%j is no result', (line) => {
    expect(resultOf(line, openaiChat)).toBeNull()
  })
})
