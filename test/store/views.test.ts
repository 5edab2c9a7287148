// The views that users query with their own SQL: a public contract.

import { describe, expect, test } from 'vitest'
import type { Run } from '../../src/core/judgement.ts'
import { type Attempt, absenceReasons, comparisons, type MeasureRow } from '../../src/core/types.ts'
import { attemptOf, recordOf, replyOf, runOf } from '../support/nouns.ts'
import { askDuckdb as ask, columnsIn, openedStore, rethrow, storePath } from '../support/stores.ts'

/**
 * A finished run: r0 asked twice of production, r1 once and cut off there, r2 answered in vain by the candidate, r3 asked twice of
 * both, its first pair in two rounds.
 */
async function finishedStore(replay: Partial<Run['replay']> = {}): Promise<string> {
  const path = storePath()
  const store = await openedStore(path)
  const trials = [2, 1, 1, 2]
  await store.addRecords(trials.map((_, index) => recordOf(`r${index}`, { segments: { route: 'chat' }, cluster: 'c' })))
  const planned = trials.map((count, ordinal) => ({ recordId: `r${ordinal}`, ordinal, trials: count }))
  const run = runOf('run')
  const stored = { ...run, replay: { ...run.replay, ...replay } }
  await store.createRun({ run: stored, status: 'replayed', fingerprint: 'f' }, planned)
  const writer = await store.createAttemptWriter('run', rethrow)
  const write = (ordinal: number, changes: Partial<Attempt> = {}) =>
    writer.write(attemptOf(`r${ordinal}`, { ordinal, ...changes }))
  write(0, { arm: 'candidate', outcome: replyOf({ text: 'I cannot.' }) })
  write(0)
  write(0, { trial: 1, outcome: replyOf({ text: 'At noon.' }) })
  write(1)
  write(2, { tries: 0, isFinal: false, outcome: { kind: 'broken', detail: 'x' } })
  write(2, { tries: 1, sentAt: '2026-11-23T00:00:01.000Z' })
  write(2, { arm: 'candidate', outcome: { kind: 'timeout', phase: 'total' }, httpStatus: null })
  const limited = { kind: 'rejected', status: 429, code: null, detail: 'slow down' } as const
  write(3, { arm: 'candidate', isFinal: false, outcome: limited, httpStatus: 429 })
  write(3, { outcome: replyOf({ text: 'too early' }) })
  const second = { round: 1, sentAt: '2026-11-23T00:01:00.000Z' }
  write(3, { ...second, delayMs: 1.5, outcome: replyOf({ text: 'first' }) })
  write(3, { ...second, delayMs: 2.5, arm: 'candidate', outcome: replyOf({ text: "candidate's first" }) })
  write(3, { trial: 1, outcome: replyOf({ text: 'second' }) })
  write(3, { trial: 1, arm: 'candidate', outcome: replyOf({ text: "candidate's second" }) })
  writer.close()
  const row = (changes: Partial<MeasureRow>): MeasureRow => ({
    ordinal: 0,
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
      row({ ordinal: 2, production: null, candidate: null, absent: 'no-reply' }),
    ])
  }
  await store.replaceMeasures('run', measures())
  store.close()
  return path
}

describe('calls', () => {
  test('has the columns that are documented', async () => {
    expect(await columnsIn(await finishedStore(), 'calls')).toMatchInlineSnapshot(`
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
        "round INTEGER",
        "delay_ms DOUBLE",
        "ordinal INTEGER",
        "cache_write_tokens BIGINT",
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
      ['r3', 'candidate', 0, 1n, 30.5, 20],
      ['r3', 'candidate', 1, 1n, 30.5, 20],
      ['r3', 'production', 0, 1n, 30.5, 20],
      ['r3', 'production', 1, 1n, 30.5, 20],
    ])
  })

  test('holds the last round of each call, and what was due in it', async () => {
    const question = `SELECT arm, trial, round, text, was_rate_limited, delay_ms, latency_ms, ttft_ms FROM calls
      WHERE ordinal = 3 AND trial = 0 ORDER BY arm`
    const said = async (path: string) => (await ask(path, question)).map((row) => Object.values(row))
    expect(await said(await finishedStore())).toEqual([
      ['candidate', 0, 1, "candidate's first", false, 2.5, 30.5, 20],
      ['production', 0, 1, 'first', false, 1.5, 30.5, 20],
    ])
    expect(await said(await finishedStore({ pace: 'open' })), 'in open loop our own delay is a wait').toEqual([
      ['candidate', 0, 1, "candidate's first", false, 2.5, 33, 22.5],
      ['production', 0, 1, 'first', false, 1.5, 32, 21.5],
    ])
  })
})

describe('pairs', () => {
  test('has the columns that are documented', async () => {
    expect(await columnsIn(await finishedStore(), 'pairs')).toMatchInlineSnapshot(`
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
        "production_served_model VARCHAR",
        "candidate_served_model VARCHAR",
        "production_tries BIGINT",
        "candidate_tries BIGINT",
        "production_detail VARCHAR",
        "candidate_detail VARCHAR",
        "captured_at TIMESTAMP",
        "source_file VARCHAR",
        "source_line INTEGER",
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
      ['r3', 0, 'first', "candidate's first", 30.5, null, null, null],
      ['r3', 1, 'second', "candidate's second", 30.5, null, null, null],
    ])
  })

  test('answers a question about a segment in SQL', async () => {
    const path = await finishedStore()
    const rows = await ask(
      path,
      `SELECT segments->>'route' AS route, count(*) AS pairs, request->'messages'->0->>'content' AS prompt
       FROM pairs WHERE trial = 0 GROUP BY ALL ORDER BY prompt`,
    )
    expect(rows).toEqual(['r0', 'r1', 'r2', 'r3'].map((prompt) => ({ route: 'chat', pairs: 1n, prompt })))
  })
})

describe('measure', () => {
  test('has the columns that are documented', async () => {
    expect(await columnsIn(await finishedStore(), 'measure')).toMatchInlineSnapshot(`
      [
        "run_id VARCHAR",
        "record_id VARCHAR",
        "comparison VARCHAR",
        "metric VARCHAR",
        "version INTEGER",
        "production DOUBLE",
        "production_weight DOUBLE",
        "candidate DOUBLE",
        "candidate_weight DOUBLE",
        "absent VARCHAR",
        "ordinal INTEGER",
      ]
    `)
  })

  test('says in words what the table says in numbers, and NULL where there is none', async () => {
    const rows = await ask(await finishedStore(), 'SELECT * FROM measure ORDER BY metric, record_id, comparison')
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['run', 'r0', 'candidate', 'refused', 1, 0, null, 1, null, null, 0],
      ['run', 'r0', 'noise', 'refused', 1, 0, null, 0, null, null, 0],
      ['run', 'r2', 'candidate', 'refused', 1, null, null, null, null, 'no-reply', 2],
      ['run', 'r0', 'candidate', 'text-similarity', 1, null, null, 0.25, null, null, 0],
      ['run', 'r0', 'noise', 'text-similarity', 1, null, null, 0.75, null, null, 0],
    ])
  })
})

describe('the numbers of the store', () => {
  test.each([
    ['comparison', comparisons],
    ['absence', absenceReasons],
  ] as const)('are places in the roster, with its names: %s', async (table, roster) => {
    const rows = await ask(await finishedStore(), `SELECT id, name FROM ${table} ORDER BY id`)
    expect(rows).toEqual(roster.map((name, id) => ({ id, name })))
  })
})
