// Each stage alone, from what the store holds: scoring, gating and reporting again need no request.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

it('walks the road a stage at a time', { timeout: 120_000 }, async () => {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 80,
    config: { gate: { rules: withoutLatency } },
  })
  const step = async (...args: string[]) => {
    const result = await runCli(args, { cwd: folder })
    expect(result.stderr).not.toMatch(/error\[/)
    return result
  }
  expect((await step('ingest')).stdout).toBe('80 new records\n')
  expect((await step('ingest')).stdout, 'the same log adds nothing').toBe('0 new records: all 80 were there already\n')
  const runId = (await step('sample', '--sample-size', '60')).stdout.trim()
  expect((await step('replay')).stdout.trim()).toBe(runId)
  expect(target.requests).toHaveLength(240)
  expect((await step('score')).stdout).toMatch(/^\d+ measures\n$/)
  const gated = await step('gate', '--json')
  expect(JSON.parse(gated.stdout)).toMatchObject({ decision: 'INCONCLUSIVE' })
  expect(gated.status).toBe(2)
  const files = (await step('report', '--json', '--run', runId)).stdout
  for (const file of JSON.parse(files).files) expect(existsSync(join(folder, file)), file).toBe(true)
  expect(target.requests, 'no request after the replay').toHaveLength(240)
})

it('judges again by another policy, without a request', async () => {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 300,
    config: { gate: { extends: 'none' } },
  })
  const first = await runCli(['run'], { cwd: folder })
  expect(first.status, 'a gate without rules opens for nobody').toBe(2)
  const config = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')
  const rule = 'rules:\n    - { metric: answered, margin: 2%, severity: block }'
  writeFileSync(join(folder, 'shadowgate.yaml'), config.replace('extends: none', `extends: none\n  ${rule}`))
  const second = await runCli(['gate'], { cwd: folder })
  expect(second.status, second.stdout).toBe(0)
  expect(target.requests).toHaveLength(1200)
})

it('holds a GO for a person where a rule to investigate by failed, and opens when told to', async () => {
  const production = await startTarget((_request, response) =>
    sendJson(response, 200, completion('Thirty days, with the receipt.')),
  )
  const candidate = await startTarget((_request, response) =>
    sendJson(response, 200, completion("I'm sorry, but I can't help with that request.")),
  )
  const rules = [...withoutLatency, { metric: 'cache-hit-rate', severity: 'off' }]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 400,
    config: { gate: { rules } },
  })
  const held = await runCli(['run', '--json'], { cwd: folder })
  const verdict = JSON.parse(held.stdout)
  expect({ status: held.status, decision: verdict.decision, held: verdict.held }).toEqual({
    status: 2,
    decision: 'GO',
    held: true,
  })
  expect(verdict.flags.join()).toContain('refused: different')
  expect(verdict.next).not.toMatch(/^Open/)
  const told = await runCli(['gate', '--json', '--gate-hold', 'false'], { cwd: folder })
  expect(JSON.parse(told.stdout)).toMatchObject({ held: false, decision: 'GO' })
  expect(told.status).toBe(0)
  expect((await runCli(['gate', '--exit-zero'], { cwd: folder })).status).toBe(0)
})

it('says what is missing where a stage comes too early', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 20 })
  const early = async (...args: string[]) => {
    const { status, stderr } = await runCli(args, { cwd: folder })
    return { status, stderr }
  }
  expect(await early('gate')).toMatchObject({ status: 65, stderr: expect.stringContaining('error[NO_RUN]') })
  await runCli(['ingest'], { cwd: folder })
  expect(await early('score')).toMatchObject({ status: 65, stderr: expect.stringContaining('holds no run') })
  await runCli(['sample'], { cwd: folder })
  expect(await early('score')).toMatchObject({ status: 65, stderr: expect.stringContaining('shadowgate replay') })
  const failed = await runCli(['gate', '--json'], { cwd: folder })
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'NO_RUN' } })
})

