// Servers and disks that misbehave: every request is accounted for, and the verdict tells what happened.

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const good: Answer = (_request, response) => sendJson(response, 200, completion('a plain answer'))

/** Every tenth answer goes wrong in a way of its own; the rest are fine. */
const broken: Answer = ({ number }, response) => {
  switch (number % 10) {
    case 1:
      return sendJson(response, 500, { error: { message: 'overloaded' } })
    case 2:
      return void response
        .writeHead(200, { 'content-type': 'text/event-stream' })
        .end('data: {"choices":[{"delta":{"content":"half')
    case 3:
      return void response.socket?.destroy()
    case 4:
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>surprise</html>')
    case 5:
      return void response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
        .write('{"choices":')
    default:
      return sendJson(response, 200, completion('a plain answer'))
  }
}

const decidedBy = [{ metric: 'cache-hit-rate', severity: 'off' }]

describe('a candidate that breaks', () => {
  it('is a NO-GO on answered, with every call accounted for', async () => {
    const production = await startTarget(good)
    const candidate = await startTarget(broken)
    const folder = createProject({
      production: production.url,
      candidate: candidate.url,
      records: 150,
      target: { retries: 0, timeoutMs: 500, concurrency: 32 },
      config: { gate: { rules: decidedBy, earlyStop: false } },
    })
    const result = await runCli(['run', '--json'], { cwd: folder })
    const verdict = JSON.parse(result.stdout)
    expect(result.status).toBe(1)
    expect(verdict.decision).toBe('NO-GO')
    const answered = verdict.findings.find((finding: { metric: string }) => finding.metric === 'answered')
    expect(answered).toMatchObject({ outcome: 'fail', production: 1, pairs: 150 })
    expect(answered.candidate).toBeCloseTo(0.5, 1)
    const latency = verdict.findings.find((finding: { metric: string }) => finding.metric === 'latency-p95')
    expect(latency, 'calls without an answer are infinitely slow').toMatchObject({
      outcome: 'fail',
      candidate: 'Infinity',
    })
    const { calls, reply, rejected, broken: cut, timeout } = verdict.counts.calls.candidate
    expect({ calls, sum: reply + rejected + cut + timeout }).toEqual({ calls: 300, sum: 300 })
  })

  it('that never answers in time is infinitely slow, and the run ends all the same', async () => {
    const production = await startTarget(good)
    const candidate = await startTarget(() => {})
    const folder = createProject({
      production: production.url,
      candidate: candidate.url,
      records: 64,
      target: { retries: 2, timeoutMs: 500, concurrency: 32 },
      config: { gate: { rules: decidedBy } },
    })
    const result = await runCli(['run', '--json'], { cwd: folder })
    expect(result.status).toBe(1)
    const [row] = await query(
      join(folder, 'store.duckdb'),
      `SELECT count(*) AS n, max(total_ms) AS worst FROM attempt WHERE outcome = 'timeout'`,
    )
    expect(row?.['n'], 'a timeout is not tried again').toBe('128')
    expect(Number(row?.['worst'])).toBeLessThan(1000)
  })
})

