// Measures in columns: what the statistics are computed over.

import {
  type AbsenceReason,
  absenceReasons,
  type Comparison,
  type MeasureColumn,
  present,
  type RecordId,
} from '../core/types.ts'

/** What effects need to know of the replayed records; their place in the list is their place in the run. */
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
  /** Records without a measure, and the place of the reason in `absenceReasons`. */
  readonly absent: { readonly record: Int32Array; readonly why: Uint8Array }
}

/** The measures of a run, by metric and comparison. */
export interface ScoreTable {
  readonly records: readonly ScoredRecord[]
  /** Dense ids of the units of independence, one for each record; null where every record stands alone. */
  readonly cluster: Int32Array | null
  /** When each record's pair was sent, ms since 1970, one for each record; null where nobody waited for it (a batch). */
  readonly sentAt: Float64Array | null
  readonly column: (metric: string, comparison: Comparison) => Column
  /** Dense ids of a segment key's values, one for each record: −1 where it has none. */
  readonly values: (key: string) => { readonly names: readonly string[]; readonly of: Int32Array }
}

/**
 * Joins measures to records. `records` in the order of the run, `measures` as `Store.measuresOf` gives them, `sentAt` in ms since
 * 1970, one for each record. Columns are made when they are first asked for.
 */
export function buildScoreTable(
  records: readonly ScoredRecord[],
  measures: readonly MeasureColumn[],
  sentAt: Float64Array | null = null,
): ScoreTable {
  const byName = new Map(measures.map((each) => [`${each.metric} ${each.comparison}`, each]))
  const columns = new Map<MeasureColumn, Column>()
  const values = new Map<string, ReturnType<typeof valuesOf>>()
  return {
    records,
    cluster: clustersOf(records),
    sentAt,
    column: (metric, comparison) => {
      const own = byName.get(`${metric} ${comparison}`)
      if (own === undefined) return emptyColumn
      const known = columns.get(own) ?? columnOf(own)
      columns.set(own, known)
      return known
    },
    values: (key) => {
      const known = values.get(key) ?? valuesOf(records, key)
      values.set(key, known)
      return known
    },
  }
}

/** The table of the first so many records of a run: a sample of its own, since the order is random. */
export function firstOf(table: ScoreTable, records: number): ScoreTable {
  return { ...table, column: (metric, comparison) => firstOfColumn(table.column(metric, comparison), records) }
}

function firstOfColumn({ absent, ...column }: Column, records: number): Column {
  const [end, absentEnd] = [endOf(column.record, records), endOf(absent.record, records)]
  return {
    record: column.record.subarray(0, end),
    production: column.production.subarray(0, end),
    productionWeight: column.productionWeight.subarray(0, end),
    candidate: column.candidate.subarray(0, end),
    candidateWeight: column.candidateWeight.subarray(0, end),
    absent: { record: absent.record.subarray(0, absentEnd), why: absent.why.subarray(0, absentEnd) },
  }
}

/** How many of the places, which ascend, are of the first so many records. */
function endOf(places: Int32Array, records: number): number {
  let end = places.length
  while (end > 0 && (places[end - 1] ?? 0) >= records) end--
  return end
}

export const emptyColumn: Column = {
  record: new Int32Array(),
  production: new Float64Array(),
  productionWeight: new Float64Array(),
  candidate: new Float64Array(),
  candidateWeight: new Float64Array(),
  absent: { record: new Int32Array(), why: new Uint8Array() },
}

function columnOf(measures: MeasureColumn): Column {
  const places = placesWhere(measures.absent.length, (place) => measures.absent[place] === present)
  const isWhole = places.length === measures.ordinal.length
  const absent = isWhole
    ? new Int32Array()
    : placesWhere(measures.absent.length, (place) => measures.absent[place] !== present)
  const pick = (from: Float64Array) => (isWhole ? from : numbersAt(from, places))
  return {
    record: isWhole ? measures.ordinal : recordsAt(measures.ordinal, places),
    production: pick(measures.production),
    productionWeight: pick(measures.productionWeight),
    candidate: pick(measures.candidate),
    candidateWeight: pick(measures.candidateWeight),
    absent: { record: recordsAt(measures.ordinal, absent), why: reasonsAt(measures.absent, absent) },
  }
}

