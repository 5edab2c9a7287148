// OpenAI's Batch files: requests and answers that come apart, in any order, and find each other.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { answer, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const log = (name: string, ...lines: readonly JsonObject[]) => writeLog(folder, name, jsonl(...lines))

const asked = (id: string, text = id): JsonObject => ({
  custom_id: id,
  method: 'POST',
  url: '/v1/chat/completions',
  body: request(text),
})
const answered = (id: string, text = `${id}!`, status = 200): JsonObject => ({
  id: `batch_req_${id}`,
  custom_id: id,
  response: { status_code: status, request_id: 'r', body: { ...answer(text), created: 1790000000 } },
  error: null,
})

async function joinedOf(...files: readonly ReturnType<typeof log>[]) {
  const { records, rejected, files: summaries } = await readAll(files)
  const joined = records.map((record) => [record.source.file, record.source.line, record.recorded?.text ?? null])
  return {
    joined: joined.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    rejected,
    summaries,
    records,
  }
}

describe('joining', () => {
  const expected = [
    ['in', 1, 'a!'],
    ['in', 2, 'b!'],
    ['in', 3, 'c!'],
  ]

  test.each<[string, () => readonly ReturnType<typeof log>[]]>([
    ['in one file', () => [log('in', asked('a'), asked('b'), asked('c'), answered('b'), answered('c'), answered('a'))]],
    [
      'out of order over files',
      () => [log('in', asked('a'), asked('b'), asked('c')), log('out', answered('c'), answered('a'), answered('b'))],
    ],
    [
      'answers first',
      () => [log('out', answered('c'), answered('a'), answered('b')), log('in', asked('a'), asked('b'), asked('c'))],
    ],
    [
      'answers in two files',
      () => [
        log('out1', answered('c')),
        log('in', asked('a'), asked('b'), asked('c')),
        log('out2', answered('b'), answered('a')),
      ],
    ],
  ])('%s', async (_, files) => {
    const { joined, rejected, records } = await joinedOf(...files())
    expect(joined).toEqual(expected)
    expect(rejected).toEqual([])
    expect(records[0]?.capturedAt).toBe('2026-09-21T14:13:20.000Z')
  })

  test('a request alone is a record that recorded nothing; an answer alone is rejected', async () => {
    const { joined, rejected, summaries } = await joinedOf(log('in', asked('a')), log('out', answered('b')))
    expect(joined).toEqual([['in', 1, null]])
    expect(rejected).toMatchObject([
      { file: 'out', line: 1, reason: 'an answer whose request is in none of the files' },
    ])
    expect(summaries.map((each) => [each.file, each.lines, each.records, each.rejected])).toEqual([
      ['in', 1, 1, 0],
      ['out', 1, 0, 1],
    ])
  })

  test.each<[string, JsonObject]>([
    ['an error status', answered('a', 'x', 500)],
    [
      'an expired request',
      { id: 'r', custom_id: 'a', response: null, error: { code: 'batch_expired', message: 'late' } },
    ],
  ])('%s is an answer that recorded nothing', async (_, line) => {
    const { joined, rejected } = await joinedOf(log('in', asked('a')), log('errors', line))
    expect([joined, rejected]).toEqual([[['in', 1, null]], []])
  })

  test('batches that number alike, each input before its output', async () => {
    const { joined, rejected } = await joinedOf(
      log('1in', asked('a', 'x')),
      log('1out', answered('a', 'X')),
      log('2in', asked('a', 'y')),
      log('2out', answered('a', 'Y')),
    )
    expect([joined, rejected]).toEqual([
      [
        ['1in', 1, 'X'],
        ['2in', 1, 'Y'],
      ],
      [],
    ])
  })

  test('different requests under one key: nobody guesses whose answer it is', async () => {
    const { joined, rejected } = await joinedOf(log('in', asked('a', 'x'), asked('a', 'y')), log('out', answered('a')))
    expect(joined).toEqual([
      ['in', 1, null],
      ['in', 2, null],
    ])
    expect(rejected).toMatchObject([
      { file: 'out', line: 1, reason: expect.stringMatching(/several different requests/) },
    ])
  })

  test('the same request twice under one key takes the answers in turn', async () => {
    const { joined, rejected, records } = await joinedOf(
      log('in', asked('a', 'x'), asked('a', 'x')),
      log('out', answered('a', '1'), answered('a', '2')),
    )
    expect(joined).toEqual([
      ['in', 1, '1'],
      ['in', 2, '2'],
    ])
    expect(rejected).toEqual([])
    expect(records.map((record) => record.id)).toEqual([records[0]?.id, `${records[0]?.id}-1`])
  })

  test('two answers before their request are not chosen between', async () => {
    const { joined, rejected } = await joinedOf(
      log('out', answered('a', '1'), answered('a', '2')),
      log('s', asked('a')),
    )
    expect(joined).toEqual([['s', 1, null]])
    expect(rejected).toHaveLength(2)
  })

  test('ids do not depend on when the answers come', async () => {
    const input = log('in', asked('a', 'x'), asked('b', 'x'))
    const alone = await joinedOf(input)
    const late = await joinedOf(input, log('out', answered('b'), answered('a')))
    const byLine = (records: typeof late.records) =>
      Object.fromEntries(records.map((record) => [record.source.line, record.id]))
    expect(byLine(late.records)).toEqual(byLine(alone.records))
  })

  test('an unknown endpoint is named', async () => {
    const { rejected } = await joinedOf(log('in', asked('a'), { ...asked('b'), url: '/v1/files' }))
    expect(rejected).toMatchObject([{ line: 2, reason: expect.stringMatching(/files is not read.*chat\/completions/) }])
  })

  test('embeddings and the like are left out, and so are their answers', async () => {
    const embedding = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.1] }], model: 'e' }
    const judged = { id: 'modr-1', results: [{ flagged: false, category_scores: { hate: 0 } }] }
    const reply = (body: JsonObject) => ({ custom_id: 'b', response: { status_code: 200, body }, error: null })
    const { joined, rejected, summaries } = await joinedOf(
      log('in', asked('a'), { ...asked('b'), url: '/v1/embeddings' }, { ...asked('c'), url: '/v1/moderations' }),
      log('out', answered('a'), reply(embedding), reply(judged)),
    )
    expect([joined, rejected]).toEqual([[['in', 1, 'a!']], []])
    expect(summaries.map(({ leftOut }) => leftOut)).toEqual([2, 2])
  })

  test.each<[string, string, JsonObject, JsonObject]>([
    [
      '/v1/responses',
      'openai-responses',
      { model: 'gpt-x', input: 'Hi' },
      {
        object: 'response',
        created_at: 1790000000,
        output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Ho' }] }],
      },
    ],
    [
      '/v1/completions',
      'openai-completions',
      { model: 'gpt-x', prompt: 'Hi' },
      { created: 1790000000, choices: [{ index: 0, text: 'Ho', finish_reason: 'stop' }] },
    ],
    ['/chat/completions', 'openai-chat', request('Hi'), { ...answer('Ho'), created: 1790000000 }],
  ])('the endpoint %s', async (url, api, body, response) => {
    const { records, rejected } = await joinedOf(
      log('in', { ...asked('a'), url, body }),
      log('out', { custom_id: 'a', response: { status_code: 200, body: response }, error: null }),
    )
    expect(rejected).toEqual([])
    expect(records).toMatchObject([
      { api, body, fidelity: 'full', recorded: { text: 'Ho' }, capturedAt: '2026-09-21T14:13:20.000Z', callId: 'a' },
    ])
  })

  test('the error file says what became of the others', async () => {
    const refused = { error: { message: 'no such model', type: 'invalid_request_error', code: 'model_not_found' } }
    const { records } = await joinedOf(
      log('in', asked('a'), asked('b'), asked('c')),
      log(
        'errors',
        { custom_id: 'a', response: { status_code: 404, request_id: 'r', body: refused }, error: null },
        { custom_id: 'b', response: null, error: { code: 'batch_expired', message: 'not executed in time' } },
        {
          custom_id: 'c',
          response: { status_code: 0, body: null },
          error: { code: 'batch_cancelled', message: 'gone' },
        },
      ),
    )
    expect(records.map(({ recorded, recordedError }) => [recorded, recordedError])).toEqual([
      [null, { status: 404, code: 'model_not_found', message: 'no such model' }],
      [null, { status: null, code: 'batch_expired', message: 'not executed in time' }],
      [null, { status: null, code: 'batch_cancelled', message: 'gone' }],
    ])
  })
})
