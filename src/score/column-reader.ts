// A column of measures, read by the record's place in the run, without an object for each number.

import { type Comparison, type MeasureColumn, present } from '../core/types.ts'

export interface ColumnReader {
  /** Whether the pair has a measure; without one both numbers mean nothing. */
  readonly has: (ordinal: number) => boolean
  readonly production: (ordinal: number) => number
  readonly candidate: (ordinal: number) => number
}

/** A reader for each metric of these measures; one that has nothing where it was not measured. */
export function columnReaders(measures: readonly MeasureColumn[]) {
  // Columns that were read side by side share their ordinals.
  const known = new Map<Int32Array, Int32Array>()
  const placesOf = (ordinals: Int32Array) => {
    const places = known.get(ordinals) ?? placesIn(ordinals)
    known.set(ordinals, places)
    return places
  }
  return (metric: string, comparison: Comparison = 'candidate'): ColumnReader => {
    const column = measures.find((each) => each.metric === metric && each.comparison === comparison)
    return column === undefined ? nothing : readerOver(column, placesOf(column.ordinal))
  }
}

function readerOver({ absent, production, candidate }: MeasureColumn, places: Int32Array): ColumnReader {
  return {
    has: (ordinal) => absent[places[ordinal] ?? -1] === present,
    production: (ordinal) => production[places[ordinal] ?? -1] ?? 0,
    candidate: (ordinal) => candidate[places[ordinal] ?? -1] ?? 0,
  }
}

const nothing: ColumnReader = { has: () => false, production: () => 0, candidate: () => 0 }

/** −1 where there is none. */
function placesIn(ordinals: Int32Array): Int32Array {
  let most = -1
  for (const ordinal of ordinals) if (ordinal > most) most = ordinal
  const places = new Int32Array(most + 1).fill(-1)
  for (let place = 0; place < ordinals.length; place++) places[ordinals[place] ?? 0] = place
  return places
}
