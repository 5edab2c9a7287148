// Measures: what each metric saw in each pair, written and read by columns, since there are many.

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
import { absenceReasons, comparisons, type MeasureColumn, type MeasureRow, present } from '../core/types.ts'
import type { TableAppender } from './appender.ts'
import type { Database, Row } from './database.ts'
import { forgetPairRows } from './pair-rows.ts'

/** Writes measures as they come. What was flushed survives kill −9. */
export interface MeasureWriter {
  readonly write: (rows: readonly MeasureRow[]) => void
  readonly flush: () => void
  readonly close: () => void
}

const types = [VARCHAR, INTEGER, UTINYINT, INTEGER, INTEGER, DOUBLE, DOUBLE, DOUBLE, DOUBLE, UTINYINT]
/** DuckDB's vectors are of that length. */
const chunkRows = 2048

/** A writer over a connection of its own. Fault: STORE_UNWRITABLE. */
export async function createMeasureWriter(db: Database, runId: string): Promise<MeasureWriter> {
  await forgetPairRows(db, runId)
  return writerOver(await db.ownAppender('measure_value'), runId, await metricIds(db))
}

function writerOver(appender: TableAppender, runId: string, ids: MetricIds): MeasureWriter {
  let pending: MeasureRow[] = []
  const spill = (rows: readonly MeasureRow[]) => {
    for (let from = 0; from < rows.length; from += chunkRows)
      appender.chunk(chunkOf(runId, rows.slice(from, from + chunkRows), ids.of))
  }
  const flush = () => {
    spill(pending)
    pending = []
    appender.flush()
  }
  return {
    write: (rows) => {
      for (const row of rows) pending.push(row)
      if (pending.length < chunkRows) return
      spill(pending)
      pending = []
    },
    flush,
    close: () => {
      try {
        flush()
      } finally {
        appender.close()
        ids.close()
      }
    },
  }
}

function chunkOf(runId: string, rows: readonly MeasureRow[], idOf: (metric: string) => number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, rows.length)
  const vector = (column: number) => chunk.getColumnVector(column)
  const doubles = (column: number, of: (row: MeasureRow) => number | null) => {
    const into = vector(column) as DuckDBDoubleVector
    for (let place = 0; place < rows.length; place++) into.setItem(place, of(rows[place] as MeasureRow) ?? Number.NaN)
    into.flush()
  }
  const small = (column: number, of: (row: MeasureRow) => number) => {
    const into = vector(column) as DuckDBUTinyIntVector
    for (let place = 0; place < rows.length; place++) into.setItem(place, of(rows[place] as MeasureRow))
    into.flush()
  }
  const integers = (column: number, of: (row: MeasureRow) => number) => {
    const into = vector(column) as DuckDBIntegerVector
    for (let place = 0; place < rows.length; place++) into.setItem(place, of(rows[place] as MeasureRow))
    into.flush()
  }
  chunk.setColumnValues(
    0,
    Array.from(rows, () => runId),
  )
  integers(1, (row) => row.ordinal)
  small(2, (row) => comparisons.indexOf(row.comparison))
  integers(3, (row) => idOf(row.metric))
  integers(4, (row) => row.version)
  doubles(5, (row) => row.production)
  doubles(6, (row) => row.productionWeight)
  doubles(7, (row) => row.candidate)
  doubles(8, (row) => row.candidateWeight)
  small(9, (row) => (row.absent === null ? present : absenceReasons.indexOf(row.absent)))
  return chunk
}

interface MetricIds {
  readonly of: (metric: string) => number
  readonly close: () => void
}

/** The numbers of metrics, given as they are asked for. */
async function metricIds(db: Database): Promise<MetricIds> {
  const rows = await db.all('SELECT id, name FROM metric')
  const ids = new Map(rows.map((row) => [String(row['name']), Number(row['id'])]))
  const appender: TableAppender = await db.ownAppender('metric')
  const of = (metric: string) => {
    const known = ids.get(metric)
    if (known !== undefined) return known
    const id = ids.size
    ids.set(metric, id)
    appender.integer(id).text(metric).endRow()
    appender.flush()
    return id
  }
  return { of, close: () => appender.close() }
}

