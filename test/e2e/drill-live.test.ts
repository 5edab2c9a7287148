// A drill among real users: begun at a word, bounded, written down, and neither evidence nor tomorrow's record.

import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DrillReport } from '../../src/commands/canary/drill/report.ts'
import type { ServedLine } from '../../src/core/served-line.ts'
import { runCli, temporaryFolder } from '../support/cli.ts'
import { askUntil, journalOf, startRouter, writeRouterConfig } from '../support/served.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const healthy = () => startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
const env = { SHADOWGATE_REVIEWER: 'ada' }

async function started(drill: object, canary: object = {}) {
  const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
  const stages = [{ share: 0.5, minMinutes: 0, minRequests: 1_000_000 }, { share: 1 }]
  const config = { production: production.url, candidate: candidate.url, canary: { stages, drill, ...canary } }
  writeRouterConfig(folder, config)
  const router = await startRouter(folder, '--override', 'a test')
  const drilled = (...words: string[]) => runCli(['drill', ...words], { cwd: folder, env })
  return { ...router, folder, candidate, drilled }
}

const kinds = (folder: string) => journalOf(folder).map(({ kind }) => kind)
const isOn = (folder: string) => kinds(folder).includes('drilled')

function linesOf(folder: string): readonly ServedLine[] {
  const text = readFileSync(join(folder, 'reports/canary.requests.jsonl'), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ServedLine)
}

/** How many requests of the candidate the router compares. */
async function compared(folder: string): Promise<unknown> {
  const told = await runCli(['ramp', '--json'], { cwd: folder })
  return JSON.parse(told.stdout).evaluation?.requests.candidate
}

