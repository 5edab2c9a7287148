// A running replay and its other terminals: how it is, pause, resume, another concurrency, stop.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** Takes its time, and counts what it holds. From the 21st request on it answers none until it is let go: no run ends before it is told. */
async function startSlow(ms: number) {
  const held = { now: 0, most: 0, came: 0 }
  const waiting: (() => void)[] = []
  let isOpen = false
  const target = await startTarget((_request, response) => {
    held.now += 1
    held.came += 1
    held.most = Math.max(held.most, held.now)
    const answer = () => {
      held.now -= 1
      sendJson(response, 200, completion('a plain answer'))
    }
    if (isOpen || held.came <= 20) setTimeout(answer, ms)
    else waiting.push(answer)
  })
  const letGo = () => {
    isOpen = true
    for (const answer of waiting.splice(0)) answer()
  }
  return { held, url: target.url, letGo }
}

const patient = { concurrency: 2, timeoutMs: 120_000 }

/** Resolves once the condition holds; a test's own timeout ends it else. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20)
}

describe('control', () => {
  it('pauses, tells, widens, resumes, and the run comes to its end', { timeout: 120_000 }, async () => {
    const { held, url, letGo } = await startSlow(50)
    const folder = createProject({ production: url, candidate: url, records: 200, target: patient })
    const running = runCli(['run'], { cwd: folder })
    await until(() => held.came > 20)
    const control = (...args: string[]) => runCli(['control', ...args], { cwd: folder })

    const paused = JSON.parse((await control('pause', '--json')).stdout)
    expect(paused).toMatchObject({ calls: 800, errors: { production: 0, candidate: 0 }, state: { isPaused: true } })
    letGo()
    await until(() => held.now === 0)
    const came = held.came
    await sleep(500)
    expect(held.came, 'nothing starts while it is paused').toBe(came)
    expect((await control()).stdout).toMatch(/^replay {3}\d+\/800 calls .* paused/)

    const wide = await control('concurrency', '--production', '12', '--candidate', '12', '--json')
    expect(JSON.parse(wide.stdout).state.lanes).toMatchObject({ production: { most: 12 }, candidate: { most: 12 } })
    held.most = 0
    expect((await control('resume')).status).toBe(0)
    const { stderr } = await running
    expect(stderr).not.toContain('error[')
    expect(held.came).toBe(800)
    expect(held.most).toBeGreaterThan(8)
    expect(held.most).toBeLessThanOrEqual(24)
    const [row] = await query(join(folder, 'store.duckdb'), `SELECT count(*) AS n FROM calls WHERE outcome = 'reply'`)
    expect(row?.['n']).toBe('800')
    expect(readdirSync(folder).filter((name) => name.includes('control'))).toEqual([])
  })

  it('stops as Ctrl-C does, and the next run goes on', { timeout: 120_000 }, async () => {
    const { held, url, letGo } = await startSlow(50)
    const folder = createProject({ production: url, candidate: url, records: 100, target: patient })
    const running = runCli(['run'], { cwd: folder })
    await until(() => held.came > 20)
    expect((await runCli(['control', 'stop'], { cwd: folder })).status).toBe(0)
    letGo()
    const stopped = await running
    expect(stopped.status).toBe(130)
    expect(held.came).toBeLessThan(400)
    const resumed = await runCli(['run', '--production-concurrency', '16', '--candidate-concurrency', '16'], {
      cwd: folder,
    })
    expect(resumed.stderr).toContain('goes on with run')
    expect(held.came).toBe(400)
  })

  it.each([
    ['nobody', ['control', 'pause'], 69, 'error[NOT_RUNNING]'],
    ['no arm', ['control', 'concurrency'], 64, '--production 8'],
    ['nonsense', ['control', 'concurrency', '--candidate', 'many'], 64, 'a whole number from 1 to 4096'],
    ['a word that is none', ['control', 'sleep'], 64, 'status, pause, resume, stop, concurrency'],
  ])('%s is told so', async (_what, args, status, words) => {
    const target = await startTarget(() => {})
    const folder = createProject({ production: target.url, candidate: target.url, records: 1 })
    const result = await runCli(args, { cwd: folder })
    expect(result.status).toBe(status)
    expect(result.stderr).toContain(words)
    expect(existsSync(join(folder, 'store.duckdb'))).toBe(false)
  })
})
