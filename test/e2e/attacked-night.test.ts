// A night whose surroundings are hostile: what is beside the store is not what it left there.

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startReceiver } from '../support/receiver.ts'
import { startAnswering } from '../support/target.ts'

async function project() {
  const target = await startAnswering((question) => `answer ${question}`)
  const receiver = await startReceiver()
  const config = {
    notify: { on: 'always', webhooks: [{ url: receiver.url }] },
    gate: { rules: withoutLatency },
    replay: { noise: 0, warmUp: 0 },
  }
  const folder = createProject({ production: target.url, candidate: target.url, records: 20, config })
  return { folder, messages: receiver.messages }
}

it('told of a night that was judged as of one that had not begun, where the journal could not be written', {
  timeout: 120_000,
}, async () => {
  const { folder, messages } = await project()
  mkdirSync(join(folder, 'store.nights.jsonl'))
  const night = await runCli(['nightly', '--once'], { cwd: folder })
  expect(night.status).toBe(2)
  expect(night.stderr).toContain("journal  the journal can't be written")
  expect(messages.map(({ kind }) => kind)).toEqual(['judged'])
  // One that failed with a word of its own is told once, too.
  await runCli(['nightly', '--once', '--logs', 'nowhere.jsonl'], { cwd: folder })
  expect(messages.slice(1)).toMatchObject([{ kind: 'failed', code: 'LOG_MISSING' }])
})

it('ended in a bug of ours, and with the store open, where a folder had the name of the note about its holder', {
  timeout: 120_000,
}, async () => {
  const { folder, messages } = await project()
  mkdirSync(join(folder, '.store.duckdb.holder'))
  const night = await runCli(['run'], { cwd: folder })
  expect(night.stderr).not.toContain('error[')
  expect(night.stderr).not.toContain('index.html was not written')
  expect(night.status).toBe(2)
  expect(messages.map(({ kind }) => kind)).toEqual(['judged'])
})
