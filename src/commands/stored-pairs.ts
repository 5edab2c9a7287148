// The pairs of a run for those who list them: as they were kept, or made of the measures and kept for whoever comes next.

import type { ChangeCluster } from '../core/changes.ts'
import { Fault } from '../core/fault.ts'
import type { Run } from '../core/judgement.ts'
import type { PairTable } from '../core/pair.ts'
import type { MeasureColumn } from '../core/types.ts'
import type { GroupedChanges } from '../score/changes/group.ts'
import type { ScoredRecord } from '../score/columns.ts'
import { measuresOfRows, pairColumns, pairColumnsVersion } from '../score/pair-columns.ts'
import { tableOver } from '../score/pair-table.ts'
import type { StoredPairRows } from '../store/pair-rows.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import { changesOf, judgedMeasures } from './changes-of.ts'
import { requireAttempts } from './removed.ts'
import type { Session } from './session.ts'

/** The pairs that are judged. */
export interface StoredPairs {
  readonly table: PairTable
  /** Worst first; none where the run was not measured for changes. */
  readonly clusters: readonly ChangeCluster[]
  /** Keys of segments that the run has. */
  readonly segments: readonly string[]
}

type About = Pick<StoredPairs, 'clusters' | 'segments'>
type Kept = StoredPairRows<About>

/**
 * Clusters are those of the config's policy, as the gate and `review` have them. Faults: NO_RUN where nothing was scored, REMOVED
 * where its verdict is all that is left.
 */
export async function storedPairs(session: Session, store: Store, { run }: StoredRun): Promise<StoredPairs> {
  await requireAttempts(session, store, run.id)
  const stamp = stampOf(session, run)
  const ids = store.recordIdsOf(run.id)
  const kept = await store.pairRowsOf<About>(run.id, stamp)
  const { columns, about } = kept ?? (await madeAnew(session, store, run))
  if (kept === null) await keep(store, run.id, stamp, { columns, about })
  return { table: tableOver(columns, await ids), ...about }
}

async function madeAnew(session: Session, store: Store, run: Run): Promise<Kept> {
  const measured = await store.whileScanning(() => store.pairColumnsOf(run.id, measuresOfRows))
  const measures = judgedMeasures(run, measured)
  if (measures.length === 0) {
    const hint = 'shadowgate score measures its pairs'
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, { place: session.storePath, hint })
  }
  const records = await store.runOutlines(run.id)
  const grouped = await changesOf(store, { run, measures, records, policy: session.policy })
  return rowsToKeep(measures, records, grouped)
}

/** Keeps the rows of what was judged just now, unless they are there. */
export async function keepPairs(
  session: Session,
  store: Store,
  judged: {
    readonly run: Run
    readonly measures: readonly MeasureColumn[]
    readonly records: readonly ScoredRecord[]
    readonly grouped: GroupedChanges | null
  },
): Promise<void> {
  const { run, measures, records, grouped } = judged
  const stamp = stampOf(session, run)
  if (await store.hasPairRows(run.id, stamp)) return
  await keep(store, run.id, stamp, rowsToKeep(judgedMeasures(run, measures), records, grouped))
}

/** What is made of measures can be made again: a full disk stops nobody who reads, nor a verdict. */
async function keep(store: Store, runId: string, stamp: string, rows: Kept): Promise<void> {
  try {
    await store.savePairRows(runId, stamp, rows)
  } catch (error) {
    if (!(error instanceof Fault && error.code === 'STORE_UNWRITABLE')) throw error
  }
}

function rowsToKeep(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
  grouped: GroupedChanges | null,
): Kept {
  return {
    columns: pairColumns({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() }),
    about: {
      clusters: grouped?.changes.clusters ?? [],
      segments: [...new Set(records.flatMap(({ segments }) => Object.keys(segments)))].toSorted(),
    },
  }
}

/** All that rows depend on beside the measures and the records, which never change. */
function stampOf({ policy, world }: Session, { stopped }: Run): string {
  return JSON.stringify({
    version: pairColumnsVersion,
    shadowgate: world.versions.shadowgate,
    segment: policy.segments[0] ?? null,
    first: stopped?.records ?? null,
  })
}
