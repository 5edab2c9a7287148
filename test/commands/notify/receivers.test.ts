// What is told to nobody: the values of the config's credentials, wherever they are kept.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { secretsOf } from '../../../src/commands/notify/receivers.ts'
import { openSession } from '../../../src/commands/session/session.ts'
import { createProject } from '../../support/project.ts'
import { createWorld } from '../../support/world.ts'

it('a key that comes from a file is as secret as one that comes from a variable, the judge’s too', () => {
  const url = 'http://127.0.0.1:1/v1'
  const cwd = createProject({
    production: url,
    candidate: url,
    target: { keyFrom: { env: 'PROD_KEY' } },
    config: {
      judge: { target: { baseUrl: url, model: 'a-judge', keyFrom: { env: 'JUDGE_KEY' } }, criteria: 'Is it better?' },
      notify: { webhooks: [{ urlFrom: { env: 'HOOK' }, headers: { authorization: 'Bearer of-a-header' } }] },
    },
  })
  const file = join(cwd, 'key')
  writeFileSync(file, 'key-in-a-file\n')
  const env = { PROD_KEY_FILE: file, JUDGE_KEY: 'key-of-the-judge', HOOK: 'https://hooks.example.com/secret' }
  const { world } = createWorld({ cwd, env })
  const invocation = {
    command: 'run',
    config: 'shadowgate.yaml',
    settings: {},
    own: {},
    word: null,
    isJson: false,
    isQuiet: true,
  }
  const secrets = secretsOf(openSession(world, invocation, { sends: false }))
  expect(secrets).toEqual(expect.arrayContaining(['key-in-a-file', 'key-of-the-judge', env.HOOK, 'Bearer of-a-header']))
  const unreadable = { ...world, env: { PROD_KEY_FILE: join(cwd, 'nowhere') } }
  expect(secretsOf(openSession(unreadable, invocation, { sends: false }))).toEqual(['Bearer of-a-header'])
})
