// Files that hold a key: who else can read them.

import { chmodSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keyFileTrouble } from '../../src/commands/key-file.ts'
import { temporaryFolder } from '../support/cli.ts'

const file = (mode: number) => {
  const path = join(temporaryFolder(), 'key')
  writeFileSync(path, 'secret-value\n')
  chmodSync(path, mode)
  return path
}

it.each([
  [0o600, true, null],
  [0o400, true, null],
  [0o640, true, /mode 640.*chmod 600/],
  [0o644, true, /mode 644/],
  [0o440, false, null],
  [0o444, false, /mode 444/],
  [0o660, false, /mode 660/],
])('mode %o, own: %s', (mode, isOwn, expected) => {
  const path = file(mode)
  const { uid } = statSync(path)
  const trouble = keyFileTrouble('PROD_KEY', { PROD_KEY_FILE: path }, isOwn ? uid : uid + 1)
  if (expected === null) expect(trouble).toBeNull()
  else expect(trouble).toMatch(expected)
  expect(trouble ?? '').not.toContain('secret-value')
})

it.each([
  ['the variable itself is set', { PROD_KEY: 'k', PROD_KEY_FILE: '/etc/passwd' }],
  ['no file is named', {}],
  ['the file is not there', { PROD_KEY_FILE: '/nowhere/key' }],
])('nothing is said where %s', (_what, env) => {
  expect(keyFileTrouble('PROD_KEY', env, 0)).toBeNull()
})
