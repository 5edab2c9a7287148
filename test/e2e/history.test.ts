// Nights as an operator finds them in the morning: on the terminal, in index.html, while the next one runs, and after years.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Verdict } from '../../src/core/judgement.ts'
import { openStore } from '../../src/store/store.ts'
import { keptNight, nightAt } from '../report/fixture-nights.ts'
import { runCli } from '../support/cli.ts'
import { runOf } from '../support/nouns.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { askDuckdb, startStoreChild } from '../support/stores.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const answers = () =>
  startTarget(({ body }, response) => sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)))

const quick = { replay: { noise: 0, warmUp: 0 }, gate: { rules: withoutLatency } }

/** One after the other, with what each left. */
async function nightsIn(folder: string, count: number): Promise<void> {
  for (let night = 0; night < count; night++) {
    const { stderr } = await runCli(['run', '--new'], { cwd: folder })
    expect(stderr).not.toContain('error[')
  }
}

const indexIn = (folder: string) => readFileSync(join(folder, 'reports', 'index.html'), 'utf8')
const linksIn = (html: string) => [...new Set([...html.matchAll(/href="([^"#]+)"/g)].map(([, to]) => to))]

it('tells of nights that were judged and of those that failed, on the terminal and in an index that links to what is there', {
  timeout: 180_000,
}, async () => {
  const target = await answers()
  const folder = createProject({ production: target.url, candidate: target.url, records: 40, config: quick })
  await nightsIn(folder, 2)
  // Nobody listens there any more.
  const config = join(folder, 'shadowgate.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replaceAll(target.url, 'http://127.0.0.1:1/v1'))
  const failed = await runCli(['run', '--new'], { cwd: folder })
  expect(failed.status).toBe(69)

  const { status, stdout } = await runCli(['history', '--json'], { cwd: folder })
  expect(status).toBe(0)
  const history = JSON.parse(stdout)
  expect(history.nights.map(({ kind }: { kind: string }) => kind)).toEqual(['judged', 'judged', 'failed'])
  expect(history.nights[2]).toMatchObject({ status: 69, code: 'TARGET_UNREACHABLE' })
  expect(history.nights[0].judged.findings.length).toBeGreaterThan(3)
  const runs = history.nights.slice(0, 2).map(({ runId }: { runId: string }) => runId)

  // The night that failed wrote the index as well.
  expect(indexIn(folder)).toContain('came to no verdict')
  expect(new Set(linksIn(indexIn(folder)))).toEqual(new Set(runs.map((id: string) => `${id}/report.html`)))

  const table = (await runCli(['history', '--limit', '2'], { cwd: folder })).stdout
  expect(table).toMatch(/no verdict {2}/)
  expect(table).toContain('… and 1 older ones: --limit, --since')
  const answered = (await runCli(['history', '--metric', 'answered'], { cwd: folder })).stdout
  expect(answered.match(/^ {2}20\d\d-.*●/gm)).toHaveLength(2)
  const segment = await runCli(['history', '--metric', 'answered', '--segment', 'parity=even'], { cwd: folder })
  expect(segment.stderr).toContain('no night of these measured answered')

  // Judged anew by other rules; and a report is gone.
  rmSync(join(folder, 'reports', runs[0]), { recursive: true })
  await runCli(['gate', '--gate-segments', 'parity'], { cwd: folder })
  expect(linksIn(indexIn(folder))).toEqual([`${runs[1]}/report.html`])
  expect(indexIn(folder)).toContain('The policy changed')
  const even = await runCli(['history', '--metric', 'answered', '--segment', 'parity=even'], { cwd: folder })
  expect(even.stdout).toMatch(/Answered in parity=even/)
})

it('while another process holds the store, tells what was written down by the last night', {
  timeout: 120_000,
}, async () => {
  const target = await answers()
  const folder = createProject({ production: target.url, candidate: target.url, records: 40, config: quick })
  await nightsIn(folder, 1)
  const holder = startStoreChild(join(folder, 'store.duckdb'), 'hold')
  await holder.until(() => true)
  const table = await runCli(['history'], { cwd: folder })
  expect(table.status).toBe(0)
  expect(table.stderr).toMatch(new RegExp(`the store is in use by process ${holder.pid}.*: told as of 20`))
  expect(table.stdout).toMatch(/Rules, 1.night judged/)
  const before = indexIn(folder)
  // What the file does not hold needs the store.
  for (const args of [['--html'], ['--metric', 'answered', '--segment', 'parity=even']]) {
    const refused = await runCli(['history', ...args], { cwd: folder })
    expect([refused.status, refused.stderr]).toEqual([69, expect.stringContaining('STORE_LOCKED')])
  }
  await holder.kill()
  expect(indexIn(folder)).toBe(before)
  rmSync(join(folder, 'reports', 'index.html'))
  const again = await runCli(['history', '--html'], { cwd: folder })
  expect(again.stdout.trim()).toBe(join('reports', 'index.html'))
  expect(existsSync(join(folder, 'reports', 'index.html'))).toBe(true)
})

it('an index that can not be written fails no night, and is said', { timeout: 120_000 }, async () => {
  const target = await answers()
  const folder = createProject({ production: target.url, candidate: target.url, records: 40, config: quick })
  mkdirSync(join(folder, 'reports', 'index.html'), { recursive: true })
  const { status, stderr, stdout } = await runCli(['run', '--json'], { cwd: folder })
  expect(stderr).toContain('index.html was not written')
  const { decision, held } = JSON.parse(stdout)
  expect(status).toBe(decision === 'GO' && !held ? 0 : decision === 'NO-GO' ? 1 : 2)
  expect((await runCli(['history', '--html'], { cwd: folder })).status).toBe(65)
})

it.each([
  [['--limit', '0'], '--limit is no number of nights: 0'],
  [['--since', 'yesterday'], '--since is no date: yesterday'],
  [['--segment', 'task=prime'], '--segment is of one rule'],
  [['--metric', 'answered', '--segment', 'prime'], '--segment is no key=value: prime'],
])('refuses %s', async (args, words) => {
  const folder = createProject({ production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1' })
  const { status, stderr } = await runCli(['history', ...args], { cwd: folder })
  expect([status, stderr]).toEqual([64, expect.stringContaining(words)])
})

/** The same nights again and again, each time `days` later: to judge every one of them takes half a minute and proves no more. */
async function repeatNights(path: string, { days, times }: { readonly days: number; readonly times: number }) {
  const again = `range(1, ${times}) AS again(n)`
  const begin = `started_at + to_days((n * ${days})::INT)`
  const manifest = `json_merge_patch(manifest, json_object('id', id || '-' || n, 'startedAt', strftime(${begin}, '%Y-%m-%dT%H:%M:%S.000Z')))`
  const own = (table: string, changes = '') =>
    `INSERT INTO ${table} SELECT * EXCLUDE (n) REPLACE (run_id || '-' || n AS run_id ${changes}) FROM ${table}, ${again}`
  const sql = [
    own('kept_finding'),
    own('kept_night'),
    own('verdict', `, decided_at + to_days((n * ${days})::INT) AS decided_at`),
    `INSERT INTO run SELECT * EXCLUDE (n) REPLACE (id || '-' || n AS id, ${begin} AS started_at, ${manifest} AS manifest) FROM run, ${again}`,
  ]
  await askDuckdb(path, sql.join(';'), 'READ_WRITE')
}

it('of a thousand nights in a store reads all, lists what is asked for, and writes a small page', {
  timeout: 300_000,
}, async () => {
  const folder = createProject({ production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1' })
  const path = join(folder, 'store.duckdb')
  const store = await openStore(path)
  for (let day = 0; day < 40; day++) {
    const { run, verdict, policy, decidedAt } = keptNight(day)
    await store.createRun({ run: { ...runOf(run.id), ...run }, status: 'reported', fingerprint: 'f' }, [])
    const bare = { next: '', flags: [], invalid: [], looks: [], blind: [] }
    const findings = verdict.findings.map((finding) => ({ ...finding, because: '', look: null, morePairs: null }))
    await store.saveJudgement(
      run.id,
      {
        policy,
        effects: [],
        verdict: { ...bare, ...verdict, because: verdict.because.toWellFormed(), findings } as Verdict,
      },
      decidedAt,
    )
  }
  store.close()
  await repeatNights(path, { days: 40, times: 25 })
  const { stdout } = await runCli(['history', '--json', '--limit', '2000'], { cwd: folder })
  const { nights } = JSON.parse(stdout)
  expect(new Set(nights.map(({ at }: { at: string }) => at)).size).toBe(1000)
  expect(nights.at(-1)).toMatchObject({ at: nightAt(999), judged: { findings: { length: 5 } } })
  const since = await runCli(['history', '--since', '2028-01-01', '--limit', '3', '--json'], { cwd: folder })
  expect(JSON.parse(since.stdout)).toMatchObject({ nights: { length: 3 }, left: 997 })
  await runCli(['history', '--html'], { cwd: folder })
  expect(Buffer.byteLength(indexIn(folder))).toBeLessThan(250_000)
})
