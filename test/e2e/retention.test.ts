// What retention takes is told wherever it is missed, and no verdict is lost by it.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'
import { startTerminal } from '../support/terminal.ts'

/** Younger than the time that a run takes. */
const atOnce = '0.000001'

async function project(config: Record<string, unknown> = {}) {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const options = { production: target.url, candidate: target.url, records: 40 }
  const folder = createProject({ ...options, config: { gate: { rules: withoutLatency }, ...config } })
  const cli = (...args: string[]) => runCli(args, { cwd: folder })
  const nightly = async () => JSON.parse((await cli('run', '--new', '--json')).stdout).run.id as string
  return { folder, cli, nightly, store: join(folder, 'store.duckdb') }
}

it('takes texts of a run before the last, and each command says so', { timeout: 120_000 }, async () => {
  const { folder, cli, nightly, store } = await project()
  const first = await nightly()
  const last = await nightly()
  const judged = JSON.parse((await cli('verify', '--run', first, '--json')).stdout)
  expect(judged).toMatchObject({ from: 'attempts', textsRemovedAt: null })

  const dry = JSON.parse((await cli('gc', '--dry-run', '--json', '--retention-texts-days', atOnce)).stdout)
  expect(dry).toMatchObject({ isDry: true, textsOfRuns: 1, attemptsOfRuns: 0, reports: [], isBounded: true })
  expect((await query(store, 'SELECT count(*) AS n FROM attempt WHERE text IS NULL'))[0]).toEqual({ n: '0' })
  const bytes = readFileSync(store)
  const args = ['gc', '--retention-texts-days', atOnce]
  const full = await runCli(args, { cwd: folder, fileLimitKib: 1024 })
  expect(full.stderr).toContain('error[STORE_UNWRITABLE]')
  expect(full.status).toBe(69)
  expect(
    readdirSync(folder).filter((name) => name.startsWith('store.duckdb')),
    'nothing is left',
  ).toEqual(['store.duckdb'])
  expect(readFileSync(store).equals(bytes)).toBe(true)
  const done = await cli(...args)
  expect(done.stdout).toMatch(/^texts of answers of 1 run went: [\d.]+\s[KMG]B of [\d.]+\s[KMG]B\n$/)
  expect((await cli('gc', '--retention-texts-days', atOnce)).stdout, 'once').toBe('nothing is kept too long\n')

  const verified = await cli('verify', '--run', first)
  expect(verified.status, verified.stderr).toBe(0)
  expect(verified.stdout).toMatch(
    /computed again from what was measured: the texts of the answers were removed by retention on \d{4}/,
  )
  expect(verified.stdout).toContain(judged.sha256)
  const reported = await cli('report', '--run', first)
  expect(reported.status, reported.stderr).toBe(0)
  const html = readFileSync(join(folder, 'reports', first, 'report.html'), 'utf8')
  expect(html).toContain('The texts of this run were removed by retention on')
  expect(html).not.toContain('Answer to Question')
  expect((await cli('gate', '--run', first)).stderr).not.toContain('error[')
  const listed = await cli('pairs', '--run', first, '--limit', '2')
  expect(listed.stdout.trimEnd().split('\n')).toHaveLength(2)
  expect(listed.stderr).toContain('The texts of this run were removed by retention on')
  expect((await cli('pairs', '--run', last)).stderr).not.toContain('removed')
  const terminal = startTerminal(['browse', first], { cwd: folder, columns: 120 })
  onTestFinished(() => terminal.kill('SIGKILL'))
  await terminal.until((text) => text.includes('1 of 40') && text.includes('were removed by retention on'))
  terminal.type('q')
  expect(await terminal.ended).toMatchObject({ status: 0 })
  for (const command of [['score'], ['export', '--to', 'x']]) {
    const refused = await cli(...command, '--run', first)
    expect(refused, command[0]).toMatchObject({ status: 65, stderr: expect.stringContaining('error[REMOVED]') })
  }
  expect(existsSync(join(folder, 'x'))).toBe(false)
  // The last one is as it was: its records too, which the first one shares.
  expect((await cli('verify', '--run', last)).stdout).toContain('computed again from the attempts')
  expect(readFileSync(join(folder, 'reports', last, 'report.html'), 'utf8')).toContain('Answer to Question')
})

it('takes pairs and reports, and leaves the verdict', { timeout: 120_000 }, async () => {
  const { folder, cli, nightly, store } = await project()
  const first = await nightly()
  const last = await nightly()
  const flags = ['--retention-attempts-days', atOnce, '--retention-reports-days', atOnce]
  const done = JSON.parse((await cli('gc', '--json', ...flags)).stdout)
  expect(done).toMatchObject({ textsOfRuns: 1, attemptsOfRuns: 1, reports: [join(folder, 'reports', first)] })
  expect(done.bytes.after).toBe(statSync(store).size)
  expect(existsSync(join(folder, 'reports', first))).toBe(false)
  expect(existsSync(join(folder, 'reports', last))).toBe(true)
  const terminal = startTerminal(['browse', first], { cwd: folder })
  expect(await terminal.ended).toMatchObject({ status: 65 })
  expect(terminal.raw()).toContain('error[REMOVED]')
  for (const command of ['verify', 'report', 'gate', 'score', 'audit', 'pairs']) {
    const { status, stderr } = await cli(command, '--run', first)
    expect([command, status, stderr]).toEqual([command, 65, expect.stringContaining('error[REMOVED]')])
  }
  const verdicts = await query(store, 'SELECT run_id, decision FROM runs ORDER BY started_at')
  expect(verdicts).toMatchObject([{ run_id: first }, { run_id: last }])
  expect(new Set(verdicts.map(({ decision }) => decision)).size).toBe(1)
  const rules = await query(store, 'SELECT run_id, count(*) AS n FROM findings GROUP BY run_id')
  expect(new Set(rules.map(({ n }) => n)).size, 'both have all their findings').toBe(1)
})

it('keeps the store small night after night, and its verdict out of it', { timeout: 120_000 }, async () => {
  const { folder, cli, nightly, store } = await project({ retention: { maxStoreMb: 0.001 } })
  await nightly()
  const second = await cli('run', '--new')
  expect(second.stderr).toMatch(
    /^gc {7}.*single pairs of 1 run went.*; the store is still larger than retention.maxStoreMb/m,
  )
  expect(second.status, 'of the verdict').toBe(2)
  const rows = await query(store, 'SELECT count(DISTINCT run_id) AS n FROM attempt')
  expect(rows).toEqual([{ n: '1' }])
  const off = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8').replace(/retention:\n.*\n/, '')
  writeFileSync(join(folder, 'shadowgate.yaml'), off)
  const kept = await cli('gc')
  expect(kept).toMatchObject({ status: 65, stderr: expect.stringContaining('the config keeps everything') })
})
