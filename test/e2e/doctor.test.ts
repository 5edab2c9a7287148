// `shadowgate doctor`: says that a night can run where one can, and what stands in its way where one can't.

import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { createProject, logLines, type ProjectOptions, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

interface Said {
  readonly canRun: boolean
  readonly status: number
  readonly findings: readonly {
    readonly check: string
    readonly grade: string
    readonly says: string
    readonly todo: string | null
  }[]
}

const price = { input: 2, output: 8 }

async function shop(parts: Partial<ProjectOptions> = {}) {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, { ...completion(`Answer to ${body.messages[0]?.content}`), model: 'served-2026-01' }),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 40,
    target: { keyFrom: { env: 'PROD_KEY' }, pricePerMillion: price },
    ...parts,
    config: {
      sample: { since: 'lastRun' },
      replay: { maxCost: 10 },
      retention: { textsDays: 30, maxStoreMb: 500 },
      notify: { command: ['true'] },
      ...parts.config,
    },
  })
  return { folder, target }
}

async function examine(folder: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const ran = await runCli(['doctor', '--json', ...args], { cwd: folder, env: { PROD_KEY: 'sk-of-a-test', ...env } })
  const said: Said = JSON.parse(ran.stdout)
  expect(ran.status, ran.stderr).toBe(said.status)
  const of = (check: string) => said.findings.filter((each) => each.check === check)
  const wrong = said.findings.filter(({ grade }) => grade === 'wrong')
  return { ...ran, said, of, wrong }
}