describe('rate limits', () => {
  it('429 for ever stops the run soon, and says so', async () => {
    const production = await startTarget(good)
    const candidate = await startTarget((_request, response) =>
      sendJson(response, 429, { error: { message: 'Rate limit reached' } }, { 'retry-after-ms': '10' }),
    )
    const folder = createProject({ production: production.url, candidate: candidate.url, records: 500 })
    const result = await runCli(['run'], { cwd: folder })
    expect(result.status).toBe(69)
    expect(result.stderr).toContain('error[TARGET_UNREACHABLE]')
    expect(result.stderr).toContain('429')
    // 25 calls in a row, and what was in flight beside them, each asked once and again in six rounds.
    expect(candidate.requests.length).toBeLessThan((25 + 16) * 7)
  })

  it('a few 429s are waited out and cost nobody a pair', async () => {
    const production = await startTarget(good)
    // By chance, not by number: a rhythm might hit the same pair each time.
    const random = seededBy(7, 'limits')
    const candidate = await startTarget((_request, response) =>
      random.below(7) === 0
        ? sendJson(response, 429, { error: { message: 'slow down' } }, { 'retry-after-ms': '5' })
        : sendJson(response, 200, completion('a plain answer')),
    )
    const folder = createProject({
      production: production.url,
      candidate: candidate.url,
      records: 100,
      target: { retries: 5 },
    })
    const result = await runCli(['run', '--json'], { cwd: folder })
    const verdict = JSON.parse(result.stdout)
    expect(verdict.counts.pairs).toBe(100)
    expect(verdict.counts.excluded).toEqual({})
    const [row] = await query(
      join(folder, 'store.duckdb'),
      `SELECT (SELECT count(*) FROM calls WHERE outcome = 'reply') AS replies, (SELECT max(round) FROM attempt) AS rounds,
         (SELECT count(*) FROM attempt WHERE arm = 'production') AS production,
         (SELECT count(*) FROM attempt WHERE arm = 'candidate') AS candidate`,
    )
    expect(row?.['replies']).toBe('400')
    expect(Number(row?.['rounds'])).toBeGreaterThan(0)
    // The whole pair was asked again, each time.
    expect(row?.['production']).toBe(row?.['candidate'])
  })
})

describe('the disk', () => {
  it('fills during the replay: an error that says so, nothing lost, and the next run goes on', async () => {
    const text = Array.from({ length: 3000 }, (_, index) => `${index.toString(36)}${(index * 7919).toString(36)}`).join(
      ' ',
    )
    const target = await startTarget((_request, response) => sendJson(response, 200, completion(text)))
    const folder = createProject({ production: target.url, candidate: target.url, records: 300 })
    const full = await runCli(['run'], { cwd: folder, fileLimitKib: 6000 })
    expect(full.stderr).toContain('error[STORE_UNWRITABLE]')
    expect(full.status).toBe(69)
    const resumed = await runCli(['run'], { cwd: folder })
    expect(resumed.stderr).not.toContain('error[')
    const [row] = await query(
      join(folder, 'store.duckdb'),
      `SELECT (SELECT count(*) FROM run) AS runs, count(*) AS finals, count(DISTINCT (record_id, arm, trial)) AS calls FROM attempt WHERE is_final`,
    )
    expect(row).toEqual({ runs: '1', finals: '1200', calls: '1200' })
  })
})

describe('one at a time', () => {
  it('a second run says who holds the store', async () => {
    const second: Promise<Awaited<ReturnType<typeof runCli>>>[] = []
    let pid: number | undefined
    const target = await startTarget(({ number }, response) => {
      if (number === 5) second.push(runCli(['run'], { cwd: folder }))
      setTimeout(() => sendJson(response, 200, completion('fine')), 100)
    })
    const folder = createProject({
      production: target.url,
      candidate: target.url,
      records: 60,
      target: { concurrency: 2 },
    })
    const first = await runCli(['run'], { cwd: folder, onStart: (child) => (pid = child.pid) })
    const [refused] = await Promise.all(second)
    expect(first.stderr).not.toContain('error[')
    expect(refused).toMatchObject({ status: 69 })
    expect(refused?.stderr).toContain(`process ${pid}`)
  })
})

describe('an outage', () => {
  it('in the middle stops the run, leaves no false measurement, and the next run asks anew', async () => {
    const production = await startTarget(good)
    let isRevoked = true
    const candidate = await startTarget(({ number }, response) =>
      isRevoked && number > 40
        ? sendJson(response, 401, { error: { message: 'key revoked' } })
        : sendJson(response, 200, completion('a plain answer')),
    )
    const folder = createProject({ production: production.url, candidate: candidate.url, records: 100 })
    const stopped = await runCli(['run'], { cwd: folder })
    expect(stopped.status).toBe(69)
    expect(stopped.stderr).toContain('error[KEY_REFUSED]')
    expect(stopped.stderr).toContain('key revoked')
    isRevoked = false
    const resumed = await runCli(['run', '--json'], { cwd: folder })
    expect(JSON.parse(resumed.stdout).counts.calls.candidate).toMatchObject({ calls: 200, reply: 200, rejected: 0 })
  })
})
