// What a cluster is told by: its most typical pair, and by how much lengths and latencies changed.

import type { ChangeCluster } from '../../core/changes.ts'
import type { MeasureColumn } from '../../core/types.ts'
import { type ColumnReader, columnReaders } from '../column-reader.ts'
import type { ScoredRecord } from '../columns.ts'

export type Telling = Pick<ChangeCluster, 'example' | 'lengths' | 'latencyRatio'>

interface Numbers {
  readonly production: number
  readonly candidate: number
}

/** Reads columns once, for all clusters. Characters where they are measured, else the tokens of the bill. */
export function tellerOf(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
): (ordinals: readonly number[]) => Telling {
  const of = columnReaders(measures)
  const hasCharacters = measures.some((each) => each.metric === 'answer-length' && each.comparison === 'candidate')
  const lengthOf = of(hasCharacters ? 'answer-length' : 'output-tokens')
  const latencyOf = of('latency')
  return (ordinals) => {
    const lengths = mediansOf(ordinals, lengthOf)
    const latencies = mediansOf(ordinals, latencyOf)
    const ratio = latencies === null ? Number.NaN : latencies.candidate / latencies.production
    return {
      example: exampleOf(ordinals, records, (ordinal) =>
        lengths === null
          ? 0
          : Math.abs((lengthOf.has(ordinal) ? lengthOf.candidate(ordinal) : Infinity) - lengths.candidate),
      ),
      lengths: lengths && {
        unit: hasCharacters ? 'characters' : 'tokens',
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
  const idOf = (ordinal: number) => records[ordinal]?.id ?? ''
  let [best, nearest] = [ordinals[0] ?? 0, Infinity]
  for (const [place, ordinal] of ordinals.entries()) {
    const distance = distanceOf(ordinal)
    const isTied = distance === nearest
    if (place === 0 || distance < nearest || (isTied && idOf(ordinal) < idOf(best)))
      [best, nearest] = [ordinal, distance]
  }
  return { ordinal: best, recordId: ordinals.length === 0 ? '' : idOf(best) }
}

function mediansOf(ordinals: readonly number[], read: ColumnReader): Numbers | null {
  const measured = ordinals.filter(read.has)
  if (measured.length === 0) return null
  return { production: medianOf(measured, read.production), candidate: medianOf(measured, read.candidate) }
}

/** The lower of the two in the middle: a number that was measured. */
function medianOf(ordinals: readonly number[], numberOf: (ordinal: number) => number): number {
  return Float64Array.from(ordinals, numberOf).toSorted()[Math.floor((ordinals.length - 1) / 2)] ?? Number.NaN
}
