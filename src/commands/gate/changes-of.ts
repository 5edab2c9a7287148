// What changed in a run, by the segments that its policy asks about.

import type { Run } from '../../core/judgement.ts'
import type { MeasureColumn } from '../../core/types.ts'
import { type GroupedChanges, groupChanges } from '../../score/changes/group.ts'
import { firstRecords } from '../../score/columns.ts'
import { judgeSummary } from '../../score/judge/summary.ts'
import type { Store } from '../../store/store.ts'
import type { Judged } from './judged.ts'

/** What came in after the look that ended the run was not judged. */
export function judgedMeasures({ stopped }: Run, measures: readonly MeasureColumn[]): readonly MeasureColumn[] {
  return stopped?.records ? firstRecords(measures, stopped.records) : measures
}

/** Told apart by the first key of the policy's segments; null where the run was not measured for changes. */
export async function changesOf(
  store: Store,
  { run, measures, records, policy }: Pick<Judged, 'run' | 'measures' | 'records' | 'policy'>,
): Promise<GroupedChanges | null> {
  const opinions = await store.opinionsOf(run.id)
  const judged = policy.judge && (await store.judgedPairs(run.id, policy.judge.fingerprint))
  const judge = judged ? judgeSummary(policy.judge?.model ?? null, judged.values()) : null
  return groupChanges({
    measures: judgedMeasures(run, measures),
    records,
    segmentKey: policy.segments[0] ?? null,
    opinions,
    judge,
  })
}
