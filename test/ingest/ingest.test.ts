// Whole ingests: files of every condition, halves from several files, and nothing that should not be kept.

import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../src/core/fault.ts'
import { openaiBatch } from '../../src/ingest/formats/openai-batch.ts'
import { formats } from '../../src/ingest/index.ts'
import type { FileSummary } from '../../src/ingest/ingest.ts'
import { captured, type LogFormat } from '../../src/ingest/log-format.ts'
import { answer, exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const log = (name: string, content: string | Uint8Array) => writeLog(folder, name, content)
const good = JSON.stringify(exchange('Hi'))

async function faultOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

test('the nth recurrence of a request is numbered, for each file anew', async () => {
  const texts = ['Hi', 'Ho', 'Hi', 'Hi', 'Ho']
  const content = jsonl(...texts.map((text) => exchange(text)))
  const { records, files } = await readAll([log('recurring.jsonl', content), log('again.jsonl', content)])
  const ids = records.map(({ id }) => id)
  const [hi = '', ho = ''] = ids
  expect(ids.slice(0, 5)).toEqual([hi, ho, `${hi}-1`, `${hi}-2`, `${ho}-1`])
  expect(ids.slice(5)).toEqual(ids.slice(0, 5))
  expect(files.map(({ recurring }) => recurring)).toEqual([3, 3])
})

describe('a good file', () => {
  test('each line becomes a record', async () => {
    const line = exchange('Hi', {
      timestamp: '2026-09-01T10:00:00Z',
      latency_ms: 812,
      ttft_ms: 90,
      conversation_id: 'c1',
      segments: { route: 'greeting', tier: 2 },
      feedback: { score: 1 },
    })
    const { records, rejected, files } = await readAll([log('good.jsonl', jsonl(line))])
    expect(rejected).toEqual([])
    expect(records).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        api: 'openai-chat',
        body: request('Hi'),
        capturedAt: '2026-09-01T10:00:00.000Z',
        recorded: { text: 'Hi!', toolCalls: [], stop: 'end', usage: null, servedModel: 'gpt-x-1' },
        recordedTiming: { headersMs: null, firstTokenMs: 90, totalMs: 812 },
        recordedUsage: null,
        recordedError: null,
        feedback: [{ name: 'score', value: 1, comment: null }],
        cluster: expect.stringMatching(/^c-[0-9a-f]{22}$/),
        segments: { route: 'greeting', tier: '2' },
        fidelity: 'full',
        fidelityReason: null,
        callId: null,
        traceId: null,
        source: { file: 'good.jsonl', line: 1, format: 'request-response' },
      },
    ])
    expect(files).toEqual([
      {
        file: 'good.jsonl',
        format: 'request-response',
        lines: 1,
        records: 1,
        rejected: 0,
        recurring: 0,
        keysRemoved: 0,
        personalData: {},
        personalRecords: 0,
        leftOut: 0,
        leftOutAs: {},
        incomplete: {},
      },
    ])
  })

  const lines = ['a', 'b', 'c'].map((text) => exchange(text))
  const text = jsonl(...lines)
  test.each<[string, string | Uint8Array, readonly number[]]>([
    ['CRLF', text.replaceAll('\n', '\r\n'), [1, 2, 3]],
    ['a byte order mark', `\uFEFF${text}`, [1, 2, 3]],
    ['no line end at the end', text.trimEnd(), [1, 2, 3]],
    ['blank lines', `\n\n${text.replaceAll('\n', '\n \n')}`, [3, 5, 7]],
    ['gzip', gzipSync(text), [1, 2, 3]],
    ['gzip of two members', Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))]), [1, 2, 3]],
    ['zstd', zstdCompressSync(text), [1, 2, 3]],
  ])('%s: the line numbers are those of the text', async (_, content, numbers) => {
    const { records, rejected } = await readAll([log('numbers', content)])
    expect(rejected).toEqual([])
    expect(records.map((record) => record.source.line)).toEqual(numbers)
  })

  test('a line of 4 MB', async () => {
    const { records, rejected } = await readAll([
      log('long.jsonl', jsonl(exchange('x'.repeat(4 * 1024 * 1024)), exchange('b'))),
    ])
    expect(rejected).toEqual([])
    expect(records.map((record) => record.source.line)).toEqual([1, 2])
  })

  test('stdin', async () => {
    const file = { path: '-', name: '-', format: null }
    const { records } = await readAll([file], { stdin: Readable.from([text]) })
    expect(records.map((record) => record.source)).toMatchObject([{ file: '-', line: 1 }, { line: 2 }, { line: 3 }])
  })

  test('an empty file is a file without lines', async () => {
    const { records, rejected, files } = await readAll([log('empty.jsonl', ''), log('blank.jsonl', '\n\n')])
    expect([records, rejected]).toEqual([[], []])
    expect(files.map((file) => [file.lines, file.format])).toEqual([
      [0, null],
      [0, null],
    ])
  })

  test('batches are bounded, in order, and lose nothing', async () => {
    const many = Array.from({ length: 25 }, (_, at) => (at % 5 === 0 ? 'bad' : JSON.stringify(exchange(`${at}`))))
    const { records, rejected, batches } = await readAll([log('many.jsonl', `${good}\n${many.join('\n')}`)], {
      batchSize: 4,
    })
    expect(Math.max(...batches)).toBe(4)
    expect(records.map((record) => record.source.line)).toEqual(
      records.map((record) => record.source.line).toSorted((a, b) => a - b),
    )
    expect([records.length, rejected.length]).toEqual([21, 5])
  })

  test('progress counts up to the summary', async () => {
    const seen: FileSummary[] = []
    const { files } = await readAll([log('good.jsonl', text)], { onProgress: (progress) => seen.push(progress) })
    expect(seen.at(-1)).toEqual(files[0])
    expect(seen.length).toBeGreaterThan(1)
  })
})

