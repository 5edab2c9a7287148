// `report --against`: what changed since a run that was judged earlier, of real runs in a real store.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

interface RuleOfFile {
  readonly metric: string
  readonly segment: unknown
  readonly told: string
  readonly shift: { readonly estimate: number; readonly interval: { readonly low: number } } | null
}

const reportIn = (folder: string, id: string, file: string) => readFileSync(join(folder, 'reports', id, file), 'utf8')

async function judged(folder: string, ...flags: string[]) {
  const result = await runCli(['run', '--new', '--yes', '--json', ...flags], { cwd: folder })
  expect(result.stderr).not.toMatch(/error\[/)
  return JSON.parse(result.stdout)
}

it('finds nothing between two runs of the same candidate, and says in every format what it compared', {
  timeout: 120_000,
}, async () => {
  const target = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(`Answer to ${body.messages[0]?.content}`)),
  )
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 60,
    config: { gate: { rules: withoutLatency }, report: { dir: 'reports', against: 'previous' } },
  })
  const first = await judged(folder)
  expect(first.against, 'there is none before it').toBeNull()
  const alone = await runCli(['report'], { cwd: folder })
  expect(alone.stderr).toMatch(/^against {2}Nothing to compare with: no run was judged before this one\.$/m)
  expect(reportIn(folder, first.run.id, 'report.html')).toContain('no run was judged before this one')

  const second = await judged(folder)
  const written = await runCli(['report'], { cwd: folder })
  const line = /^against {2}(Since .*)$/m.exec(written.stderr)?.[1] ?? ''
  expect(line).toMatch(
    /^Since \d{4}-\d\d-\d\d \d\d:\d\d UTC \(INCONCLUSIVE\): no rule and no change is shown to differ\.$/,
  )
  expect(second.against).toMatchObject({
    run: { id: first.run.id },
    decision: first.decision,
    line,
    unlike: [],
    sharedRecords: 60,
  })
  const compared = second.against.rules.filter(({ shift }: RuleOfFile) => shift !== null)
  expect(compared.length).toBeGreaterThan(3)
  expect(new Set(compared.map(({ told }: RuleOfFile) => told))).toEqual(new Set(['same']))
  for (const file of ['report.html', 'comment.md', 'junit.xml']) {
    expect(reportIn(folder, second.run.id, file), file).toContain('no rule and no change is shown to differ')
  }
  expect(target.requests, 'a comparison asks nobody').toHaveLength(480)
})

it('says which rule tells that the candidate got slower', { timeout: 120_000 }, async () => {
  let waitMs = 10
  const production = await startTarget((_request, response) => {
    setTimeout(() => sendJson(response, 200, completion('Noon.')), 10)
  })
  const candidate = await startTarget((_request, response) => {
    setTimeout(() => sendJson(response, 200, completion('Noon.')), waitMs)
  })
  const folder = createProject({ production: production.url, candidate: candidate.url, records: 100 })
  const before = await judged(folder)
  waitMs = 150
  const after = await judged(folder)
  expect(after.against, 'nobody asked for it').toBeNull()

  const again = await runCli(['report', '--json', '--against', before.run.id], { cwd: folder })
  expect(again.status, again.stderr).toBe(0)
  expect(JSON.parse(again.stdout).against).toMatch(/rules? worse/)
  const { against } = JSON.parse(reportIn(folder, after.run.id, 'verdict.json'))
  const told = (metric: string) => against.rules.find((rule: RuleOfFile) => rule.metric === metric && !rule.segment)
  expect(told('latency-p50')).toMatchObject({ told: 'worse', now: { outcome: 'fail' } })
  expect(told('latency-p50').shift.interval.low, 'several times slower').toBeGreaterThan(2)
  expect(told('answered').told).toBe('same')
  expect(against.because).toContain('Latency p50')
  expect(against.because).toContain('NO-GO now')
  expect(reportIn(folder, after.run.id, 'comment.md')).toMatch(/\*\*Latency p50\*\*: worse than then; .* → fail /)
})

it('names the run that was meant, and refuses what can’t be compared', { timeout: 120_000 }, async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 30 })
  const { run } = await judged(folder)
  const refused = async (...args: string[]) => {
    const { status, stderr } = await runCli(['report', ...args], { cwd: folder })
    return { status, stderr: stderr.slice(stderr.indexOf('error[')) }
  }
  expect(await refused('--against', run.id)).toEqual({
    status: 64,
    stderr: `error[USAGE] --against: run ${run.id} can't be compared with itself\n  --run names the run to report, --against an earlier one\n`,
  })
  const unknown = await refused('--against', 'tuesday')
  expect(unknown.status).toBe(65)
  expect(unknown.stderr).toContain('there is no run tuesday\n  no other run was judged')

  const next = await judged(folder)
  expect((await refused('--against', 'tuesday')).stderr).toContain(`judged runs, newest first: ${run.id}\n`)
  expect((await refused('--against', `${run.id}x`)).stderr).toContain(`the nearest judged run is ${run.id}\n`)
  const planned = (await runCli(['sample'], { cwd: folder })).stdout.trim()
  expect((await refused('--run', next.run.id, '--against', planned)).stderr).toContain(
    `run ${planned} was not judged\n  shadowgate gate --run ${planned} judges it`,
  )
  // The newest before it that was judged, not the one that was only planned.
  const latest = await judged(folder)
  await runCli(['report', '--run', latest.run.id, '--against', 'previous'], { cwd: folder })
  const { against } = JSON.parse(reportIn(folder, latest.run.id, 'verdict.json'))
  expect(against.run.id).toBe(next.run.id)
})

it('says first what is not like for like', { timeout: 120_000 }, async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('fine')))
  const folder = createProject({ production: target.url, candidate: target.url, records: 40 })
  await judged(folder)
  const file = join(folder, 'shadowgate.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('test-model-next', 'test-model-other'))
  const { against } = await judged(folder, '--report-against', 'previous', '--sample-size', '30')
  expect(against.unlike).toEqual([
    'Candidate, model asked for: test-model-next then, test-model-other now.',
    expect.stringMatching(
      /^Dataset: 40\u00a0records \(sha256 [0-9a-f]{12}\) then, 30\u00a0records \(sha256 [0-9a-f]{12}\) now\.$/,
    ),
  ])
  expect(against.sharedRecords).toBe(30)
  expect(against.line).toMatch(/; not like for like\.$/)
})
