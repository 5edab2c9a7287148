// What a router may lose and go on: the thread that reads answers, and its journal.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { askDoor } from '../support/router-door.ts'
import { journalOf, startRouter } from '../support/served.ts'
import { armsOf, override, standingProject } from '../support/standing-router.ts'

/** Ends the newest thread of a process at SIGUSR2. */
const threadKiller = `
const threads = []
process.on('worker', (thread) => threads.push(thread))
process.on('SIGUSR2', () => void threads.at(-1)?.terminate())
`

it('a thread that ends is there again: first with its evidence, then the stage begins it anew', {
  timeout: 300_000,
}, async () => {
  const folder = await standingProject({ minUsers: 2 })
  const preload = `--import data:text/javascript,${encodeURIComponent(threadKiller)}`
  const router = await startRouter(folder, ...override, { env: { NODE_OPTIONS: preload } })
  const compared = async () => (await askDoor(folder)).evaluation?.requests ?? { candidate: 0, control: 0 }
  const total = async () => (await compared()).candidate + (await compared()).control
  await armsOf(router.base)
  await expect.poll(total).toBeGreaterThan(0)
  const before = await total()
  const { since } = await askDoor(folder)
  let said = ''
  router.child.stderr?.on('data', (text: string) => {
    said += text
  })
  const endThread = async (words: string) => {
    router.child.kill('SIGUSR2')
    await expect.poll(() => said).toContain(words)
  }
  await endThread('another reads the log again in 1 s')
  const { at = '' } = (await askDoor(folder)).evaluation ?? {}
  await expect.poll(async () => (await askDoor(folder)).evaluation?.at).not.toBe(at)
  expect([await total(), (await askDoor(folder)).since]).toEqual([before, since])
  await endThread('another begins in 5 s, without what it had seen')
  await expect.poll(() => journalOf(folder).at(-1)?.kind).toBe('forgotten')
  const after = await askDoor(folder)
  expect(after.since > since).toBe(true)
  expect(after.lastChange?.words).toContain('evidence of this stage begins again: the thread that reads answers ended')
  await expect.poll(async () => (await askDoor(folder)).evaluation?.because).toMatch(/^0 and 0 users/)
  router.child.kill('SIGTERM')
  await router.over
})

describe('a journal that was deleted while the router was down', { timeout: 300_000 }, () => {
  it('lets nobody in by itself, who may have been rolled back', async () => {
    const folder = await standingProject()
    const first = await startRouter(folder, ...override)
    await armsOf(first.base)
    await askDoor(folder, { action: 'rollback' })
    first.child.kill('SIGTERM')
    await first.over
    rmSync(join(folder, 'reports/canary.journal.jsonl'))
    for (const mode of ['canary', 'shadow', 'canary']) {
      const refused = await runCli(['serve', '--canary-mode', mode], { cwd: folder })
      expect([refused.status, refused.stderr]).toEqual([
        65,
        expect.stringMatching(
          /the journal knows nothing of a rollout whose users were served until .*\n.*put the journal back/,
        ),
      ])
    }
    const { stdout } = await runCli(['doctor'], { cwd: folder })
    expect(stdout).toContain('the journal knows nothing of a rollout')
    const again = await startRouter(folder, '--restart', ...override)
    again.child.kill('SIGTERM')
    await again.over
    const third = await startRouter(folder)
    expect(await askDoor(folder)).toMatchObject({ phase: 'open', stage: 1 })
    third.child.kill('SIGTERM')
    await third.over
  })
})

it('a journal that is deleted while the router runs ends nothing, and is written anew with what it held', async () => {
  const folder = await standingProject()
  const router = await startRouter(folder, ...override)
  rmSync(join(folder, 'reports/canary.journal.jsonl'))
  expect(await askDoor(folder)).toMatchObject({ phase: 'open', stage: 1 })
  await askDoor(folder, { action: 'hold' })
  expect(journalOf(folder).map(({ kind }) => kind)).toEqual(['opened', 'held'])
  router.child.kill('SIGTERM')
  expect((await router.over).status).toBe(0)
})
