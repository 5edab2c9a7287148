// The pairs of a run for those who list them: as they were kept, else made of the measures.

import type { ChangeCluster } from '../../core/changes.ts'
import type { Run } from '../../core/judgement.ts'
import type { PairTable } from '../../core/pair.ts'
import { pairColumnsVersion } from '../../score/pair-columns.ts'
import { tableOver } from '../../score/pair-table.ts'
import type { StoredPairRows } from '../../store/pair-rows.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { requireAttempts } from '../run/removed.ts'
import type { Session } from '../session/session.ts'

/** The pairs that are judged. */
export interface StoredPairs {
  readonly table: PairTable
  /** Worst first; none where the run was not measured for changes. */
  readonly clusters: readonly ChangeCluster[]
  /** Keys of segments that the run has. */
  readonly segments: readonly string[]
}

type About = Pick<StoredPairs, 'clusters' | 'segments'>
/** Rows with what is kept beside them. */
export type KeptPairs = StoredPairRows<About>

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

/** All that rows depend on beside the measures and the records, which never change. */
export function stampOf({ policy, world }: Session, { stopped }: Run): string {
  return JSON.stringify({
    version: pairColumnsVersion,
    shadowgate: world.versions.shadowgate,
    segment: policy.segments[0] ?? null,
    first: stopped?.records ?? null,
  })
}
