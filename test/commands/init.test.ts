// `init` looks at what is there, writes what fits, and says what is missing, in a folder of its own.

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../src/commands/config/schema.ts'
import { findLogFiles, logEntries } from '../../src/commands/init/found-logs.ts'
import { guessTarget } from '../../src/commands/init/guess-target.ts'
import { timesOf } from '../../src/commands/init/times.ts'
import { runCommandLine } from '../../src/commands/parse.ts'
import { temporaryFolder } from '../support/cli.ts'
import { createWorld } from '../support/world.ts'

const demoLog = fileURLToPath(new URL('../../datasets/demo/production-log.jsonl.gz', import.meta.url))

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const call = (index: number, at = '2026-01-05T10:00:00Z') =>
  `${JSON.stringify({ request: { model: 'claude-x', max_tokens: 9, messages: [{ role: 'user', content: `Question ${index}` }] }, url: '/v1/messages', response: { type: 'message', role: 'assistant', model: 'claude-x', content: [{ type: 'text', text: 'Yes' }], stop_reason: 'end_turn', usage: { input_tokens: 3, output_tokens: 1 } }, time: at })}\n`

async function init(cwd: string, ...args: string[]) {
  const { world, stdout } = createWorld({ cwd })
  const status = await runCommandLine(world, ['init', ...args])
  const config = parse(readFileSync(join(cwd, 'shadowgate.yaml'), 'utf8'))
  return { status, said: stdout.join('\n'), config }
}

describe('what is found', () => {
  it('is told by content, below folders that are not ours or packages’', async () => {
    const folder = folderWith({
      'logs/a.jsonl': call(1),
      'logs/deep/b.jsonl.gz': gzipSync(call(2)),
      'package.json': '{"name":"x"}',
      'logs/notes.json': '{"note":1}',
      'node_modules/x/c.jsonl': call(3),
      'reports/d.jsonl': call(4),
      '.git/e.jsonl': call(5),
      'a/b/c/d/e/f.jsonl': call(6),
      'empty.jsonl': '',
    })
    const found = await findLogFiles(folder)
    expect(
      found.logs.map(({ path, format }) => [path, format]).toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    ).toEqual([
      ['logs/a.jsonl', 'request-response'],
      ['logs/deep/b.jsonl.gz', 'request-response'],
    ])
    expect(found.unknown.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['logs/notes.json', 'package.json'])
    expect(await findLogFiles(folder, ['a/b/c/**/*.jsonl'])).toMatchObject({ logs: [], passedOver: 0 })
    expect((await findLogFiles(folder, ['reports'])).logs.map(({ path }) => path)).toEqual(['reports/d.jsonl'])
  })

  it.each([
    ['a folder of logs alone, so that tomorrow’s are meant too', ['logs/a.jsonl', 'logs/x/b.json'], [], ['logs']],
    ['a file beside the config', ['a.jsonl'], ['package.json'], ['a.jsonl']],
    [
      'by ending, where others lie beside',
      ['logs/a.jsonl.gz', 'logs/b.jsonl.gz'],
      ['logs/c.json'],
      ['logs/*.jsonl.gz'],
    ],
    ['one by one, where nothing tells them apart', ['logs/a.json'], ['logs/c.json'], ['logs/a.json']],
    ['a folder, where there would be many', [1, 2, 3, 4, 5, 6].map((n) => `logs/${n}.json`), ['logs/c.json'], ['logs']],
  ])('becomes entries: %s', (_, paths, unknown, entries) => {
    const logs = paths.map((path) => ({ path, bytes: 1, modifiedMs: 0, format: 'har' }))
    expect(logEntries({ logs, unknown, passedOver: 0 })).toEqual(entries)
  })

  it('never waits for a line that does not end', async () => {
    const folder = folderWith({ 'logs/long.jsonl': `{"x":"${'y'.repeat(9 * 1024 * 1024)}` })
    expect((await findLogFiles(folder)).unknown).toEqual(['logs/long.jsonl'])
  })
})

it.each([
  ['openai-chat', 'gpt-4o', [], 'https://api.openai.com/v1', 'OPENAI_API_KEY'],
  ['anthropic-messages', 'claude-x', [], 'https://api.anthropic.com/v1', 'ANTHROPIC_API_KEY'],
  ['gemini-generate-content', null, [], 'https://generativelanguage.googleapis.com/v1beta', 'GEMINI_API_KEY'],
  ['ollama', 'llama3', [], 'http://localhost:11434', null],
  ['openai-chat', 'gpt-4o', ['litellm'], 'https://api.example.com/v1', 'PROD_KEY'],
  ['openai-chat', 'our-own', [], 'https://api.example.com/v1', 'PROD_KEY'],
])('%s of %s through %o is asked at the address that is known', (api, model, formats, baseUrl, keyEnv) => {
  expect(guessTarget({ api, model, formats })).toMatchObject({ baseUrl, keyEnv })
})

