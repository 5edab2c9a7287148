// The store as a stranger sees it: a copy, opened by DuckDB alone and asked in SQL, so that looking changes nothing.

import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { ticketIn } from './traffic.ts'

export interface StoredNight {
  readonly id: string
  readonly startedAt: string
  readonly status: string
  readonly candidate: string
  /** null where it was not judged. */
  readonly decision: string | null
  readonly isHeld: boolean
  /** It ended before its plan did, on purpose. */
  readonly isStopped: boolean
  readonly isWithoutAttempts: boolean
  readonly isWithoutTexts: boolean
  readonly records: number
  readonly plannedCalls: number
  readonly rows: number
  readonly distinctRows: number
  readonly replies: number
  /** Of the round that counts: calls that came to an end, and how many different ones. */
  readonly finals: number
  readonly calls: number
  /** Rows of the measure that every pair has, and how many different pairs. */
  readonly measured: number
  readonly measuredPairs: number
}

export interface StoreLook {
  readonly bytes: number
  /** Oldest first, by the order in which they were drawn. */
  readonly runs: readonly StoredNight[]
  /** Of records whose texts are there. */
  readonly tickets: ReadonlySet<number>
}

const runsSql = `
WITH tries AS (
  SELECT run_id, count(*) AS rows, count(DISTINCT (record_id, arm, trial, round, tries, sent_at)) AS distinct_rows,
    count(*) FILTER (outcome = 'reply') AS replies
  FROM attempt GROUP BY run_id
), ended AS (
  SELECT run_id, count(*) AS finals, count(DISTINCT (record_id, arm, trial)) AS calls FROM (
    SELECT *, max(round) OVER (PARTITION BY run_id, record_id, trial) AS last FROM attempt WHERE is_final
  ) WHERE round = last GROUP BY run_id
), plan AS (
  SELECT run_id, count(*) AS records, sum(2 * trials) AS planned FROM run_record GROUP BY run_id
), judged AS (
  SELECT run_id, count(*) AS measured, count(DISTINCT record_id) AS pairs FROM measure
  WHERE metric = 'answered' AND comparison = 'candidate' GROUP BY run_id
)
SELECT r.run_id, r.started_at, r.status, r.candidate_model, r.decision, coalesce(r.is_held, false) AS is_held,
  run.stopped IS NOT NULL AS is_stopped,
  EXISTS (SELECT 1 FROM removed x WHERE x.run_id = r.run_id AND x.what = 'attempts') AS without_attempts,
  EXISTS (SELECT 1 FROM removed x WHERE x.run_id = r.run_id AND x.what = 'texts') AS without_texts,
  plan.records, plan.planned, coalesce(rows, 0) AS rows, coalesce(distinct_rows, 0) AS distinct_rows,
  coalesce(replies, 0) AS replies, coalesce(finals, 0) AS finals, coalesce(calls, 0) AS calls,
  coalesce(measured, 0) AS measured, coalesce(pairs, 0) AS pairs
FROM runs r JOIN run ON run.id = r.run_id JOIN draw d ON d.run_id = r.run_id
LEFT JOIN plan ON plan.run_id = r.run_id LEFT JOIN tries ON tries.run_id = r.run_id
LEFT JOIN ended ON ended.run_id = r.run_id LEFT JOIN judged ON judged.run_id = r.run_id
ORDER BY d.number`

/** What the store holds now; null where there is none yet. */
export async function lookAt(store: string): Promise<StoreLook | null> {
  if (!existsSync(store)) return null
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-look-'))
  const copy = join(folder, 'store.duckdb')
  try {
    for (const end of ['', '.wal']) if (existsSync(`${store}${end}`)) copyFileSync(`${store}${end}`, `${copy}${end}`)
    const instance = await DuckDBInstance.create(copy, { memory_limit: '512MB', threads: '1' })
    const connection = await instance.connect()
    const all = async (sql: string) => (await connection.run(sql)).getRowObjectsJson()
    try {
      // A kill in its first moments leaves a file without tables.
      const [tables] = await all(`SELECT count(*) AS n FROM duckdb_views() WHERE view_name = 'runs'`)
      if (Number(tables?.['n']) === 0) return { bytes: 0, runs: [], tickets: new Set() }
      const runs = (await all(runsSql)).map(nightOf)
      const bodies = await all('SELECT body FROM record WHERE body IS NOT NULL')
      const tickets = new Set(bodies.flatMap((row) => ticketIn(textOf(row, 'body')) ?? []))
      return { bytes: statSync(store).size, runs, tickets }
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function nightOf(row: Record<string, unknown>): StoredNight {
  const number = (name: string) => Number(row[name])
  return {
    id: textOf(row, 'run_id'),
    startedAt: textOf(row, 'started_at'),
    status: textOf(row, 'status'),
    candidate: textOf(row, 'candidate_model'),
    decision: typeof row['decision'] === 'string' ? row['decision'] : null,
    isHeld: row['is_held'] === true,
    isStopped: row['is_stopped'] === true,
    isWithoutAttempts: row['without_attempts'] === true,
    isWithoutTexts: row['without_texts'] === true,
    records: number('records'),
    plannedCalls: number('planned'),
    rows: number('rows'),
    distinctRows: number('distinct_rows'),
    replies: number('replies'),
    finals: number('finals'),
    calls: number('calls'),
    measured: number('measured'),
    measuredPairs: number('pairs'),
  }
}

function textOf(row: Record<string, unknown>, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : ''
}
