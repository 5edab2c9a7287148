// All that was measured of one pair, for whoever looks at that one.

import { absenceReasons, comparisons, type MeasureRow, present } from '../core/types.ts'
import type { Database } from './database.ts'

/** In the order in which the store met the metrics. */
export async function pairMeasuresOf(db: Database, runId: string, ordinal: number): Promise<MeasureRow[]> {
  const rows = await db.all(
    `SELECT n.name, m.comparison, m.version, m.production, m.production_weight, m.candidate, m.candidate_weight, m.absent
     FROM measure_value m JOIN metric n ON n.id = m.metric WHERE m.run_id = $1 AND m.ordinal = $2 ORDER BY n.id, m.comparison`,
    [runId, ordinal],
  )
  return rows.map((row): MeasureRow => {
    const absent = Number(row['absent'])
    const number = (name: string) => (absent === present ? knownIn(row[name]) : null)
    return {
      ordinal,
      comparison: comparisons[Number(row['comparison'])] ?? 'candidate',
      metric: String(row['name']),
      version: Number(row['version']),
      production: number('production'),
      productionWeight: number('production_weight'),
      candidate: number('candidate'),
      candidateWeight: number('candidate_weight'),
      absent: absenceReasons[absent] ?? null,
    }
  })
}

/** NaN stands for no number in the table. */
function knownIn(value: unknown): number | null {
  return value === null || Number.isNaN(value) ? null : Number(value)
}
