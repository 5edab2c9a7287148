// Batches in the store: written whole or not at all, and there after a kill.

import { expect, it } from 'vitest'
import type { Batch } from '../../src/core/batch.ts'
import { attemptOf, runOf } from '../support/nouns.ts'
import { query } from '../support/project.ts'
import { openedStore, rethrow, storePath } from '../support/stores.ts'

const batch: Batch = {
  number: 1,
  arm: 'candidate',
  batchId: null,
  fileId: null,
  submittedAt: '2026-11-23T00:00:00.000Z',
  requests: 2,
  status: 'submitting',
  detail: null,
}
const calls = [
  { recordId: 'r0', ordinal: 0, trial: 0, position: 1 },
  { recordId: 'r1', ordinal: 1, trial: 1, position: 3 },
]

it('batches come back as they were written, changed by what was learnt since, each in its own run', async () => {
  const path = storePath()
  const store = await openedStore(path)
  await store.addBatch('run', batch, calls)
  await store.addBatch('other', { ...batch, arm: 'production' }, [])
  await store.updateBatch('run', 1, { fileId: 'file-1' })
  await store.updateBatch('run', 1, { batchId: 'batch_1', status: 'pending' })
  store.close()
  const again = await openedStore(path)
  expect(await again.batchesOf('run')).toEqual([{ ...batch, fileId: 'file-1', batchId: 'batch_1', status: 'pending' }])
  expect(await again.callsOfBatch('run', 1)).toEqual(calls)
  expect(await again.batchesOf('other')).toEqual([{ ...batch, arm: 'production' }])
  expect(await again.callsOfBatch('other', 1)).toEqual([])
  expect(await again.batchesOf('none')).toEqual([])
})

it('what was never timed has no latency, whether it was answered or not', async () => {
  const path = storePath()
  const store = await openedStore(path)
  const run = runOf('run', { replay: { pace: 'closed', timeScale: 1, lane: 'batch', salted: true } })
  await store.createRun({ run, status: 'running', fingerprint: 'f' }, [
    { recordId: 'r0', ordinal: 0, trials: 1 },
    { recordId: 'r1', ordinal: 1, trials: 1 },
  ])
  const writer = await store.createAttemptWriter('run', rethrow)
  const timing = { headersMs: null, firstTokenMs: null, totalMs: null }
  writer.write(attemptOf('r0', { timing }))
  writer.write(
    attemptOf('r0', { timing, arm: 'candidate', outcome: { kind: 'broken', detail: 'expired' }, httpStatus: null }),
  )
  writer.write(attemptOf('r1', { ordinal: 1 }))
  writer.write(
    attemptOf('r1', { ordinal: 1, arm: 'candidate', outcome: { kind: 'broken', detail: 'reset' }, httpStatus: null }),
  )
  writer.close()
  store.close()
  expect(
    await query(path, 'SELECT record_id, arm, latency_ms, ttft_ms FROM calls ORDER BY record_id, arm DESC'),
  ).toEqual([
    { record_id: 'r0', arm: 'production', latency_ms: null, ttft_ms: null },
    { record_id: 'r0', arm: 'candidate', latency_ms: null, ttft_ms: null },
    { record_id: 'r1', arm: 'production', latency_ms: 30.5, ttft_ms: 20 },
    { record_id: 'r1', arm: 'candidate', latency_ms: 'Infinity', ttft_ms: 'Infinity' },
  ])
})

it('a store of the schema before is brought up to date, its views too', async () => {
  const path = storePath()
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const { migrations } = await import('../../src/store/migrations/index.ts')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run('CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)')
  for (const { version, sql } of migrations.filter((each) => each.version < 3)) {
    await connection.run(sql)
    await connection.run(`INSERT INTO schema_version VALUES (${version}, now() AT TIME ZONE 'UTC')`)
  }
  connection.closeSync()
  instance.closeSync()
  const store = await openedStore(path)
  await store.addBatch('run', batch, calls)
  store.close()
  expect(await query(path, 'SELECT count(*)::INT AS n FROM pairs')).toEqual([{ n: 0 }])
})
