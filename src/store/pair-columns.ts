// A few measures of every pair of a run, each at its place: what a list of a hundred thousand pairs is made of in little time.

import type { DuckDBDoubleVector, DuckDBIntegerVector, DuckDBUTinyIntVector } from '@duckdb/node-api'
import { type Comparison, comparisons, type MeasureColumn, present } from '../core/types.ts'
import type { Database } from './database.ts'

/** Which numbers of a measure are read; the others are 0. */
export interface WantedColumn {
  readonly metric: string
  readonly comparison: Comparison
  /** Metrics of the pair have none of production. */
  readonly hasProduction: boolean
  readonly hasWeight: boolean
}

/**
 * The pairs are those that have any of the measures. Why a measure is absent is not told; a column of which no pair has a measure is
 * left out. Rows are put where their place in the run is, so that nothing is sorted and no more is held than what is asked for.
 */
export async function pairColumnsOf(
  db: Database,
  runId: string,
  wantedIn: (metrics: readonly string[]) => readonly WantedColumn[],
): Promise<MeasureColumn[]> {
  const metrics = await db.all('SELECT id, name FROM metric')
  const ids = new Map(metrics.map((row) => [String(row['name']), Number(row['id'])]))
  const wanted = wantedIn([...ids.keys()]).filter(({ metric }) => ids.has(metric))
  const [size] = await db.all('SELECT max(ordinal) AS last FROM measure_value WHERE run_id = $1', [runId])
  if (wanted.length === 0 || size?.['last'] === null) return []

  const places = Number(size?.['last']) + 1
  const nothing = new Float64Array(places)
  const columns = wanted.map((each) => ({
    ...each,
    key: (ids.get(each.metric) ?? -1) * comparisons.length + comparisons.indexOf(each.comparison),
    production: each.hasProduction ? new Float64Array(places) : nothing,
    candidate: new Float64Array(places),
    candidateWeight: each.hasWeight ? new Float64Array(places) : nothing,
    absent: new Uint8Array(places),
  }))
  const isThere = new Uint8Array(places)
  const byKey: ((typeof columns)[number] | undefined)[] = []
  for (const column of columns) byKey[column.key] = column

  const chunks = db.chunks(
    `SELECT metric * ${comparisons.length} + comparison::INTEGER AS key, ordinal,
       absent, candidate, production, candidate_weight
     FROM measure_value WHERE run_id = $1 AND key IN (${columns.map(({ key }) => key).join(', ')})`,
    [runId],
  )
  for await (const chunk of chunks) {
    const vector = (place: number) => chunk.getColumnVector(place)
    const [keys, ordinals] = [vector(0) as DuckDBIntegerVector, vector(1) as DuckDBIntegerVector]
    const absent = vector(2) as DuckDBUTinyIntVector
    const [candidates, productions] = [vector(3) as DuckDBDoubleVector, vector(4) as DuckDBDoubleVector]
    const weights = vector(5) as DuckDBDoubleVector
    const { rowCount } = chunk
    for (let row = 0; row < rowCount; row++) {
      const column = byKey[keys.getItem(row) ?? -1]
      const ordinal = ordinals.getItem(row) ?? 0
      isThere[ordinal] = 1
      if (column === undefined || absent.getItem(row) !== present) continue
      column.absent[ordinal] = present
      column.candidate[ordinal] = known(candidates.getItem(row))
      // A number that nobody wants is not looked at: that is most of the time.
      if (column.hasProduction) column.production[ordinal] = known(productions.getItem(row))
      if (column.hasWeight) column.candidateWeight[ordinal] = known(weights.getItem(row))
    }
  }
  const ordinal = Int32Array.from(isThere.keys()).filter((place) => isThere[place] === 1)
  const isWhole = ordinal.length === places
  const picked = (from: Float64Array) => (isWhole ? from : Float64Array.from(ordinal, (place) => from[place] ?? 0))
  return columns
    .filter(({ absent }) => absent.includes(present))
    .map(({ metric, comparison, production, candidate, candidateWeight, absent }) => ({
      metric,
      comparison,
      version: 0,
      ordinal,
      production: picked(production),
      productionWeight: nothing,
      candidate: picked(candidate),
      candidateWeight: picked(candidateWeight),
      absent: isWhole ? absent : Uint8Array.from(ordinal, (place) => absent[place] ?? 0),
    }))
}

/** NaN stands for no number in the table. */
function known(value: number | null): number {
  return value === null || Number.isNaN(value) ? 0 : value
}
