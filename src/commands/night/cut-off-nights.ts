// What became of nights that went without a word: the next one says so in the journal.

import { type JournalNight, standingOf } from '../../core/nights.ts'
import { minute } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import { sightOf, thisProcess } from '../session/process-identity.ts'
import type { Session } from '../session/session.ts'
import { readNights } from './journal.ts'
import type { BegunNight } from './night.ts'

/**
 * Whoever holds the store knows that no night of another machine or container does. What such a night does before and after it has
 * the store (asking for both targets, telling others) takes minutes.
 */
const silentElsewhereMs = 3_600_000

/** `runId`: of the run that this night is about, which may be one that a cut-off night left. */
export async function closeCutOffNights(
  session: Session,
  store: Store,
  begun: BegunNight,
  runId: string | null,
): Promise<void> {
  const nowMs = session.world.clock.now()
  const sight = sightOf(thisProcess())
  for (const night of readNights(session.storePath)) {
    if (night.id === begun.id || night.state === 'ended' || night.closed !== null) continue
    const standing = standingOf(night.process, sight)
    const isSilent = Math.abs(nowMs - Date.parse(night.lastSeenAt)) > silentElsewhereMs
    if (standing === 'alive' || (standing === 'elsewhere' && !isSilent)) continue
    const heardAt = night.runId === null ? null : await store.lastHeardAt(night.runId)
    const lastSeenAt = heardAt !== null && heardAt > night.lastSeenAt ? heardAt : night.lastSeenAt
    const resumedRunId = night.runId === runId ? runId : null
    const because = sentence(night, lastSeenAt, resumedRunId)
    begun.closes({ night: night.id, lastSeenAt, resumedRunId, because })
    session.say(`journal  ${because}`)
  }
}

function sentence({ begunAt, process, stage }: JournalNight, lastSeenAt: string, resumedRunId: string | null): string {
  const where = stage === null ? 'at its beginning' : `at the stage ${stage}`
  const left = resumedRunId === null ? 'nothing of it is gone on with' : `run ${resumedRunId} is gone on with`
  return `The night of ${minute(begunAt)} was cut off ${where}: process ${process.pid} on ${process.host} is gone, last seen ${minute(lastSeenAt)}; ${left}.`
}
