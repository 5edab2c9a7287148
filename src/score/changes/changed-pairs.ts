// The measures of `change`, counted: pairs of each kind in each segment, of the candidate and of production against itself.

import { type Comparison, type MeasureColumn, present } from '../../core/types.ts'
import type { ScoredRecord } from '../columns.ts'
import { change } from '../metrics/change.ts'
import { changeKinds, tellingKind } from './kinds.ts'

/** Pairs of one kind in one segment; the lists run in step. */
export interface PairsOfKind {
  readonly ordinals: readonly number[]
  /** 0 where an edit has none. */
  readonly templates: readonly number[]
}

export interface ChangedPairs {
  /** The values that segments have; null for records of none. Everything below is by place in this list. */
  readonly segments: readonly (string | null)[]
  /** By place in `changeKinds`, then by segment. */
  readonly ofKind: readonly (readonly PairsOfKind[])[]
  readonly sizes: readonly number[]
  /** The pairs that were measured, by segment: places of records. */
  readonly measured: readonly (readonly number[])[]
  readonly noiseOfKind: readonly (readonly number[])[]
  readonly noiseSizes: readonly number[]
  /** How many questions there are: kinds that were seen, in segments where so many pairs have them, and in all. */
  readonly tests: (leastPairs: number) => number
}

/** null where the run was not measured for changes. */
export function changedPairs(
  measures: readonly MeasureColumn[],
  records: readonly ScoredRecord[],
  segmentKey: string | null,
): ChangedPairs | null {
  const of = (comparison: Comparison) =>
    measures.find((each) => each.metric === change.name && each.comparison === comparison)
  const candidate = of('candidate')
  if (candidate === undefined) return null
  const { segments, segmentOf } = segmentsOf(records, segmentKey)
  const counted = countedBy(candidate, segments.length, segmentOf)
  const noise = of('noise')
  const floor = noise && countedBy(noise, segments.length, segmentOf)
  return {
    segments,
    ofKind: counted.ofKind,
    sizes: counted.measured.map(({ length }) => length),
    measured: counted.measured,
    noiseOfKind: floor ? floor.ofKind.map((own) => own.map(({ ordinals }) => ordinals.length)) : [],
    noiseSizes: floor ? floor.measured.map(({ length }) => length) : [],
    tests: (leastPairs) =>
      counted.ofKind
        .filter((own) => own.some(({ ordinals }) => ordinals.length > 0))
        .reduce((sum, own) => sum + 1 + own.filter(({ ordinals }) => ordinals.length >= leastPairs).length, 0),
  }
}

function segmentsOf(records: readonly ScoredRecord[], key: string | null) {
  const places = new Map<string | null, number>()
  const of = Int32Array.from(records, ({ segments }) => {
    const value = key !== null && Object.hasOwn(segments, key) ? (segments[key] ?? null) : null
    const place = places.get(value) ?? places.size
    places.set(value, place)
    return place
  })
  return { segments: [...places.keys()], segmentOf: (ordinal: number) => of[ordinal] ?? 0 }
}

function countedBy(column: MeasureColumn, segments: number, segmentOf: (ordinal: number) => number) {
  const ofKind = changeKinds.map(() =>
    Array.from({ length: segments }, () => ({ ordinals: [] as number[], templates: [] as number[] })),
  )
  const measured = Array.from({ length: segments }, (): number[] => [])
  for (let place = 0; place < column.ordinal.length; place++) {
    if (column.absent[place] !== present) continue
    const ordinal = column.ordinal[place] ?? 0
    const segment = segmentOf(ordinal)
    measured[segment]?.push(ordinal)
    const into = ofKind[tellingKind(column.candidate[place] ?? 0)]?.[segment]
    into?.ordinals.push(ordinal)
    into?.templates.push(column.candidateWeight[place] ?? 0)
  }
  return { ofKind, measured }
}