describe('drill --live', { timeout: 120_000 }, () => {
  it('is refused where the config does not allow it, or not so much', async () => {
    const { drilled, folder, child } = await started({})
    const words = ['--live', '--faults', 'refusal', '--because', 'game day']
    const forbidden = await drilled(...words)
    expect([forbidden.status, forbidden.stderr]).toEqual([64, expect.stringContaining('canary.drill.allowed: true')])
    const vague = await drilled('--live', '--faults', 'refusal,cut')
    expect([vague.status, vague.stderr]).toEqual([64, expect.stringContaining('of one fault')])
    const nothing = await drilled('--stop')
    expect([nothing.status, nothing.stderr]).toEqual([64, expect.stringContaining('no drill is under way')])
    expect(kinds(folder)).toEqual(['opened'])
    child.kill('SIGTERM')
  })

  it('rolls back the real ramp by a guard, keeps users from it, and says who began it', async () => {
    const { base, drilled, folder, candidate, child } = await started({ allowed: true }, { guards: { consecutive: 5 } })
    const words = ['--live', '--faults', 'reset', '--shares', '1', '--because', 'game day', '--json']
    const over = drilled(...words)
    await expect.poll(() => isOn(folder)).toBe(true)
    const answers = await askUntil(base, { users: 100, requests: 200 })
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const { status, stdout } = await over
    const report = JSON.parse(stdout) as DrillReport
    expect([status, report.kind, report.control]).toEqual([0, 'live', null])
    expect(report.compressed).toEqual([expect.stringMatching(/it was rolled back: .*[^.]\.$/)])
    expect(report.drills[0]?.result).toMatchObject({
      caught: { by: 'consecutive-failures', afterRequests: 5 },
      usersHit: 0,
    })
    expect(candidate.requests).toEqual([])
    expect(journalOf(folder).slice(1)).toMatchObject([
      {
        kind: 'drilled',
        by: { kind: 'person', name: 'ada' },
        fault: 'reset',
        share: 1,
        isOver: false,
        because: 'for 5 minutes at most: game day',
      },
      { kind: 'rolled-back', tripped: { guard: 'consecutive-failures' } },
      { kind: 'drilled', isOver: true, because: expect.stringContaining('it was rolled back') },
    ])
    child.kill('SIGTERM')
  })

  it('ends at a word; what it spoilt is marked, no evidence afterwards, and left out by ingest', async () => {
    const { base, drilled, folder, child, over } = await started({ allowed: true })
    const before = await askUntil(base, { users: 40, requests: 100 })
    const live = drilled('--live', '--faults', 'refusal', '--shares', '1', '--json')
    await expect.poll(() => isOn(folder)).toBe(true)
    const spoilt = await askUntil(base, { users: 40, requests: 60 })
    const second = await drilled('--live', '--faults', 'cut')
    expect(second.stderr).toContain('a drill is under way already')
    const stopped = await drilled('--stop')
    expect(stopped.stdout).toContain('Real users were drilled. It ended: ada stopped it.')
    const report = JSON.parse((await live).stdout) as DrillReport
    const ofCandidate = (answers: typeof before) => answers.filter(({ arm }) => arm === 'candidate').length
    expect(report.drills[0]).toMatchObject({
      mustBeCaught: false,
      result: { caught: null, requests: ofCandidate(spoilt), spoilt: ofCandidate(spoilt) },
    })
    expect(report.drills[0]?.result.usersHit).toBeGreaterThan(0)
    const after = await askUntil(base, { users: 40, requests: 50 })
    // Nothing of the drill's time counts, in neither group.
    const good = ofCandidate(before) + ofCandidate(after)
    await expect.poll(() => compared(folder)).toBe(good)
    // And what came before it counts once for the stage, though the log was read again.
    const told = await runCli(['ramp', '--json'], { cwd: folder })
    expect(JSON.parse(told.stdout).stageRequests).toBe(good)
    child.kill('SIGTERM')
    await over
    const drills = linesOf(folder).flatMap(({ drill }) => drill ?? [])
    expect(drills).toEqual(Array.from({ length: ofCandidate(spoilt) }, () => 'refusal'))
    const ingested = await runCli(['ingest', '--logs', 'reports/canary.requests.jsonl', '--json'], { cwd: folder })
    expect(ingested.stdout).toContain('an answer that a drill spoilt')
    expect(kinds(folder)).toEqual(['opened', 'drilled', 'drilled'])
  })

  it('is over when the router is killed: the next one says so, and compares none of it', async () => {
    const { base, drilled, folder, child, over } = await started({ allowed: true })
    const live = drilled('--live', '--faults', 'empty', '--shares', '1')
    await expect.poll(() => isOn(folder)).toBe(true)
    await askUntil(base, { users: 20, requests: 20 })
    await expect.poll(() => linesOf(folder).length).toBe(20)
    child.kill('SIGKILL')
    await over
    expect((await live).status).toBe(69)
    const again = await startRouter(folder)
    const answers = await askUntil(again.base, { users: 40, requests: 80 })
    const good = answers.filter(({ arm }) => arm === 'candidate').length
    await expect.poll(() => compared(folder)).toBe(good)
    expect(journalOf(folder).at(-1)).toMatchObject({
      kind: 'drilled',
      isOver: true,
      because: 'the router was started anew',
    })
    again.child.kill('SIGTERM')
    await again.over
  })

  it('ends by a Ctrl-C of who began it, and with the router', async () => {
    const { folder, child, over, drilled } = await started({ allowed: true, maxMinutes: 5 })
    const long = await drilled('--live', '--faults', 'cut', '--minutes', '6')
    expect(long.stderr).toContain('a drill lasts at most 5 minutes')
    const children: ChildProcess[] = []
    const interrupted = runCli(['drill', '--live', '--faults', 'cut'], {
      cwd: folder,
      env,
      onStart: (own) => children.push(own),
    })
    await expect.poll(() => isOn(folder)).toBe(true)
    children[0]?.kill('SIGINT')
    expect([(await interrupted).status, journalOf(folder).at(-1)]).toMatchObject([
      130,
      { kind: 'drilled', isOver: true, because: 'ada stopped it' },
    ])
    const last = drilled('--live', '--faults', 'cut')
    await expect.poll(() => journalOf(folder).length).toBe(4)
    child.kill('SIGTERM')
    expect((await over).status).toBe(0)
    expect((await last).status).toBe(69)
    expect(journalOf(folder).at(-1)).toMatchObject({ kind: 'drilled', isOver: true, because: 'the router ended' })
  })
})
