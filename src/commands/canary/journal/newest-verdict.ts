// The verdict that opens a canary where the config names none: that of the newest report.

import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../../../core/fault.ts'
import type { Session } from '../../session/session.ts'

/** Fault: NO_PERMIT where there is none. */
export function verdictPathOf(session: Session): string {
  const { verdict } = session.config.canary.permit
  return verdict === undefined ? newestVerdict(session) : resolve(session.folder, verdict)
}

/** Run ids begin with their time. */
function newestVerdict({ reportDir }: Session): string {
  const runs = existsSync(reportDir) ? readdirSync(reportDir).toSorted().toReversed() : []
  const found = runs.map((run) => join(reportDir, run, 'verdict.json')).find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new Fault('NO_PERMIT', 'there is no verdict to open the canary by', { place: reportDir })
}
