// The measures of the log's own answers → whether production drifted: a function of what is stored and of the policy alone.

import type { Drift } from '../../core/drift.ts'
import type { MeasureColumn } from '../../core/types.ts'
import { judgeDrift } from '../../gate/drift.ts'
import { buildScoreTable, countAbsent } from '../../score/columns.ts'
import { driftEvidence } from '../../score/effects.ts'
import { textSimilarity } from '../../score/metrics/text-similarity.ts'
import { driftMetrics } from '../../score/recorded.ts'
import type { Judged } from './judged.ts'

/** Whether a column is about answers of the log. */
export function isOfLog({ comparison }: Pick<MeasureColumn, 'comparison'>): boolean {
  return comparison === 'recorded' || comparison === 'recorded-again'
}

/** Undefined where nobody asked, or the log has no answers. */
export function driftOf({
  policy,
  records,
  measures,
}: Pick<Judged, 'policy' | 'records' | 'measures'>): Drift | undefined {
  if (policy.drift === undefined || !measures.some(isOfLog)) return undefined
  const table = buildScoreTable(records, measures)
  const texts = table.column(textSimilarity.name, 'recorded')
  const compared = texts.record.length
  const unfair: Readonly<Record<string, number>> = countAbsent(texts)
  const without = records.length - compared - texts.absent.record.length
  const similarity = compared === 0 ? null : texts.candidate.reduce((sum, each) => sum + each, 0) / compared
  const leftOut = { ...unfair, ...(without > 0 && { 'not-recorded': without }) }
  const evidence = driftEvidence(table, driftMetrics, policy.level)
  return judgeDrift(evidence, policy.drift, { records: compared, leftOut, similarity }, 1 - policy.level)
}
