// A rollout that was under way and of which the journal knows nothing: it was deleted, or another one was named.

import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { RampEvent } from '../../../core/rollout.ts'
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
  const served = logFiles(resolve(folder, config.canary.log)).findLast((file) => statSync(file).size > 0)
  if (served === undefined) return null
  const { mtime } = statSync(served)
  return `of a rollout whose users were served until ${mtime.toISOString()} (${served})`
}
