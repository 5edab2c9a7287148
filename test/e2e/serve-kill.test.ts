// The router killed wherever a rollout can stand: it stands there again, with its evidence, and no user is moved.

import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { askDoor } from '../support/router-door.ts'
import { askAs, askUntil, journalOf, startRouter } from '../support/served.ts'
import { armsOf, override, stages, standingProject, users } from '../support/standing-router.ts'

/** All that must be the same after a kill. */
async function standing(folder: string) {
  const { phase, mode, share, stage, since, held, stageRequests } = await askDoor(folder)
  return { phase, mode, share, stage, since, held, stageRequests }
}

const linesIn = (folder: string, name = 'canary.requests.jsonl') =>
  readFileSync(join(folder, 'reports', name), 'utf8')
    .split('\n')
    .filter(Boolean)

/** Asks, kills it once the log has all of that, starts it again without any word, and compares. */
async function killedAndBack(folder: string, router: Awaited<ReturnType<typeof startRouter>>, logged: number) {
  const arms = await armsOf(router.base)
  await expect.poll(() => linesIn(folder).length).toBe(logged)
  const before = await standing(folder)
  router.child.kill('SIGKILL')
  await router.over
  const again = await startRouter(folder)
  // What the log has of the stage is read by another thread.
  await expect.poll(() => standing(folder)).toEqual(before)
  expect(await armsOf(again.base)).toEqual(arms)
  await expect.poll(() => linesIn(folder).length).toBeGreaterThanOrEqual(logged + users)
  return { again, before, arms }
}

describe('after kill −9 the rollout stands where it stood', { timeout: 300_000 }, () => {
  it('at each stage of the ramp, held, complete, and rolled back', async () => {
    const folder = await standingProject()
    let router = await startRouter(folder, ...override)
    let logged = 0
    let candidates = 0
    const killed = async () => {
      const { again, before, arms } = await killedAndBack(folder, router, (logged += users))
      router = again
      logged += users
      return { ...before, candidates: arms.filter((arm) => arm === 'candidate').length }
    }
    for (const [place, { share }] of stages.entries()) {
      const stood = await killed()
      expect(stood).toMatchObject({ phase: 'open', stage: place + 1, share })
      expect(stood.candidates).toBeGreaterThanOrEqual(candidates)
      candidates = stood.candidates
      if (place === 2) {
        await askDoor(folder, { action: 'hold' })
        expect((await killed()).held).toMatchObject({ because: 'a test', by: { name: 'ada' } })
      }
      await askDoor(folder, { action: 'advance' })
    }
    expect(candidates).toBe(users)
    expect(await killed()).toMatchObject({ phase: 'complete', share: 1, candidates: users })
    await askDoor(folder, { action: 'rollback' })
    expect(await killed()).toMatchObject({ phase: 'rolled-back', share: 0, candidates: 0 })
    router.child.kill('SIGTERM')
    await router.over
  })

  it.each<[string, object[], object, string]>([
    ['in shadow', [], { mode: 'shadow', share: 0 }, 'production'],
    ['in A/B', [], { mode: 'ab', share: 0.5 }, 'both'],
    ['in blue-green on production', [], { mode: 'blue-green', share: 0 }, 'production'],
    [
      'in blue-green on the candidate',
      [{ action: 'flip', to: 'candidate' }],
      { mode: 'blue-green', share: 1 },
      'candidate',
    ],
    [
      'in blue-green, flipped and back',
      [
        { action: 'flip', to: 'candidate' },
        { action: 'flip', to: 'production' },
      ],
      { mode: 'blue-green', share: 0 },
      'production',
    ],
  ])('%s', async (_, words, stands, who) => {
    const { mode } = stands as { mode: string }
    const folder = await standingProject({ mode })
    const router = await startRouter(folder, ...override)
    for (const word of words) await askDoor(folder, word)
    const each = mode === 'shadow' ? 2 : 1
    const { again, before, arms } = await killedAndBack(folder, router, users * each)
    expect(before).toMatchObject(stands)
    expect(new Set(arms)).toEqual(new Set(who === 'both' ? ['candidate', 'production'] : [who]))
    again.child.kill('SIGTERM')
    await again.over
  })

  it('with a line of the journal cut off', async () => {
    const folder = await standingProject()
    const { child, over } = await startRouter(folder, ...override)
    await askDoor(folder, { action: 'advance' })
    child.kill('SIGKILL')
    await over
    appendFileSync(join(folder, 'reports/canary.journal.jsonl'), '{"kind":"advanced","at":"2026-11-26T')
    const again = await startRouter(folder)
    expect(await askDoor(folder)).toMatchObject({ phase: 'open', stage: 2 })
    await askDoor(folder, { action: 'advance' })
    again.child.kill('SIGKILL')
    expect((await again.over).stderr).toContain('has a line that was cut off (3)')
    const third = await startRouter(folder)
    expect(await askDoor(folder)).toMatchObject({ phase: 'open', stage: 3 })
    third.child.kill('SIGTERM')
    await third.over
  })
})

