// Two nights on one log with answers: production is as it was then, and then it is another. Real servers, real stores.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query, withoutLatency } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const openings = ['It is', 'That would be', 'You get']

/** A model that never says a thing twice in the same way. */
const answer = (question: number, turn: number, end: string) =>
  `${openings[(question * 7 + turn) % 3]} ${question} times two, ${end}`

async function startModel(end: () => string, model = () => 'test-model-2026') {
  let turn = 0
  return startTarget(({ body }, response) => {
    const [, number = '0'] = /Question (\d+)/.exec(body.messages.at(-1)?.content ?? '') ?? []
    sendJson(response, 200, { ...completion(answer(Number(number), turn++, end())), model: model() })
  })
}

const usual = 'as anybody can work out.'
const changed = 'though I would rather not say so, and nobody should rely on it.'

function logged(records: number): string {
  return Array.from({ length: records }, (_, index) => {
    const request = { model: 'test-model', messages: [{ role: 'user', content: `Question ${index}?` }] }
    // Some lines have no answer.
    const response = index % 10 === 0 ? null : completion(answer(index, index % 5, usual))
    return `${JSON.stringify({ request, response })}\n`
  }).join('')
}

it('is told when production answers otherwise than the log has it, and verified to the byte', async () => {
  let isChanged = false
  const production = await startModel(
    () => (isChanged ? changed : usual),
    () => (isChanged ? 'test-model-2027' : 'test-model-2026'),
  )
  const candidate = await startModel(() => usual)
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    config: { gate: { rules: [...withoutLatency], earlyStop: false } },
  })
  writeFileSync(join(folder, 'requests.jsonl'), logged(240))
  const night = async () => {
    const { stderr, status } = await runCli(['run', '--new', '--yes'], { cwd: folder })
    expect([0, 2], stderr).toContain(status)
    // Beside the reports' folders stands the index of all nights.
    const [newest = ''] = readdirSync(join(folder, 'reports'), { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
      .toSorted()
      .toReversed()
    const read = (file: string) => readFileSync(join(folder, 'reports', newest, file), 'utf8')
    return { verdict: JSON.parse(read('verdict.json')), comment: read('comment.md') }
  }

  const steady = await night()
  expect(steady.verdict.drift).toMatchObject({ outcome: 'steady', records: 216, leftOut: { 'not-recorded': 24 } })
  expect(steady.verdict.nights).toMatchObject({ night: 1, alarms: [] })
  expect(steady.comment).not.toContain('no longer answers')

  isChanged = true
  const drifted = await night()
  expect(drifted.verdict.drift.outcome).toBe('drifted')
  expect(drifted.verdict.flags[0]).toMatch(
    /another production than users had\. Production no longer answers as the log has it: .* 216 recorded answers could be compared/,
  )
  expect(drifted.comment).toContain('Production no longer answers as the log has it')
  expect(drifted.comment).toContain('The log was answered by test-model-2026, production tonight by test-model-2027.')
  expect(drifted.verdict.nights).toMatchObject({ night: 2, falseGoAtMost: 0.0975 })
  expect(drifted.verdict.nights.alarms.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(['drifted', 'served-model']),
  )

  expect((await runCli(['verify'], { cwd: folder })).status).toBe(0)
  const compared = await query(
    join(folder, 'store.duckdb'),
    "SELECT comparison, count(*)::INTEGER AS n FROM measure WHERE metric = 'text-similarity' AND comparison LIKE 'recorded%' GROUP BY ALL ORDER BY ALL",
  )
  expect(compared).toEqual([
    { comparison: 'recorded', n: 432 },
    { comparison: 'recorded-again', n: 432 },
  ])
})

it('is not asked where the config turns it off', async () => {
  const target = await startModel(() => usual)
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    config: { gate: { rules: [...withoutLatency], drift: { severity: 'off' } } },
  })
  writeFileSync(join(folder, 'requests.jsonl'), logged(80))
  await runCli(['run', '--yes'], { cwd: folder })
  expect(await query(join(folder, 'store.duckdb'), "SELECT 1 FROM measure WHERE comparison LIKE 'recorded%'")).toEqual(
    [],
  )
})
