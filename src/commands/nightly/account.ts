// A night whose process could not say what it came to: the scheduler says it, in the journal and to whoever is told of nights.

import { exitStatus } from '../../core/fault.ts'
import { swapWords } from '../../core/model-name.ts'
import type { Night } from '../../core/night.ts'
import type { JournalNight } from '../../core/nights.ts'
import { readNights, writeEvent } from '../night/journal.ts'
import { beginNight, dueAtVariable } from '../night/night.ts'
import { tell } from '../notify/tell.ts'
import type { Session } from '../session/session.ts'
import type { NightProcess } from './night-process.ts'

/** `dueAt`: as the night was given it. */
export async function accountForNight(session: Session, dueAt: string, came: NightProcess): Promise<void> {
  const { storePath, world } = session
  // A journal that can't be written, or not be read, knows nothing of a night that went well.
  if (came.hasAccounted) return
  const told = readNights(storePath).findLast((each) => each.dueAt === dueAt)
  if (told?.state === 'ended') return
  const begun = told ?? null
  const night = lostNight(session, begun, came)
  if (begun === null) {
    // It never came as far as its journal: a config that can't be read, most likely.
    const own = beginNight({ ...session, world: { ...world, env: { ...world.env, [dueAtVariable]: dueAt } } })
    own.ended(night)
  } else {
    const trouble = writeEvent(storePath, { night: begun.id, at: night.finishedAt, event: 'ended', came: night })
    if (trouble !== null) world.log(`journal  ${trouble}`)
  }
  await tell(session, night)
}

function lostNight({ world, targets, storePath }: Session, begun: JournalNight | null, came: NightProcess): Night {
  const now = new Date(world.clock.now()).toISOString()
  const how = came.because ?? `it ended with status ${came.status}`
  const where = begun === null ? 'before it had begun' : `at the stage ${begun.stage ?? 'check'}`
  return {
    kind: 'failed',
    startedAt: begun?.begunAt ?? now,
    finishedAt: now,
    status: came.status ?? exitStatus.internal,
    swap: swapWords(targets),
    before: null,
    runId: begun?.runId ?? null,
    code: begun === null ? 'NOT_BEGUN' : 'CUT_OFF',
    because: `The night ended without a word of its own ${where}: ${how}.`,
    next: `the job's log says more; the store is ${storePath}, and the next night goes on from there`,
  }
}
