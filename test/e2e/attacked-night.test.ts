// A night whose surroundings are hostile: what is beside the store is not what it left there.

import type { ChildProcess } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readNights } from '../../src/commands/night/journal.ts'
import { runCli } from '../support/cli.ts'
import { createProject, withoutLatency } from '../support/project.ts'
import { startReceiver } from '../support/receiver.ts'
import { sendJson, startAnswering, startTarget } from '../support/target.ts'

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

it('sent what is paid for before it saw that the reports are linked to what is not there', async () => {
  const { folder, messages } = await project()
  symlinkSync(join(folder, 'not-mounted'), join(folder, 'reports'))
  const night = await runCli(['run'], { cwd: folder })
  expect(night.stderr).toContain('is a link to what is not there')
  expect(night.stderr).not.toContain('replay')
  expect(night.status).toBe(65)
  expect(messages).toMatchObject([{ kind: 'failed', code: 'REPORT_UNWRITABLE' }])
})

it('waited for a webhook that hangs as long as ever, though the job was asked to end', async () => {
  const target = await startAnswering((question) => `answer ${question}`)
  let child: ChildProcess | null = null
  const hanging = await startTarget(() => child?.kill('SIGTERM'))
  const folder = createProject({
    production: target.url,
    candidate: target.url,
    records: 20,
    config: { notify: { on: 'always', timeoutMs: 120_000, webhooks: [{ url: `${hanging.url}/hook` }] } },
  })
  const night = await runCli(['run'], { cwd: folder, onStart: (started) => (child = started) })
  expect(night.stderr).toContain('could not be told: no answer before the job was asked to end')
  expect(night.status).toBe(2)
  const [told] = readNights(join(folder, 'store.duckdb'))
  expect(told).toMatchObject({ state: 'ended', came: { kind: 'judged' } })
})

it('told receivers a key that came from a file and was not the one that its server was sent', async () => {
  const models = (response: ServerResponse) => sendJson(response, 401, { error: { message: 'no gerbil-and-otter' } })
  const [refusing, receiver] = [await startTarget(() => {}, { models }), await startReceiver()]
  const target = await startAnswering(() => 'an answer')
  const judge = { target: { baseUrl: target.url, model: 'judge', keyFrom: { env: 'JUDGE_KEY' } }, criteria: 'Which?' }
  const config = { judge, notify: { on: 'always', webhooks: [{ url: receiver.url }] } }
  const folder = createProject({ production: refusing.url, candidate: target.url, records: 5, config })
  writeFileSync(join(folder, 'key'), 'gerbil-and-otter\r\n', { mode: 0o600 })
  await runCli(['run'], { cwd: folder, env: { JUDGE_KEY_FILE: join(folder, 'key') } })
  expect(receiver.messages).toMatchObject([{ code: 'KEY_REFUSED' }])
  expect(JSON.stringify(receiver.messages)).not.toContain('gerbil')
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