/** The places that are kept, in their order. */
export function placesWhere(length: number, keep: (place: number) => boolean): Int32Array {
  const places = new Int32Array(length)
  let count = 0
  for (let place = 0; place < length; place++) if (keep(place)) places[count++] = place
  return places.subarray(0, count)
}

// One function for each kind of array: one for all of them runs several times slower.

function numbersAt(from: Float64Array, places: Int32Array): Float64Array {
  const into = new Float64Array(places.length)
  for (let index = 0; index < places.length; index++) into[index] = from[places[index] ?? 0] ?? 0
  return into
}

function recordsAt(from: Int32Array, places: Int32Array): Int32Array {
  const into = new Int32Array(places.length)
  for (let index = 0; index < places.length; index++) into[index] = from[places[index] ?? 0] ?? 0
  return into
}

function reasonsAt(from: Uint8Array, places: Int32Array): Uint8Array {
  const into = new Uint8Array(places.length)
  for (let index = 0; index < places.length; index++) into[index] = from[places[index] ?? 0] ?? 0
  return into
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

function valuesOf(records: readonly ScoredRecord[], key: string): { names: string[]; of: Int32Array } {
  const ids = new Map<string, number>()
  const of = Int32Array.from(records, ({ segments }) => {
    const value = Object.hasOwn(segments, key) ? segments[key] : undefined
    if (value === undefined) return -1
    const id = ids.get(value) ?? ids.size
    ids.set(value, id)
    return id
  })
  return { names: [...ids.keys()], of }
}

/** A column cut into `count` parts: `partOf` has the part of each record, and a record of none has −1. One walk for all parts. */
export function partitionColumn(column: Column, partOf: Int32Array, count: number): readonly Column[] {
  if (column.record.length === 0 && column.absent.record.length === 0)
    return Array.from({ length: count }, () => column)
  const places = partition(column.record, partOf, count)
  const absent = partition(column.absent.record, partOf, count)
  return places.map((own, part) => {
    const lacking = absent[part] ?? new Int32Array()
    return {
      record: recordsAt(column.record, own),
      production: numbersAt(column.production, own),
      candidate: numbersAt(column.candidate, own),
      // Few methods ask for weights.
      get productionWeight() {
        return numbersAt(column.productionWeight, own)
      },
      get candidateWeight() {
        return numbersAt(column.candidateWeight, own)
      },
      absent: { record: recordsAt(column.absent.record, lacking), why: reasonsAt(column.absent.why, lacking) },
    }
  })
}

/** The places of each part, in their order. */
function partition(records: Int32Array, partOf: Int32Array, count: number): Int32Array[] {
  const sizes = new Int32Array(count)
  for (const record of records) {
    const part = partOf[record] ?? -1
    if (part >= 0) sizes[part] = (sizes[part] ?? 0) + 1
  }
  const parts = Array.from(sizes, (size) => new Int32Array(size))
  const filled = new Int32Array(count)
  for (let place = 0; place < records.length; place++) {
    const part = partOf[records[place] ?? 0] ?? -1
    const into = parts[part]
    if (into) {
      into[filled[part] ?? 0] = place
      filled[part] = (filled[part] ?? 0) + 1
    }
  }
  return parts
}

/** The measures of the first so many records of a run: a sample of its own, since the order is random. */
export function firstRecords(measures: readonly MeasureColumn[], records: number): MeasureColumn[] {
  return measures.map((column) => {
    const end = endOf(column.ordinal, records)
    return {
      ...column,
      ordinal: column.ordinal.subarray(0, end),
      production: column.production.subarray(0, end),
      productionWeight: column.productionWeight.subarray(0, end),
      candidate: column.candidate.subarray(0, end),
      candidateWeight: column.candidateWeight.subarray(0, end),
      absent: column.absent.subarray(0, end),
    }
  })
}

/** How many pairs have no measure, by reason. */
export function countAbsent({ absent }: Column): Partial<Record<AbsenceReason, number>> {
  const counts: Partial<Record<AbsenceReason, number>> = {}
  for (const place of absent.why) {
    const why = absenceReasons[place]
    if (why !== undefined) counts[why] = (counts[why] ?? 0) + 1
  }
  return counts
}
