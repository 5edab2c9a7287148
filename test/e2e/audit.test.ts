// `shadowgate audit` on stored pairs: what it says, to people and to programs, and what it refuses.

import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const good: Answer = (_request, response) => sendJson(response, 200, completion('Yes.', { output: 20 }))
/** Lets half of the questions through, so that of every pair one arm says 429. */
const limitedOn =
  (parity: number): Answer =>
  (asked, response) =>
    Number(/\d+/.exec(asked.body.messages[0]?.content ?? '')?.[0]) % 2 === parity
      ? sendJson(response, 429, { error: { message: 'slow down' } }, { 'retry-after-ms': '1' })
      : good(asked, response)

async function projectOf(answers: readonly [Answer, Answer], replay: Record<string, unknown> = {}) {
  const [production, candidate] = [await startTarget(answers[0]), await startTarget(answers[1])]
  return createProject({
    production: production.url,
    candidate: candidate.url,
    records: 300,
    target: { concurrency: 16, retries: 0 },
    config: {
      replay: { noise: 1, warmUp: 0, ...replay },
      gate: { rules: [...withoutLatency, { metric: 'answered', margin: '5%' }], segments: ['parity'] },
      audit: { draws: 30 },
    },
  })
}

describe('an audit of a run', () => {
  it('says how often the gate errs, what it sees, and ends as it found', async () => {
    const folder = await projectOf([good, good])
    expect((await runCli(['run'], { cwd: folder })).stderr).not.toContain('error[')
    const told = await runCli(['audit'], { cwd: folder })
    expect(told.stdout).toContain('30 samples of 300 pairs, drawn from 300 pairs of production with itself; seed 1')
    expect(told.stdout).toContain('output tokens × 2')
    expect(told.stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^With 300 pairs this gate blocks a model that has not changed in 0 % of runs\./,
    )
    expect(told.stderr).toContain('audit    30 draws of 300 pairs · 100 %')
    const asJson = await runCli(['audit', '--json'], { cwd: folder })
    const audit = JSON.parse(asJson.stdout)
    expect(audit).toMatchObject({ source: 'noise', draws: 30, pairs: 300, isSound: true, self: { blocked: 0 } })
    expect([told.status, asJson.status]).toEqual([audit.status, audit.status])
    // Three points of errors are within a margin of five, and no segment of a third of the records is there to be hidden.
    expect(audit.planted.find(({ name }: { name: string }) => name.startsWith('3 pp')).blocked).toBe(0)
    expect(audit.status).toBe(2)
    const advisory = await runCli(['audit', '--exit-zero', '--audit-draws', '20', '--audit-pairs', '100', '--quiet'], {
      cwd: folder,
    })
    expect([advisory.status, advisory.stderr]).toEqual([0, ''])
    expect(advisory.stdout).toContain('20 samples of 100 pairs')
  })

  it('of a run in which no pair votes has nothing to draw from', async () => {
    const folder = await projectOf([limitedOn(0), limitedOn(1)], { rounds: 0, noise: 0 })
    await runCli(['run'], { cwd: folder })
    const { status, stderr } = await runCli(['audit'], { cwd: folder })
    expect(stderr).toMatch(/error\[NO_RUN\] run \S+ has no pair that votes: there is nothing to draw from/)
    expect(status).toBe(65)
  })

  it.each([
    ['without a store', [], 'there is no store yet'],
    ['of a key that no record has', ['--gate-segments', 'parities'], 'there is parity'],
    ['by too few draws', ['--audit-draws', '3'], '--audit-draws: Too small'],
  ])('%s is refused', async (why, flags, words) => {
    const folder = await projectOf([good, good], { noise: 0 })
    if (why !== 'without a store') await runCli(['run'], { cwd: folder })
    const { status, stderr } = await runCli(['audit', ...flags], { cwd: folder })
    expect(status).toBe(65)
    expect(stderr).toContain('error[')
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('    at ')
  })
})
