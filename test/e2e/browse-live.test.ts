// `shadowgate browse --live` beside a running replay: it is watched, paused, widened and stopped from another terminal.

import { expect, it, onTestFinished } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject } from '../support/project.ts'
import { completion, sendJson, startTarget } from '../support/target.ts'
import { startTerminal } from '../support/terminal.ts'

it('is watched, paused, widened and stopped', { timeout: 120_000 }, async () => {
  const held = { now: 0, most: 0, came: 0 }
  const slow = (isCandidate: boolean) =>
    startTarget((_asked, response) => {
      held.came += 1
      held.now += 1
      held.most = Math.max(held.most, held.now)
      setTimeout(() => {
        held.now -= 1
        if (isCandidate && held.came % 3 === 0) sendJson(response, 400, { error: { message: 'no' } })
        else sendJson(response, 200, completion('a plain answer'))
      }, 50)
    })
  const [production, candidate] = [await slow(false), await slow(true)]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 2000,
    target: { concurrency: 2, retries: 0 },
    config: { replay: { noise: 0, warmUp: 0, adaptive: false } },
  })
  const watch = () => {
    const terminal = startTerminal(['browse', '--live'], { cwd: folder })
    onTestFinished(() => terminal.kill('SIGKILL'))
    return terminal
  }
  const running = runCli(['run'], { cwd: folder })
  while (held.came < 40) await new Promise((resolve) => setImmediate(resolve))

  const locked = startTerminal(['browse'], { cwd: folder, columns: 160 })
  await locked.until((text) => text.includes('browse --live watches it'))
  expect(locked.text()).toMatch(/STORE_LOCKED\].*process \d+, a replay since \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
  expect(await locked.ended).toMatchObject({ status: 69 })

  const terminal = watch()
  const first = await terminal.until((text) => text.includes('HTTP 400') && /of 4,000 calls/.test(text))
  expect(first).toMatch(/[012] in flight of 2, at most 2/)
  terminal.type('p')
  await terminal.until((text) => text.includes('· paused'))
  held.most = 0
  terminal.type('++++')
  await terminal.until((text) => text.includes('in flight of 6, at most 6'))
  terminal.type('r')
  await terminal.until((text) => text.includes('goes on') && !text.includes('· paused'))
  while (held.most <= 4) await new Promise((resolve) => setImmediate(resolve))
  terminal.type('S')
  await terminal.until((text) => text.includes('stop the replay?'))
  terminal.type('y')
  await terminal.until((text) => text.includes('the replay has ended'))
  expect((await running).status).toBe(130)
  expect(held.came).toBeLessThan(4000)
  terminal.type('q')
  expect(await terminal.ended).toMatchObject({ status: 0 })
  expect(terminal.isAlternate()).toBe(false)

  const none = watch()
  await none.until((text) => text.includes('No replay is running on this store.'))
  none.kill('SIGTERM')
  expect(await none.ended).toMatchObject({ status: 130 })
})
