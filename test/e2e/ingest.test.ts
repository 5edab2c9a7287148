// What a log can do to an ingest, and a user to it: the built command line, real files, real stores.

import type { ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Json, JsonObject } from '../../src/core/types.ts'
import { bedrock } from '../../src/ingest/formats/bedrock.ts'
import { langfuse } from '../../src/ingest/formats/langfuse.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'

const nowhere = 'http://127.0.0.1:9/v1'

/** A user's folder with these files and these `logs`. */
function folderWith(logs: readonly JsonObject[], files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = createProject({ production: nowhere, candidate: nowhere, records: 0, config: { logs } })
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const ingest = (cwd: string, ...flags: readonly string[]) => runCli(['ingest', ...flags], { cwd })
const ask = (folder: string, sql: string) => query(join(folder, 'store.duckdb'), sql)
const asked = (question: string, rest: JsonObject = {}) => ({
  model: 'm',
  messages: [{ role: 'user', content: question }],
  ...rest,
})
const said = (text: string) => ({ choices: [{ index: 0, message: { content: text }, finish_reason: 'stop' }] })
const exchange = (question: string) => ({ request: asked(question), response: said(`${question}!`) })
const jsonl = (...lines: readonly Json[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

const rejectedIn = (folder: string) => ask(folder, 'SELECT file, line, reason, excerpt FROM rejected_line ORDER BY ALL')
const sources = (folder: string) =>
  ask(folder, 'SELECT source_file AS file, source_line AS line, format FROM record ORDER BY ALL')

it('the same log again adds nothing and says so; what has grown adds its new lines, and its half line is mended', async () => {
  const half = JSON.stringify(exchange('three'))
  const plain = jsonl(exchange('one'), exchange('two'))
  const packed = jsonl(exchange('packed one'))
  const folder = folderWith([{ path: 'a.jsonl' }, { path: 'b.jsonl.gz' }], {
    'a.jsonl': plain + half.slice(0, 60),
    'b.jsonl.gz': gzipSync(packed),
  })
  expect(await ingest(folder)).toMatchObject({ status: 0, stdout: '3 new records\n' })
  expect(await rejectedIn(folder)).toMatchObject([{ file: 'a.jsonl', line: 3 }])
  expect(await ingest(folder)).toMatchObject({ status: 0, stdout: '0 new records: all 3 were there already\n' })
  expect(await rejectedIn(folder)).toHaveLength(1)

  appendFileSync(join(folder, 'a.jsonl'), `${half.slice(60)}\n${jsonl(exchange('four'), exchange('one'))}`)
  writeFileSync(join(folder, 'b.jsonl.gz'), gzipSync(packed + jsonl(exchange('packed two'))))
  expect((await ingest(folder)).stdout).toBe('4 new records: 3 were there already\n')
  expect(await rejectedIn(folder), 'the line is whole now').toEqual([])
  expect((await sources(folder)).map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 1, 2])
  // A second member behind the first, as loggers append to an archive.
  appendFileSync(join(folder, 'b.jsonl.gz'), gzipSync(jsonl(exchange('packed three'))))
  expect((await ingest(folder)).stdout).toBe('1 new record: 7 were there already\n')
})

describe('a folder of mixed things', () => {
  const harEntry = (question: string) => ({
    startedDateTime: '2026-09-01T12:00:00.000+02:00',
    time: 822,
    request: {
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      postData: { text: JSON.stringify(asked(question)) },
    },
    response: { status: 200, content: { text: JSON.stringify(said('from the browser')) } },
    timings: { blocked: 10, send: 0, wait: 240, receive: 572 },
  })
  const [generation, span] = langfuse.specimens.map(({ line }): JsonObject => line)
  const cut = gzipSync(jsonl(...Array.from({ length: 3000 }, (_, at) => exchange(`in the archive ${at * 7919}`))))

  it('lands all that is good, and tells of each line that is not', async () => {
    const folder = folderWith(
      [
        { path: 'own.csv', format: 'mapping', map: { prompt: 'question', model: 'model', text: 'answer' } },
        { path: 'logs' },
      ],
      {
        'own.csv': 'question,model,answer\n"Why, then?",gpt-x,So.\n,gpt-x,nothing asked\n"never closed,gpt-x,\n',
        'logs/langfuse/rows.jsonl': jsonl(generation ?? {}, span ?? {}, { ...generation, id: 'o3', input: 'Bye' }),
        'logs/aws/bedrock.json': JSON.stringify([bedrock.specimens[0].line]),
        'logs/browser.har': JSON.stringify({ log: { version: '1.2', creator: {}, entries: [harEntry('Hi')] } }),
        'logs/empty.jsonl': '',
        'logs/empty.jsonl.gz': gzipSync(''),
        'logs/picture.json': Uint8Array.from({ length: 4000 }, (_, at) => (at * at * 31 + (at >> 3)) % 256),
        'logs/bad.jsonl': 'not a line of a log: mail anna@example.org\n{"request":\nnull\n',
        'logs/cut.jsonl.gz': cut.subarray(0, cut.length / 2),
        'logs/two.jsonl': jsonl(exchange('of two formats'), bedrock.specimens[0].line, exchange('again of the first')),
        'logs/notes.txt': 'not looked at',
      },
    )
    const { status, stdout, stderr } = await ingest(folder, '--json')
    const summary = JSON.parse(stdout)
    expect(status, stderr).toBe(0)
    const landed = await ask(folder, 'SELECT source_file AS file, count(*) AS n FROM record GROUP BY ALL ORDER BY ALL')
    const inArchive = Number(landed.find(({ file }) => file === 'logs/cut.jsonl.gz')?.['n'])
    expect(inArchive, 'what stands before the cut').toBeGreaterThan(1000)
    expect(landed).toEqual([
      { file: 'logs/aws/bedrock.json', n: '1' },
      { file: 'logs/browser.har', n: '1' },
      { file: 'logs/cut.jsonl.gz', n: String(inArchive) },
      { file: 'logs/langfuse/rows.jsonl', n: '2' },
      { file: 'logs/two.jsonl', n: '2' },
      { file: 'own.csv', n: '2' },
    ])
    const rejected = await rejectedIn(folder)
    const of = (file: string) => rejected.filter((each) => each['file'] === file)
    expect(of('logs/bad.jsonl').map(({ line }) => line)).toEqual([1, 2, 3])
    expect(of('logs/bad.jsonl')[0]?.['excerpt']).toMatch(/^not a line of a log: mail \S*\[/)
    expect(of('logs/cut.jsonl.gz')).toMatchObject([
      { line: inArchive + 1, reason: 'the gzip stream is damaged: unexpected end of file', excerpt: '' },
    ])
    expect(of('logs/two.jsonl')).toMatchObject([
      { line: 2, reason: expect.stringContaining("bedrock would read it, but the file is request-response's") },
    ])
    expect(of('own.csv')).toHaveLength(1)
    expect(of('logs/picture.json').length).toBeGreaterThan(0)
    expect(summary).toMatchObject({ records: 8 + inArchive, added: 8 + inArchive, rejected: rejected.length })
    expect(new Set(summary.files.map(({ file }: { file: string }) => file)).size).toBe(10)

    const told = await ingest(folder)
    expect(told).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^0 new records: all [\d,]+ were there already\n$/),
    })
    expect(told.stderr).toContain(`${rejected.length} lines were rejected, the first at own.csv:4`)
    expect(await rejectedIn(folder)).toEqual(rejected)
  })

  it('that is bad from end to end is an error, and leaves the store as it was', async () => {
    const folder = folderWith([{ path: 'logs' }], { 'logs/a.jsonl': 'no line\n'.repeat(3000), 'logs/b.jsonl': 'nor\n' })
    const { status, stderr } = await ingest(folder)
    expect([status, stderr]).toEqual([65, expect.stringContaining('error[LOG_UNKNOWN] logs/a.jsonl and 1 more')])
    expect(await rejectedIn(folder)).toEqual([])
  })

  it('keeps each of thousands of bad lines before the first good one', async () => {
    const folder = folderWith([{ path: 'a.jsonl' }], {
      'a.jsonl': `${'no line\n'.repeat(5000)}${jsonl(exchange('Hi'))}`,
    })
    expect(await ingest(folder)).toMatchObject({ status: 0, stdout: '1 new record\n' })
    expect(await ask(folder, 'SELECT count(*) AS n, max(line) AS last FROM rejected_line')).toEqual([
      { n: '5000', last: 5000 },
    ])
  })
})