/** Into a table of their own, `scored`: how many they are. */
export async function gatherScored(
  db: Database,
  runId: string,
  rows: AsyncIterable<readonly MeasureRow[]>,
): Promise<number> {
  await db.run('CREATE OR REPLACE TEMP TABLE scored AS SELECT * FROM measure_value LIMIT 0')
  const writer = writerOver(await db.appender('scored'), runId, await metricIds(db))
  let count = 0
  for await (const batch of rows) {
    writer.write(batch)
    count += batch.length
  }
  writer.close()
  return count
}

/** Writes what `rows` brings in place of whatever the run had, all or nothing, and says how many. */
export async function replaceMeasures(
  db: Database,
  runId: string,
  rows: AsyncIterable<readonly MeasureRow[]>,
): Promise<number> {
  const count = await gatherScored(db, runId, rows)
  await db.transaction(async () => {
    await forgetPairRows(db, runId)
    await db.run('DELETE FROM measure_value WHERE run_id = $1', [runId])
    await db.run('INSERT INTO measure_value SELECT * FROM scored')
  })
  await db.run('DROP TABLE scored')
  return count
}

/** Takes out what a run has. */
export async function forgetMeasures(db: Database, runId: string): Promise<void> {
  await forgetPairRows(db, runId)
  await db.run('DELETE FROM measure_value WHERE run_id = $1', [runId])
}

/**
 * Whether every record of which both arms' first calls came to an end has been measured, by these versions of these metrics.
 */
export async function isMeasured(db: Database, runId: string, versions: ReadonlyMap<string, number>): Promise<boolean> {
  const rows = await db.all(
    `SELECT n.name, min(m.version) AS oldest, max(m.version) AS newest, count(*) AS count
     FROM measure_value m JOIN metric n ON n.id = m.metric WHERE m.run_id = $1 AND m.comparison = 0 GROUP BY n.name`,
    [runId],
  )
  const [ended] = await db.all(
    `SELECT count(*) AS pairs FROM (SELECT ordinal FROM attempt WHERE run_id = $1 AND trial = 0 AND is_final
       GROUP BY ordinal HAVING count(DISTINCT arm) = 2)`,
    [runId],
  )
  const isOf = (row: Row) => {
    const version = versions.get(String(row['name']))
    return Number(row['oldest']) === version && Number(row['newest']) === version
  }
  return rows.length === versions.size && rows.every((row) => isOf(row) && row['count'] === ended?.['pairs'])
}

/** All measures of a run, a column for each metric and comparison, in the order of the run. */
export async function measuresOf(db: Database, runId: string): Promise<MeasureColumn[]> {
  const groups = await db.all(
    `SELECT m.metric, m.comparison, n.name, max(m.version) AS version, count(*) AS count
     FROM measure_value m JOIN metric n ON n.id = m.metric WHERE m.run_id = $1
     GROUP BY m.metric, m.comparison, n.name ORDER BY m.metric, m.comparison`,
    [runId],
  )
  const columns: MeasureColumn[] = []
  const byKey: (Filling | undefined)[] = []
  for (const group of groups) {
    const comparison = comparisons[Number(group['comparison'])]
    if (comparison === undefined) continue
    const column = {
      metric: String(group['name']),
      comparison,
      version: Number(group['version']),
      ...emptyNumbers(Number(group['count'])),
    }
    columns.push(column)
    byKey[keyOf(Number(group['metric']), Number(group['comparison']))] = { column, filled: 0 }
  }
  // One walk over the table, in whatever order it has: a query for each column would read it as often as there are columns.
  const chunks = db.chunks(
    `SELECT metric, comparison, ordinal, production, production_weight, candidate, candidate_weight, absent
     FROM measure_value WHERE run_id = $1`,
    [runId],
  )
  for await (const chunk of chunks) distribute(chunk, byKey)
  return columns.map((column) => ({ ...column, ...inOrder(column) }))
}

