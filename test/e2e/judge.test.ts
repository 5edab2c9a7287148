// A judge of the user's, over real HTTP: what it is asked, what is made of its answers, and what becomes of a run without it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { type Answer, completion, sendJson, startAnswering, startTarget } from '../support/target.ts'

/** Prefers the answer that gives a reason, wherever it stands; for a tenth of the questions, whatever stands first. */
const fair: Answer = ({ body }, response) => {
  const question = body.messages.at(-1)?.content ?? ''
  const [, number = '0'] = /Question (\d+)/.exec(question) ?? []
  const isFirst = Number(number) % 10 === 0 || /<answer_1>[^<]*because/.test(question)
  sendJson(response, 200, completion(`{"better": ${isFirst ? 1 : 2}}`, { output: 8 }))
}

async function startProject({ judge = fair, config = {} }: { judge?: Answer; config?: object } = {}) {
  const production = await startAnswering((number) => `It is ${number}, because it is.`)
  // Every fifth answer is production's own.
  const candidate = await startAnswering((number) =>
    number % 5 === 1 ? `It is ${number}, because it is.` : `It is ${number}.`,
  )
  const judging = await startTarget(judge)
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 200,
    config: {
      gate: { rules: withoutLatency, earlyStop: false },
      replay: { noise: 0.1, warmUp: 0 },
      judge: {
        target: { baseUrl: judging.url, model: 'judge-1', retries: 0, pricePerMillion: { input: 1, output: 4 } },
        criteria: 'it gives a reason',
      },
      ...config,
    },
  })
  return { folder, judging, production }
}