describe('bad lines are named and do not stand in the way', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['not JSON', 'nonsense', /^not JSON: Unexpected token 'o'$/],
    ['cut JSON', '{"request":{"model":"a', /^not JSON: Unterminated string/],
    ['a NUL byte', '{"a":"\0"}', /^not JSON: Bad control character/],
    ['NUL bytes, as a crash leaves them', '\0\0\0\0', /^not JSON/],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), /^not UTF-8$/],
    ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), /^not UTF-8$/],
    ['another format', JSON.stringify(openaiBatch.specimens[0].line), /^no `request`.*openai-batch would read it/],
    ['another API', '{"request":{"model":"m","contents":[]}}', /no API that is read/],
    ['a number', '42', /^no `request`/],
    ['nested without end', `{"request":{"model":"m","messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, /deep/],
  ])('%s', async (_, line, reason) => {
    const content = Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(line), Buffer.from(`\n\n${good}\n`)])
    const { records, rejected, files } = await readAll([log('bad.jsonl', content)])
    expect(records.map((record) => record.source.line)).toEqual([1, 4])
    expect(rejected).toEqual([
      { file: 'bad.jsonl', line: 2, reason: expect.stringMatching(reason), excerpt: expect.any(String) },
    ])
    expect(rejected[0]?.excerpt.length).toBeLessThanOrEqual(200)
    expect(files[0]).toMatchObject({ lines: 3, records: 2, rejected: 1 })
  })

  test('a line over the limit', async () => {
    const content = `${good}\n${JSON.stringify(exchange('x'.repeat(5000)))}\n${good}`
    const { records, rejected } = await readAll([log('over.jsonl', content)], { maxLineBytes: 1000 })
    expect(records.map((record) => record.source.line)).toEqual([1, 3])
    expect(rejected).toMatchObject([
      { line: 2, reason: expect.stringMatching(/longer than the limit: 10\d\d\d bytes/) },
    ])
    expect(rejected[0]?.excerpt).toMatch(/^\{"request":\{"model":"gpt-x".*…$/)
  })

  test('lines before the one that tells the format', async () => {
    const { records, rejected, files } = await readAll([log('late.jsonl', `{"level":"info"}\n${good}`)])
    expect(records).toHaveLength(1)
    expect(rejected).toMatchObject([{ line: 1, reason: 'no format recognises it' }])
    expect(files[0]?.format).toBe('request-response')
  })

  test.each<[string, (text: string) => Uint8Array]>([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('a cut %s gives the lines before the cut, then one rejection', async (name, compress) => {
    const text = Array.from({ length: 20_000 }, (_, at) => JSON.stringify(exchange(`${Math.sin(at)}`))).join('\n')
    const whole = compress(text)
    const { records, rejected, files } = await readAll([log('cut', whole.subarray(0, -Math.floor(whole.length / 4)))])
    expect(records.length).toBeGreaterThan(10_000)
    expect(records.at(-1)?.source.line).toBe(records.length)
    expect(rejected).toMatchObject([
      { line: records.length + 1, reason: expect.stringMatching(`${name}.*unexpected end of file`) },
    ])
    expect(files[0]).toMatchObject({ lines: records.length, rejected: 1 })
  })
})

describe('files that no format recognises', () => {
  test('one of several: its lines are rejected', async () => {
    const { records, rejected, files } = await readAll([
      log('other.log', '{"level":"info"}\n"text"\n'),
      log('ok.jsonl', good),
    ])
    expect(records).toHaveLength(1)
    expect(rejected.map((each) => [each.file, each.line, each.reason])).toEqual([
      ['other.log', 1, 'no format recognises it'],
      ['other.log', 2, 'no format recognises it'],
    ])
    expect(files.map((file) => file.format)).toEqual([null, 'request-response'])
  })

  test.each<[string, string | Uint8Array, RegExp]>([
    ['other lines', '{"level":"info"}\n', /openai-batch, .*request-response.*no format recognises it/],
    ['no JSON', 'a\nb\n', /not JSON/],
    ['a zip', Buffer.from('PK\u0003\u0004..'), /zip archive/],
  ])('all of them: a fault that says what there is and what was seen (%s)', async (_, content, message) => {
    const fault = await faultOf(readAll([log('unknown', content)]))
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code: 'LOG_UNKNOWN', place: 'unknown', message: expect.stringMatching(message) })
  })

  test('a format by name is not guessed', async () => {
    const file = { ...log('named.jsonl', `{"level":"info"}\n${good}`), format: 'openai-batch' }
    const { rejected, files } = await readAll([file])
    expect(rejected.map((each) => each.line)).toEqual([1, 2])
    expect(files[0]?.format).toBe('openai-batch')
    expect((await readAll([log('named.jsonl', good)], { formatName: 'request-response' })).records).toHaveLength(1)
  })

  test('an unknown format name is a fault before anything is read', async () => {
    const fault = await faultOf(readAll([{ path: '/nowhere', name: 'x', format: 'jsonl' }]))
    expect(fault).toMatchObject({ code: 'BAD_CONFIG', message: expect.stringMatching(/jsonl.*openai-batch/) })
  })

  test('a missing file is a fault', async () => {
    expect(await faultOf(readAll([{ path: join(folder, 'gone'), name: 'gone', format: null }]))).toMatchObject({
      code: 'LOG_MISSING',
    })
  })
})

describe('a format of somebody else', () => {
  test('is a value beside ours', async () => {
    const mine: LogFormat = {
      name: 'mine',
      title: 'Mine',
      tells: '',
      lacks: '',
      nests: false,
      specimens: [],
      recognises: (line) => typeof line === 'string',
      read: (line) => [
        {
          kind: 'whole',
          exchange: captured({
            api: 'openai-chat',
            body: request(JSON.stringify(line)),
            response: answer('!'),
          }),
        },
      ],
    }
    const { records } = await readAll([log('mine.jsonl', '"a"\n"b"\n')], { formats: [...formats, mine] })
    expect(records.map((record) => [record.source.format, record.body])).toEqual([
      ['mine', request('"a"')],
      ['mine', request('"b"')],
    ])
  })
})

describe('ids', () => {
  const lines = jsonl(exchange('a'), exchange('b'), exchange('a'), exchange('a'))

  test('requests that recur are numbered within their file', async () => {
    const { records, files } = await readAll([log('recurring.jsonl', lines)])
    const [a = '', b = ''] = records.map((record) => record.id)
    expect(records.map((record) => record.id)).toEqual([a, b, `${a}-1`, `${a}-2`])
    expect(files[0]?.recurring).toBe(2)
  })

  test('the same file again, under another name, gives the same ids', async () => {
    const ids = async (name: string, content: string | Uint8Array) =>
      (await readAll([log(name, content)])).records.map((each) => each.id)
    expect(await ids('again.jsonl.gz', gzipSync(lines))).toEqual(await ids('recurring.jsonl', lines))
    const both = await readAll([log('one.jsonl', lines), log('two.jsonl', lines)])
    expect(new Set(both.records.map((record) => record.id)).size).toBe(4)
  })
})