describe('where a night can run', { timeout: 120_000 }, () => {
  it('says so, asks each target one real request, and leaves everything as it was', async () => {
    const { folder, target } = await shop()
    const temporary = temporaryFolder()
    const { said, of } = await examine(folder, [], { TMPDIR: temporary })
    expect(said).toMatchObject({ canRun: true, status: 0 })
    expect(of('targets').map(({ says }) => says)).toEqual([
      expect.stringContaining('production at '),
      expect.stringContaining('answers as served-2026-01'),
    ])
    const posts = target.requests.filter(({ body }) => body?.messages !== undefined)
    expect(posts.map(({ body }) => Object(body).model)).toEqual(
      expect.arrayContaining(['test-model', 'test-model-next']),
    )
    expect(posts).toHaveLength(2)
    expect(of('logs')[0]?.says).toContain('40 of 40')
    expect(of('store')[0]?.says).toContain('there is none yet')
    expect(of('last night')[0]?.says).toBe('there was none yet')
    for (const check of ['node', 'config', 'folders', 'disk', 'clock', 'cost', 'retention', 'notify', 'sample'])
      expect(of(check), check).not.toEqual([])
    expect(readdirSync(folder).toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['requests.jsonl', 'shadowgate.yaml'])
    expect(readdirSync(temporary).filter((name) => name.startsWith('shadowgate'))).toEqual([])
  })

  it('looks at the canary where there is one: ports, journal, verdict and keys', async () => {
    const free = await shop({ config: { canary: { port: 0, admin: { port: 0 }, salt: 'a long random text' } } })
    const said = (await examine(free.folder, ['--offline'])).of('canary')
    expect(said.map(({ grade, says }) => [grade, says])).toEqual([
      ['fine', expect.stringContaining('are free')],
      ['fine', expect.stringContaining('the journal can be written')],
      ['doubtful', expect.stringContaining('there is no verdict to open the canary by')],
      ['fine', 'users are told apart by header x-user-id'],
    ])
    const port = Number(new URL(free.target.url).port)
    const taken = await shop({
      config: { canary: { mode: 'shadow', port, admin: { port: 0 }, key: [{ apiKey: true }] } },
    })
    const doubts = (await examine(taken.folder, ['--offline'])).of('canary').filter(({ grade }) => grade === 'doubtful')
    expect(doubts.map(({ says }) => says)).toEqual([
      expect.stringContaining(`127.0.0.1:${port} (canary.port) can't be listened on`),
      expect.stringContaining('the API key is taken for the user'),
      expect.stringContaining('canary.salt is the one that everybody has'),
    ])
  })

  it('asks nobody when told so', async () => {
    const { folder, target } = await shop()
    const { said, of } = await examine(folder, ['--offline'])
    expect(said.canRun).toBe(true)
    expect(target.requests).toEqual([])
    expect(of('targets')).toMatchObject([{ grade: 'doubtful', says: expect.stringContaining('nobody was asked') }])
  })

  it('knows the night before, and what is new since', async () => {
    const { folder } = await shop()
    const env = { PROD_KEY: 'sk-of-a-test' }
    const night = await runCli(['run', '--json'], { cwd: folder, env })
    const { decision } = JSON.parse(night.stdout)
    const same = await examine(folder)
    expect(same.stderr, 'it reads them, and the store has them').not.toMatch(/ingest|\bnew\b/)
    expect(same.of('store')[0]?.says).toMatch(/schema \d+, nobody holds it; 40.records, 1 judged run/)
    expect(same.of('last night')[0]?.says).toContain(decision)
    expect(same.of('logs')[1]).toMatchObject({ grade: 'doubtful', says: expect.stringContaining('status 4') })
    writeFileSync(join(folder, 'requests.jsonl'), logLines(50, false))
    expect((await examine(folder)).of('logs')[1]?.says).toMatch(/^10.records that the store does not have yet$/)
    expect(await query(join(folder, 'store.duckdb'), 'SELECT count(*) AS n FROM record')).toEqual([{ n: '40' }])
  })

  it('has a line for each check, a sign, and what to do', async () => {
    const { folder } = await shop({ config: { notify: {}, retention: {} } })
    const { stdout } = await runCli(['doctor', '--offline'], { cwd: folder, env: { PROD_KEY: 'x' } })
    expect(stdout).toMatch(/^✓ config {6}shadowgate.yaml is whole/m)
    expect(stdout).toMatch(/^! retention {3}off: the store and the reports grow with every night\n +→ retention: \{/m)
    expect(stdout).toMatch(/\nA night can run; \d+ to look at\. npx shadowgate run/)
    expect(stdout).not.toContain('\u001b')
  })
})

describe('where none can', { timeout: 120_000 }, () => {
  it.each([
    [
      'a config that is not there',
      (folder: string) => rmSync(join(folder, 'shadowgate.yaml')),
      65,
      'config',
      'there is no',
    ],
    [
      'a config that is broken',
      (folder: string) => writeFileSync(join(folder, 'shadowgate.yaml'), 'stor: 1\n'),
      65,
      'config',
      'did you mean "store"',
    ],
    ['logs that went', (folder: string) => rmSync(join(folder, 'requests.jsonl')), 65, 'logs', 'no log file matches'],
    [
      'logs that nobody knows',
      (folder: string) => writeFileSync(join(folder, 'requests.jsonl'), '{"note":1}\n'),
      65,
      'logs',
      'no log format recognises',
    ],
    [
      'a store that is none',
      (folder: string) => writeFileSync(join(folder, 'store.duckdb'), 'no database at all, only text'),
      65,
      'store',
      "can't be opened",
    ],
    [
      'a folder in the store’s place',
      (folder: string) => mkdirSync(join(folder, 'store.duckdb')),
      65,
      'folders',
      'there is a folder of that name',
    ],
  ])('%s', async (_, spoil, status, check, says) => {
    const { folder } = await shop()
    spoil(folder)
    const { said, wrong } = await examine(folder, ['--offline'])
    expect(said).toMatchObject({ canRun: false, status })
    expect(wrong.find((each) => each.check === check)?.says).toContain(says)
    expect(wrong.every(({ todo }) => todo !== null)).toBe(true)
  })

  it('no key, or a target that is not there, is 69', async () => {
    const { folder } = await shop()
    const keyless = await examine(folder, [], { PROD_KEY: '' })
    expect(keyless.said.status).toBe(69)
    expect(keyless.wrong).toMatchObject([{ check: 'targets', says: expect.stringContaining('PROD_KEY is not set') }])
    expect(keyless.wrong[0]?.todo).not.toContain('shadowgate.env')
    writeFileSync(join(folder, 'shadowgate.env'), 'PROD_KEY=sk-x\n')
    expect((await examine(folder, [], { PROD_KEY: '' })).wrong[0]?.todo).toContain('. ./shadowgate.env')
    const elsewhere = await examine(folder, ['--candidate-base-url', 'http://127.0.0.1:1/v1'])
    expect(elsewhere.said.status).toBe(69)
    expect(elsewhere.wrong).toMatchObject([
      { check: 'targets', says: expect.stringContaining("the candidate can't be reached") },
    ])
    expect(elsewhere.of('targets')[0]).toMatchObject({ grade: 'fine' })
  })

  it('a model that the target does not have is seen by the real request', async () => {
    const target = await startTarget(({ body }, response) =>
      Object(body).model === 'test-model-next'
        ? sendJson(response, 404, { error: { message: 'no such model' } })
        : sendJson(response, 200, completion('Yes.')),
    )
    const { folder } = await shop({ production: target.url, candidate: target.url })
    const { said, wrong } = await examine(folder)
    expect(said.status).toBe(69)
    expect(wrong).toMatchObject([{ check: 'targets', says: expect.stringContaining('no such model') }])
  })

  it('a store that another process holds is 69, and it is said who', async () => {
    const { folder } = await shop()
    const instance = await DuckDBInstance.create(join(folder, 'store.duckdb'))
    try {
      const { said, wrong } = await examine(folder, ['--offline'])
      expect(said.status).toBe(69)
      expect(wrong).toMatchObject([{ check: 'store', says: expect.stringContaining(`process ${process.pid}`) }])
    } finally {
      instance.closeSync()
    }
  })

  it('a store of a newer shadowgate', async () => {
    const { folder } = await shop()
    const instance = await DuckDBInstance.create(join(folder, 'store.duckdb'))
    const connection = await instance.connect()
    await connection.run('CREATE TABLE schema_version (version INTEGER); INSERT INTO schema_version VALUES (9999)')
    connection.closeSync()
    instance.closeSync()
    const { wrong } = await examine(folder, ['--offline'])
    expect(wrong).toMatchObject([{ check: 'store', says: expect.stringContaining('a newer shadowgate (schema 9999') }])
  })

  it('a night that would be refused because nobody is there to ask about its cost', async () => {
    const { folder } = await shop({ config: { replay: { confirmAbove: 0.0001 } } })
    const usage = { prompt_tokens: 100, completion_tokens: 100, total_tokens: 200 }
    const lines = Array.from({ length: 40 }, (_, index) => {
      const request = { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] }
      return `${JSON.stringify({ request, response: { ...completion('Yes.'), usage } })}\n`
    })
    writeFileSync(join(folder, 'requests.jsonl'), lines.join(''))
    const { wrong, said } = await examine(folder, ['--offline'])
    expect(said.status).toBe(65)
    expect(wrong).toMatchObject([{ check: 'cost', says: expect.stringContaining('above replay.confirmAbove') }])
    expect(wrong[0]?.todo).toContain('maxCost')
    const limited = await runCli(['doctor', '--offline'], {
      cwd: folder,
      env: { PROD_KEY: 'x', SHADOWGATE_REPLAY_MAX_COST: '5' },
    })
    expect(limited.stdout).toMatch(/✓ cost +a night costs about \$0\.\d+, at most \$5/)
  })
})

