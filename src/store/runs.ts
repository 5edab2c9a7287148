// Runs, and the records that each of them replays.

import type { Run } from '../core/judgement.ts'
import type { Database, Row } from './database.ts'
import { fromJson, toJson } from './json.ts'

/**
 * `planned`: sampled, nothing sent. `running`: begun, and perhaps cut off. `replayed`: every planned call is stored.
 * `reported`: judged, and its reports written: nothing is left to do.
 */
export type RunStatus = 'planned' | 'running' | 'replayed' | 'reported'

export interface StoredRun {
  readonly run: Run
  readonly status: RunStatus
  /** Of all that decides which requests are sent: an unfinished run is gone on with only where it is the same. */
  readonly fingerprint: string
}

export interface RunRecord {
  readonly recordId: string
  readonly ordinal: number
  readonly productionTrials: number
}

export async function createRun(db: Database, stored: StoredRun, records: readonly RunRecord[]): Promise<void> {
  await db.transaction(async () => {
    const { run } = stored
    await db.run('INSERT INTO run VALUES ($1, $2::TIMESTAMP, NULL, $3, $4, $5)', [
      run.id,
      run.startedAt,
      stored.status,
      stored.fingerprint,
      toJson(run),
    ])
    const appender = await db.appender('run_record')
    for (const each of records) {
      appender.text(run.id).integer(each.ordinal).text(each.recordId).integer(each.productionTrials).endRow()
    }
    appender.close()
  })
}

export async function setRunStatus(
  db: Database,
  runId: string,
  status: RunStatus,
  finishedAt: string | null,
): Promise<void> {
  const sql = 'UPDATE run SET status = $2, finished_at = coalesce($3::TIMESTAMP, finished_at) WHERE id = $1'
  await db.run(sql, [runId, status, finishedAt])
}

/** The run of that id, else the newest; null where there is none. */
export async function findRun(db: Database, runId: string | null): Promise<StoredRun | null> {
  const select = 'SELECT manifest, status, fingerprint, epoch_ms(finished_at) AS finished_ms FROM run'
  const [row] =
    runId === null
      ? await db.all(`${select} ORDER BY started_at DESC, id DESC LIMIT 1`)
      : await db.all(`${select} WHERE id = $1`, [runId])
  return row ? storedRunOf(row) : null
}

/** The newest run that was not brought to its end, would send the same requests and began after `since`; else null. */
export async function findUnfinishedRun(db: Database, fingerprint: string, since: string): Promise<StoredRun | null> {
  const [row] = await db.all(
    `SELECT manifest, status, fingerprint, epoch_ms(finished_at) AS finished_ms FROM run
     WHERE status <> 'reported' AND fingerprint = $1 AND started_at >= $2::TIMESTAMP ORDER BY started_at DESC, id DESC LIMIT 1`,
    [fingerprint, since],
  )
  return row ? storedRunOf(row) : null
}

export async function runRecords(db: Database, runId: string): Promise<RunRecord[]> {
  const rows = await db.all(
    'SELECT record_id, ordinal, production_trials FROM run_record WHERE run_id = $1 ORDER BY ordinal',
    [runId],
  )
  return rows.map((row) => ({
    recordId: String(row['record_id']),
    ordinal: Number(row['ordinal']),
    productionTrials: Number(row['production_trials']),
  }))
}

function storedRunOf(row: Row): StoredRun {
  const run = fromJson(String(row['manifest'])) as Run
  const finished = row['finished_ms'] ?? null
  return {
    run: { ...run, finishedAt: finished === null ? null : new Date(Number(finished)).toISOString() },
    status: row['status'] as RunStatus,
    fingerprint: String(row['fingerprint']),
  }
}
