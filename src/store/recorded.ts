// The log's own answers to the requests of a run: how many there are, who gave them, and what was measured of them.

import { comparisons, type MeasureRow } from '../core/types.ts'
import type { Database } from './database.ts'
import { gatherScored } from './measures.ts'

/** Of how many records of a run the log has production's answer. */
export async function countRecorded(db: Database, runId: string): Promise<number> {
  const [row] = await db.all(
    `SELECT count(*) AS records FROM record
     WHERE recorded IS NOT NULL AND id IN (SELECT record_id FROM run_record WHERE run_id = $1)`,
    [runId],
  )
  return Number(row?.['records'])
}

/** The models that gave them, the most frequent first; empty where the log does not say. */
export async function recordedModels(db: Database, runId: string): Promise<string[]> {
  const rows = await db.all(
    `SELECT model FROM (
       SELECT recorded->>'$.servedModel' AS model FROM record
       WHERE recorded IS NOT NULL AND id IN (SELECT record_id FROM run_record WHERE run_id = $1)
     ) WHERE model IS NOT NULL GROUP BY model ORDER BY count(*) DESC, model`,
    [runId],
  )
  return rows.map((row) => String(row['model']))
}

/** Of the log's own answers to all records. */
export interface RecordedUsage {
  /** How many tell their tokens. */
  readonly tokens: number
  /** And how many of those were cached. */
  readonly cached: number
}

export async function recordedUsage(db: Database): Promise<RecordedUsage> {
  const [row] = await db.all(
    `SELECT count(used.output) AS tokens, count(used.cached) AS cached FROM (
       SELECT recorded->>'$.usage.output' AS output, recorded->>'$.usage.cachedInput' AS cached FROM record
     ) used`,
  )
  return { tokens: Number(row?.['tokens']), cached: Number(row?.['cached']) }
}

/** Adds what was not measured before: all of it or, where that is cut off, nothing. */
export async function addMeasures(
  db: Database,
  runId: string,
  rows: AsyncIterable<readonly MeasureRow[]>,
): Promise<void> {
  await gatherScored(db, runId, rows)
  await db.run('INSERT INTO measure_value SELECT * FROM scored')
  await db.run('DROP TABLE scored')
}

/** Whether the log's own answers were held against production's of the run. */
export async function isRecordedMeasured(db: Database, runId: string): Promise<boolean> {
  const recorded = comparisons.indexOf('recorded')
  const [row] = await db.all('SELECT 1 FROM measure_value WHERE run_id = $1 AND comparison = $2 LIMIT 1', [
    runId,
    recorded,
  ])
  return row !== undefined
}
