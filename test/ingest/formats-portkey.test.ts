// Portkey's export of logs. The lines are made from its documentation: no recorded export is public.

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { portkey } from '../../src/ingest/formats/portkey.ts'
import type { CapturedExchange } from '../../src/ingest/log-format.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'
import { readLines } from './specimens.ts'

const folder = temporaryFolder()
const [{ line }, { line: newer }, , { line: opinion }] = portkey.specimens
const hi = [{ role: 'user', content: 'Hi' }]

function exchangeOf(change: JsonObject, of: JsonObject = line): CapturedExchange {
  const [entry] = portkey.read({ ...of, ...change })
  if (entry?.kind !== 'whole') throw new Error(JSON.stringify(entry))
  return entry.exchange
}

test('a line becomes a record', async () => {
  const { records, reasons, format, text } = await readLines(folder, line)
  expect([reasons, format]).toEqual([[], 'portkey'])
  expect(records).toMatchObject([
    {
      api: 'openai-chat',
      body: { model: 'gpt-x', messages: hi },
      capturedAt: '2026-09-01T10:00:00.000Z',
      recorded: { text: 'Hello', stop: 'end', usage: null },
      recordedTiming: { firstTokenMs: null, totalMs: 812 },
      recordedUsage: { input: 12, output: 3 },
      callId: 'l1',
      traceId: 't1',
      cluster: expect.stringMatching(/^u-/),
      segments: { _environment: 'prod' },
      fidelity: 'full',
    },
  ])
  expect(text).not.toContain('"u1"')
})

test('a line in the other generation of names tells the same of a call', () => {
  expect(exchangeOf({ request: line.request }, newer)).toMatchObject({
    body: line.request,
    usage: { input: 12, output: 3 },
    timing: { totalMs: 640 },
    traceId: 't2',
  })
})

describe('the request', () => {
  test.each<[string, Json]>([
    ['a text', JSON.stringify(line.request)],
    [
      'a logged HTTP message',
      { url: '/v1/chat/completions', headers: { authorization: 'Bearer 0' }, body: line.request },
    ],
  ])('may be %s', (_, request) => {
    expect(exchangeOf({ request }).body).toEqual(line.request)
  })

  test.each<[Json]>([[null], [''], [{}], ['cut {"model']])('that is %j is lost, and the rest is kept', (request) => {
    expect(exchangeOf({ request })).toMatchObject({
      body: null,
      timing: { totalMs: 812 },
      usage: { input: 12 },
      damage: { fidelity: 'metadata-only', reason: expect.stringMatching(/ask for the field when you export/) },
    })
  })

  test('of a stored prompt tells its API itself', () => {
    const change = { request_url: 'https://api.portkey.ai/v1/prompts/pp-1/completions', prompt_slug: 'pp-1' }
    expect(exchangeOf(change)).toMatchObject({ api: null, body: line.request, segments: { prompt: 'pp-1' } })
  })

  test('to an endpoint of no chat is left out', () => {
    expect(portkey.read({ ...line, request_url: 'https://x/v1/embeddings?a=1' })).toMatchObject([{ kind: 'left-out' }])
  })
})

test('a failure has neither answer nor times, and says with what', () => {
  const response = { error: { code: 'rate_limit_exceeded', message: 'slow down' } }
  const failed = { response: null, timing: null, usage: null, error: { status: 429, message: 'slow down' } }
  expect(exchangeOf({ response_status_code: 429, response })).toMatchObject(failed)
  expect(exchangeOf({ status_code: '429', response }, { ...newer, request: line.request })).toMatchObject(failed)
})

test('units of Anthropic’s are no certain bill', () => {
  expect(exchangeOf({ ai_org: 'anthropic' }).usage).toBeNull()
})

describe('feedback', () => {
  test('is joined by the trace’s name', () => {
    expect(portkey.read(opinion)).toEqual([
      { kind: 'opinion', about: 't1', feedback: { name: 'feedback', value: -1, comment: 'off the mark' } },
    ])
    expect(portkey.read({ trace_id: 't1', value: 5, weight: 1 })).toMatchObject([{ feedback: { value: 0.5 } }])
  })

  test.each<[string, JsonObject]>([
    ['a score of five stars and more', { trace_id: 't1', value: 11, weight: 1 }],
    ['a fraction', { trace_id: 't1', value: 0.5, weight: 1 }],
    ['another tool’s score', { trace_id: 't1', name: 'helpful', value: 1, weight: 1 }],
  ])('%s is none of Portkey’s', (_, score) => {
    expect(portkey.recognises(score)).toBe(false)
  })

  test('stands in the file of the logs, or in one of its own', async () => {
    const logs = writeLog(folder, 'logs.jsonl', jsonl(line, opinion))
    const { records, rejected, files } = await readAll([logs, writeLog(folder, 'feedback.jsonl', jsonl(opinion))])
    expect([records.length, rejected.length, files[1]?.format]).toEqual([1, 0, 'portkey'])
  })
})