it('warns of logs that retention would forget, and the next night take for new', async () => {
  const { folder } = await shop({ config: { retention: { attemptsDays: 100 } } })
  const line = { request: { model: 'test-model', messages: [{ role: 'user', content: 'Old?' }] }, response: null }
  writeFileSync(join(folder, 'requests.jsonl'), `${JSON.stringify({ ...line, timestamp: '2020-01-01T00:00:00Z' })}\n`)
  const { of } = await examine(folder, ['--offline'])
  expect(of('retention')[1]).toMatchObject({ grade: 'doubtful', says: expect.stringContaining('2020-01-01 00:00 UTC') })
})

it('looks after what a night survives: stale logs, a clock that was turned, receivers that are none', async () => {
  const { folder } = await shop({
    config: {
      notify: {
        webhooks: [
          { urlFrom: { env: 'NOWHERE' } },
          { url: 'https://hooks.example.com/x', headers: { authorization: 'Bearer ${UNSET_TOKEN}' } },
          { urlFrom: { env: 'NOWHERE_EITHER' }, optional: true },
        ],
        command: ['no-such-program'],
        textfile: 'nowhere/x.prom',
      },
    },
  })
  const line = { request: { model: 'test-model', messages: [{ role: 'user', content: 'Late?' }] }, response: null }
  writeFileSync(join(folder, 'requests.jsonl'), `${JSON.stringify({ ...line, timestamp: '2199-01-01T00:00:00Z' })}\n`)
  utimesSync(join(folder, 'requests.jsonl'), new Date('2026-01-01'), new Date('2026-01-01'))
  const { said, of } = await examine(folder, ['--offline'])
  expect(said.canRun).toBe(true)
  expect(of('notify').map(({ says }) => says)).toEqual([
    'notify.webhooks[0]: the environment variable NOWHERE is not set',
    'notify.webhooks[1]: the environment variable UNSET_TOKEN is not set',
    'notify.command: there is no program no-such-program',
    expect.stringMatching(/^notify\.textfile: there is no folder .*nowhere$/),
  ])
  expect(of('logs').at(-1)?.says).toMatch(/^the newest file, requests.jsonl, was last written .* ago$/)
  expect(of('clock')[1]?.says).toContain('2199-01-01 00:00 UTC, which is still to come')
})

it('takes a collector of metrics for somebody who is told', async () => {
  const { folder } = await shop({ config: { notify: { otlp: { endpoint: 'http://127.0.0.1:1' } } } })
  const [found] = (await examine(folder, ['--offline'])).of('notify')
  expect(found).toMatchObject({ grade: 'fine', says: expect.stringContaining('a collector of OpenTelemetry’s') })
  const [doubt] = (await examine(folder, ['--offline'], { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' })).of('notify')
  expect(doubt?.says).toBe('OTLP: OTEL_EXPORTER_OTLP_ENDPOINT holds no address')
})