it('times: from, to, a day’s calls, and the days without one', () => {
  const days = [
    '2026-01-01T23:00:00.000Z',
    '2026-01-02T01:00:00.000Z',
    '2026-01-05T01:00:00.000Z',
    '2026-01-05T02:00:00.000Z',
  ]
  expect(timesOf(days)).toEqual({
    first: days[0],
    last: days[3],
    days: 5,
    callsPerDay: 1,
    gaps: ['2026-01-03', '2026-01-04'],
  })
  expect(timesOf([])).toBeNull()
  expect(timesOf(days.slice(0, 2))).toMatchObject({ callsPerDay: null, gaps: [] })
})

describe('init', () => {
  it('writes a config that fits the log, in the order found, written, missing, next, every night', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'logs'))
    cpSync(demoLog, join(cwd, 'logs', 'requests.jsonl.gz'))
    const { said, config } = await init(cwd)
    const checked = configSchema.parse(config)
    expect(checked.logs.map(({ path }) => path)).toEqual(['logs'])
    expect(checked.targets.production).toMatchObject({
      api: 'openai-chat',
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-4-0314',
      keyFrom: { env: 'OPENAI_API_KEY' },
    })
    expect(checked.sample).toMatchObject({ since: 'lastRun' })
    expect(checked.sample.size).toBeGreaterThan(200)
    expect(checked.sample.cohort).toBeLessThan(checked.sample.size)
    expect(checked.retention).toMatchObject({ textsDays: 30, maxStoreMb: 20_000 })
    expect(checked.retention.attemptsDays, 'what is forgotten would come back as new').toBeUndefined()
    expect(checked.report.against).toBe('previous')
    expect(said.match(/^\S.*$/gm)).toEqual(['Found', 'Written', 'Missing', 'Next', 'Every night'])
    expect(said).toContain('1,650 calls; can be replayed: all')
    expect(said).toContain('targets.candidate.model')
    expect(said).toContain('OPENAI_API_KEY')
    expect(said).toContain('shadowgate schedule cron')
    expect(
      readdirSync(cwd).toSorted((a, b) => (a < b ? -1 : 1)),
      'nothing but the config',
    ).toEqual(['logs', 'shadowgate.yaml'])
  })

  it('says of a rule that no answer of the log tells enough for how it is taken off', async () => {
    const cwd = folderWith({ 'logs/a.jsonl': Array.from({ length: 40 }, (_, index) => call(index)).join('') })
    await init(cwd)
    expect(readFileSync(join(cwd, 'shadowgate.yaml'), 'utf8')).toContain("as none of the log's 40 answers does")
  })

  it('takes the candidate, and a config of another folder means the same logs', async () => {
    const cwd = folderWith({
      'logs/a.jsonl': Array.from({ length: 40 }, (_, index) => call(index)).join(''),
      'deploy/x': '',
    })
    const { world, stdout } = createWorld({ cwd, env: { SHADOWGATE_STORE: join(cwd, 'mine.duckdb') } })
    await runCommandLine(world, ['init', '--candidate', 'claude: y', '--config', 'deploy/night.yaml', '--json'])
    const config = configSchema.parse(parse(readFileSync(join(cwd, 'deploy/night.yaml'), 'utf8')))
    expect(config.logs.map(({ path }) => path)).toEqual(['../logs'])
    expect(config.targets.candidate).toMatchObject({ api: 'anthropic-messages', model: 'claude: y' })
    const told = JSON.parse(stdout[0] ?? '')
    expect(told).toMatchObject({
      config: 'deploy/night.yaml',
      survey: {
        traffic: { calls: 40, replayable: 40 },
        apis: [{ api: 'anthropic-messages', records: 40 }],
        models: ['claude-x'],
      },
    })
    expect(told.missing.join()).not.toContain('targets.candidate.model')
    expect(existsSync(join(cwd, 'mine.duckdb')), 'the user’s store is left alone').toBe(false)
  })

  it('looks where it is told to', async () => {
    const cwd = folderWith({ 'x/a.jsonl': call(1), 'y/b.jsonl': call(2) })
    expect((await init(cwd, '--logs', 'y/*.jsonl')).config.logs).toEqual([{ path: 'y/*.jsonl' }])
  })

  it('says how to get logs where there are none, and of files that nobody knows', async () => {
    const { said, config } = await init(folderWith({ 'logs/what.json': '{"note":1}' }))
    expect(said).toContain('1 file looks like one: logs/what.json')
    expect(said).toContain('shadowgate formats')
    expect(configSchema.safeParse(config).error).toBeUndefined()
    expect(config.sample).toEqual({ size: 2000, seed: 1 })
  })

  it('does not stumble over a log of which nothing can be replayed', async () => {
    const line = `${JSON.stringify({ request: { model: 'm', messages: [] }, response: null })}\n`
    const { said, status } = await init(folderWith({ 'logs/a.jsonl': line }))
    expect(status).toBe(0)
    expect(said).toContain('no call in them can be replayed')
  })
})

it('nothing is sent while the config is not filled in', async () => {
  const cwd = folderWith({ 'logs/a.jsonl': call(1) })
  await init(cwd)
  const { world } = createWorld({ cwd, env: { ANTHROPIC_API_KEY: 'x' } })
  await expect(runCommandLine(world, ['run'])).rejects.toMatchObject({
    code: 'BAD_CONFIG',
    place: 'shadowgate.yaml targets.candidate.model',
    message: 'it is still to be filled in',
  })
})
