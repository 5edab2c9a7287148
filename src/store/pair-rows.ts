// The rows of a run's pairs, kept as they were made of its measures: a list of a hundred thousand is there in a moment.

import {
  DOUBLE,
  DuckDBDataChunk,
  type DuckDBDoubleVector,
  type DuckDBIntegerVector,
  type DuckDBUTinyIntVector,
  INTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api'
import {
  emptyPairNumbers,
  type PairColumns,
  type PairNumber,
  type PairNumbers,
  type PairRow,
  pairNumbers,
} from '../core/pair.ts'
import type { Database } from './database.ts'
import { fromJson, toJson } from './json.ts'

/** `about`: whatever the caller keeps of the run beside its rows, as JSON. */
export interface StoredPairRows<About> {
  readonly columns: PairColumns
  readonly about: About
}

const names = Object.keys(pairNumbers) as PairNumber[]
const columnOf = (name: string) => name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)
const typeOf = { small: UTINYINT, integer: INTEGER, double: DOUBLE }
const types = [VARCHAR, INTEGER, ...names.map((name) => typeOf[pairNumbers[name]]), VARCHAR]
/** DuckDB's vectors are of that length. */
const chunkRows = 2048

/**
 * In place of whatever the run had, all or nothing. `stamp`: all that rows depend on beside the measures, which forget them whenever
 * they are written. Fault: STORE_UNWRITABLE.
 */
export async function savePairRows<About>(
  db: Database,
  runId: string,
  stamp: string,
  { columns, about }: StoredPairRows<About>,
): Promise<void> {
  const { clusters, mixes, checks, numbers } = columns
  const pairs = numbers.ordinal.length
  await db.transaction(async () => {
    await forgetPairRows(db, runId)
    const appender = await db.appender('pair_row')
    try {
      for (let from = 0; from < pairs; from += chunkRows) appender.chunk(chunkOf(runId, columns, from))
    } finally {
      appender.close()
    }
    const shared = toJson({ clusters, mixes, checks, about })
    await db.run('INSERT INTO pair_list VALUES ($1, $2, $3, $4)', [runId, stamp, pairs, shared])
  })
}

function chunkOf(runId: string, { numbers, checks, checkFlips }: PairColumns, from: number): DuckDBDataChunk {
  const rows = Math.min(chunkRows, numbers.ordinal.length - from)
  const chunk = DuckDBDataChunk.create(types, rows)
  const places = Array.from({ length: rows }, (_, row) => from + row)
  chunk.setColumnValues(
    0,
    places.map(() => runId),
  )
  chunk.setColumnValues(1, places)
  for (const [column, name] of names.entries()) {
    const into = chunk.getColumnVector(2 + column) as NumberVector
    const values = numbers[name]
    for (let row = 0; row < rows; row++) into.setItem(row, values[from + row] ?? 0)
    into.flush()
  }
  chunk.setColumnValues(
    2 + names.length,
    places.map((place) => checkFlips.slice(place * checks.length, (place + 1) * checks.length)),
  )
  return chunk
}

type NumberVector = DuckDBDoubleVector | DuckDBIntegerVector | DuckDBUTinyIntVector

export async function forgetPairRows(db: Database, runId: string): Promise<void> {
  await db.run('DELETE FROM pair_list WHERE run_id = $1', [runId])
  await db.run('DELETE FROM pair_row WHERE run_id = $1', [runId])
}

/** Whether the run has rows that were made by that. */
export async function hasPairRows(db: Database, runId: string, stamp: string): Promise<boolean> {
  const rows = await db.all('SELECT pairs FROM pair_list WHERE run_id = $1 AND stamp = $2', [runId, stamp])
  return rows.length > 0
}

/** null where there are none that were made by that. */
export async function pairRowsOf<About>(
  db: Database,
  runId: string,
  stamp: string,
): Promise<StoredPairRows<About> | null> {
  const [list] = await db.all('SELECT pairs, shared FROM pair_list WHERE run_id = $1 AND stamp = $2', [runId, stamp])
  if (list === undefined) return null
  const shared = fromJson(String(list['shared'])) as Shared<About>
  const numbers = emptyPairNumbers(Number(list['pairs']))
  const sql = `SELECT place, ${names.map(columnOf).join(', ')} FROM pair_row WHERE run_id = $1`
  for await (const chunk of db.chunks(sql, [runId])) {
    const places = chunk.getColumnVector(0) as DuckDBIntegerVector
    for (const [column, name] of names.entries())
      fill(numbers[name], places, chunk.getColumnVector(1 + column) as NumberVector, chunk.rowCount)
  }
  const { clusters, mixes, checks, about } = shared
  return { columns: { numbers, clusters, mixes, checks, checkFlips: await flipsOf(db, runId, checks) }, about }
}

interface Shared<About> {
  readonly clusters: readonly string[]
  readonly mixes: readonly PairRow['segments'][]
  readonly checks: readonly string[]
  readonly about: About
}

function fill(into: PairNumbers[PairNumber], places: DuckDBIntegerVector, from: NumberVector, rows: number): void {
  for (let row = 0; row < rows; row++) into[places.getItem(row) ?? -1] = from.getItem(row) ?? 0
}

/** Most runs have no checks. */
async function flipsOf(db: Database, runId: string, checks: readonly string[]): Promise<string> {
  if (checks.length === 0) return ''
  const sql = "SELECT string_agg(check_flips, '' ORDER BY place) AS flips FROM pair_row WHERE run_id = $1"
  const [row] = await db.all(sql, [runId])
  return String(row?.['flips'] ?? '')
}
