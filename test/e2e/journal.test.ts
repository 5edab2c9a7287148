// Every night has its account: judged, without anything new, failed before the store was open, or cut off by a kill.

import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { journalPath, readNights } from '../../src/commands/night/journal.ts'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

it('accounts for each night, and closes the one that was killed', { timeout: 120_000 }, async () => {
  let child: ChildProcess | null = null
  let killAt = 60
  const target = await startTarget(({ number }, response) => {
    if (number === killAt) child?.kill('SIGKILL')
    setTimeout(() => sendJson(response, 200, completion('an answer')), 5)
  })
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 60,
    config: { sample: { since: 'lastRun' } },
  })
  const store = join(folder, 'store.duckdb')
  const killed = await runCli(['run'], { cwd: folder, onStart: (started) => (child = started) })
  expect(killed.signal).toBe('SIGKILL')
  const [cutOff] = readNights(store)
  expect(cutOff).toMatchObject({ state: 'cut-off', stage: 'replay', closed: null, command: 'run' })

  killAt = Infinity
  const second = await runCli(['run', '--json'], { cwd: folder })
  expect(second.stderr).toBe('')
  const [first, finished] = readNights(store)
  const { run } = JSON.parse(second.stdout)
  expect(first?.closed).toMatchObject({ by: finished?.id, resumedRunId: run.id })
  expect(first?.closed?.because).toMatch(/was cut off at the stage replay: process \d+ on .* is gone, last seen/)
  expect(first?.closed?.lastSeenAt.localeCompare(first.begunAt)).toBe(1)
  expect(finished).toMatchObject({ state: 'ended', stage: 'report', came: { kind: 'judged', runId: run.id } })
  expect(finished?.came?.status).toBe(second.status)

  expect((await runCli(['run'], { cwd: folder })).status).toBe(4)
  await runCli(['run', '--logs', 'nowhere.jsonl'], { cwd: folder })
  await runCli(['run', '--config', 'nowhere.yaml'], { cwd: folder })
  const nights = readNights(store).slice(2)
  expect(nights.map(({ came }) => came)).toMatchObject([
    { kind: 'nothing-new', status: 4, before: { runId: run.id } },
    { kind: 'failed', status: 65, code: 'LOG_MISSING', runId: null },
  ])
  const lines = readFileSync(journalPath(store), 'utf8')
  expect(lines.endsWith('\n')).toBe(true)
  expect(lines.match(/"cut-off"/g), 'closed once').toHaveLength(1)
})

it('holds no key that another server quotes, however it looks', { timeout: 120_000 }, async () => {
  const key = 'kirschbaum auf der wiese'
  const healthy = await startTarget((_, response) => sendJson(response, 200, completion('an answer')))
  const quoting = await startTarget(() => {}, {
    models: (response) => sendJson(response, 401, { error: { message: `not the key ${key}` } }),
  })
  const targets = {
    production: { baseUrl: healthy.url, model: 'now', keyFrom: { env: 'PRODUCTION_KEY' } },
    candidate: { baseUrl: quoting.url, model: 'next' },
  }
  const folder = createProject({ production: '', candidate: '', config: { targets } })
  const result = await runCli(['run'], { cwd: folder, env: { PRODUCTION_KEY: key } })
  expect(result.status).toBe(69)
  const store = join(folder, 'store.duckdb')
  expect(readNights(store)).toMatchObject([{ came: { kind: 'failed', code: 'KEY_REFUSED' } }])
  for (const path of [journalPath(store), join(folder, 'reports/index.html'), join(folder, 'reports/history.json')]) {
    expect(readFileSync(path, 'utf8')).not.toContain('kirschbaum')
  }
  expect(readFileSync(journalPath(store), 'utf8')).toContain('not the key [secret]')
})
