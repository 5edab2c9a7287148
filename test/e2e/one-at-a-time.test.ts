// One night at a time: a second one says who holds the store, waits where it is told to, and follows a kill at once.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readNights } from '../../src/commands/night/journal.ts'
import { runCli } from '../support/cli.ts'
import { createProject, query } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

/** A target that answers nothing from its tenth request on, until it is let go. */
async function startHeldTarget() {
  const waiting: (() => void)[] = []
  const state = { isOpen: false }
  let onHeld = () => {}
  const isHeld = new Promise<void>((resolve) => (onHeld = resolve))
  const target = await startTarget(({ number }, response) => {
    const answer = () => sendJson(response, 200, completion('an answer'))
    if (state.isOpen || number < 10) return answer()
    waiting.push(answer)
    onHeld()
  })
  const letGo = () => {
    state.isOpen = true
    for (const answer of waiting.splice(0)) answer()
  }
  return { target, isHeld, letGo }
}

const patient = { target: { timeoutMs: 60_000 }, config: { replay: { noise: 0, warmUp: 0 } }, records: 40 }

it('a second night names the holder, its time and what it does, and is accounted for', {
  timeout: 120_000,
}, async () => {
  const { target, isHeld, letGo } = await startHeldTarget()
  const folder = createProject({ production: target.url, candidate: target.url, ...patient })
  let pid: number | undefined
  const first = runCli(['run'], { cwd: folder, onStart: (child) => (pid = child.pid) })
  await isHeld
  const second = await runCli(['run', '--json'], { cwd: folder })
  const said = new RegExp(
    `in use by process ${pid} \\(shadowgate run\\) on this machine since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC \\(.*s\\): replay \\d+/80 calls`,
  )
  expect(second.status).toBe(69)
  expect(second.stderr).toMatch(said)
  expect(JSON.parse(second.stdout).error).toMatchObject({ code: 'STORE_LOCKED', message: expect.stringMatching(said) })
  const read = await runCli(['gate'], { cwd: folder })
  expect(read.stderr).toMatch(said)
  letGo()
  expect((await first).stderr).not.toContain('error[')
  const nights = readNights(join(folder, 'store.duckdb'))
  expect(nights.map(({ state, came }) => [state, came?.kind])).toEqual([
    ['ended', 'failed'],
    ['ended', 'judged'],
  ])
  expect(nights[0]?.stage, 'no target is asked by a night that can not run').toBe('check')
  expect(nights[0]?.came?.because).toMatch(said)
  expect(existsSync(join(folder, '.store.duckdb.holder')), 'the note goes with the holder').toBe(false)
})

it('--wait waits for the holder, and no longer than it says', { timeout: 120_000 }, async () => {
  const { target, isHeld, letGo } = await startHeldTarget()
  const folder = createProject({ production: target.url, candidate: target.url, ...patient })
  const first = runCli(['run'], { cwd: folder })
  await isHeld
  const impatient = await runCli(['run', '--wait', '0.1s'], { cwd: folder })
  expect(impatient).toMatchObject({ status: 69, stderr: expect.stringContaining('waits for up to') })
  const waiting = runCli(['run', '--new', '--wait', '1m'], {
    cwd: folder,
    onStart: (child) => void child.stderr?.once('data', letGo),
  })
  const [earlier, later] = await Promise.all([first, waiting])
  expect(earlier.stderr).not.toContain('error[')
  expect(later.stderr).toMatch(/waits for up to 1.min/)
  expect(later.stderr).not.toContain('error[')
  expect(await query(join(folder, 'store.duckdb'), `SELECT count(*) AS n FROM verdict`)).toEqual([{ n: '2' }])
  const odd = await runCli(['run', '--wait', 'long'], { cwd: folder })
  expect(odd).toMatchObject({ status: 64, stderr: expect.stringContaining('30m or 2h') })
})

it('of two that start in the same instant one runs, and the other says so', { timeout: 120_000 }, async () => {
  const target = await startTarget((_request, response) => sendJson(response, 200, completion('an answer')))
  const folder = createProject({ production: target.url, candidate: target.url, ...patient })
  const both = await Promise.all([1, 2, 3].map(() => runCli(['run', '--new'], { cwd: folder })))
  const judged = both.filter(({ stdout }) => stdout !== '')
  const others = both.filter(({ stdout }) => stdout === '')
  expect(judged.length).toBeGreaterThan(0)
  for (const { status, stderr } of others) {
    expect(stderr).toContain('error[STORE_LOCKED]')
    expect(status).toBe(69)
  }
  const nights = readNights(join(folder, 'store.duckdb'))
  expect(nights.map(({ state }) => state)).toEqual(['ended', 'ended', 'ended'])
  expect(nights.filter(({ came }) => came?.kind === 'judged')).toHaveLength(judged.length)
})

it('a holder that was killed holds nothing, whatever it left beside the store', { timeout: 120_000 }, async () => {
  const { target, isHeld, letGo } = await startHeldTarget()
  const folder = createProject({ production: target.url, candidate: target.url, ...patient })
  let holder: ChildProcess | null = null
  const first = runCli(['run'], { cwd: folder, onStart: (child) => (holder = child) })
  await isHeld
  const kill = () => holder?.kill('SIGKILL')
  kill()
  expect((await first).signal).toBe('SIGKILL')
  expect(existsSync(join(folder, '.store.duckdb.holder'))).toBe(true)
  letGo()
  const next = await runCli(['run'], { cwd: folder })
  expect(next.stderr).not.toContain('error[')
  expect(next.stderr).toContain('goes on with run')
})

/** A program of Linux that puts another into a numbering space of processes of its own. */
const container = { program: 'unshare', flags: ['--pid', '--fork', '--mount-proc'] }
const canUnshare = (() => {
  try {
    execFileSync(container.program, [...container.flags, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

it.skipIf(!canUnshare)('a holder in another container is told as such', { timeout: 120_000 }, async () => {
  const { target, isHeld, letGo } = await startHeldTarget()
  const folder = createProject({ production: target.url, candidate: target.url, ...patient })
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const inside = [...container.flags, process.execPath, cli, 'run']
  const holder = spawn(container.program, inside, { cwd: folder, stdio: 'ignore' })
  const over = new Promise((resolve) => holder.on('close', resolve))
  await isHeld
  const second = await runCli(['run'], { cwd: folder })
  expect(second.status).toBe(69)
  expect(second.stderr).toMatch(/process 1 \(shadowgate run\) in another container since .*: replay \d+\/80 calls/)
  // One that has the same number as the holder has there.
  const third = spawn(container.program, inside, { cwd: folder })
  let said = ''
  third.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  await new Promise((resolve) => third.on('close', resolve))
  expect(said).toMatch(/process 1 \(shadowgate run\) in another container/)
  letGo()
  await over
  expect(readNights(join(folder, 'store.duckdb')).map(({ came }) => came?.kind)).toEqual(['failed', 'failed', 'judged'])
})
