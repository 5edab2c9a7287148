// Two directions of one change, counted apart.

import { expect, it } from 'vitest'
import { directionsOf } from '../../../src/score/changes/directions.ts'
import { changeKinds } from '../../../src/score/changes/kinds.ts'
import { columnsOf, row } from '../calls.ts'

const bit = (name: string) => 1 << (changeKinds.find((each) => each.name === name)?.bit ?? 0)

it('counts there and back, whatever else happened to a pair, and leaves out what has no answer', () => {
  const refusedAndShort = bit('newly-refused') | bit('collapsed')
  const masks = [refusedAndShort, bit('newly-refused'), bit('no-longer-refused'), 0]
  const rows = [
    ...masks.map((candidate, ordinal) => row('change', { ordinal, candidate })),
    row('change', { ordinal: 9, absent: 'no-reply' }),
    row('change', { ordinal: 0, comparison: 'noise', candidate: bit('no-longer-refused') }),
  ]
  expect(directionsOf(columnsOf(rows)).map(({ kind, candidate, noise }) => [kind, candidate, noise])).toEqual([
    ['newly-refused', { there: 2, back: 1, of: 4 }, { there: 0, back: 1, of: 1 }],
    ['collapsed', { there: 1, back: 0, of: 4 }, { there: 0, back: 0, of: 1 }],
  ])
})

it('has none where nothing was measured', () => expect(directionsOf([])).toEqual([]))
