// `shadowgate notify`: who can be told, before a night has to.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { startCollector } from '../support/otlp.ts'
import { createProject } from '../support/project.ts'
import { startReceiver } from '../support/receiver.ts'

it('says who can be told, acts as no decision does, and leaves the numbers of the last night', async () => {
  const [receiver, deaf, collector] = [await startReceiver(), await startReceiver(410), await startCollector()]
  const notify = {
    webhooks: [
      { urlFrom: { env: 'HOOK' } },
      { url: deaf.url, format: 'slack' },
      { urlFrom: { env: 'NOBODY' }, optional: true },
      { url: receiver.url, headers: { authorization: 'Bearer ${UNSET_TOKEN}' }, optional: true },
    ],
    command: ['sh', '-c', 'echo "decision $SHADOWGATE_DECISION, test $SHADOWGATE_TEST"'],
    textfile: 'shadowgate.prom',
    otlp: { endpoint: collector.url },
  }
  const folder = createProject({
    production: 'http://127.0.0.1:1/v1',
    candidate: 'http://127.0.0.1:1/v1',
    config: { notify },
  })
  writeFileSync(join(folder, 'shadowgate.prom'), 'as it was')
  const tried = await runCli(['notify'], { cwd: folder, env: { HOOK: receiver.url } })
  expect(tried.status).toBe(69)
  expect(tried.stdout.split('\n')).toEqual([
    'notify.webhooks[0]    ✓ HTTP 200',
    'notify.webhooks[1]    ✗ HTTP 410',
    'notify.webhooks[2]    ✗ the environment variable NOBODY is not set (optional)',
    'notify.webhooks[3]    ✗ the environment variable UNSET_TOKEN is not set (optional)',
    'notify.command        ✓ exited with 0',
    `notify.textfile       ✓ ${folder} can be written`,
    'notify.otlp.endpoint  ✓ accepted',
    '',
  ])
  expect(tried.stderr).toContain('notify   decision none, test 1')
  expect(receiver.messages).toMatchObject([{ kind: 'failed', code: 'TEST', isTest: true }])
  expect(collector.collected.map(({ points }) => points)).toEqual([{ 'shadowgate.notify.test': 1 }])
  expect(readFileSync(join(folder, 'shadowgate.prom'), 'utf8')).toBe('as it was')
  expect(existsSync(join(folder, 'store.duckdb'))).toBe(false)
  expect(tried.stdout + tried.stderr).not.toContain('T0P-SECRET')
  const nobody = createProject({ production: 'http://127.0.0.1:1/v1', candidate: 'http://127.0.0.1:1/v1' })
  const none = await runCli(['notify', '--json'], { cwd: nobody })
  expect(none.status).toBe(65)
  expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: 'BAD_CONFIG' } })
})
