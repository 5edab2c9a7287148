// `shadowgate nightly` as operators keep it: nights are its children, and none of them takes it along.

import { type ChildProcess, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readNights, writeEvent } from '../../src/commands/night/journal.ts'
import { thisProcess } from '../../src/commands/session/process-identity.ts'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const quick = { records: 20, config: { replay: { noise: 0, warmUp: 0 } } }

it('passes a night at once when told to, with its flags, and ends with its status', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, ...quick })
  const once = await runCli(['nightly', '--once', '--sample-size', '7', '--json'], { cwd: folder })
  expect(JSON.parse(once.stdout).counts.planned).toBe(7)
  const [night] = readNights(join(folder, 'store.duckdb'))
  expect(night).toMatchObject({ command: 'nightly', dueAt: expect.any(String), came: { status: once.status } })
})

/** Lines of standard error until one that matches. */
function until(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    child.stderr?.on('data', (text: string) => {
      heard += text
      if (pattern.test(heard)) resolve(heard)
    })
  })
}

/** As if the last night had begun days ago: the scheduler catches up at once. */
function withOldNight(folder: string): string {
  const store = join(folder, 'store.duckdb')
  const at = new Date(Date.now() - 3 * 86_400_000).toISOString()
  writeEvent(store, { night: 'old', at, event: 'begun', process: thisProcess(), version: '1', command: 'run' })
  return store
}

it('catches up at its start, says when the next night is, and ends at once when nothing runs', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, ...quick })
  const store = withOldNight(folder)
  const scheduler = await runCli(['nightly', '--tz', 'Asia/Kolkata'], {
    cwd: folder,
    onStart: (child) => void until(child, /next night/).then(() => child.kill('SIGTERM')),
  })
  expect(scheduler.status).toBe(0)
  expect(scheduler.stderr).toMatch(/the night of \d{4}-\d\d-\d\d 02:30 Asia\/Kolkata begins, .* late/)
  expect(scheduler.stderr).toMatch(/it ended with status \d, after/)
  expect(scheduler.stderr).toMatch(/next night \d{4}-\d\d-\d\d 02:30 Asia\/Kolkata, in \d+\s(h|min|s)\b/)
  expect(readNights(store).at(-1)).toMatchObject({ command: 'nightly', state: 'ended', came: { kind: 'judged' } })
})

it('lets a night come to a clean end when it is told to stop, however many signals reach the night', async () => {
  let scheduler: ChildProcess | null = null
  const target = await startTarget(({ number }, response) => {
    if (number === 10) {
      // As a service manager does: to each process of the group at once.
      const night = readNights(store).find(({ command }) => command === 'nightly')
      if (night) process.kill(night.process.pid, 'SIGTERM')
      scheduler?.kill('SIGTERM')
    }
    setTimeout(() => sendJson(response, 200, completion('an answer')), 50)
  })
  const folder = createProject({ production: target.url, candidate: target.url, ...quick, records: 200 })
  const store = withOldNight(folder)
  const result = await runCli(['nightly'], { cwd: folder, onStart: (child) => (scheduler = child) })
  expect(result.status).toBe(0)
  expect(result.stderr).toContain('ended: no further night begins')
  expect(readNights(store).at(-1)?.came).toMatchObject({ code: 'INTERRUPTED', status: 130 })
  const resumed = await runCli(['run'], { cwd: folder })
  expect(resumed.stderr).toContain('goes on with run')
})

it('accounts for a night that was killed, and for one that never began, and goes on', async () => {
  const target = await startTarget(({ number }, response) => {
    const night = readNights(store).find(({ command }) => command === 'nightly')
    if (number === 10 && night) process.kill(night.process.pid, 'SIGKILL')
    setTimeout(() => sendJson(response, 200, completion('an answer')), 20)
  })
  const folder = createProject({ production: target.url, candidate: target.url, ...quick, records: 200 })
  const store = withOldNight(folder)
  const killed = await runCli(['nightly'], {
    cwd: folder,
    onStart: (child) => void until(child, /next night/).then(() => child.kill('SIGTERM')),
  })
  expect(killed.status).toBe(0)
  expect(killed.stderr).toContain('its process was ended by SIGKILL')
  expect(readNights(store).at(-1)).toMatchObject({ state: 'ended', stage: 'replay', came: { code: 'CUT_OFF' } })

  // The config breaks while the scheduler waits.
  const config = join(folder, 'shadowgate.yaml')
  const whole = readFileSync(config, 'utf8')
  const broken = await runCli(['nightly', '--once'], {
    cwd: folder,
    env: { SHADOWGATE_SAMPLE_SIZE: '7' },
    onStart: (child) => void until(child, /begins/).then(() => writeFileSync(config, `${whole}\nsampel: 1\n`)),
  })
  expect(broken.status).toBe(65)
  expect(readNights(store).at(-1)?.came).toMatchObject({ code: 'NOT_BEGUN', status: 65 })
})

const memoryOf = (pid: number) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))

it('waits without work: it holds no store, and little memory', async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, ...quick })
  let waiting: ChildProcess | undefined
  const scheduler = runCli(['nightly'], { cwd: folder, onStart: (child) => (waiting = child) })
  if (waiting === undefined) throw new Error('it was not started')
  await until(waiting, /next night/)
  const kib = memoryOf(waiting.pid ?? 0)
  expect((await runCli(['run'], { cwd: folder })).stderr).not.toContain('error[')
  waiting.kill('SIGTERM')
  expect((await scheduler).status).toBe(0)
  expect(kib / 1024, 'MiB').toBeLessThan(250)
  expect(kib).toBeGreaterThan(0)
})