type Numbers = Omit<MeasureColumn, 'metric' | 'comparison' | 'version'>

interface Filling {
  readonly column: Numbers
  filled: number
}

function keyOf(metric: number, comparison: number): number {
  return metric * comparisons.length + comparison
}

function emptyNumbers(count: number): Numbers {
  return {
    ordinal: new Int32Array(count),
    production: new Float64Array(count),
    productionWeight: new Float64Array(count),
    candidate: new Float64Array(count),
    candidateWeight: new Float64Array(count),
    absent: new Uint8Array(count),
  }
}

/** Puts each row of a chunk behind those that its column has. */
function distribute(chunk: DuckDBDataChunk, byKey: readonly (Filling | undefined)[]): void {
  const { rowCount } = chunk
  const vector = (place: number) => chunk.getColumnVector(place)
  const [metric, comparison] = [vector(0) as DuckDBUTinyIntVector, vector(1) as DuckDBUTinyIntVector]
  const ordinal = vector(2) as DuckDBIntegerVector
  const [production, productionWeight] = [vector(3) as DuckDBDoubleVector, vector(4) as DuckDBDoubleVector]
  const [candidate, candidateWeight] = [vector(5) as DuckDBDoubleVector, vector(6) as DuckDBDoubleVector]
  const absent = vector(7) as DuckDBUTinyIntVector
  for (let row = 0; row < rowCount; row++) {
    const filling = byKey[keyOf(metric.getItem(row) ?? 0, comparison.getItem(row) ?? 0)]
    if (filling === undefined) continue
    const { column, filled } = filling
    column.ordinal[filled] = ordinal.getItem(row) ?? 0
    column.production[filled] = numberIn(production, row)
    column.productionWeight[filled] = numberIn(productionWeight, row)
    column.candidate[filled] = numberIn(candidate, row)
    column.candidateWeight[filled] = numberIn(candidateWeight, row)
    column.absent[filled] = absent.getItem(row) ?? 0
    filling.filled += 1
  }
}

/** NaN stands for no number in the table, and comes as 0. */
function numberIn(vector: DuckDBDoubleVector, row: number): number {
  const value = vector.getItem(row) ?? 0
  return Number.isNaN(value) ? 0 : value
}

/** Pairs end in about the order of the run and were written as they ended: places are counted out, not compared. */
function inOrder(column: Numbers): Numbers {
  const { ordinal } = column
  if (isAscending(ordinal)) return column
  const sorted = emptyNumbers(ordinal.length)
  let most = 0
  for (const each of ordinal) if (each > most) most = each
  const next = new Int32Array(most + 2)
  for (const each of ordinal) next[each + 1] = (next[each + 1] ?? 0) + 1
  for (let each = 1; each < next.length; each++) next[each] = (next[each] ?? 0) + (next[each - 1] ?? 0)
  for (let from = 0; from < ordinal.length; from++) {
    const each = ordinal[from] ?? 0
    const to = next[each] ?? 0
    next[each] = to + 1
    sorted.ordinal[to] = each
    sorted.production[to] = column.production[from] ?? 0
    sorted.productionWeight[to] = column.productionWeight[from] ?? 0
    sorted.candidate[to] = column.candidate[from] ?? 0
    sorted.candidateWeight[to] = column.candidateWeight[from] ?? 0
    sorted.absent[to] = column.absent[from] ?? 0
  }
  return sorted
}

function isAscending(ordinals: Int32Array): boolean {
  for (let place = 1; place < ordinals.length; place++)
    if ((ordinals[place - 1] ?? 0) > (ordinals[place] ?? 0)) return false
  return true
}
