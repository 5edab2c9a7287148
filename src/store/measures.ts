// Measures: what each metric saw in each pair.

import type { AbsenceReason, Comparison, MeasureRow } from '../core/types.ts'
import type { Database } from './database.ts'

/** Writes what `rows` brings in place of whatever the run had. */
export async function replaceMeasures(
  db: Database,
  runId: string,
  rows: AsyncIterable<readonly MeasureRow[]>,
): Promise<number> {
  // Gathered before the transaction begins: the rows are read from the same connection.
  await db.run('CREATE OR REPLACE TEMP TABLE scored AS SELECT * FROM measure LIMIT 0')
  let count = 0
  const appender = await db.appender('scored')
  for await (const batch of rows) {
    for (const row of batch) {
      appender.text(runId).text(row.recordId).text(row.comparison).text(row.metric).integer(row.version)
      appender.double(row.production).double(row.productionWeight).double(row.candidate).double(row.candidateWeight)
      appender.text(row.absent).endRow()
      count += 1
    }
  }
  appender.close()
  await db.transaction(async () => {
    await db.run('DELETE FROM measure WHERE run_id = $1', [runId])
    await db.run('INSERT INTO measure SELECT * FROM scored')
  })
  await db.run('DROP TABLE scored')
  return count
}

/** The rows of a run, each metric's together, in the order of replay. */
export async function* measuresOf(db: Database, runId: string): AsyncIterable<readonly MeasureRow[]> {
  const chunks = db.stream(
    `SELECT m.record_id, m.comparison, m.metric, m.version, m.production, m.production_weight, m.candidate, m.candidate_weight, m.absent
     FROM measure m JOIN run_record rr ON rr.run_id = m.run_id AND rr.record_id = m.record_id
     WHERE m.run_id = $1 ORDER BY m.metric, m.comparison, rr.ordinal`,
    [runId],
  )
  for await (const chunk of chunks) {
    yield chunk.map((row) => ({
      recordId: String(row['record_id']),
      comparison: row['comparison'] as Comparison,
      metric: String(row['metric']),
      version: Number(row['version']),
      production: row['production'] as number | null,
      productionWeight: row['production_weight'] as number | null,
      candidate: row['candidate'] as number | null,
      candidateWeight: row['candidate_weight'] as number | null,
      absent: row['absent'] as AbsenceReason | null,
    }))
  }
}
