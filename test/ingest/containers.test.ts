// Logs that are JSON, and no JSON lines: arrays, printed values, pages; and folders of all kinds.

import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createValueSplitter } from '../../src/ingest/containers/json-values.ts'
import { findLogs } from '../../src/ingest/find.ts'
import { openaiBatch } from '../../src/ingest/formats/openai-batch.ts'
import { formats } from '../../src/ingest/index.ts'
import { captured, type LogFormat } from '../../src/ingest/log-format.ts'
import { exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'
import { columnsOf, duck, outcomeOf } from './tables.ts'

const folder = temporaryFolder()
const log = (name: string, content: string | Uint8Array) => writeLog(folder, name, content)
const three = ['a', 'b', 'c'].map((text) => exchange(text))
const read = (content: string | Uint8Array) => outcomeOf(log('log', content))
const printed = (indent: number | string) => JSON.stringify(three, null, indent)

describe('JSON', () => {
  test.each<[string, string | Uint8Array, readonly number[]]>([
    ['an array on one line', JSON.stringify(three), [1, 1, 1]],
    ['an array, an item a line', `[\n${three.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`, [2, 3, 4]],
    ['an array with commas in front', `[ ${three.map((each) => JSON.stringify(each)).join('\n, ')}\n]`, [1, 2, 3]],
    ['an array, printed', printed(2), [2, 25, 48]],
    ['an array, printed with tabs and CRLF', printed('\t').replaceAll('\n', '\r\n'), [2, 25, 48]],
    ['an array behind a byte order mark', `\uFEFF${printed(0)}`, [1, 1, 1]],
    ['an array, compressed', gzipSync(printed(2)), [2, 25, 48]],
    ['an array, compressed by another', zstdCompressSync(printed(2)), [2, 25, 48]],
    ['arrays one after the other', three.map((each) => JSON.stringify([each], null, 1)).join('\n'), [2, 27, 52]],
    ['values printed one after the other', three.map((each) => JSON.stringify(each, null, 2)).join('\n'), [1, 24, 47]],
    ['values behind one another on a line', three.map((each) => JSON.stringify(each)).join(''), [1, 1, 1]],
    ['a page of an API', JSON.stringify({ data: three, meta: { page: 1 } }), [1, 1, 1]],
    ['pages, one a line', jsonl({ data: three.slice(0, 2) }, { data: three.slice(2) }), [1, 1, 2]],
    ['a page, printed', JSON.stringify({ meta: {}, data: three }, null, 2), [1, 1, 1]],
  ])('%s', async (_, content, numbers) => {
    const lines = numbers.map((line, at) => [line, 'abc'[at]])
    expect(await read(content)).toEqual({ records: lines, rejected: [] })
  })

  test('an empty array is a file without lines', async () => {
    expect(await read('[]')).toEqual({ records: [], rejected: [] })
    expect(await read(' [\n ]\n')).toEqual({ records: [], rejected: [] })
  })

  test('standard input, byte by byte', async () => {
    const stdin = Readable.from([...Buffer.from(printed(2))].map((byte) => Buffer.from([byte])))
    const { records } = await readAll([{ path: '-', name: '-', format: null }], { stdin })
    expect(records.map((record) => record.source.line)).toEqual([2, 25, 48])
  })

  const [first = '', second = '', third = ''] = three.map((each) => JSON.stringify(each))
  const among = (item: string | Uint8Array) =>
    Buffer.concat([Buffer.from(`[\n${first},\n`), Buffer.from(item), Buffer.from(`,\n${third}\n]`)])
  test.each<[string, string | Uint8Array, RegExp]>([
    ['is no JSON', '{nonsense}', /not JSON/],
    ['is another value', '42', /^no `request`/],
    ['is of another format', JSON.stringify(openaiBatch.specimens[0].line), /openai-batch would read it/],
    ['lacks its end', second.slice(0, -2), /not JSON: a value where none can stand/],
    ['lacks a quote', '{"request": "x}', /not JSON: a string that runs over its line/],
    ['has brackets that do not match', '{"request":[1,2}', /not JSON: brackets/],
    ['is not UTF-8', Buffer.from('{"a":"é"}', 'latin1'), /^not UTF-8$/],
    ['has a NUL byte', '{"a":"\0"}', /not JSON: Bad control/],
    ['nests without end', `{"request":{"model":"m","messages":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`, /deep/],
  ])('an item that %s is one rejected line, and the rest goes on', async (_, item, reason) => {
    const { records, rejected } = await read(among(item))
    expect(records).toEqual([
      [2, 'a'],
      [4, 'c'],
    ])
    expect(rejected).toEqual([[3, expect.stringMatching(reason)]])
  })

  test('a bracket that closes nothing is a rejected line of its own', async () => {
    const { records, rejected } = await read(among(`${second}}`))
    expect(records.map(([line]) => line)).toEqual([2, 3, 4])
    expect(rejected).toEqual([[3, expect.stringMatching(/not JSON/)]])
  })

  test('an array on one line may be longer than any line', async () => {
    const { records, rejected } = await readAll([log('one.json', JSON.stringify(three))], { maxLineBytes: 400 })
    expect([records.length, rejected]).toEqual([3, []])
  })

  test('an item that is too long is let go as it comes', async () => {
    const long = JSON.stringify(exchange('x'.repeat(50_000)))
    const { records, rejected } = await readAll([log('long.json', `[${first},${long},\n${third}]`)], {
      maxLineBytes: 1000,
    })
    expect(records.map((record) => record.source.line)).toEqual([1, 2])
    expect(rejected).toMatchObject([{ line: 1, reason: expect.stringMatching(/longer than the limit: 100\d\d\d/) }])
  })

  test('items of 4 MB come whole', async () => {
    const big = exchange('x"\\'.repeat(1024 * 1024))
    const { records, rejected } = await readAll([log('big.json', JSON.stringify([big, big, three[0]]))])
    expect([records.length, rejected]).toEqual([3, []])
  })

  test.each<[string, number]>([
    ['inside an item', 130],
    ['inside the last item', 1],
    ['between two items', 2],
  ])('an array that is cut %s keeps what came before, and names the line', async (_, kind) => {
    const text = `[\n${first},\n${second},\n${third}\n]`
    const cut = kind === 2 ? `[\n${first},\n${second},\n` : text.slice(0, -(kind + 2))
    const { records, rejected } = await read(cut)
    expect(records).toEqual([
      [2, 'a'],
      [3, 'b'],
    ])
    expect(rejected).toEqual([[4, expect.stringMatching(/the file ends (?:inside it|before its array does)/)]])
  })

  test('a cut gzip of an array gives the items before the cut, then one rejection', async () => {
    const items = Array.from({ length: 5000 }, (_, at) => exchange(`${Math.sin(at)}`))
    const whole = gzipSync(JSON.stringify(items, null, 1))
    const { records, rejected } = await readAll([log('cut.json.gz', whole.subarray(0, -Math.floor(whole.length / 4)))])
    expect(records.length).toBeGreaterThan(2000)
    expect(rejected).toMatchObject([{ reason: expect.stringMatching(/gzip.*unexpected end/) }])
    expect(rejected[0]?.line).toBeGreaterThan(records.at(-1)?.source.line ?? 0)
  })

  test.each<[string, string, readonly number[]]>([
    ['a line that was cut', `${first.slice(0, 40)}\n${second}\n${third}`, [2, 3]],
    ['a line that was cut between values', `{"request":{"model":"m",\n${second}\n${third}`, [2, 3]],
    ['a line of another log', `[INFO] started\n${second}\n${third}`, [2, 3]],
    ['a line with commas', `a, b, c\n${second}\n${third}`, [2, 3]],
  ])('JSON lines that begin with %s are JSON lines', async (_, content, numbers) => {
    const { records, rejected } = await read(content)
    expect(records.map(([line]) => line)).toEqual(numbers)
    expect(rejected.map(([line]) => line)).toEqual([1])
  })

  test('a double name counts as its last, and a number beyond 2^53 as the nearest double', async () => {
    const body = `{"model":"m","model":"n","seed":9007199254740993,"messages":[{"role":"user","content":"Hi"}]}`
    const { records } = await readAll([log('numbers.json', `[{"request":${body}}]`)])
    expect(records[0]?.body).toMatchObject({ model: 'n', seed: 9007199254740992 })
  })

  test('an object of many lines reaches its format as one value', async () => {
    const trace: LogFormat = {
      name: 'trace',
      title: 'Trace',
      tells: '',
      lacks: '',
      nests: false,
      specimens: [],
      recognises: (json) => Object.hasOwn(Object(json), 'steps'),
      read: (json) =>
        Object(json).steps.map((step: string) => ({ kind: 'whole', exchange: captured({ body: request(step) }) })),
    }
    const value = JSON.stringify({ id: 't', steps: ['one', 'two'] }, null, 2)
    const { records } = await readAll([log('trace.json', `${value}\n${value}`)], { formats: [trace, ...formats] })
    expect(records.map(({ source }) => [source.line, source.format])).toEqual(
      [1, 1, 8, 8].map((line) => [line, 'trace']),
    )
  })

  test('cut into any pieces, any JSON gives back its items', () => {
    const items = fc.array(fc.oneof(fc.object(), fc.array(fc.string()), fc.string(), fc.integer()), { maxLength: 6 })
    fc.assert(
      fc.property(items, fc.constantFrom(0, 1, '\t'), fc.array(fc.nat(400)), (list, indent, cuts) => {
        const bytes = Buffer.from(JSON.stringify(list, null, indent))
        const kept: unknown[] = JSON.parse(bytes.toString())
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]
        const splitter = createValueSplitter()
        const lines = places.slice(1).flatMap((place, at) => splitter.push(bytes.subarray(places[at], place)))
        const got = [...lines, ...splitter.end()].map((line) =>
          line.kind === 'line' ? JSON.parse(Buffer.from(line.bytes).toString()) : line,
        )
        expect(got).toEqual(kept)
      }),
      { numRuns: 500 },
    )
  })

  test('any bytes end, with a reason for what is no JSON', () => {
    const bits = fc.constantFrom('[', ']', '{', '}', '"', ',', ':', '\n', '\\', 'a', '1', ' ', '{"a":1}', '\n{"b":2}')
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
        const splitter = createValueSplitter()
        const lines = [...splitter.push(Buffer.from(parts.join(''))), ...splitter.end()]
        const numbers = lines.map((line) => line.line)
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      }),
      { numRuns: 2000 },
    )
  })
})

test('a folder of mixed things gives each of them, by content', async () => {
  const mixed = temporaryFolder()
  writeLog(mixed, 'lines.jsonl', jsonl(three[0] ?? {}))
  writeLog(mixed, 'array.json.gz', gzipSync(JSON.stringify(three)))
  writeLog(mixed, 'table.csv', `request\n"${JSON.stringify(request('csv')).replaceAll('"', '""')}"\n`)
  writeLog(mixed, 'mislabelled.har', printed(1))
  writeLog(mixed, 'readme.txt', 'nothing')
  await duck(`COPY (SELECT ${columnsOf('p')}) TO '${join(mixed, 'rows.parquet')}' (FORMAT parquet)`)
  const files = await findLogs(mixed, { base: mixed })
  const { files: told, rejected } = await readAll(files)
  expect(rejected).toEqual([])
  expect(told.map(({ file, records }) => [file, records])).toEqual([
    ['array.json.gz', 3],
    ['lines.jsonl', 1],
    ['mislabelled.har', 3],
    ['rows.parquet', 1],
    ['table.csv', 1],
  ])
})