it('keeps bad lines with file, line and reason, and reads the rest', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 30 })
  const log = readFileSync(join(folder, 'requests.jsonl'), 'utf8')
  writeFileSync(
    join(folder, 'requests.jsonl'),
    `${log}{"request": {"model": "x", "messages": [{"role"\n\n{"unrelated": true}\n`,
  )
  // In CI the lines are the same as in any pipe.
  const result = await runCli(['run'], { cwd: folder, env: { CI: '1' } })
  expect(result.stderr).toMatch(/^ingest {3}30 records · 30 new · 2 lines rejected$/m)
  expect(result.stderr).toContain('\ningest   1 file read: request-response\n')
  const rows = await query(join(folder, 'store.duckdb'), 'SELECT file, line, reason FROM rejected_line ORDER BY line')
  expect(rows).toMatchObject([
    { file: 'requests.jsonl', line: 31 },
    { file: 'requests.jsonl', line: 33 },
  ])
})

it('secrets of log, config and environment reach neither store nor report nor output', async () => {
  const planted = [
    'sk-proj-Zq8wRt5yUp2sDf7gHj4kLz9xCv1bNm6Q',
    'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlc2ln',
    'alice@example.com',
    'session-cookie-4711',
  ]
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    target: { keyFrom: { env: 'TEST_KEY' }, headers: { 'x-team': '${TEAM_SECRET}' } },
    records: 20,
  })
  const line = {
    request: {
      model: 'test-model',
      user: planted[2],
      messages: [{ role: 'user', content: `my key is ${planted[0]}` }],
    },
    response: null,
    headers: { authorization: planted[1], cookie: planted[3] },
    user: planted[2],
  }
  writeFileSync(
    join(folder, 'requests.jsonl'),
    readFileSync(join(folder, 'requests.jsonl'), 'utf8') + `${JSON.stringify(line)}\n`,
  )
  const env = { TEST_KEY: 'sk-env-0123456789abcdefghij0123', TEAM_SECRET: 'team-secret-value-99' }
  const result = await runCli(['run', '--json'], { cwd: folder, env })
  expect(target.requests[0]?.headers).toMatchObject({
    authorization: `Bearer ${env.TEST_KEY}`,
    'x-team': env.TEAM_SECRET,
  })
  const reports = ['report.html', 'comment.md', 'verdict.json', 'junit.xml'].map((name) =>
    readFileSync(join(folder, 'reports', JSON.parse(result.stdout).run.id, name), 'utf8'),
  )
  const tables = ['record', 'run', 'attempt', 'verdict', 'rejected_line', 'measure', 'run_record']
  const dumps = await Promise.all(tables.map((table) => query(join(folder, 'store.duckdb'), `SELECT * FROM ${table}`)))
  // The page's pairs are packed: what is in them shows only unpacked.
  const packed = [...(reports[0] ?? '').matchAll(/<script type="application\/octet-stream" id="[\w-]+">([^<]+)</g)]
  const unpacked = packed.map(([, text = '']) => gunzipSync(Buffer.from(text, 'base64')).toString())
  expect(unpacked.join('')).toContain('"text":"fine"')
  const everything = [result.stdout, result.stderr, ...reports, ...unpacked, JSON.stringify(dumps)].join('\n')
  for (const secret of [...planted, ...Object.values(env)]) {
    expect(everything.includes(secret.replace('Bearer ', '')), `leaked: ${secret}`).toBe(false)
  }
})

it('a stored verdict is computed again to the byte, by the policy of then, until somebody touches the answers', async () => {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({ production: target.url, candidate: target.url, records: 120 })
  const judged = JSON.parse((await runCli(['run', '--json'], { cwd: folder })).stdout)
  // Another policy now does not matter.
  const config = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')
  writeFileSync(join(folder, 'shadowgate.yaml'), `${config}gate:\n  extends: none\n`)
  const verified = await runCli(['verify', '--json'], { cwd: folder })
  expect(verified.status, verified.stderr).toBe(0)
  expect(JSON.parse(verified.stdout)).toMatchObject({ run: judged.run.id, decision: judged.decision, isSame: true })
  expect(target.requests, 'no request').toHaveLength(480)

  const instance = await DuckDBInstance.create(join(folder, 'store.duckdb'))
  const connection = await instance.connect()
  await connection.run(`UPDATE attempt SET text = 'I cannot help.' WHERE arm = 'candidate' AND ordinal = 7`)
  connection.closeSync()
  instance.closeSync()
  const touched = await runCli(['verify'], { cwd: folder })
  expect(touched.status).toBe(65)
  expect(touched.stderr).toContain('error[VERDICT_DIFFERS]')
})
