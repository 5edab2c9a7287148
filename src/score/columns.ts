// Measures in columns: what the statistics are computed over.

import type { Comparison, MeasureRow, RecordId } from '../core/types.ts'

/** What effects need to know of the replayed records. */
export interface ScoredRecord {
  readonly id: RecordId
  readonly cluster: string | null
  readonly segments: Readonly<Record<string, string>>
}

/** The measures of one metric in one comparison; the arrays run in step, one place for each pair that has a measure. */
export interface Column {
  /** Index into the records. */
  readonly record: Int32Array
  readonly production: Float64Array
  readonly productionWeight: Float64Array
  readonly candidate: Float64Array
  readonly candidateWeight: Float64Array
  /** Records without a measure, with the reason. */
  readonly absent: readonly { readonly record: number; readonly why: string }[]
}

export interface ScoreTable {
  readonly records: readonly ScoredRecord[]
  /** Dense ids of the units of independence, one for each record; null where every record stands alone. */
  readonly cluster: Int32Array | null
  readonly column: (metric: string, comparison: Comparison) => Column
}

export function buildScoreTable(records: readonly ScoredRecord[], rows: readonly MeasureRow[]): ScoreTable {
  const indexOf = new Map(records.map((record, index) => [record.id, index]))
  const grouped = Map.groupBy(rows, (row) => `${row.metric} ${row.comparison}`)
  const columns = new Map([...grouped].map(([key, group]) => [key, columnOf(group, indexOf)]))
  return {
    records,
    cluster: clustersOf(records),
    column: (metric, comparison) => columns.get(`${metric} ${comparison}`) ?? columnOf([], indexOf),
  }
}

function columnOf(rows: readonly MeasureRow[], indexOf: ReadonlyMap<RecordId, number>): Column {
  const known = rows.flatMap((row) => {
    const record = indexOf.get(row.recordId)
    return record === undefined ? [] : [{ row, record }]
  })
  const present = known.filter(({ row }) => row.absent === null)
  const numbers = (of: (row: MeasureRow) => number | null) => Float64Array.from(present, ({ row }) => of(row) ?? 0)
  return {
    record: Int32Array.from(present, ({ record }) => record),
    production: numbers((row) => row.production),
    productionWeight: numbers((row) => row.productionWeight),
    candidate: numbers((row) => row.candidate),
    candidateWeight: numbers((row) => row.candidateWeight),
    absent: known.flatMap(({ row, record }) => (row.absent === null ? [] : [{ record, why: row.absent }])),
  }
}

function clustersOf(records: readonly ScoredRecord[]): Int32Array | null {
  const names = new Map<string, number>()
  const ids = Int32Array.from(records, (record, index) => {
    const name = record.cluster === null ? `record ${index}` : `cluster ${record.cluster}`
    const known = names.get(name)
    if (known !== undefined) return known
    names.set(name, names.size)
    return names.size - 1
  })
  return names.size === records.length ? null : ids
}

/** The part of a column whose records `keep`. */
export function filterColumn(column: Column, keep: (record: number) => boolean): Column {
  const places = [...column.record.keys()].filter((place) => keep(column.record[place] ?? -1))
  const pick = (from: Float64Array) => Float64Array.from(places, (place) => from[place] ?? 0)
  return {
    record: Int32Array.from(places, (place) => column.record[place] ?? 0),
    production: pick(column.production),
    productionWeight: pick(column.productionWeight),
    candidate: pick(column.candidate),
    candidateWeight: pick(column.candidateWeight),
    absent: column.absent.filter((each) => keep(each.record)),
  }
}
