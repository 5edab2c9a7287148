// An open loop on a real trace: requests go out when they came, and a stall shows in the latency of all that were due in it.

import { readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** Kimi's arrivals, sixty times as fast: three minutes in three seconds. */
const timeScale = 60
const trace = readFileSync(new URL('../replay/specimens/mooncake-conversation.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { timestamp: number })
const dues = trace.map(({ timestamp }) => timestamp / timeScale)

/** From its first request on, the server answers nothing between these two moments. */
const stall = { from: 1000, to: 2000 }

/** A server that answers at once, but for its stall. */
async function startStalling() {
  let startedAt: number | null = null
  const held: ServerResponse[] = []
  const answer = (response: ServerResponse) => sendJson(response, 200, completion('a plain answer'))
  return startTarget((_request, response) => {
    if (startedAt === null) {
      startedAt = performance.now()
      setTimeout(() => held.splice(0).forEach(answer), stall.to)
    }
    const at = performance.now() - startedAt
    if (at >= stall.from && at < stall.to) held.push(response)
    else answer(response)
  })
}

function writeTrace(folder: string): void {
  const lines = trace.map(({ timestamp }, index) =>
    JSON.stringify({
      request: { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] },
      response: null,
      timestamp: new Date(Date.UTC(2026, 10, 1) + timestamp).toISOString(),
    }),
  )
  writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
}

async function replayTrace(pace: 'open' | 'closed') {
  const production = await startStalling()
  const candidate = await startTarget((_request, response) => sendJson(response, 200, completion('a plain answer')))
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    target: { concurrency: 4, timeoutMs: 20_000 },
    config: { replay: { noise: 0, warmUp: 0, pace, timeScale, adaptive: false }, gate: { rules: withoutLatency } },
  })
  writeTrace(folder)
  const result = await runCli(['run'], { cwd: folder })
  expect(result.stderr).not.toContain('error[')
  const store = join(folder, 'store.duckdb')
  const rows = await query(
    store,
    `SELECT a.delay_ms, c.latency_ms, epoch_us(a.due_at) / 1000 AS due FROM attempt a
     JOIN calls c USING (run_id, ordinal, arm, trial) WHERE a.arm = 'production' ORDER BY a.ordinal`,
  )
  const report = readFileSync(join(folder, 'reports', await runIdOf(store), 'comment.md'), 'utf8')
  return {
    delays: rows.map((row) => Number(row['delay_ms'])),
    latencies: rows.map((row) => Number(row['latency_ms'])),
    dues: rows.map((row) => Number(row['due'])),
    report,
  }
}

async function runIdOf(store: string): Promise<string> {
  const [row] = await query(store, 'SELECT id FROM run')
  return String(row?.['id'])
}

describe('the arrivals of the Mooncake trace', () => {
  it('are kept in open loop, and a stall is suffered by everybody who came in it', async () => {
    const { delays, latencies, dues: kept, report } = await replayTrace('open')
    expect(latencies).toHaveLength(trace.length)
    const [first = 0] = kept
    // Dues are stored in whole milliseconds.
    for (const [index, due] of kept.entries()) expect(Math.abs(due - first - (dues[index] ?? 0))).toBeLessThan(2)
    const sorted = delays.toSorted((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)], 'half of all go out when they are due').toBeLessThan(25)
    // Who was due half a second or more before the stall's end waited that long; nobody else did.
    const long = latencies.filter((ms) => ms >= 500).length
    const due = dues.filter((ms) => ms >= stall.from + 50 && ms < stall.to - 550).length
    const mayBe = dues.filter((ms) => ms >= stall.from - 150 && ms < stall.to - 350).length
    expect(long).toBeGreaterThanOrEqual(due)
    expect(long).toBeLessThanOrEqual(mayBe)
    expect(report).toContain('Sent in open loop, 60 times as fast as recorded')
  })

  it('in closed loop, the stall is suffered by the four in flight: what others would have waited is not seen', async () => {
    const { latencies } = await replayTrace('closed')
    expect(latencies).toHaveLength(trace.length)
    expect(latencies.filter((ms) => ms >= 500).length).toBeLessThanOrEqual(4)
  })

  it('cannot be kept where the log has no times', async () => {
    const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
    const folder = createProject({ production: target.url, candidate: target.url, records: 10 })
    const result = await runCli(['run', '--replay-pace', 'open'], { cwd: folder })
    expect(result.status).toBe(65)
    expect(result.stderr).toContain('error[BAD_CONFIG] shadowgate.yaml replay.pace')
    expect(result.stderr).toContain('10 of 10 have none')
    expect(target.requests).toHaveLength(0)
  })
})
