// Gathers from the store what a report is made of.

import type { Policy, Run } from '../../core/judgement.ts'
import type { MeasureColumn } from '../../core/types.ts'
import type { ReviewState } from '../../filter/words.ts'
import { acrossNights } from '../../gate/across/across.ts'
import type { ReportInput } from '../../report/input.ts'
import { reviewState } from '../../review/find.ts'
import { buildScoreTable, type ScoredRecord } from '../../score/columns.ts'
import { pairTable } from '../../score/pair-table.ts'
import { latencyShifts, tokenUse } from '../../score/shifts.ts'
import type { StoredRun } from '../../store/runs.ts'
import type { Store } from '../../store/store.ts'
import type { Judgement } from '../../store/verdicts.ts'
import { changesOf, judgedMeasures } from '../gate/changes-of.ts'
import { surroundingsOf } from '../gate/judgement.ts'
import { reviewedRun } from '../gate/reviewed-run.ts'
import { nightSummaries } from '../history/night-summaries.ts'
import { removedNote } from '../run/removed.ts'
import { swapOf } from '../run/swap-of.ts'
import type { Session } from '../session/session.ts'
import { againstInput } from './against.ts'
import { pageScript } from './page-script.ts'
import { reportExamples } from './report-examples.ts'
import { countsOf, latenciesOf } from './run-numbers.ts'

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
  const { pairs: most, maxMegabytes } = session.config.report
  const maxBytes = maxMegabytes * 1_000_000
  const scored = buildScoreTable(records, measures, sentAt)
  const across = acrossNights(await nightSummaries(store, run.id))
  const note = removedNote(await store.removedOf(run.id))
  return {
    run: note === null ? run : { ...run, notes: [...run.notes, note] },
    ...judgement,
    counts: await countsOf(store, stored, measures),
    latencies: latenciesOf(measures),
    latencyShifts: latencyShifts(scored, policy.level),
    tokens: tokenUse(scored, policy.level),
    changes,
    against: await againstInput(session, store, stored),
    reviewStates: reviewStatesOf(policy, run, measures, records),
    pairs: table.rows,
    examples: await reportExamples(store, stored, { table, changes, most, maxBytes }),
    reasonsOf: table.reasonsOf,
    pageScript: pageScript(),
    maxBytes,
    across,
    generatedAt: new Date(session.world.clock.now()).toISOString(),
  }
}

/** By the reviews that the judgement went by: what was written since then takes another gate to count. */
function reviewStatesOf(
  policy: Policy,
  run: Run,
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
): ReadonlyMap<number, ReviewState> {
  const { reviewAt } = reviewedRun({ policy, swap: swapOf(run), measures, records, metrics: [] })
  const states = records.map((_, ordinal) => [ordinal, reviewState(reviewAt(ordinal))] as const)
  return new Map(states.filter(([, state]) => state !== 'unreviewed'))
}
