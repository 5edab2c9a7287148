// A key by its variable's name: the variable itself, or a file that NAME_FILE names, as secrets are mounted.

import { readFileSync } from 'node:fs'
import { Fault } from '../../core/fault.ts'

/** Fault: KEY_MISSING. `place`: of the name. */
export function keyNamed(name: string, env: Readonly<Record<string, string | undefined>>, place: string): string {
  const key = env[name]
  if (key) return key
  const file = env[`${name}_FILE`]
  if (!file) {
    throw new Fault('KEY_MISSING', `the variable ${name} is not set, and no ${name}_FILE names a file that holds it`, {
      place,
    })
  }
  const found = readKey(file, name, place)
  if (found !== '') return found
  throw new Fault('KEY_MISSING', `the file that ${name}_FILE names is empty: ${file}`, { place })
}

/** Editors and `echo` end a file with a line's end, which is no part of a key. */
function readKey(file: string, name: string, place: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new Fault('KEY_MISSING', `the file that ${name}_FILE names can't be read: ${message}`, {
      place,
      cause: error,
    })
  }
}
