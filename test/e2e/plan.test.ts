// Before anything is sent: what it will take and cost, and what is asked about it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** A dollar for a thousand output tokens, nothing for input: an answer of five tokens is half a cent. */
const pricePerMillion = { input: 0, output: 1000 }

async function startProject(config: Record<string, unknown> = {}, delayMs: (number: number) => number = () => 0) {
  const target = await startTarget(({ number }, response) => {
    const answer = () => sendJson(response, 200, completion('a plain answer'))
    const ms = delayMs(number)
    if (ms === 0) answer()
    else setTimeout(answer, ms)
  })
  const { replay, ...rest } = config as { replay?: object }
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 400,
    target: { pricePerMillion },
    config: { replay: { noise: 0, warmUp: 0, ...replay }, ...rest },
  })
  // A log that tells what answers took then: 50 tokens, 2 s.
  const lines = Array.from({ length: 400 }, (_, index) =>
    JSON.stringify({
      request: { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] },
      response: completion('what it said then', { output: 50 }),
      latency_ms: 2000,
    }),
  )
  writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
  return { folder, target }
}

describe('plan', () => {
  it('says pairs, requests, tokens, cost and time, and sends nothing', async () => {
    const { folder, target } = await startProject({ replay: { noise: 0.5, warmUp: 2 } })
    const plan = JSON.parse((await runCli(['plan', '--json'], { cwd: folder })).stdout)
    const arm = { requests: 602, inputTokens: 602 * 20, outputTokens: 602 * 50, costUsd: (602 * 50 * 1000) / 1e6 }
    const { power, ...rest } = plan
    expect(rest).toEqual({
      pairs: 400,
      arms: { production: arm, candidate: arm },
      costUsd: 2 * arm.costUsd,
      seconds: (602 * 2) / 8,
      bound: 'concurrency',
      judgeUsd: null,
    })
    // By the log: all its answers took the same time, and that is no spread; of errors it knows none.
    expect(power).toMatchObject({ pilot: null, needed: null })
    const of = (metric: string) => power.rules.find((each: { metric: string }) => each.metric === metric)
    expect(of('answered')).toMatchObject({ needed: Math.ceil(268 * 1.064), why: null })
    expect(of('latency-p50')).toMatchObject({ needed: null, why: expect.stringContaining('the log tells too few') })
    const told = (await runCli(['plan'], { cwd: folder })).stdout
    expect(told).toContain('400 pairs')
    expect(told).toContain('Cost: about $60.20')
    expect(told).toContain('Time: about 3 min, at the recorded latencies and this concurrency')
    expect(target.requests).toHaveLength(0)
  })

  it('says how many pairs each rule takes by an earlier run, once there is one', async () => {
    // Times of the server's own, wide enough that a busy machine adds little; and all pairs, whatever the first show.
    const gate = { rules: [{ metric: 'cache-hit-rate', severity: 'off' }], earlyStop: false }
    const { folder } = await startProject({ gate }, (number) => 20 + ((number * 7) % 41))
    expect((await runCli(['run', '--yes'], { cwd: folder })).stderr).not.toContain('error[')
    const { power } = JSON.parse((await runCli(['plan', '--json'], { cwd: folder })).stdout)
    expect(power.pilot).toMatch(/^\d{8}-/)
    const latency = power.rules.find((each: { metric: string }) => each.metric === 'latency-p95')
    expect(latency.needed).toBeGreaterThanOrEqual(59)
    expect(latency.brokenFrom).toBeGreaterThan(1.2)
    expect(power.needed).toBeGreaterThanOrEqual(latency.needed)
    const told = (await runCli(['plan'], { cwd: folder })).stdout
    expect(told).toContain(`What 400 pairs would show, by run ${power.pilot}; with 80 % power:`)
  })

  it('knows the limits by the minute', async () => {
    const { folder } = await startProject()
    const args = ['plan', '--json', '--candidate-limits-requests-per-minute', '50', '--replay-keep-free', '0']
    expect(JSON.parse((await runCli(args, { cwd: folder })).stdout)).toMatchObject({
      seconds: 480,
      bound: 'requests-per-minute',
    })
  })
})

