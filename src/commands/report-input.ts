// Gathers from the store what a report is made of.

import type { Changes } from '../core/changes.ts'
import type { PairRow, PairTable } from '../core/pair.ts'
import type { PairExample, ReportInput } from '../report/input.ts'
import { buildScoreTable } from '../score/columns.ts'
import { pairTable } from '../score/pair-table.ts'
import { latencyShifts, tokenUse } from '../score/shifts.ts'
import type { StoredRun } from '../store/runs.ts'
import type { Store } from '../store/store.ts'
import type { Judgement } from '../store/verdicts.ts'
import { againstInput } from './against.ts'
import { changesOf, judgedMeasures } from './changes-of.ts'
import { surroundingsOf } from './judgement.ts'
import { pairDetails } from './pair-details.ts'
import { countsOf, latenciesOf } from './run-numbers.ts'
import type { Session } from './session.ts'

interface Judged {
  readonly stored: StoredRun
  readonly judgement: Judgement
}

export async function reportInput(session: Session, store: Store, { stored, judgement }: Judged): Promise<ReportInput> {
  const { run } = stored
  const measures = judgedMeasures(run, await store.measuresOf(run.id))
  const { policy } = judgement
  const { records, sentAt } = await surroundingsOf(store, stored)
  const grouped = await changesOf(store, { run, measures, records, policy })
  const changes = grouped?.changes ?? null
  const table = pairTable({ measures, records, clusterOf: grouped?.clusterOf ?? new Map() })
  const scored = buildScoreTable(records, measures, sentAt)
  const shown = shownRows(table, session.config.report.pairs, changes)
  return {
    run,
    ...judgement,
    counts: await countsOf(store, stored, measures),
    latencies: latenciesOf(measures),
    latencyShifts: latencyShifts(scored, policy.level),
    tokens: tokenUse(scored, policy.level),
    changes,
    against: await againstInput(session, store, stored),
    pairs: table.rows,
    examples: await examplesOf(store, stored, table, shown),
    generatedAt: new Date(session.world.clock.now()).toISOString(),
  }
}

/** So many clusters' examples are shown beside the worst pairs; a report that is to show no pair shows none of them either. */
const mostExamples = 12

/** Which pairs the report shows whole: the worst, and those that clusters of changes are named by. */
function shownRows({ rows }: PairTable, most: number, changes: Changes | null): readonly PairRow[] {
  const loud = (changes?.clusters ?? []).filter(({ isBeyondNoise }) => isBeyondNoise !== false)
  const named = most === 0 ? [] : loud.slice(0, mostExamples).map(({ example }) => example.ordinal)
  const wanted = new Set(named)
  return rows.filter(({ ordinal }, rank) => rank < most || wanted.has(ordinal))
}

async function examplesOf(store: Store, stored: StoredRun, table: PairTable, shown: readonly PairRow[]) {
  const details = await pairDetails(store, stored, shown)
  return shown.flatMap((row): PairExample[] => {
    const detail = details.get(row.ordinal)
    return detail ? [{ row, reasons: table.reasonsOf(row), detail }] : []
  })
}
