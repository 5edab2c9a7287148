// Who may read a file that holds a key.

import { statSync } from 'node:fs'
import type { World } from './world.ts'

/**
 * What is wrong with the permissions of the file that `<name>_FILE` names; null where nothing is, or no file is read. A group may
 * read a file that another user owns: so a container's secrets come to a process that is not root.
 */
export function keyFileTrouble(name: string, env: World['env'], uid: number | null): string | null {
  const file = env[`${name}_FILE`]
  if (env[name] || !file || uid === null) return null
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const others = stat.uid === uid ? 0o077 : 0o027
  if ((stat.mode & others) === 0) return null
  const mode = (stat.mode & 0o777).toString(8).padStart(3, '0')
  return `the file that ${name}_FILE names can be read by more users than its owner (mode ${mode}): chmod 600 ${file}`
}
