// What a cluster is told by: its most typical pair, and by how much lengths and latencies changed.

import type { ChangeCluster } from '../../core/changes.ts'
import { type MeasureColumn, present } from '../../core/types.ts'
import type { ScoredRecord } from '../columns.ts'

export type Telling = Pick<ChangeCluster, 'example' | 'lengths' | 'latencyRatio'>

interface Numbers {
  readonly production: number
  readonly candidate: number
}

type Read = (ordinal: number) => Numbers | null

/** Reads columns once, for all clusters. Characters where they are measured, else the tokens of the bill. */
export function tellerOf(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
): (ordinals: readonly number[]) => Telling {
  const characters = reader(measures, 'answer-length')
  const lengthOf = characters ?? reader(measures, 'output-tokens')
  const latencyOf = reader(measures, 'latency')
  return (ordinals) => {
    const lengths = mediansOf(ordinals, lengthOf)
    const latencies = mediansOf(ordinals, latencyOf)
    const ratio = latencies === null ? Number.NaN : latencies.candidate / latencies.production
    return {
      example: exampleOf(ordinals, records, (ordinal) =>
        lengths === null ? 0 : Math.abs((lengthOf?.(ordinal)?.candidate ?? Infinity) - lengths.candidate),
      ),
      lengths: lengths && {
        unit: characters ? 'characters' : 'tokens',
        before: lengths.production,
        after: lengths.candidate,
      },
      latencyRatio: Number.isFinite(ratio) && ratio > 0 ? ratio : null,
    }
  }
}

/** The most ordinary in length; by id among several, so that the order of the run has no part in it. */
function exampleOf(
  ordinals: readonly number[],
  records: readonly ScoredRecord[],
  distanceOf: (ordinal: number) => number,
): Telling['example'] {
  let best = { ordinal: 0, recordId: '', distance: Infinity }
  for (const [place, ordinal] of ordinals.entries()) {
    const each = { ordinal, recordId: records[ordinal]?.id ?? '', distance: distanceOf(ordinal) }
    const isTied = each.distance === best.distance
    if (place === 0 || each.distance < best.distance || (isTied && each.recordId < best.recordId)) best = each
  }
  return { ordinal: best.ordinal, recordId: best.recordId }
}

function mediansOf(ordinals: readonly number[], read: Read | null): Numbers | null {
  const rows = read === null ? [] : ordinals.flatMap((ordinal) => read(ordinal) ?? [])
  if (rows.length === 0) return null
  return {
    production: medianOf(rows.map(({ production }) => production)),
    candidate: medianOf(rows.map(({ candidate }) => candidate)),
  }
}

/** The lower of the two in the middle: a number that was measured. */
function medianOf(numbers: readonly number[]): number {
  return Float64Array.from(numbers).toSorted()[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN
}

function reader(measures: readonly MeasureColumn[], metric: string): Read | null {
  const column = measures.find((each) => each.metric === metric && each.comparison === 'candidate')
  if (column === undefined) return null
  const places = new Map(Array.from(column.ordinal, (ordinal, place) => [ordinal, place]))
  return (ordinal) => {
    const place = places.get(ordinal)
    if (place === undefined || column.absent[place] !== present) return null
    return { production: column.production[place] ?? 0, candidate: column.candidate[place] ?? 0 }
  }
}
