// Logs in tables: CSV and Parquet, whole and damaged, out of a real writer.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { piecesOf } from '../../src/ingest/containers/pieces.ts'
import { exchange, jsonl, readAll, request, temporaryFolder, writeLog } from './files.ts'
import { columnsOf, duck, outcomeOf } from './tables.ts'

const folder = temporaryFolder()
const path = (name: string) => join(folder, name)
const log = (name: string, content: string | Uint8Array) => writeLog(folder, name, content)
const read = (content: string | Uint8Array) => outcomeOf(log('log', content))
const three = ['a', 'b', 'c'].map((text) => exchange(text))

describe('CSV', () => {
  const cell = (value: unknown) => `"${JSON.stringify(value).replaceAll('"', '""')}"`
  const row = (text: string) => `${cell(request(text))},${cell(exchange(text)['response'])}`

  test.each([',', ';', '\\t'])('DuckDB writes it, with %j between its cells', async (delimiter) => {
    const name = `duck-${delimiter.charCodeAt(0)}.csv`
    const rows = ['a', 'b', 'c'].map((text) => `SELECT ${columnsOf(text)}, '' AS user_id`).join(' UNION ALL ')
    await duck(`COPY (${rows}) TO '${path(name)}' (FORMAT csv, HEADER, DELIMITER '${delimiter}')`)
    expect(await read(readFileSync(path(name)))).toEqual({
      records: [
        [2, 'a'],
        [3, 'b'],
        [4, 'c'],
      ],
      rejected: [],
    })
  })

  test('a quoted line end belongs to its cell, and rows have the line where they start', async () => {
    const text = `\uFEFFnote,request,response\r\n"x\r\ny ""z""",${row('a')}\r\n\r\n,${row('b')}\r\n"\n\n",${row('c')}`
    expect(await read(text)).toEqual({
      records: [
        [2, 'a'],
        [5, 'b'],
        [6, 'c'],
      ],
      rejected: [],
    })
    const stdin = Readable.from([...Buffer.from(text)].map((byte) => Buffer.from([byte])))
    const piped = await readAll([{ path: '-', name: '-', format: null }], { stdin })
    expect(piped.records.map((record) => record.source.line)).toEqual([2, 5, 6])
  })

  test('an empty cell is a field that is not there', async () => {
    const pieces = []
    for await (const lines of piecesOf(log('cells.csv', 'a,b,c\n1,,\n,"",\n').path, {})) pieces.push(...lines)
    expect(pieces).toMatchObject([
      { line: 2, json: { a: '1' } },
      { line: 3, json: {} },
    ])
  })

  test('bad rows are named, and the rest goes on', async () => {
    const latin = Buffer.from('é,x\n', 'latin1')
    const text = `request,response\n${row('a')}\n1,2,3\n`
    const { records, rejected } = await read(Buffer.concat([Buffer.from(text), latin, Buffer.from(`${row('b')}\n`)]))
    expect(records.map(([line]) => line)).toEqual([2, 5])
    expect(rejected).toEqual([
      [3, 'a row of 3 cells under a header of 2'],
      [4, 'not UTF-8'],
    ])
  })

  test('a quote that is never closed ends the file at the row where it was opened', async () => {
    const { records, rejected } = await read(`request,response\n${row('a')}\n"open,\n${row('b').replaceAll('"', '')}`)
    expect(records).toEqual([[2, 'a']])
    expect(rejected).toEqual([[3, expect.stringMatching(/a quote that is not closed/)]])
  })

  test('tabs part cells of JSON as it stands', async () => {
    const rows = ['a', 'b'].map(
      (text) => `${JSON.stringify(request(text))}\t${JSON.stringify(exchange(text)['response'])}`,
    )
    expect(await read(`request\tresponse\r\n${rows.join('\r\n')}\r\n`)).toEqual({
      records: [
        [2, 'a'],
        [3, 'b'],
      ],
      rejected: [],
    })
  })

  test('rows that a carriage return alone would end are no table, and none is lost in silence', async () => {
    const { rejected } = await readAll([log('mac.csv', 'a,b\r1,2\r3,4'), log('ok.jsonl', jsonl(...three))])
    expect(rejected).toMatchObject([{ file: 'mac.csv', line: 1, reason: expect.stringMatching(/not JSON/) }])
  })

  test('a column of requests alone', async () => {
    expect((await read(`request\n${cell(request('a'))}\n${cell(request('b'))}\n`)).records).toEqual([
      [2, 'a'],
      [3, 'b'],
    ])
  })

  test('a header that two separators would part is refused, in words', async () => {
    const { rejected } = await readAll([
      log('unclear.csv', 'request;a,response;b\n1;2,3;4\n'),
      log('ok.jsonl', jsonl(...three)),
    ])
    expect(rejected).toMatchObject([{ line: 1, reason: expect.stringMatching(/"," and ";": name its columns/) }])
  })

  test('a cell that is too long costs its row', async () => {
    const { records, rejected } = await readAll(
      [log('long.csv', `request,response\n${row('a')}\n"${'x'.repeat(5000)}",y\n${row('b')}\n`)],
      { maxLineBytes: 1000 },
    )
    expect(records.map((record) => record.source.line)).toEqual([2, 4])
    expect(rejected).toMatchObject([{ line: 3, reason: 'longer than the limit: 5004 bytes' }])
  })
})

