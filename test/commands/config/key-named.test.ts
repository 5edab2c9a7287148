// A key from a variable or from the file that a variable names, and what is said where there is neither.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { keyNamed } from '../../../src/commands/config/key-named.ts'
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
  it.each([
    [{}, 'the variable KEY is not set, and no KEY_FILE names a file that holds it'],
    [{ KEY_FILE: 'empty' }, 'the file that KEY_FILE names is empty'],
    [{ KEY_FILE: 'nowhere' }, "the file that KEY_FILE names can't be read: ENOENT"],
  ])('that is not there: %o', (env: { KEY_FILE?: string }, words) => {
    const given = env.KEY_FILE === undefined ? {} : { KEY_FILE: join(folder(), env.KEY_FILE) }
    expect(() => keyNamed('KEY', given, 'targets.production.keyFrom.env')).toThrow(words)
  })
})
