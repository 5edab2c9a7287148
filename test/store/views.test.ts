// The views that users query with their own SQL: a public contract.

import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, test } from 'vitest'
import type { MeasureRow } from '../../src/core/types.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { openedStore, rethrow, storePath } from '../support/stores.ts'

/** Asks a closed store, as the duckdb command line would. */
async function ask(path: string, sql: string) {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  try {
    return await (await connection.run(sql)).getRowObjectsJS()
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function columnsOf(path: string, view: string): Promise<string[]> {
  const rows = await ask(path, `SELECT column_name || ' ' || column_type AS said FROM (DESCRIBE ${view})`)
  return rows.map((row) => (typeof row['said'] === 'string' ? row['said'] : ''))
}

/** A finished run: r0 asked twice of production, r1 once and cut off there, r2 answered in vain by the candidate. */
async function finishedStore(): Promise<string> {
  const path = storePath()
  const store = await openedStore(path)
  const trials = [2, 1, 1]
  await store.addRecords(trials.map((_, index) => recordOf(`r${index}`, { segments: { route: 'chat' }, cluster: 'c' })))
  const planned = trials.map((productionTrials, ordinal) => ({ recordId: `r${ordinal}`, ordinal, productionTrials }))
  await store.createRun({ run: runOf('run'), status: 'replayed', fingerprint: 'f' }, planned)
  const writer = await store.createAttemptWriter('run', rethrow)
  writer.write(attemptOf('r0', { arm: 'candidate', outcome: replyOf({ text: 'I cannot.' }) }))
  writer.write(attemptOf('r0'))
  writer.write(attemptOf('r0', { trial: 1, outcome: replyOf({ text: 'At noon.' }) }))
  writer.write(attemptOf('r1'))
  writer.write(attemptOf('r2', { tries: 0, isFinal: false, outcome: { kind: 'broken', detail: 'x' } }))
  writer.write(attemptOf('r2', { tries: 1, sentAt: '2026-11-23T00:00:01.000Z' }))
  writer.write(attemptOf('r2', { arm: 'candidate', outcome: { kind: 'timeout', phase: 'total' }, httpStatus: null }))
  writer.close()
  const row = (changes: Partial<MeasureRow>): MeasureRow => ({
    recordId: 'r0',
    comparison: 'candidate',
    metric: 'refused',
    version: 1,
    production: 0,
    productionWeight: null,
    candidate: 1,
    candidateWeight: null,
    absent: null,
    ...changes,
  })
  const measures = async function* () {
    yield await Promise.resolve([
      row({}),
      row({ comparison: 'noise', candidate: 0 }),
      row({ metric: 'text-similarity', production: null, candidate: 0.25 }),
      row({ metric: 'text-similarity', comparison: 'noise', production: null, candidate: 0.75 }),
      row({ recordId: 'r2', production: null, candidate: null, absent: 'no-reply' }),
    ])
  }
  await store.replaceMeasures('run', measures())
  store.close()
  return path
}

describe('calls', () => {
  test('has the columns that are documented', async () => {
    expect(await columnsOf(await finishedStore(), 'calls')).toMatchInlineSnapshot(`
      [
        "run_id VARCHAR",
        "record_id VARCHAR",
        "arm VARCHAR",
        "trial INTEGER",
        "position INTEGER",
        "due_at TIMESTAMP",
        "sent_at TIMESTAMP",
        "headers_ms DOUBLE",
        "first_token_ms DOUBLE",
        "total_ms DOUBLE",
        "outcome VARCHAR",
        "timeout_phase VARCHAR",
        "http_status INTEGER",
        "error_code VARCHAR",
        "detail VARCHAR",
        "text VARCHAR",
        "tool_calls JSON",
        "stop VARCHAR",
        "input_tokens BIGINT",
        "output_tokens BIGINT",
        "cached_input_tokens BIGINT",
        "reasoning_tokens BIGINT",
        "served_model VARCHAR",
        "tries BIGINT",
        "was_rate_limited BOOLEAN",
        "latency_ms DOUBLE",
        "ttft_ms DOUBLE",
      ]
    `)
  })

  test('holds one row for each call that came to its end, with what a user waited', async () => {
    const path = await finishedStore()
    const rows = await ask(
      path,
      'SELECT record_id, arm, trial, tries, latency_ms, ttft_ms FROM calls ORDER BY record_id, arm, trial',
    )
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['r0', 'candidate', 0, 1n, 30.5, 20],
      ['r0', 'production', 0, 1n, 30.5, 20],
      ['r0', 'production', 1, 1n, 30.5, 20],
      ['r1', 'production', 0, 1n, 30.5, 20],
      ['r2', 'candidate', 0, 1n, Infinity, Infinity],
      ['r2', 'production', 0, 2n, 1030.5, 1020],
    ])
  })
})

describe('pairs', () => {
  test('has the columns that are documented', async () => {
    expect(await columnsOf(await finishedStore(), 'pairs')).toMatchInlineSnapshot(`
      [
        "run_id VARCHAR",
        "ordinal INTEGER",
        "record_id VARCHAR",
        "trial INTEGER",
        "segments JSON",
        "cluster VARCHAR",
        "request JSON",
        "production_outcome VARCHAR",
        "candidate_outcome VARCHAR",
        "production_text VARCHAR",
        "candidate_text VARCHAR",
        "production_tool_calls JSON",
        "candidate_tool_calls JSON",
        "production_stop VARCHAR",
        "candidate_stop VARCHAR",
        "production_latency_ms DOUBLE",
        "candidate_latency_ms DOUBLE",
        "production_ttft_ms DOUBLE",
        "candidate_ttft_ms DOUBLE",
        "production_input_tokens BIGINT",
        "candidate_input_tokens BIGINT",
        "production_output_tokens BIGINT",
        "candidate_output_tokens BIGINT",
        "production_cached_input_tokens BIGINT",
        "candidate_cached_input_tokens BIGINT",
        "production_refused BOOLEAN",
        "candidate_refused BOOLEAN",
        "similarity DOUBLE",
      ]
    `)
  })

  test("holds one row for each record and trial of production's, with both sides and what was measured", async () => {
    const path = await finishedStore()
    const columns = 'record_id, trial, production_text, candidate_text, candidate_latency_ms'
    const rows = await ask(
      path,
      `SELECT ${columns}, production_refused, candidate_refused, similarity FROM pairs ORDER BY ordinal, trial`,
    )
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['r0', 0, 'Noon.', 'I cannot.', 30.5, false, true, 0.25],
      ['r0', 1, 'At noon.', null, null, false, null, 0.75],
      ['r1', 0, 'Noon.', null, null, null, null, null],
      ['r2', 0, 'Noon.', null, Infinity, null, null, null],
    ])
  })

  test('answers a question about a segment in SQL', async () => {
    const path = await finishedStore()
    const rows = await ask(
      path,
      `SELECT segments->>'route' AS route, count(*) AS pairs, request->'messages'->0->>'content' AS prompt
       FROM pairs WHERE trial = 0 GROUP BY ALL ORDER BY prompt`,
    )
    expect(rows).toEqual(['r0', 'r1', 'r2'].map((prompt) => ({ route: 'chat', pairs: 1n, prompt })))
  })
})
