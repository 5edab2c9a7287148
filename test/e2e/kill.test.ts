// Killed at any moment: the next run goes on where it was, loses no pair and repeats none.

import type { ChildProcess } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

/** What a store holds of its run, but for ids and times. */
async function contentOf(store: string) {
  const calls = await query(
    store,
    `SELECT record_id, ordinal, arm, trial, position, outcome, text, stop, input_tokens, output_tokens FROM calls ORDER BY ALL`,
  )
  const measures = await query(
    store,
    `SELECT * EXCLUDE (run_id) FROM measure WHERE metric NOT IN ('latency', 'ttft') ORDER BY ALL`,
  )
  const [counts] = await query(
    store,
    `SELECT (SELECT count(*) FROM run) AS runs, count(*) FILTER (is_final) AS finals,
       count(DISTINCT (record_id, arm, trial)) FILTER (is_final) AS calls FROM attempt`,
  )
  return { calls, measures, counts }
}

it('ten kill −9 at random moments of one run end in the store of a run that nobody disturbed', {
  timeout: 240_000,
}, async () => {
  const records = 400
  const sentAt: number[] = []
  let killAt = Infinity
  let child: ChildProcess | null = null
  // The same answer to the same question, whoever asks and whenever.
  const answer: Answer = ({ body }, response) => {
    sentAt.push(performance.now())
    if (sentAt.length === killAt) child?.kill('SIGKILL')
    const text = `Answer to ${body.messages[0]?.content}`.repeat(1 + (body.messages[0]?.content.length ?? 0))
    setTimeout(() => sendJson(response, 200, completion(text)), 10)
  }
  const production = await startTarget(answer)
  const candidate = await startTarget(answer)
  const project = { production: production.url, candidate: candidate.url, records }
  const undisturbed = createProject(project)
  const whole = await runCli(['run'], { cwd: undisturbed })
  expect(whole.stderr).not.toContain('error[')
  const calls = 4 * records
  expect(sentAt).toHaveLength(calls)

  const disturbed = createProject(project)
  const random = seededBy(Date.now() % 1_000_000, 'kill')
  let repeated = 0
  for (let kill = 0; kill < 10; kill++) {
    sentAt.length = 0
    killAt = 1 + random.below(calls / 8)
    const { signal, stderr } = await runCli(['run'], { cwd: disturbed, onStart: (started) => (child = started) })
    expect(signal, stderr).toBe('SIGKILL')
    // What a kill may cost: what was sent in its last second, and a little more for the flush itself.
    const last = sentAt.at(-1) ?? 0
    repeated += sentAt.filter((at) => at > last - 1200).length
  }
  killAt = Infinity
  sentAt.length = 0
  const before = production.requests.length + candidate.requests.length
  const finished = await runCli(['run'], { cwd: disturbed })
  expect(finished.stderr).not.toContain('error[')
  expect(finished.stderr).toContain('goes on with run')
  const content = await contentOf(join(disturbed, 'store.duckdb'))
  expect(content.counts).toEqual({ runs: '1', finals: String(calls), calls: String(calls) })
  expect(content).toEqual(await contentOf(join(undisturbed, 'store.duckdb')))
  const asked = before - calls + (production.requests.length + candidate.requests.length - before)
  expect(asked - calls, 'asked more than once').toBeLessThanOrEqual(repeated)
})

it('a run that was replayed, but not judged, is brought home without another request', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 60 })
  await runCli(['ingest'], { cwd: folder })
  const { stdout: runId } = await runCli(['replay'], { cwd: folder })
  expect(target.requests).toHaveLength(240)
  // As after a kill between replay and report.
  const brought = await runCli(['run', '--json'], { cwd: folder })
  expect(JSON.parse(brought.stdout).run.id).toBe(runId.trim())
  expect(target.requests, 'nothing is asked twice').toHaveLength(240)
  const next = await runCli(['run', '--json'], { cwd: folder })
  expect(JSON.parse(next.stdout).run.id).not.toBe(runId.trim())
})

it('what a kill left of a report goes when the report is written again', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 10 })
  const { stdout } = await runCli(['run', '--json'], { cwd: folder })
  const reports = join(folder, 'reports', JSON.parse(stdout).run.id)
  const whole = readdirSync(reports)
  writeFileSync(join(reports, 'report.html.1842296946'), '<html>')
  expect((await runCli(['report'], { cwd: folder })).status).toBe(0)
  expect(readdirSync(reports)).toEqual(whole)
})

it('Ctrl-C lets running calls end, keeps them, and says how to go on', async () => {
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
  expect(slow.requests.length).toBe(400)
  expect(before).toBeLessThan(400)
})
