// What changed in a run, by the segments that its policy asks about.

import type { Changes } from '../core/changes.ts'
import type { Policy, Run } from '../core/judgement.ts'
import type { MeasureColumn } from '../core/types.ts'
import { changesIn } from '../score/changes/group.ts'
import { firstRecords, type ScoredRecord } from '../score/columns.ts'

/** What came in after the look that ended the run was not judged. */
export function judgedMeasures({ stopped }: Run, measures: readonly MeasureColumn[]): readonly MeasureColumn[] {
  return stopped?.records ? firstRecords(measures, stopped.records) : measures
}

/** Told apart by the first key of the policy's segments; null where the run was not measured for changes. */
export function changesOf(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
  { segments }: Policy,
): Changes | null {
  return changesIn({ measures, records, segmentKey: segments[0] ?? null })
}
