// What users had thought of the recorded answers, beside what changed.

import { expect, it } from 'vitest'
import { opinionChanges } from '../../../src/score/changes/opinions.ts'
import { columnsOf, row } from '../calls.ts'

const rows = [
  ...[8, 0, 1, 0].map((candidate, ordinal) => row('change', { ordinal, candidate })),
  row('change', { ordinal: 4, absent: 'no-reply' }),
  row('change', { ordinal: 0, comparison: 'noise', candidate: 0 }),
]
const opinions = new Map([
  [0, 'liked'],
  [1, 'liked'],
  [2, 'disliked'],
  [4, 'disliked'],
] as const)

it('counts changes among what was liked and what was not, in both arms, and leaves out what has no answer', () => {
  expect(opinionChanges(columnsOf(rows), opinions)).toEqual({
    liked: { candidate: { changed: 1, of: 2 }, noise: { changed: 0, of: 1 } },
    disliked: { candidate: { changed: 1, of: 1 }, noise: { changed: 0, of: 0 } },
  })
})

it('says nothing where no user did, or nothing was measured', () => {
  expect([opinionChanges(columnsOf(rows), new Map()), opinionChanges([], opinions)]).toEqual([null, null])
})