describe('a rollback', { timeout: 300_000 }, () => {
  it('takes a person’s word to be undone, however the config deals users now', async () => {
    const folder = await standingProject()
    const first = await startRouter(folder, ...override)
    await askDoor(folder, { action: 'rollback' })
    first.child.kill('SIGKILL')
    await first.over
    const config = readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')
    const asOf = (canary: string) => spawnSync('sh', ['-c', 'cat > shadowgate.yaml'], { cwd: folder, input: canary })
    asOf(config.replace('canary:', 'canary:\n  mode: ab'))
    const refused = await runCli(['serve'], { cwd: folder })
    expect([refused.status, refused.stderr]).toEqual([
      65,
      expect.stringMatching(/rolled back at .*: a test\n.*--restart/),
    ])
    asOf(config.replace('canary:', 'canary:\n  mode: shadow'))
    const shadow = await startRouter(folder)
    expect((await askAs(shadow.base, 'ada')).arm).toBe('production')
    shadow.child.kill('SIGTERM')
    await shadow.over
    asOf(config)
    expect((await runCli(['serve'], { cwd: folder })).stderr).toContain('error[NO_PERMIT]')
    const again = await startRouter(folder, '--restart', ...override)
    expect(await askDoor(folder)).toMatchObject({ phase: 'open', stage: 1 })
    expect(journalOf(folder).at(-1)).toMatchObject({ kind: 'opened', by: { kind: 'person' } })
    again.child.kill('SIGTERM')
    await again.over
  })
})

describe('two routers with one journal', { timeout: 300_000 }, () => {
  it('are one: the second says who holds it, and takes it over once that one is gone', async () => {
    const folder = await standingProject()
    const first = await startRouter(folder, ...override)
    const second = await runCli(['serve'], { cwd: folder })
    expect([second.status, second.stderr]).toEqual([
      69,
      expect.stringContaining(`the journal is held by process ${first.child.pid} (shadowgate serve) since 2`),
    ])
    expect((await askAs(first.base, 'ada')).status).toBe(200)
    first.child.kill('SIGKILL')
    await first.over
    const third = await startRouter(folder)
    expect(journalOf(folder)).toHaveLength(1)
    third.child.kill('SIGTERM')
    await third.over
    expect(readdirSync(join(folder, 'reports')).filter((name) => name.includes('holder'))).toEqual([])
  })
})

describe('the log', { timeout: 300_000 }, () => {
  it('is cut, killed and read again: no line is split or twice, and ingest reads all of its files', async () => {
    // Some 25 lines to a file.
    const folder = await standingProject({ logMaxMb: 0.015, logKeep: 1000 })
    const answered: string[] = []
    for (let round = 0; round < 3; round++) {
      const router = await startRouter(folder, ...(round === 0 ? override : []))
      const isEnough = () => answered.length >= 300 * (round + 1)
      const ids = askUntil(router.base, { users: 400, requests: 300 }).then((each) =>
        answered.push(...each.flatMap(({ id }) => id ?? [])),
      )
      await ids
      expect(isEnough()).toBe(true)
      // In the middle of writing, but for the last time.
      router.child.kill(round < 2 ? 'SIGKILL' : 'SIGTERM')
      await router.over
    }
    const names = readdirSync(join(folder, 'reports')).filter((name) => name.startsWith('canary.requests'))
    expect(names.length).toBeGreaterThan(10)
    const lines = names.flatMap((name) => linesIn(folder, name))
    const whole = lines.flatMap((line) => {
      try {
        return [(JSON.parse(line) as { id: string }).id]
      } catch {
        return []
      }
    })
    expect(lines.length - whole.length, 'a kill cuts one line at most').toBeLessThanOrEqual(2)
    expect(new Set(whole).size).toBe(whole.length)
    expect(
      answered.slice(600).filter((id) => !whole.includes(id)),
      'and none is lost without one',
    ).toEqual([])
    const ingested = await runCli(['ingest', '--json', '--logs', 'reports/canary.requests*.jsonl'], { cwd: folder })
    expect(ingested.status, ingested.stderr).toBe(0)
    expect(JSON.parse(ingested.stdout)).toMatchObject({ records: whole.length, rejected: 0 })

    const last = await startRouter(folder)
    const seen = async () => (await askDoor(folder)).evaluation?.requests
    const of = (group: string) => lines.filter((line) => line.includes(`"group":"${group}"`)).length
    await expect.poll(seen).toEqual({ candidate: of('candidate'), control: of('control') })
    last.child.kill('SIGTERM')
    await last.over
  })
})
