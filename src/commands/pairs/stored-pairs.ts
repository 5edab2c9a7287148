// The pairs of a run for those who list them: as they were kept, else made of the measures.

import { tableOver } from '../../score/pair-table.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { requireAttempts } from '../run/removed.ts'
import type { Session } from '../session/session.ts'
import { type About, type StoredPairs, stampOf } from './kept-pairs.ts'

/**
 * Clusters are those of the config's policy, as the gate and `review` have them. Faults: NO_RUN where nothing was scored, REMOVED
 * where its verdict is all that is left.
 */
export async function storedPairs(session: Session, store: Store, { run }: StoredRun): Promise<StoredPairs> {
  await requireAttempts(session, store, run.id)
  const stamp = stampOf(session, run)
  const [kept, recordIdOf] = await Promise.all([store.pairRowsOf<About>(run.id, stamp), store.recordIdsOf(run.id)])
  // What makes them knows all statistics: loading those takes longer than reading the rows.
  const { columns, about } = kept ?? (await (await import('./make-pairs.ts')).pairsAnew(session, store, run))
  return { table: tableOver(columns, recordIdOf), ...about }
}
