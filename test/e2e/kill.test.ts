// Killed at any moment: the next run goes on where it was, loses no pair and repeats none.

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { demoDatasetDir, loadAnswerBook } from '../../src/demo/dataset.ts'
import { createDemoServer } from '../../src/demo/server.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const demoConfig = fileURLToPath(new URL('../../datasets/demo/shadowgate.yaml', import.meta.url))

/** A demo server in this process, which can count. */
async function countingServer(arm: 'production' | 'candidate', onRequest: () => void): Promise<string> {
  const server = createDemoServer({
    book: loadAnswerBook(demoDatasetDir, arm),
    model: arm === 'production' ? 'gpt-4-0314' : 'gpt-4-0613',
    seed: `kill ${arm}`,
    timeScale: 100,
    key: null,
  })
  server.on('request', onRequest)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
}

it("kill −9 during the demo's replay, three times, and run again: the same pairs", { timeout: 180_000 }, async () => {
  const folder = temporaryFolder()
  let asked = 0
  let killAt = Infinity
  let child: ChildProcess | null = null
  const onRequest = () => {
    asked += 1
    if (asked === killAt) child?.kill('SIGKILL')
  }
  const env = {
    SHADOWGATE_DEMO_PRODUCTION_URL: await countingServer('production', onRequest),
    SHADOWGATE_DEMO_CANDIDATE_URL: await countingServer('candidate', onRequest),
  }
  const store = join(folder, 'demo.duckdb')
  const args = [
    'run',
    '--config',
    demoConfig,
    '--store',
    store,
    '--report-dir',
    join(folder, 'reports'),
    '--sample-size',
    '600',
  ]
  const run = () => runCli(args, { cwd: folder, env, onStart: (started) => (child = started) })
  for (const after of [620, 600, 120]) {
    killAt = asked + after
    const killed = await run()
    expect(killed.signal, killed.stderr).toBe('SIGKILL')
  }
  killAt = Infinity
  const finished = await run()
  expect(finished.status, finished.stderr).toBe(1)
  expect(finished.stderr).toContain('goes on with run')
  const [counts] = await query(
    store,
    `SELECT (SELECT count(*) FROM run) AS runs,
       (SELECT count(*) FROM run_record) AS planned,
       (SELECT sum(1 + production_trials) FROM run_record) AS calls,
       (SELECT count(*) FROM attempt WHERE is_final) AS finals,
       (SELECT count(DISTINCT (record_id, arm, trial)) FROM attempt WHERE is_final) AS distinct_finals,
       (SELECT count(*) FROM run_record rr WHERE NOT EXISTS
         (SELECT 1 FROM calls c WHERE c.record_id = rr.record_id AND c.arm = 'candidate')) AS lost`,
  )
  expect(counts).toMatchObject({ runs: '1', planned: '600', lost: '0' })
  expect(counts?.['finals'], 'none lost').toBe(counts?.['calls'])
  expect(counts?.['distinct_finals'], 'none twice').toBe(counts?.['calls'])
  // A kill costs what was not flushed yet: at most 500 attempts, or a second's worth, and what was under way.
  expect(asked).toBeLessThanOrEqual(Number(counts?.['calls']) + 3 * (500 + 2 * 64))
})

it('a run that was replayed, but not judged, is brought home without another request', {
  timeout: 60_000,
}, async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 60 })
  await runCli(['ingest'], { cwd: folder })
  const { stdout: runId } = await runCli(['replay'], { cwd: folder })
  expect(target.requests).toHaveLength(180)
  // As after a kill between replay and report.
  const brought = await runCli(['run', '--json'], { cwd: folder })
  expect(JSON.parse(brought.stdout).run.id).toBe(runId.trim())
  expect(target.requests, 'nothing is asked twice').toHaveLength(180)
  const next = await runCli(['run', '--json'], { cwd: folder })
  expect(JSON.parse(next.stdout).run.id).not.toBe(runId.trim())
})

it('Ctrl-C lets running calls end, keeps them, and says how to go on', { timeout: 60_000 }, async () => {
  let child: ChildProcess | null = null
  const slow = await startTarget(({ number }, response) => {
    if (number === 30) child?.kill('SIGINT')
    setTimeout(() => sendJson(response, 200, completion('an answer')), 20)
  })
  const folder = createProject({ production: slow.url, candidate: slow.url, records: 100 })
  const stopped = await runCli(['run'], { cwd: folder, onStart: (started) => (child = started) })
  expect(stopped.status).toBe(130)
  expect(stopped.stderr).toContain('error[INTERRUPTED]')
  expect(stopped.stderr).toContain('goes on')
  const [stored] = await query(
    join(folder, 'store.duckdb'),
    `SELECT count(*) AS n, count(*) FILTER (outcome = 'reply') AS replies FROM attempt`,
  )
  expect(Number(stored?.['n'])).toBe(slow.requests.length)
  expect(stored?.['replies']).toBe(stored?.['n'])
  const before = slow.requests.length
  const resumed = await runCli(['run'], { cwd: folder })
  expect(resumed.stderr).toContain('goes on with run')
  expect(slow.requests.length).toBe(300)
  expect(before).toBeLessThan(300)
})