it('lines as nobody should write them: each is a record as it was, or rejected by itself', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const long = 'x'.repeat(4_000_000)
  const raw = (content: string, rest = '') =>
    `{"request":{"model":"m",${rest}"messages":[{"role":"user","content":"${content}"}]},"response":null}`
  const lines = [
    `\uFEFF${raw('behind a mark')}\r`,
    `${raw('before CRLF')}\r`,
    raw(long),
    raw('escaped \\u0000'),
    raw('raw \0'),
    '\0\0\0',
    raw('not UTF-8: \u00ff'),
    raw('deep', `"metadata":${deep},`),
    `{"request":${JSON.stringify(asked('answered in depth'))},"response":${deep}}`,
    raw('big', '"seed":9007199254740993,"top_p":0.1,'),
    raw('twice', '"model":"m2",'),
    raw('half an emoji \\ud83d'),
    raw('a prototype', '"__proto__":{"x":1},'),
    ' \t',
    raw('without an end'),
  ]
  const bytes = Buffer.from(lines.join('\n'))
  // One byte of the two that are `ÿ`.
  const at = bytes.indexOf('not UTF-8: ') + 'not UTF-8: '.length
  const folder = folderWith([{ path: 'a.jsonl' }], {
    'a.jsonl': Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
  })
  expect(await ingest(folder)).toMatchObject({ status: 0, stdout: '9 new records\n' })
  const bodies = await ask(folder, 'SELECT source_line AS line, body FROM record ORDER BY 1')
  expect(bodies.map(({ line, body }) => [line, JSON.parse(String(body))])).toEqual([
    [1, asked('behind a mark')],
    [2, asked('before CRLF')],
    [3, asked(long)],
    [4, asked('escaped \0')],
    // What JSON's numbers are in JavaScript, here as everywhere.
    [10, asked('big', { seed: 9007199254740992, top_p: 0.1 })],
    [11, { ...asked('twice'), model: 'm2' }],
    [12, asked('half an emoji \uFFFD')],
    [13, JSON.parse(raw('a prototype', '"__proto__":{"x":1},')).request],
    [15, asked('without an end')],
  ])
  expect((await rejectedIn(folder)).map(({ line, reason }) => [line, reason])).toEqual([
    [5, expect.stringMatching(/^not JSON: Bad control character/)],
    [6, expect.stringMatching(/^not JSON/)],
    [7, 'not UTF-8'],
    [8, 'its JSON nests too deeply'],
    [9, 'its JSON nests too deeply'],
  ])
})