describe('money', () => {
  it('a replay that is planned to cost more than the threshold is refused where nobody can be asked', async () => {
    const { folder, target } = await startProject()
    const result = await runCli(['run'], { cwd: folder })
    expect(result.status).toBe(64)
    expect(result.stderr).toContain('error[UNCONFIRMED] shadowgate.yaml replay.confirmAbove')
    expect(result.stderr).toContain('about $40.00')
    expect(target.requests).toHaveLength(0)
    const yes = await runCli(['run', '--yes'], { cwd: folder })
    expect(yes.stderr).not.toContain('error[')
    expect(target.requests).toHaveLength(800)
  })

  it('--max-cost stops cleanly below the limit, and what was sent is judged', async () => {
    const { folder, target } = await startProject()
    const result = await runCli(['run', '--json', '--max-cost', '2'], { cwd: folder })
    const verdict = JSON.parse(result.stdout)
    expect(verdict.run.stopped).toMatchObject({ why: 'cost-limit' })
    // 800 calls would have cost 4 dollars; what is in flight when the limit is near is counted in.
    expect(target.requests.length).toBeGreaterThan(250)
    const [row] = await query(
      join(folder, 'store.duckdb'),
      'SELECT sum(output_tokens) * 1000 / 1e6 AS cost, count(*) AS calls FROM attempt',
    )
    expect(Number(row?.['cost'])).toBeLessThanOrEqual(2)
    expect(Number(row?.['calls'])).toBe(target.requests.length)
    expect(verdict.decision).not.toBe('INVALID')
    expect(verdict.counts.planned).toBe(verdict.counts.pairs)
    expect(verdict.counts.pairs).toBe(target.requests.length / 2)
    const sent = target.requests.length
    const again = await runCli(['report'], { cwd: folder })
    expect(again.status).toBe(0)
    expect(target.requests).toHaveLength(sent)
  })
})

describe('a likely mistake', () => {
  it('both arms alike is asked about', async () => {
    const { folder, target } = await startProject()
    const alike = ['run', '--max-cost', '100', '--candidate-model', 'test-model']
    const result = await runCli(alike, { cwd: folder })
    expect(result.status).toBe(64)
    expect(result.stderr).toContain('both arms are the same: test-model')
    expect(target.requests).toHaveLength(0)
    const meant = await runCli([...alike, '--yes'], { cwd: folder })
    expect(meant.stderr).not.toContain('error[')
    expect(target.requests).toHaveLength(800)
  })

  it('arms in each other’s place are asked about', async () => {
    const { folder, target } = await startProject()
    const swapped = ['--production-model', 'test-model-next', '--candidate-model', 'test-model']
    const result = await runCli(['run', '--max-cost', '100', ...swapped], { cwd: folder })
    expect(result.status).toBe(64)
    expect(result.stderr).toContain('the log was answered by test-model, which is the candidate here')
    expect(target.requests).toHaveLength(0)
  })
})

describe('the requests themselves', () => {
  it('carry a line of their own for each arm and trial, and warm-up is not stored', async () => {
    const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
    const folder = createProject({
      production: target.url,
      candidate: target.url,
      config: { replay: { noise: 1, warmUp: 3 } },
    })
    const lines = Array.from({ length: 30 }, (_, index) =>
      JSON.stringify({
        request: {
          model: 'test-model',
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: `Question ${index}?` },
          ],
        },
        response: null,
      }),
    )
    writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
    const result = await runCli(['run'], { cwd: folder })
    expect(result.stderr).not.toContain('error[')
    const systems = target.requests.map(({ body }) => body.messages[0]?.content ?? '')
    expect(systems.every((text) => /^\[replay [0-9a-f]{12}\]\nBe brief\.$/.test(text))).toBe(true)
    const counts = [...Map.groupBy(systems, (text) => text).values()]
      .map((same) => same.length)
      .toSorted((a, b) => a - b)
    // Warm-up to each arm, then two trials of each.
    expect(counts).toEqual([3, 3, 30, 30, 30, 30])
    const store = join(folder, 'store.duckdb')
    const [row] = await query(store, `SELECT count(*) AS n FROM attempt`)
    expect(row?.['n']).toBe('120')
    const [record] = await query(store, `SELECT count(*) AS n FROM record WHERE body::VARCHAR LIKE '%[replay%'`)
    expect(record?.['n'], 'the record is what was captured').toBe('0')
  })
})
