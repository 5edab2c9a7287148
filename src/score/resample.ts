// Pairs drawn again from stored ones: what the gate would have said of other samples of the same two models.

import type { Random } from '../core/random.ts'
import { absenceReasons, type Comparison, type MeasureColumn, present } from '../core/types.ts'
import type { ScoredRecord } from './columns.ts'

/** The pairs that are drawn from: whole units, so that what depends on each other stays together. */
export interface Pool {
  readonly records: readonly ScoredRecord[]
  readonly sentAt: Float64Array | null
  /** One for each metric; the arrays run in step with `records`. */
  readonly columns: readonly MeasureColumn[]
  /** Places in `records`, by unit of independence. */
  readonly units: readonly Int32Array[]
}

/** A sample of its own, ready to be judged. Its arrays are nobody else's: a regression can be planted in them. */
export interface Drawn {
  readonly records: readonly ScoredRecord[]
  readonly sentAt: Float64Array | null
  readonly measures: readonly MeasureColumn[]
}

/** The pairs of one comparison that vote. Metrics that are about two answers at once have no sides to draw. */
export function poolOf(
  { records, sentAt, measures }: Drawn,
  { comparison, metrics }: { readonly comparison: Comparison; readonly metrics: readonly string[] },
): Pool {
  const own = measures.filter((each) => each.comparison === comparison && metrics.includes(each.metric))
  const answered = own.find(({ metric }) => metric === 'answered')
  const excluded = absenceReasons.indexOf('excluded')
  const places = Int32Array.from(answered?.ordinal ?? []).filter((_, place) => answered?.absent[place] !== excluded)
  const kept = Array.from(places, (place) => records[place] as ScoredRecord)
  const units = new Map<string, number[]>()
  for (const [place, { cluster }] of kept.entries()) {
    const key = cluster === null ? `record ${place}` : `cluster ${cluster}`
    const unit = units.get(key)
    if (unit) unit.push(place)
    else units.set(key, [place])
  }
  return {
    records: kept,
    sentAt: sentAt && Float64Array.from(places, (place) => sentAt[place] ?? 0),
    columns: own.map((column) => at(column, placesIn(column, places))),
    units: [...units.values()].map((unit) => Int32Array.from(unit)),
  }
}

/** Where a column has each of the records; −1 where it has none. */
function placesIn({ ordinal }: MeasureColumn, wanted: Int32Array): Int32Array {
  const places = new Map(Array.from(ordinal, (record, place) => [record, place]))
  return wanted.map((record) => places.get(record) ?? -1)
}

/** Units with replacement until there are so many pairs; `swap` says of each unit whether its arms change places. */
export function draw(pool: Pool, size: number, random: Random, swap: (random: Random) => boolean): Drawn {
  const places = new Int32Array(size)
  const isSwapped = new Uint8Array(size)
  const records: ScoredRecord[] = []
  for (let number = 0; records.length < size && pool.units.length > 0; number++) {
    const unit = pool.units[random.below(pool.units.length)] ?? new Int32Array()
    const swapped = swap(random) ? 1 : 0
    // Drawn twice, a conversation is two.
    const cluster = unit.length > 1 ? `draw ${number}` : null
    for (const place of unit) {
      if (records.length === size) break
      isSwapped[records.length] = swapped
      places[records.length] = place
      records.push({ ...(pool.records[place] as ScoredRecord), cluster })
    }
  }
  return {
    records,
    sentAt: pool.sentAt && Float64Array.from(places, (place) => pool.sentAt?.[place] ?? 0),
    measures: pool.columns.map((column) => swapWhere(at(column, places), isSwapped)),
  }
}

/** A copy of a column at these places, as the column of a run's candidate. */
function at(column: MeasureColumn, places: Int32Array): MeasureColumn {
  const none = absenceReasons.indexOf('not-reported')
  const numbers = (from: Float64Array) => Float64Array.from(places, (place) => from[place] ?? 0)
  return {
    metric: column.metric,
    comparison: 'candidate',
    version: column.version,
    ordinal: Int32Array.from(places, (_, index) => index),
    production: numbers(column.production),
    productionWeight: numbers(column.productionWeight),
    candidate: numbers(column.candidate),
    candidateWeight: numbers(column.candidateWeight),
    absent: Uint8Array.from(places, (place) => column.absent[place] ?? none),
  }
}

function swapWhere(column: MeasureColumn, isSwapped: Uint8Array): MeasureColumn {
  for (let index = 0; index < isSwapped.length; index++) {
    if (isSwapped[index] === 0) continue
    exchange(column.production, column.candidate, index)
    exchange(column.productionWeight, column.candidateWeight, index)
  }
  return column
}

function exchange(a: Float64Array, b: Float64Array, index: number): void {
  const held = a[index] ?? 0
  a[index] = b[index] ?? 0
  b[index] = held
}

/** Whether a drawn pair has a measure. */
export function isPresent(column: MeasureColumn, index: number): boolean {
  return column.absent[index] === present
}
