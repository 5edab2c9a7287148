// Batches: written down before the provider hears of them, read by whoever goes on with the run.

import type { Batch, BatchCall, BatchStatus } from '../core/batch.ts'
import type { Arm } from '../core/types.ts'
import type { Database, SqlValue } from './database.ts'

/** The batches of a run, in the order in which they were handed over. */
export async function batchesOf(db: Database, runId: string): Promise<Batch[]> {
  const rows = await db.all(
    `SELECT number, arm, batch_id, file_id, epoch_ms(submitted_at) AS submitted_ms, requests, status, detail
     FROM batch WHERE run_id = $1 ORDER BY number`,
    [runId],
  )
  return rows.map((row) => ({
    number: Number(row['number']),
    arm: row['arm'] as Arm,
    batchId: textOf(row['batch_id']),
    fileId: textOf(row['file_id']),
    submittedAt: new Date(Number(row['submitted_ms'])).toISOString(),
    requests: Number(row['requests']),
    status: row['status'] as BatchStatus,
    detail: textOf(row['detail']),
  }))
}

function textOf(value: SqlValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

export async function callsOfBatch(db: Database, runId: string, number: number): Promise<BatchCall[]> {
  const rows = await db.all(
    `SELECT ordinal, record_id, trial, position FROM batch_call WHERE run_id = $1 AND number = $2 ORDER BY ordinal, position`,
    [runId, number],
  )
  return rows.map((row) => ({
    ordinal: Number(row['ordinal']),
    recordId: String(row['record_id']),
    trial: Number(row['trial']),
    position: Number(row['position']),
  }))
}

/** All or nothing. */
export async function addBatch(db: Database, runId: string, batch: Batch, calls: readonly BatchCall[]): Promise<void> {
  const { number, arm, batchId, fileId, submittedAt, requests, status, detail } = batch
  await db.transaction(async () => {
    await db.run('INSERT INTO batch VALUES ($1, $2, $3, $4, $5, $6::TIMESTAMP, $7, $8, $9)', [
      runId,
      number,
      arm,
      batchId,
      fileId,
      submittedAt,
      requests,
      status,
      detail,
    ])
    const appender = await db.appender('batch_call')
    for (const { ordinal, recordId, trial, position } of calls) {
      appender.text(runId).integer(number).integer(ordinal).text(recordId).integer(trial).integer(position).endRow()
    }
    appender.close()
  })
}

/** Changes what is given. */
export async function updateBatch(
  db: Database,
  runId: string,
  number: number,
  changes: Partial<Pick<Batch, 'batchId' | 'fileId' | 'status' | 'detail'>>,
): Promise<void> {
  const { batchId = null, fileId = null, status = null, detail = null } = changes
  await db.run(
    `UPDATE batch SET batch_id = coalesce($3, batch_id), file_id = coalesce($4, file_id), status = coalesce($5, status),
       detail = coalesce($6, detail)
     WHERE run_id = $1 AND number = $2`,
    [runId, number, batchId, fileId, status, detail],
  )
}