it('standard input is read as a file is, and once', async () => {
  const folder = folderWith([{ path: '-' }], {})
  const input = jsonl(exchange('one'), 'no exchange', exchange('two'))
  const first = await runCli(['ingest'], { cwd: folder, input })
  expect(first).toMatchObject({ status: 0, stdout: '2 new records\n' })
  expect(first.stderr).toContain('the first at -:2')
  expect((await runCli(['ingest'], { cwd: folder, input })).stdout).toBe('0 new records: all 2 were there already\n')
  expect(await sources(folder)).toMatchObject([
    { file: '-', line: 1 },
    { file: '-', line: 3 },
  ])
})

it('scores that are given alone, later, join the calls of before; and those that came first join too', async () => {
  const [generation, , score] = langfuse.specimens.map(({ line }): JsonObject => line)
  const calls = jsonl({ ...generation, id: 'o1' }, { ...generation, id: 'o2', input: 'Bye' })
  const scores = jsonl({ ...score, observation_id: 'o2' })
  const feedback = async (folder: string) => ask(folder, 'SELECT call_id, feedback FROM record ORDER BY 1')
  const expected = [
    { call_id: 'o1', feedback: '[]' },
    { call_id: 'o2', feedback: JSON.stringify([{ name: 'user-thumb', value: 1, comment: 'helpful' }]) },
  ]
  const folder = folderWith([{ path: 'calls.jsonl' }], { 'calls.jsonl': calls, 'scores.jsonl': scores })
  await ingest(folder)
  expect((await feedback(folder)).map((each) => each['feedback'])).toEqual(['[]', '[]'])
  expect(await ingest(folder, '--logs', 'scores.jsonl')).toMatchObject({ status: 0, stdout: '0 new records\n' })
  expect(await feedback(folder)).toEqual(expected)
  const other = folderWith([{ path: 'calls.jsonl' }], { 'calls.jsonl': calls, 'scores.jsonl': scores })
  await ingest(other, '--logs', 'scores.jsonl')
  await ingest(other)
  expect(await feedback(other)).toEqual(expected)
})

