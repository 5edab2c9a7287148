// A key by its variable's name: the variable itself, or a file that NAME_FILE names, as secrets are mounted, and who may read that file.

import { readFileSync, type Stats, statSync } from 'node:fs'
import { Fault, thrownMessage } from '../../core/fault.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Fault: KEY_MISSING. `place`: of the name. */
export function keyNamed(name: string, env: Env, place: string): string {
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

/** No key is as long: whoever names a log in its place need not wait until it is read. */
const mostKeyBytes = 65_536

/** Editors and `echo` end a file with a line's end, which is no part of a key. */
function readKey(file: string, name: string, place: string): string {
  try {
    const trouble = unreadable(statSync(file))
    if (trouble === null) return readFileSync(file, 'utf8').trim()
    throw new Fault('KEY_MISSING', `what ${name}_FILE names ${trouble}: ${file}`, { place })
  } catch (error) {
    if (error instanceof Fault) throw error
    const message = thrownMessage(error)
    throw new Fault('KEY_MISSING', `the file that ${name}_FILE names can't be read: ${message}`, {
      place,
      cause: error,
    })
  }
}

/** A pipe would be waited for, a device has no end, and a key is read more than once. */
function unreadable(stat: Stats): string | null {
  if (stat.isDirectory()) return 'is a folder, and has to be a file'
  if (stat.isFIFO()) return 'is a pipe, which can be read once, and has to be a file'
  if (!stat.isFile()) return 'is a device or a socket, and has to be a file'
  const size = stat.size.toLocaleString('en-US')
  return stat.size > mostKeyBytes ? `has ${size} bytes, and a key has at most 65,536` : null
}

/** null where there is none, or its file can't be read: for whoever takes keys out of texts, and needs none. */
export function knownKey(name: string, env: Env): string | null {
  try {
    return keyNamed(name, env, name)
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}

/** Whether the environment says where the key is; its file need not be there. */
export function isKeySet(name: string, env: Env): boolean {
  return Boolean(env[name] || env[`${name}_FILE`])
}

/**
 * What is wrong with the permissions of the file that `<name>_FILE` names; null where nothing is, or no file is read. A group may
 * read a file that another user owns: so a container's secrets come to a process that is not root.
 */
export function keyFileTrouble(name: string, env: Env, uid: number | null): string | null {
  const file = env[`${name}_FILE`]
  if (env[name] || !file || uid === null) return null
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const others = stat.uid === uid ? 0o077 : 0o027
  if ((stat.mode & others) === 0) return null
  const mode = (stat.mode & 0o777).toString(8).padStart(3, '0')
  return `the file that ${name}_FILE names can be read by more users than its owner (mode ${mode}): chmod 600 ${file}`
}
