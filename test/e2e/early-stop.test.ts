// A run that is looked at while it goes on: it ends once decided, says what that saved, and its verdict can be computed again.

import type { ChildProcess } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { type Answer, completion, sendJson, startTarget } from '../support/target.ts'

const records = 1000

interface VerdictJson {
  readonly decision: string
  readonly run: {
    readonly stopped: { readonly why: string; readonly because: string; readonly records: number } | null
  }
  readonly counts: { readonly pairs: number; readonly planned: number }
  readonly looks: readonly {
    readonly records: number
    readonly decided: Record<string, string>
    readonly open: number
  }[]
  readonly findings: readonly { readonly because: string; readonly look: number | null; readonly outcome: string }[]
}

const answering: Answer = (_request, response) => void setTimeout(() => sendJson(response, 200, completion('Yes.')), 10)
/** The same questions stay without an answer, whoever asks and whenever: three of ten. */
const failing: Answer = (asked, response) => {
  const isLost = Number(/\d+/.exec(asked.body.messages[0]?.content ?? '')?.[0]) % 10 < 3
  if (isLost) setTimeout(() => sendJson(response, 500, { error: { message: 'out of memory' } }), 10)
  else answering(asked, response)
}

async function projectOf(candidate: Answer, gate: Record<string, unknown> = {}, replay: Record<string, unknown> = {}) {
  const targets = { production: await startTarget(answering), candidate: await startTarget(candidate) }
  const rules = [{ metric: 'answered', margin: '5%', severity: 'block' }]
  const folder = createProject({
    production: targets.production.url,
    candidate: targets.candidate.url,
    records,
    target: { retries: 0, pricePerMillion: { input: 1000, output: 1000 }, concurrency: 4 },
    config: {
      replay: { noise: 0, warmUp: 0, adaptive: false, confirmAbove: 1000, ...replay },
      gate: { extends: 'none', rules, minMinutes: 0, ...gate },
    },
  })
  const requests = () => targets.production.requests.length + targets.candidate.requests.length
  return { folder, requests }
}

async function verdictOf(folder: string, status: number): Promise<VerdictJson> {
  const result = await runCli(['run', '--json'], { cwd: folder })
  expect(result.status, result.stderr).toBe(status)
  return JSON.parse(result.stdout)
}

async function expectVerified(folder: string): Promise<void> {
  const verified = await runCli(['verify'], { cwd: folder })
  expect(verified.stdout + verified.stderr).toContain('the same to the byte')
  expect(verified.status).toBe(0)
}

describe('a replay that is decided before its plan is through', () => {
  it('ends as a GO, having asked less, and says what that saved', async () => {
    const { folder, requests } = await projectOf(answering)
    const verdict = await verdictOf(folder, 0)
    expect(verdict.decision).toBe('GO')
    const { stopped } = verdict.run
    if (stopped === null) throw new Error('the run was not stopped')
    expect(stopped).toMatchObject({ why: 'decided', records: verdict.looks.at(-1)?.records })
    expect(stopped.because).toMatch(/every blocking rule was decided\. That saved \d+ pairs, about \$\d+\.\d\d\.$/)
    // What ran when the last look was taken was answered too, and is not judged.
    expect(requests()).toBeLessThan(2 * records - 100)
    expect(verdict.counts).toMatchObject({ pairs: stopped.records, planned: stopped.records })
    expect(verdict.looks.at(-1)).toMatchObject({ decided: { answered: 'pass' }, open: 0 })
    expect(verdict.findings[0]).toMatchObject({ outcome: 'pass', look: verdict.looks.length })
    await expectVerified(folder)
  })

  it('ends with the first rule that is shown to be broken', async () => {
    const { folder, requests } = await projectOf(failing)
    const verdict = await verdictOf(folder, 1)
    expect(verdict).toMatchObject({ decision: 'NO-GO', run: { stopped: { why: 'decided', records: 100 } } })
    expect(verdict.run.stopped?.because).toContain('after 100 of 1,000 pairs: answered was shown to be broken')
    expect(verdict.looks).toEqual([expect.objectContaining({ records: 100, decided: { answered: 'fail' }, open: 0 })])
    expect(verdict.findings[0]?.because).toContain('over 100 pairs (look 1)')
    expect(requests()).toBeLessThan(records)
    await expectVerified(folder)
  })

  it('comes to the same look after a kill −9 as a run that nobody disturbed', async () => {
    const { folder, requests } = await projectOf(failing, {}, { resumeForHours: 24 })
    const undisturbed = await projectOf(failing)
    let child: ChildProcess | null = null
    const timer = setInterval(() => requests() > 60 && child?.kill('SIGKILL'), 5)
    const killed = await runCli(['run'], { cwd: folder, onStart: (started) => (child = started) })
    clearInterval(timer)
    expect(killed.signal).toBe('SIGKILL')
    const [verdict, whole] = [await verdictOf(folder, 1), await verdictOf(undisturbed.folder, 1)]
    expect(verdict.looks).toEqual(whole.looks)
    expect(verdict.findings).toEqual(whole.findings)
    await expectVerified(folder)
  })
})

describe('a replay goes on', () => {
  it.each([
    ['where it may not end early', { earlyStop: false }, 0],
    ['until it has lasted long enough', { minMinutes: 5 }, 10],
  ])('%s', async (_why, gate, looks) => {
    const { folder, requests } = await projectOf(answering, gate)
    const verdict = await verdictOf(folder, 0)
    expect(requests()).toBe(2 * records)
    expect(verdict).toMatchObject({ decision: 'GO', run: { stopped: null }, counts: { pairs: records } })
    // Judged by the looks all the same: those of which all pairs were too few to be looked at are not taken.
    expect(verdict.looks.length).toBeLessThanOrEqual(looks)
    expect(verdict.looks.length > 0).toBe(looks > 0)
    await expectVerified(folder)
  })
})
