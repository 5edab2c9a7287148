// The router on a disk that is full: its users are served, a rollback happens and is not forgotten, and what is lost is counted.

import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventIn } from '../../src/canary/ramp/journal.ts'
import { temporaryFolder } from '../support/cli.ts'
import { askDoor } from '../support/router-door.ts'
import { askUntil, startRouter, writeRouterConfig } from '../support/served.ts'
import { canMount, fill, mountDisk } from '../support/small-disk.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'

const journal = 'disk/canary.journal.jsonl'
const stages = [0.5, 1].map((share) => ({ share, minMinutes: 0, minRequests: 1_000_000 }))

/** Bytes until a file needs another page. */
function roomInPage(path: string): number {
  return 4096 - (statSync(path).size % 4096)
}

it.skipIf(!canMount)(
  'a full disk costs lines of the log, and no user’s answer and no rollback',
  {
    timeout: 120_000,
  },
  async () => {
    let isWell = true
    const production = await startTarget((_, response) => sendJson(response, 200, completion('Hello.')))
    const candidate = await startTarget((_, response) =>
      isWell ? sendJson(response, 200, completion('Hello.')) : sendJson(response, 500, { error: { message: 'no' } }),
    )
    const folder = temporaryFolder()
    const disk = mountDisk(folder, '256k')
    writeRouterConfig(folder, {
      production: production.url,
      candidate: candidate.url,
      canary: { journal, log: 'disk/canary.requests.jsonl', stages, guards: { consecutive: 5 } },
    })
    const status = () => askDoor(folder, null, journal)
    const ask = async (base: string, requests: number) => {
      const answers = await askUntil(base, { users: 40, requests })
      expect(answers.every((each) => each.status === 200)).toBe(true)
      return answers
    }
    const log = () => readFileSync(join(disk, 'canary.requests.jsonl'), 'utf8')
    const first = await startRouter(folder, '--override', 'a test')
    await ask(first.base, 40)
    await expect.poll(() => log().split('\n').length).toBe(41)

    // Its last page, too: what is written next finds room for a part at most.
    for (let word = 0; roomInPage(join(folder, journal)) > 200; word++) {
      await askDoor(folder, { action: word % 2 === 0 ? 'hold' : 'release' }, journal)
    }
    const makeRoom = fill(disk)
    await ask(first.base, 40)
    await expect.poll(async () => (await status()).unlogged).toBeGreaterThan(0)
    expect(log().endsWith('}\n'), 'no line is split').toBe(true)

    isWell = false
    await ask(first.base, 80)
    expect(await status()).toMatchObject({ phase: 'rolled-back', share: 0 })
    const lines = () => readFileSync(join(folder, journal), 'utf8').split('\n')
    const kinds = () => lines().flatMap((line) => eventIn(line)?.kind ?? [])
    expect(kinds(), 'there was no room for it').not.toContain('rolled-back')
    first.child.kill('SIGKILL')
    const { stderr } = await first.over
    expect(stderr).toContain('the rollback is in force')
    expect(stderr.match(/the log can't be written/g), 'said once').toHaveLength(1)

    isWell = true
    const second = await startRouter(folder)
    expect((await ask(second.base, 40)).every(({ arm }) => arm === 'production')).toBe(true)
    await expect.poll(async () => (await status()).unlogged).toBeGreaterThan(0)
    makeRoom()
    await expect.poll(kinds).toContain('rolled-back')
    const before = log().length
    await ask(second.base, 40)
    await expect.poll(() => log().length).toBeGreaterThan(before)
    second.child.kill('SIGTERM')
    expect((await second.over).stderr).toContain('the log is written again')

    const third = await startRouter(folder)
    expect((await ask(third.base, 40)).every(({ arm }) => arm === 'production')).toBe(true)
    third.child.kill('SIGTERM')
    await third.over
  },
)
