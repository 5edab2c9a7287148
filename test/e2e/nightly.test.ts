// Night after night: only what is new is asked, a cohort stays, and a night without traffic is no verdict and no error.

import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const line = (index: number) =>
  `${JSON.stringify({ request: { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] }, response: null })}\n`

it('asks what is new since the last judged run, whatever became of the files, and the cohort with it', {
  timeout: 180_000,
}, async () => {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 40,
    config: {
      logs: [{ path: '*.jsonl' }],
      sample: { since: 'lastRun', cohort: 10 },
      replay: { noise: 0, warmUp: 0 },
    },
  })
  const night = async (...args: string[]) => {
    const before = target.requests.length
    const { status, stdout, stderr } = await runCli(['run', '--json', ...args], { cwd: folder })
    expect(stderr).not.toContain('error[')
    const asked = target.requests
      .slice(before)
      .map(({ body }) => Number(/\d+/.exec(String(body.messages[0]?.content))?.[0]))
    return { status, said: JSON.parse(stdout), asked: [...new Set(asked)].toSorted((a, b) => a - b) }
  }
  const first = await night()
  expect(first.status).not.toBe(4)
  expect(first.asked).toHaveLength(40)
  const { run } = first.said

  // Rotated, copied, and read again.
  renameSync(join(folder, 'requests.jsonl'), join(folder, 'requests-1.jsonl'))
  copyFileSync(join(folder, 'requests-1.jsonl'), join(folder, 'copy.jsonl'))
  const idle = await night()
  expect(idle).toEqual({
    status: 4,
    said: { decision: null, nothingNewSince: { run: run.id, startedAt: run.startedAt, decision: first.said.decision } },
    asked: [],
  })
  const words = await runCli(['run'], { cwd: folder })
  expect(words.stdout).toContain(`Nothing new  No record came since run ${run.id}`)
  expect((await runCli(['run', '--exit-zero'], { cwd: folder })).status).toBe(0)
  for (const command of ['plan', 'sample', 'replay'])
    expect((await runCli([command], { cwd: folder })).status, command).toBe(4)
  expect(await query(join(folder, 'store.duckdb'), 'SELECT count(*) AS n FROM run')).toEqual([{ n: '1' }])

  // One file grows by new and by recurring lines, the last of them half written; another brings a late one.
  appendFileSync(join(folder, 'requests-1.jsonl'), `${line(3)}${line(100)}${line(101)}${line(102).slice(0, 40)}`)
  writeFileSync(join(folder, 'late.jsonl'), line(103))
  const second = await night()
  expect(second.asked.filter((index) => index >= 100)).toEqual([100, 101, 103])
  const cohort = second.asked.filter((index) => index < 100)
  expect(cohort).toHaveLength(10)
  // The half line is whole by now.
  appendFileSync(join(folder, 'requests-1.jsonl'), line(102).slice(40))
  const third = await night()
  expect(third.asked, 'the cohort is that of the night before').toEqual([...cohort, 102])
  const nights = await query(
    join(folder, 'store.duckdb'),
    `SELECT count(*) AS n FROM pairs a JOIN pairs b USING (record_id, trial)
     WHERE a.run_id = '${second.said.run.id}' AND b.run_id = '${third.said.run.id}'`,
  )
  expect(nights).toEqual([{ n: '10' }])

  // Another candidate has been asked nothing; and all of it again, when told to.
  const other = await night('--candidate-model', 'another-model')
  expect(other.asked).toHaveLength(44)
  expect((await night('--candidate-model', 'another-model')).status).toBe(4)
  expect((await night('--sample-since', 'all')).asked).toHaveLength(44)
  const config = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')
  writeFileSync(join(folder, 'shadowgate.yaml'), config.replace('cohort: 10', 'cohort: 3000'))
  const tooMany = await runCli(['run'], { cwd: folder })
  expect(tooMany).toMatchObject({ status: 65, stderr: expect.stringContaining('sample.cohort') })
})

it('takes traffic for judged only where it was', { timeout: 120_000 }, async () => {
  let isBroken = true
  const production = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const candidate = await startTarget((_request, response) =>
    isBroken
      ? sendJson(response, 429, { error: { message: 'slow down' } })
      : sendJson(response, 200, completion('fine')),
  )
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 20,
    target: { retries: 0 },
    config: { sample: { since: 'lastRun' }, replay: { noise: 0, warmUp: 0, rounds: 0, maxWaitMs: 1 } },
  })
  expect((await runCli(['run'], { cwd: folder })).status, 'every pair is excluded').toBe(3)
  isBroken = false
  const again = await runCli(['run', '--json'], { cwd: folder })
  expect(JSON.parse(again.stdout).run.dataset.records).toBe(20)
  expect((await runCli(['run'], { cwd: folder })).status).toBe(4)
})