describe('an ingest of 60 MB that does not come to its end', () => {
  const filler = 'On the nature of things, once more. '.repeat(55)
  const big = Array.from({ length: 15_000 }, (_, at) => {
    if (at % 100 === 7) return '{"request": tru\n'
    const question = at % 50 === 3 ? 'the same again' : `${at} ${filler}`
    return jsonl({ request: asked(question), response: said(`${at} ${filler}`) })
  }).join('')
  const bigFolder = () => folderWith([{ path: 'big.jsonl' }], { 'big.jsonl': big })
  const contentOf = async (folder: string) => {
    const [records] = await ask(
      folder,
      `SELECT count(*) AS n, count(DISTINCT id) AS ids, md5(string_agg(concat_ws('|', id, body, recorded, source_line), ',' ORDER BY id)) AS digest FROM record`,
    )
    return { records, rejected: await rejectedIn(folder) }
  }
  /** Signals the child once its store has so many bytes waiting. */
  const whenWritten = (folder: string, bytes: number, signal: NodeJS.Signals) => (child: ChildProcess) => {
    const log = join(folder, 'store.duckdb.wal')
    const timer = setInterval(() => {
      if (existsSync(log) && statSync(log).size > bytes) child.kill(signal)
    }, 5)
    child.once('exit', () => clearInterval(timer))
    onTestFinished(() => clearInterval(timer))
  }

  it('ends, the next time, in the store of one that nobody disturbed', async () => {
    const whole = bigFolder()
    expect((await ingest(whole)).stdout).toBe('14,850 new records\n')
    const expected = await contentOf(whole)
    expect(expected.records).toMatchObject({ n: '14850', ids: '14850' })
    expect(expected.rejected).toHaveLength(150)

    const killed = bigFolder()
    for (const megabytes of [4, 9, 16]) {
      const onStart = whenWritten(killed, megabytes * 1e6, 'SIGKILL')
      const { signal, stdout } = await runCli(['ingest'], { cwd: killed, onStart })
      expect([signal, stdout]).toEqual(['SIGKILL', ''])
    }
    expect((await ingest(killed)).stdout).toMatch(/^[\d,]+ new records: [\d,]+ were there already\n$/)
    expect(await contentOf(killed)).toEqual(expected)

    const stopped = bigFolder()
    const interrupted = await runCli(['ingest'], { cwd: stopped, onStart: whenWritten(stopped, 4e6, 'SIGINT') })
    expect(interrupted).toMatchObject({ status: 130, stdout: '' })
    expect(interrupted.stderr).toContain('error[INTERRUPTED]')
    expect((await ingest(stopped)).stdout).toMatch(/were there already\n$/)
    expect(await contentOf(stopped)).toEqual(expected)

    const full = bigFolder()
    const { status, stderr } = await runCli(['ingest'], { cwd: full, fileLimitKib: 9000 })
    expect([status, stderr]).toEqual([69, expect.stringContaining('error[STORE_UNWRITABLE]')])
    expect(stderr).toContain('make space')
    expect((await ingest(full)).stdout).toMatch(/were there already\n$/)
    expect(await contentOf(full)).toEqual(expected)
    expect(readFileSync(join(full, 'big.jsonl'), 'utf8') === big, 'the log is read and never written').toBe(true)
  })
})
