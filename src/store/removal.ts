// What retention may take out of a store, how much each part of it weighs, and what went already.

import type { Instant } from '../core/types.ts'
import type { Database } from './database.ts'
import { instantOf } from './records.ts'

/**
 * What goes: texts of runs begun before a time, and of records captured before it; all that was stored of each pair of runs begun
 * before another. A record is as old as the newest run that holds it. Unfinished runs and the newest judged one are of no age.
 */
export interface Removal {
  readonly textsBefore: Instant | null
  readonly attemptsBefore: Instant | null
}

/** What is kept of a run, once something went. */
export interface Removed {
  readonly texts: Instant | null
  readonly attempts: Instant | null
}

export async function removedOf(db: Database, runId: string): Promise<Removed> {
  const rows = await db.all('SELECT what, epoch_ms(removed_at) AS removed_ms FROM removed WHERE run_id = $1', [runId])
  const at = (what: string) => instantOf(rows.find((row) => row['what'] === what)?.['removed_ms'] ?? null)
  return { texts: at('texts'), attempts: at('attempts') }
}

/** A run that was judged. */
export interface HeldRun {
  readonly id: string
  readonly startedAt: Instant
  /** Whether nothing of it may go. */
  readonly isKept: boolean
}

/** The oldest first. */
export async function heldRuns(db: Database): Promise<HeldRun[]> {
  await ageAll(db)
  const rows = await db.all(
    `SELECT run.id, epoch_ms(run.started_at) AS started_ms, a.needed_at = ${never} AS is_kept
     FROM run JOIN verdict v ON v.run_id = run.id JOIN run_age a ON a.run_id = run.id ORDER BY run.started_at, run.id`,
  )
  return rows.map((row) => ({
    id: String(row['id']),
    startedAt: new Date(Number(row['started_ms'])).toISOString(),
    isKept: row['is_kept'] === true,
  }))
}

const never = "TIMESTAMP '9999-12-31'"
/** One that was closed without a verdict ages as a judged one does. */
const isToBeGoneOnWith = "run.status IN ('planned', 'running', 'replayed')"

/** What a run that lost its texts has in their place, and why no replay asks such a record. */
export const removedWords = 'its text was removed by retention'

/**
 * Temporary tables `run_age` and `record_age`: since when nothing has needed what they name. Runs are told by the order of their drawing,
 * which no clock that is set turns round. What came after the newest judged one was drawn is still to be asked, however old it is:
 * no size takes it, since none goes beyond the youngest run.
 */
export async function ageAll(db: Database): Promise<void> {
  await db.run(`
    CREATE OR REPLACE TEMP TABLE newest_judged AS
      SELECT r.id, r.started_at, d.number FROM run r JOIN verdict ON verdict.run_id = r.id LEFT JOIN draw d ON d.run_id = r.id
      ORDER BY d.number DESC NULLS LAST, r.started_at DESC, r.id DESC LIMIT 1;
    CREATE OR REPLACE TEMP TABLE run_age AS
      SELECT run.id AS run_id, CASE WHEN ${isToBeGoneOnWith} OR run.id IN (SELECT id FROM newest_judged)
        THEN ${never} ELSE started_at END AS needed_at
      FROM run;
    CREATE OR REPLACE TEMP TABLE record_age AS
      SELECT r.id, coalesce(greatest(captured_at, held.needed_at, fresh.needed_at), ${never}) AS needed_at,
        held.needed_at IS NOT NULL AS is_in_run
      FROM (SELECT id, captured_at, drawn_before FROM record) r
      LEFT JOIN (SELECT record_id, max(needed_at) AS needed_at FROM run_record JOIN run_age USING (run_id) GROUP BY record_id) held
        ON held.record_id = r.id
      LEFT JOIN (SELECT number, (SELECT max(started_at) FROM run) + INTERVAL 1 MILLISECOND AS needed_at FROM newest_judged) fresh
        ON r.drawn_before >= fresh.number`)
}

/** A part of the store. Its weight is in bytes before they are compressed: a share of the whole, and no size of a file. */
export interface Weight {
  readonly what: keyof Removed
  readonly of: 'runs' | 'records'
  readonly at: Instant
  readonly count: number
  readonly bytes: number
}

/** Of the file, what is in use: what was removed leaves room in it. */
export async function usedBytes(db: Database): Promise<number> {
  await db.run('CHECKPOINT')
  const [row] = await db.all(
    'SELECT used_blocks * block_size AS bytes FROM pragma_database_size() WHERE database_name = current_database()',
  )
  return Number(row?.['bytes'])
}

/** Of a row beside its texts: measured, roughly. */
const [attemptBytes, measureBytes] = [150, 60]

export async function weights(db: Database): Promise<Weight[]> {
  await ageAll(db)
  const rows = await db.all(`
    SELECT 'texts' AS what, 'runs' AS of_what, epoch_ms(any_value(needed_at)) AS needed_ms, 1 AS count,
      sum(coalesce(strlen(text), 0) + coalesce(strlen(tool_calls), 0) + coalesce(strlen(detail), 0)) AS bytes
    FROM attempt JOIN run_age USING (run_id) WHERE run_id NOT IN (SELECT run_id FROM removed) GROUP BY run_id
    UNION ALL
    SELECT 'texts', 'records', epoch_ms(date_trunc('minute', needed_at)), count(*), sum(strlen(body) + coalesce(strlen(recorded), 0))
    FROM record JOIN record_age USING (id) WHERE fidelity_reason IS DISTINCT FROM '${removedWords}' GROUP BY ALL
    UNION ALL
    SELECT 'attempts', 'runs', epoch_ms(any_value(needed_at)), 1, ${attemptBytes} * count(*) + ${measureBytes} * coalesce(any_value(m.n), 0)
    FROM attempt JOIN run_age USING (run_id)
    LEFT JOIN (SELECT run_id, count(*) AS n FROM measure_value GROUP BY run_id) m USING (run_id) GROUP BY run_id`)
  return rows.map((row) => ({
    what: row['what'] === 'texts' ? 'texts' : 'attempts',
    of: row['of_what'] === 'runs' ? 'runs' : 'records',
    at: new Date(Number(row['needed_ms'])).toISOString(),
    count: Number(row['count']),
    bytes: Number(row['bytes']),
  }))
}
