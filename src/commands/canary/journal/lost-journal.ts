// A rollout that was under way and of which the journal knows nothing: it was deleted, or another one was named.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RampEvent } from '../../../core/rollout.ts'
import { opinionSchemaId, servedSchemaId } from '../../../core/served-line.ts'
import type { Session } from '../../session/session.ts'
import { logFiles } from '../clerk/log-file.ts'

/**
 * What says so, in words; null where nothing does. The router logs nothing before a rollout is opened, and keeps a rollback beside the
 * journal: whoever deletes both as well is not to be told from somebody who begins.
 */
export function lostRollout(
  { folder, config }: Pick<Session, 'folder' | 'config'>,
  events: readonly RampEvent[],
): string | null {
  if (events.some(({ kind }) => kind === 'opened')) return null
  const rollback = events.find(({ kind }) => kind === 'rolled-back')
  if (rollback !== undefined) return `of a rollout that was rolled back at ${rollback.at}`
  const served = logFiles(resolve(folder, config.canary.log)).findLast(isOfRouter)
  if (served === undefined) return null
  const until = statSync(served, { throwIfNoEntry: false })?.mtime.toISOString() ?? 'just now'
  return `of a rollout whose users were served until ${until} (${served})`
}

/** Beside the router's log may lie others, of another program, whose names begin alike. */
function isOfRouter(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false
  const head = headOf(path)
  return head === null || [servedSchemaId, opinionSchemaId].some((id) => head.includes(`{"schema":"${id}"`))
}

/** null where it can't be read, and may be anybody's. */
function headOf(path: string): string | null {
  const head = Buffer.alloc(4096)
  try {
    const file = openSync(path, 'r')
    try {
      return head.toString('utf8', 0, readSync(file, head, 0, head.length, 0))
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}
