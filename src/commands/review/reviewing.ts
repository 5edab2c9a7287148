// A run as reviewers see it: its clusters of changes, the pairs that changed, and what was decided about them.

import type { ChangeCluster } from '../../core/changes.ts'
import { Fault } from '../../core/fault.ts'
import type { PairRow } from '../../core/pair.ts'
import type { Review } from '../../core/review.ts'
import { pairTable } from '../../score/pair-table.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import { changesOf, judgedMeasures } from '../gate/changes-of.ts'
import { reviewedPolicy, reviewedRun } from '../gate/reviewed-run.ts'
import { swapOf } from '../run/swap-of.ts'
import type { Session } from '../session/session.ts'

export interface Reviewing {
  readonly stored: StoredRun
  /** What is beyond noise first. */
  readonly clusters: readonly ChangeCluster[]
  /** Worst first. */
  readonly changed: readonly PairRow[]
  /** The keys that filters may ask for. */
  readonly segments: readonly string[]
  readonly reviewOf: (row: PairRow) => Review | null
}

/** Fault: NO_RUN where nothing was scored. */
export async function reviewing(session: Session, store: Store, stored: StoredRun): Promise<Reviewing> {
  const { run } = stored
  const measures = judgedMeasures(run, await store.measuresOf(run.id))
  const records = await store.runOutlines(run.id)
  const policy = reviewedPolicy(session.policy, run, session.reviews)
  const grouped = await changesOf(store, { run, measures, records, policy })
  if (grouped === null) {
    const hint = 'shadowgate score measures its pairs'
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, { place: session.storePath, hint })
  }
  const { reviewAt } = reviewedRun({ policy, swap: swapOf(run), measures, records, metrics: session.metrics })
  const { rows } = pairTable({ measures, records, clusterOf: grouped.clusterOf })
  return {
    stored,
    clusters: grouped.changes.clusters,
    changed: rows.filter(({ kind }) => kind !== null),
    segments: [...new Set(records.flatMap((record) => Object.keys(record.segments)))].toSorted(),
    reviewOf: ({ ordinal }) => reviewAt(ordinal),
  }
}
