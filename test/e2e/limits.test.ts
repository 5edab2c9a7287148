// The limits of a night: what was sent until then is judged, the verdict and the journal say so, and no limit makes a GO.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNights } from '../../src/commands/night/journal.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** Answers a hundred requests at once, and every later one so slowly that the rest would take minutes. */
async function startTiring(slowMs: number) {
  return startTarget(({ number }, response) => {
    setTimeout(() => sendJson(response, 200, completion('an answer')), number < 100 ? 0 : slowMs)
  })
}

describe('replay.maxMinutes', () => {
  it('is not waited for by a target that wants to be left alone for longer', async () => {
    const candidate = await startTarget(({ number }, response) => {
      if (number > 20) return sendJson(response, 429, { error: { message: 'no' } }, { 'retry-after': '7200' })
      sendJson(response, 200, completion('an answer'))
    })
    const folder = createProject({
      production: (await startTiring(0)).url,
      candidate: candidate.url,
      records: 200,
      config: {
        replay: { noise: 0, warmUp: 0, maxWaitMs: 8_000_000 },
        gate: { rules: withoutLatency, earlyStop: false },
      },
    })
    const { stdout } = await runCli(['run', '--json', '--max-minutes', '60'], { cwd: folder })
    expect(JSON.parse(stdout).run.stopped).toMatchObject({
      why: 'time-limit',
      because: expect.stringMatching(
        /after \d+ of 400 calls, since the candidate asks for a wait of (?:2.h 0.min|1.h 59.min), which ends after the time limit of 1.h 0.min; /,
      ),
    })
  })
  it('or not: who wants to be left alone for longer than any wait ends the night, which says for how long', async () => {
    const candidate = await startTarget((_, response) => {
      sendJson(response, 429, { error: { message: 'no' } }, { 'retry-after': '21600' })
    })
    const folder = createProject({
      production: (await startTiring(0)).url,
      candidate: candidate.url,
      records: 200,
      config: { replay: { noise: 0, warmUp: 0, maxWaitMs: 100 }, gate: { rules: withoutLatency } },
    })
    const { status, stderr } = await runCli(['run'], { cwd: folder })
    expect(status).toBe(69)
    expect(stderr).toMatch(
      /TARGET_UNREACHABLE.*the candidate asks to be left alone for 6.h 0.min \(rate-limited \(429\)\), and no wait is longer than 100.ms/,
    )
    expect(candidate.requests.length).toBeLessThan(25)
  })
  it('ends the replay cleanly, and what was sent is judged as a sample', async () => {
    const target = await startTiring(1000)
    const folder = createProject({
      production: target.url,
      candidate: target.url,
      records: 2000,
      config: { replay: { noise: 0, warmUp: 0 }, gate: { rules: withoutLatency, earlyStop: false } },
    })
    const result = await runCli(['run', '--json', '--max-minutes', '0.1'], { cwd: folder })
    const verdict = JSON.parse(result.stdout)
    expect(verdict.run.stopped).toMatchObject({ why: 'time-limit', records: null })
    expect(verdict.run.stopped.because).toMatch(
      /at the time limit of 6.s, after \d+ of 4,000 calls; .* a sample of its own/,
    )
    expect(verdict.counts.planned).toBe(verdict.counts.pairs)
    expect(verdict.counts.pairs, 'what was under way has ended').toBe(target.requests.length / 2)
    const [stored] = await query(join(folder, 'store.duckdb'), 'SELECT count(*) AS n FROM attempt')
    expect(Number(stored?.['n'])).toBe(target.requests.length)
    const [night] = readNights(join(folder, 'store.duckdb'))
    expect(night?.came).toMatchObject({ kind: 'judged', status: result.status })
    expect(night?.came?.because).toContain('time limit')
    expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
    const sent = target.requests.length
    expect((await runCli(['report'], { cwd: folder })).status).toBe(0)
    expect(target.requests).toHaveLength(sent)
  })

  it('that is over before the first request leaves nothing to judge, and the next run goes on', async () => {
    const target = await startTiring(0)
    const folder = createProject({ production: target.url, candidate: target.url, records: 40 })
    const result = await runCli(['run', '--json', '--max-minutes', '0.0001'], { cwd: folder })
    expect(target.requests).toHaveLength(0)
    expect(result.status).toBe(69)
    expect(JSON.parse(result.stdout).error).toMatchObject({ code: 'TIME_LIMIT' })
    const next = await runCli(['run', '--json'], { cwd: folder })
    expect(next.stderr).toBe('')
    const runs = await query(join(folder, 'store.duckdb'), 'SELECT status FROM run')
    expect(runs, 'the same run is gone on with').toEqual([{ status: 'reported' }])
  })
})

describe('a run that was cut off', () => {
  it('is closed once it is too old to be gone on with, and says so', async () => {
    let isDown = true
    const target = await startTarget((_request, response) =>
      isDown ? sendJson(response, 401, { error: { message: 'no' } }) : sendJson(response, 200, completion('an answer')),
    )
    const folder = createProject({ production: target.url, candidate: target.url, records: 40 })
    const cut = await runCli(['run'], { cwd: folder })
    expect(cut.stderr).toContain('KEY_REFUSED')
    isDown = false
    const next = await runCli(['run', '--json', '--replay-resume-for-hours', '0'], { cwd: folder })
    expect(next.stderr).toBe('')
    const runs = await query(join(folder, 'store.duckdb'), 'SELECT id, status FROM run ORDER BY started_at')
    expect(runs.map(({ status }) => status)).toEqual(['outdated', 'reported'])
    expect(runs[1]?.['id']).toBe(JSON.parse(next.stdout).run.id)
  })

  it('is closed by one that is begun on purpose, and not gone on with after it', async () => {
    const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
    const folder = createProject({ production: target.url, candidate: target.url, records: 40 })
    await runCli(['ingest'], { cwd: folder })
    await runCli(['sample'], { cwd: folder })
    await runCli(['run', '--new'], { cwd: folder })
    await runCli(['run'], { cwd: folder })
    const runs = await query(join(folder, 'store.duckdb'), 'SELECT status FROM run ORDER BY started_at')
    expect(runs.map(({ status }) => status)).toEqual(['superseded', 'reported', 'reported'])
  })
})
