// The pairs of a run made of its measures, and kept so that nobody who lists them waits for that again.

import { Fault } from '../../core/fault.ts'
import type { Run } from '../../core/judgement.ts'
import type { MeasureColumn } from '../../core/types.ts'
import type { GroupedChanges } from '../../score/changes/group.ts'
import type { ScoredRecord } from '../../score/columns.ts'
import { measuresOfRows, pairColumns } from '../../score/pair-columns.ts'
import type { Store } from '../../store/store.ts'
import { changesOf, judgedMeasures } from '../gate/changes-of.ts'
import type { Session } from '../session/session.ts'
import { type KeptPairs, stampOf } from './kept-pairs.ts'

/** Keeps them for whoever comes next. Fault: NO_RUN where nothing was scored. */
export async function pairsAnew(session: Session, store: Store, run: Run): Promise<KeptPairs> {
  const measured = await store.whileScanning(() => store.pairColumnsOf(run.id, measuresOfRows))
  const measures = judgedMeasures(run, measured)
  if (measures.length === 0) {
    const hint = 'shadowgate score measures its pairs'
    throw new Fault('NO_RUN', `run ${run.id} was not scored`, { place: session.storePath, hint })
  }
  const records = await store.runOutlines(run.id)
  const grouped = await changesOf(store, { run, measures, records, policy: session.policy })
  const rows = rowsToKeep(measures, records, grouped)
  await keep(store, run.id, stampOf(session, run), rows)
  return rows
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
async function keep(store: Store, runId: string, stamp: string, rows: KeptPairs): Promise<void> {
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
): KeptPairs {
  return {
    columns: pairColumns({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() }),
    about: {
      clusters: grouped?.changes.clusters ?? [],
      segments: [...new Set(records.flatMap(({ segments }) => Object.keys(segments)))].toSorted(),
    },
  }
}