describe('a judge', () => {
  it('is asked once in each order, blind, and its word is a rule like any other', async () => {
    const { folder, judging } = await startProject()
    const result = await runCli(['run', '--json', '--yes'], { cwd: folder })
    const { findings, judge, flags } = JSON.parse(result.stdout)
    // 40 of 200 answers are equal, which nobody is asked about.
    expect(judging.requests).toHaveLength(2 * 160)
    for (const { body } of judging.requests) expect(body.messages.at(-1)?.content).not.toMatch(/production|candidate/)
    // Those of every tenth question go by their place: ties.
    expect(judge).toEqual({
      model: 'judge-1',
      pairs: 160,
      preferred: { production: 140, candidate: 0 },
      agreed: 140,
      byPlace: { first: 20, second: 0 },
      failed: 0,
    })
    const found = findings.find(
      ({ metric, segment }: { metric: string; segment: object | null }) => metric === 'judge' && segment === null,
    )
    expect(found).toMatchObject({ outcome: 'fail', severity: 'investigate', pairs: 200, estimate: -0.7 })
    expect(flags.join(' ')).toContain('judge: worse by more than 5 pp')

    const told = (await runCli(['gate'], { cwd: folder })).stdout.replaceAll('\u00a0', ' ')
    expect(told).toContain(
      'The judge (judge-1) prefers the candidate in 0 of 160 pairs, production in 140; 20 are ties.',
    )
    expect(told).toContain(
      'Asked in both orders it said the same in 87.5 %, and went by the place alone in 20 (first: 20).',
    )
    // Its answers are facts of the pairs: nobody is asked again, and the verdict can be computed again.
    expect((await runCli(['judge', '--json'], { cwd: folder })).stdout.trim()).toBe('{"asked":0}')
    expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
    expect(judging.requests).toHaveLength(2 * 160)
  })

  it('of which some answers are missing counts those for nobody, and asks for them again', async () => {
    let isIll = true
    const { folder, judging } = await startProject({
      judge: (request, response) =>
        isIll && request.number % 4 === 0
          ? sendJson(response, 400, { error: { message: 'no' } })
          : fair(request, response),
    })
    const { judge } = JSON.parse((await runCli(['run', '--json', '--yes'], { cwd: folder })).stdout)
    expect(judge.failed).toBeGreaterThan(0)
    expect(judge.pairs + judge.failed).toBe(160)
    isIll = false
    const before = judging.requests.length
    expect((await runCli(['judge'], { cwd: folder })).status).toBe(0)
    expect(judging.requests.length - before).toBe(80)
    const rows = await query(
      join(folder, 'store.duckdb'),
      'SELECT count(*)::INT AS n, count(preferred)::INT AS said FROM judge_answer',
    )
    expect(rows).toEqual([{ n: 320, said: 320 }])
    expect((await runCli(['score'], { cwd: folder })).status).toBe(0)
    expect((await runCli(['gate', '--exit-zero'], { cwd: folder })).status).toBe(0)
    expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
  })

  it('that is not there is found before anything is sent', async () => {
    const { folder, production } = await startProject({
      config: { judge: { target: { baseUrl: 'http://127.0.0.1:9/v1', model: 'judge-1' }, criteria: 'c' } },
    })
    const result = await runCli(['run', '--yes'], { cwd: folder })
    expect([result.status, result.stderr]).toEqual([
      69,
      expect.stringContaining(
        "error[TARGET_UNREACHABLE] judge.target http://127.0.0.1:9/v1: the judge can't be reached",
      ),
    ])
    expect(production.requests).toHaveLength(0)
  })

  it.each([
    ['an API that is none', { api: 'openai-chatt', baseUrl: 'http://127.0.0.1:9/v1' }, 'did you mean "openai-chat"?'],
    ['a secret in its address', { baseUrl: 'http://me:secret@127.0.0.1:9/v1' }, 'the address holds a credential'],
    [
      'a key that is not set',
      { baseUrl: 'http://127.0.0.1:9/v1', keyFrom: { env: 'NO_SUCH_KEY' } },
      'the variable NO_SUCH_KEY is not set',
    ],
  ])('with %s is named, and nothing is sent', async (_, target, message) => {
    const { folder, production } = await startProject({ config: { judge: { target, criteria: 'c' } } })
    const result = await runCli(['run', '--yes'], { cwd: folder })
    expect([result.status === 0, result.stderr]).toEqual([false, expect.stringContaining(message)])
    expect(result.stderr).not.toContain('secret@')
    expect(production.requests).toHaveLength(0)
  })

  it('that was cut off is gone on with, and what was paid for is kept', async () => {
    const slow: Answer = (request, response) => void setTimeout(() => fair(request, response), 40)
    const { folder, judging } = await startProject({ judge: slow })
    const path = join(folder, 'shadowgate.yaml')
    const config = parse(readFileSync(path, 'utf8'))
    config.judge.target.concurrency = 4
    writeFileSync(path, stringify(config))
    await runCli(['run', '--json', '--yes'], {
      cwd: folder,
      onStart: (child) => {
        const watch = setInterval(() => {
          if (judging.requests.length < 60) return
          clearInterval(watch)
          child.kill('SIGKILL')
        }, 20)
      },
    })
    const result = await runCli(['run', '--json', '--yes'], { cwd: folder })
    expect(JSON.parse(result.stdout).judge).toMatchObject({ pairs: 160, failed: 0 })
    // Those that were in flight, and no others, were asked again.
    expect(judging.requests.length - 320).toBeLessThanOrEqual(8)
  })

  it('that answers nothing but nonsense ends the run, and what was replayed is kept', async () => {
    const { folder, production } = await startProject({
      judge: (_, response) => sendJson(response, 500, { error: { message: 'broken' } }),
    })
    const result = await runCli(['run', '--yes'], { cwd: folder })
    expect([result.status, result.stderr]).toEqual([69, expect.stringContaining('the judge gives no answers')])
    const sent = production.requests.length
    // Without it, the same run is brought home.
    const path = join(folder, 'shadowgate.yaml')
    const { judge: _judge, ...rest } = parse(readFileSync(path, 'utf8'))
    writeFileSync(path, stringify(rest))
    const again = await runCli(['run', '--json', '--yes'], { cwd: folder })
    expect(JSON.parse(again.stdout).judge).toBeNull()
    expect(production.requests).toHaveLength(sent)
  })

  it('that goes away in the middle ends the run, and what it had said is kept', async () => {
    let isGone = false
    const { folder, judging } = await startProject({
      judge: (request, response) => {
        isGone ||= request.number > 100
        return isGone ? sendJson(response, 503, { error: { message: 'gone' } }) : fair(request, response)
      },
    })
    const result = await runCli(['run', '--yes'], { cwd: folder })
    expect([result.status, result.stderr]).toEqual([69, expect.stringContaining('the judge gives no answers')])
    const asked = judging.requests.length
    expect(asked).toBeLessThan(200)
    const rows = await query(join(folder, 'store.duckdb'), 'SELECT count(preferred)::INT AS said FROM judge_answer')
    expect(rows).toEqual([{ said: 100 }])
  })

  it('as the only rule that blocks is warned of, and its cost is in the plan', async () => {
    const { folder } = await startProject({ config: { gate: { extends: 'none', earlyStop: false } } })
    const path = join(folder, 'shadowgate.yaml')
    const config = parse(readFileSync(path, 'utf8'))
    writeFileSync(path, stringify({ ...config, judge: { ...config.judge, severity: 'block' } }))
    const { decision, flags } = JSON.parse((await runCli(['run', '--json', '--yes'], { cwd: folder })).stdout)
    expect([decision, flags.join(' ')]).toEqual([
      'NO-GO',
      expect.stringContaining('The judge is the only rule that blocks'),
    ])
    const lines = readFileSync(join(folder, 'requests.jsonl'), 'utf8').trim().split('\n')
    const response = completion('It is 1.', { output: 100 })
    writeFileSync(
      join(folder, 'requests.jsonl'),
      lines.map((line) => JSON.stringify({ ...JSON.parse(line), response })).join('\n'),
    )
    const plan = await runCli(['plan', '--store', 'other.duckdb', '--json'], { cwd: folder })
    // Two orders of 200 pairs; 20 tokens of request, two answers of 100, 250 around them; 20 come back.
    expect(JSON.parse(plan.stdout).judgeUsd).toBeCloseTo((400 * ((20 + 200 + 250) * 1 + 20 * 4)) / 1e6, 6)
    expect((await runCli(['plan', '--store', 'other.duckdb'], { cwd: folder })).stdout).toContain(
      'of which the judge takes at most $0.22',
    )
  })
})
