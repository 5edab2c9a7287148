// Accepted changes in the measures: which numbers become which, and which stay.

import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../../src/core/types.ts'
import { acceptChanges } from '../../../src/score/changes/accept.ts'
import { isExcused } from '../../../src/score/changes/excuses.ts'
import { type ChangeKindName, changeKinds } from '../../../src/score/changes/kinds.ts'
import { metrics } from '../../../src/score/metrics/index.ts'
import { columnsOf } from '../calls.ts'
import { type Measured, partsOf } from '../tables.ts'

const bitOf = (kind: ChangeKindName | null) => 1 << (changeKinds.find(({ name }) => name === kind)?.bit ?? 31)
const masks = (kinds: readonly (ChangeKindName | null)[]) => kinds.map((kind) => (kind === null ? 0 : bitOf(kind)))

function accepting(accepted: readonly number[], measured: readonly Measured[], segments?: readonly string[]) {
  const { records, rows } = partsOf({ measured, ...(segments && { segments: segments.map((s) => ({ s })) }) })
  const how = { records, metrics, segmentKey: 's', isAccepted: (place: number) => accepted.includes(place) }
  const { measures, placesOf } = acceptChanges(columnsOf(rows), how)
  return {
    placesOf,
    candidate: (metric: string, comparison: Comparison = 'candidate') =>
      Array.from(measures.find((each) => each.metric === metric && each.comparison === comparison)?.candidate ?? []),
  }
}

describe('in a metric of both arms', () => {
  const refusals = (kinds: readonly (ChangeKindName | null)[]): Measured[] => [
    { metric: 'change', candidate: masks(kinds) },
    {
      metric: 'refused',
      production: kinds.map((kind) => (kind === 'no-longer-refused' ? 1 : 0)),
      candidate: kinds.map((kind) => (kind === 'newly-refused' ? 1 : 0)),
    },
    { metric: 'finished', production: kinds.map(() => 1), candidate: kinds.map(() => 0) },
  ]
  const kinds = ['newly-refused', 'newly-refused', 'no-longer-refused', 'no-longer-refused', null] as const
  it.each<[string, readonly number[], readonly number[]]>([
    ['an accepted pair says what production’s does, and so does one of the mirror kind', [0], [0, 1, 1, 0, 0]],
    ['of the mirror as many as were accepted', [0, 1], [0, 0, 1, 1, 0]],
    ['what is graver is taken off by nobody but a person', [2, 3], [1, 1, 1, 1, 0]],
    ['what was accepted of the mirror is counted', [0, 2], [0, 1, 1, 0, 0]],
    ['nothing is as it was', [], [1, 1, 0, 0, 0]],
  ])('%s', (_, accepted, refused) => {
    const { candidate, placesOf } = accepting(accepted, refusals(kinds))
    expect(candidate('refused')).toEqual(refused)
    expect(candidate('finished'), 'what the kind does not excuse').toEqual([0, 0, 0, 0, 0])
    expect(placesOf.get('refused') ?? []).toEqual(accepted)
  })
  it('the mirror is of the same segment', () => {
    const { candidate } = accepting([0], refusals(['newly-refused', null, 'no-longer-refused']), ['a', 'a', 'b'])
    expect(candidate('refused')).toEqual([0, 0, 0])
  })
})

describe('in a metric over the noise floor', () => {
  const likeness = (comparison: Comparison, candidate: readonly number[]): Measured => ({
    metric: 'text-similarity',
    comparison,
    candidate,
  })
  const measured: readonly Measured[] = [
    { metric: 'change', candidate: masks(['collapsed', null, 'rewritten', 'collapsed']) },
    { metric: 'change', comparison: 'noise', candidate: masks([null, 'collapsed', null, null]) },
    likeness('candidate', [0.1, 1, 0.3, 0.1]),
    likeness('noise', [0.9, 0.2, 0.8, 0.7]),
    likeness('cross', [0.1, 0.2, 0.4, 0.1]),
    likeness('cross-candidate', [0.1, 0.1, 0.3, 0.1]),
    likeness('cross-both', [0.1, 0.5, 0.3, 0.1]),
    likeness('candidate-noise', [1, 0.1, 0.9, 1]),
  ]
  const { candidate, placesOf } = accepting([0], measured, ['a', 'a', 'a', 'b'])
  const of = (place: number) =>
    (['candidate', 'noise', 'cross', 'cross-candidate', 'cross-both', 'candidate-noise'] as const).map(
      (comparison) => candidate('text-similarity', comparison)[place],
    )
  it('an accepted pair is as alike as production is to itself', () => {
    expect(of(0)).toEqual([0.9, 0.9, 0.9, 0.9, 0.9, 0.9])
    expect(placesOf.get('text-similarity')).toEqual([0])
  })
  it('a pair of the kind between production and itself counts as unchanged, and what else changed in it stays', () => {
    expect(of(1)).toEqual([1, 1, 1, 1, 1, 1])
  })
  it('another change beside it stays, by the candidate’s first answer', () => {
    expect(of(2)).toEqual([0.3, 0.8, 0.4, 0.3, 0.4, 0.9])
  })
  it('another segment is as it was', () => {
    expect(of(3)).toEqual([0.1, 0.7, 0.1, 0.1, 0.1, 1])
  })
})

it.each([
  'answered',
  'latency',
  'ttft',
  'output-tokens',
  'total-tokens',
  'cost',
  'cache-hit-rate',
  'assert-polite',
  'judge',
])('no kind excuses %s', (metric) => {
  expect(changeKinds.filter(({ name }) => isExcused(metric, name))).toEqual([])
})
