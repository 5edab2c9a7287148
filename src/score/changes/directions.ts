// The kinds of change that have two directions, counted both ways and apart: an exchange is not the same as no change.

import type { ChangeDirection, Ways } from '../../core/changes.ts'
import { type Comparison, type MeasureColumn, present } from '../../core/types.ts'
import { change } from '../metrics/change.ts'
import { changeKinds } from './kinds.ts'

/** Those that at least one pair of the candidate went. */
export function directionsOf(measures: readonly MeasureColumn[]): ChangeDirection[] {
  const of = (comparison: Comparison) =>
    measures.find((each) => each.metric === change.name && each.comparison === comparison)
  const [candidate, noise] = [of('candidate'), of('noise')]
  if (candidate === undefined) return []
  return changeKinds.flatMap(({ name, words, mirror, isBack, bit }) => {
    const twin = changeKinds.find((each) => each.name === mirror)
    if (isBack || twin === undefined) return []
    const ways = (column: MeasureColumn) => waysOf(column, bit, twin.bit)
    const own = ways(candidate)
    if (own.there + own.back === 0) return []
    return [{ there: words, back: twin.words, kind: name, candidate: own, noise: noise ? ways(noise) : null }]
  })
}

function waysOf({ absent, candidate }: MeasureColumn, there: number, back: number): Ways {
  const ways = { there: 0, back: 0, of: 0 }
  for (let place = 0; place < candidate.length; place++) {
    if (absent[place] !== present) continue
    const mask = candidate[place] ?? 0
    ways.of++
    if (mask & (1 << there)) ways.there++
    if (mask & (1 << back)) ways.back++
  }
  return ways
}