describe('Parquet', () => {
  const write = (name: string, select: string, options = '') =>
    duck(`COPY (${select}) TO '${path(name)}' (FORMAT parquet${options})`)
  const many = `SELECT '{"model":"gpt-x","messages":[{"role":"user","content":"' || n || '"}]}' AS request, n::INT AS latency_ms FROM range(5000) t(n)`

  test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])('DuckDB writes it, %s', async (codec) => {
    await write(`${codec}.parquet`, many, `, COMPRESSION ${codec}, ROW_GROUP_SIZE 2048`)
    const { records, rejected } = await readAll([{ path: path(`${codec}.parquet`), name: codec, format: null }])
    expect(rejected).toEqual([])
    expect(records.map((record) => record.source.line)).toEqual(Array.from({ length: 5000 }, (_, at) => at + 1))
    expect(records[4321]).toMatchObject({ body: request('4321'), recordedTiming: { totalMs: 4321 } })
  })

  test('nested columns are a request as they stand', async () => {
    const select = `SELECT {'model': 'gpt-x', 'messages': [{'role': 'user', 'content': 'Hi'}], 'tools': NULL} AS request, map {'route': 'a'} AS metadata`
    await write('nested.parquet', select)
    const { records } = await readAll([{ path: path('nested.parquet'), name: 'nested', format: null }])
    expect(records).toMatchObject([{ body: request('Hi'), segments: { route: 'a' } }])
  })

  test('every type becomes JSON', async () => {
    await write(
      'types.parquet',
      `SELECT TIMESTAMP '2026-09-01 10:00:00.123456' AS micros, TIMESTAMP_NS '2026-09-01 10:00:00' AS nanos,
       DATE '2026-09-01' AS day, 7::BIGINT AS small, 9007199254740993::BIGINT AS big, 12.50::DECIMAL(9,2) AS decimal,
       'NaN'::DOUBLE AS nan, true AS yes, NULL::INT AS nothing, [1, NULL, 3] AS list, {'a': {'b': ['x']}} AS struct,
       map {'k': 1.5} AS map, '{"a":[1]}'::JSON AS json, '\\xFF\\x00'::BLOB AS bytes, 18446744073709551615::UBIGINT AS unsigned`,
    )
    let json: JsonObject = {}
    for await (const [piece] of piecesOf(path('types.parquet'), {}))
      if (piece?.kind === 'row') json = Object(piece.json)
    expect(JSON.parse(JSON.stringify(json))).toEqual({
      micros: '2026-09-01T10:00:00.123Z',
      nanos: '2026-09-01T10:00:00.000Z',
      day: '2026-09-01T00:00:00.000Z',
      small: 7,
      big: '9007199254740993',
      decimal: 12.5,
      nan: null,
      yes: true,
      list: [1, null, 3],
      struct: { a: { b: ['x'] } },
      map: { k: 1.5 },
      json: { a: [1] },
      bytes: expect.any(String),
      unsigned: '18446744073709551615',
    })
  })

  test('a column of JSON that nests without end costs its row', async () => {
    const deep = `repeat('[', 900) || repeat(']', 900)`
    const ok = `'${JSON.stringify(request('a'))}'`
    const rows = [`'{"model":"m","messages":' || ${deep} || '}'`, ok].map((text) => `SELECT (${text})::JSON AS request`)
    await write('deep.parquet', rows.join(' UNION ALL '))
    const { records, rejected } = await readAll([{ path: path('deep.parquet'), name: 'deep', format: null }])
    expect(records.map((record) => record.source.line)).toEqual([2])
    expect(rejected).toMatchObject([{ line: 1, reason: expect.stringMatching(/deep/) }])
  })

  test('what cannot be read is said in words, and files beside it are read', async () => {
    await write('whole.parquet', many)
    const whole = readFileSync(path('whole.parquet'))
    const ok = log('ok.jsonl', jsonl(three[0] ?? {}))
    const reasonOf = async (content: Uint8Array) => (await readAll([log('x', content), ok])).rejected[0]?.reason
    expect(await reasonOf(whole.subarray(0, -100))).toMatch(/Parquet file whose end is missing or damaged/)
    expect(await reasonOf(Buffer.from('PAR1'))).toMatch(/Parquet file whose end/)
    expect(await reasonOf(gzipSync(whole))).toMatch(/Parquet file that was compressed as a whole: unpack it first/)
    const stdin = Readable.from([whole])
    const piped = await readAll([{ path: '-', name: '-', format: null }, ok], { stdin })
    expect(piped.rejected).toMatchObject([{ reason: expect.stringMatching(/standard input is a Parquet file/) }])
    const corrupt = Buffer.from(whole)
    corrupt.fill(0xaa, 40, 4000)
    expect(await reasonOf(corrupt)).toMatch(/group of 5000 rows cannot be read/)
  })
})
