// A key from a variable or from the file that a variable names, what is said where there is neither, and who else can read that file.

import { execFileSync } from 'node:child_process'
import { chmodSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyFileTrouble, keyNamed, knownKey } from '../../../src/commands/config/key-named.ts'
import { temporaryFolder } from '../../support/cli.ts'

describe('a key', () => {
  const folder = () => {
    const path = temporaryFolder()
    writeFileSync(join(path, 'key'), 'sk-file\n')
    writeFileSync(join(path, 'empty'), '\n')
    return path
  }
  it('is its variable, else what stands in the file, without its line’s end', () => {
    const file = join(folder(), 'key')
    expect(keyNamed('KEY', { KEY: 'sk-env', KEY_FILE: file }, 'x')).toBe('sk-env')
    expect(keyNamed('KEY', { KEY: '', KEY_FILE: file }, 'x')).toBe('sk-file')
  })
  it('is no more than a key: what is longer is not read', () => {
    const file = join(folder(), 'log')
    writeFileSync(file, '')
    // Longer than a text can be: it would end in another error.
    truncateSync(file, 2 ** 40)
    expect(() => keyNamed('KEY', { KEY_FILE: file }, 'x')).toThrow(
      'what KEY_FILE names has 1,099,511,627,776 bytes, and a key has at most 65,536',
    )
    expect(knownKey('KEY', { KEY_FILE: file })).toBeNull()
  })
  it('is not waited for at a pipe that nobody writes to', () => {
    const pipe = join(folder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    // In a process of its own: a reader that waits would hold the test, its limit of time too.
    const module = new URL('../../../src/commands/config/key-named.ts', import.meta.url).href
    const script = `const { keyNamed } = await import('${module}')
      try { keyNamed('KEY', { KEY_FILE: '${pipe}' }, 'x') } catch ({ message }) { console.log(message) }`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 120_000,
    })
    expect(said).toBe(`what KEY_FILE names is a pipe, which can be read once, and has to be a file: ${pipe}\n`)
  })
  it.each([
    [{ KEY_FILE: '.' }, 'what KEY_FILE names is a folder, and has to be a file'],
    [{ KEY_FILE: '/dev/null' }, 'what KEY_FILE names is a device or a socket'],
    [{}, 'the variable KEY is not set, and no KEY_FILE names a file that holds it'],
    [{ KEY_FILE: 'empty' }, 'the file that KEY_FILE names is empty'],
    [{ KEY_FILE: 'nowhere' }, "the file that KEY_FILE names can't be read: ENOENT"],
  ])('that is not there: %o', (env: { KEY_FILE?: string }, words) => {
    const given = env.KEY_FILE === undefined ? {} : { KEY_FILE: resolve(folder(), env.KEY_FILE) }
    expect(() => keyNamed('KEY', given, 'targets.production.keyFrom.env')).toThrow(words)
  })
})

const fileOf = (mode: number) => {
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
  const path = fileOf(mode)
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
