// The history of a store's nights: from the store and its journal, or from what the last night wrote down where the store is in use.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { Segment } from '../../core/judgement.ts'
import { acrossNights } from '../../gate/across/across.ts'
import { type History, historyFrom, historyOf } from '../../report/index.ts'
import type { Store } from '../../store/store.ts'
import { readNights } from '../night/journal.ts'
import { requireStore, type Session, withStore } from '../session/session.ts'
import { storeBytes } from '../session/store-file.ts'
import { nightSummaries } from './night-summaries.ts'

/** About three years: what a page and a file can bear. */
const mostNights = 1000

export const historyFile = 'history.json'

/** Without a store there is what the journal tells. */
export async function historyIn(
  session: Session,
  store: Store | null,
  segment: Segment | null = null,
): Promise<History> {
  const { world, storePath } = session
  const kept = (await store?.keptNights({ most: mostNights, segment })) ?? []
  return historyOf({
    kept,
    left: ((await store?.countJudged()) ?? 0) - kept.length,
    journal: readNights(storePath),
    across: acrossNights(store === null ? [] : await nightSummaries(store)),
    storeBytes: storeBytes(storePath) ?? 0,
    version: world.versions.shadowgate,
    now: new Date(world.clock.now()).toISOString(),
  })
}

export interface Told {
  readonly history: History
  /** Who holds the store, where what is told is of the night before; null where it was asked. */
  readonly locked: Fault | null
}

/** Faults: NO_RUN, STORE_LOCKED where nothing was written down, or a segment is asked for. */
export async function readHistory(session: Session, segment: Segment | null): Promise<Told> {
  requireStore(session)
  try {
    return { history: await withStore(session, (store) => historyIn(session, store, segment)), locked: null }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'STORE_LOCKED') throw error
    const history = segment === null ? writtenHistory(session) : null
    if (history === null) throw error
    return { history, locked: error }
  }
}

/** What the last night left in the folder of reports. */
function writtenHistory({ reportDir }: Session): History | null {
  try {
    return historyFrom(readFileSync(join(reportDir, historyFile), 'utf8'))
  } catch {
    return null
  }
}
