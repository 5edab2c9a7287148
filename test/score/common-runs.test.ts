// The common runs of two sequences are those that the library `diff` finds, to the last one.

import { diffArrays } from 'diff'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CommonRun, commonRuns } from '../../src/score/common-runs.ts'

/** What the library finds, as runs. */
function runsOfLibrary(a: readonly number[], b: readonly number[], maxEditLength: number): CommonRun[] | null {
  const changes = diffArrays([...a], [...b], { maxEditLength })
  if (changes === undefined) return null
  const runs: CommonRun[] = []
  let [atA, atB] = [0, 0]
  for (const { added, removed, count } of changes) {
    if (!added && !removed && count > 0) runs.push({ a: atA, b: atB, count })
    if (!added) atA += count
    if (!removed) atB += count
  }
  return runs
}

describe('commonRuns', () => {
  test.each<[string, number[], number[], CommonRun[]]>([
    ['nothing and nothing', [], [], []],
    ['something and nothing', [1, 2], [], []],
    ['the same', [1, 2, 3], [1, 2, 3], [{ a: 0, b: 0, count: 3 }]],
    ['nothing in common', [1, 2], [3, 4], []],
    ['one in the middle', [1, 2, 3], [4, 2, 5], [{ a: 1, b: 1, count: 1 }]],
    [
      'one more',
      [1, 3],
      [1, 2, 3],
      [
        { a: 0, b: 0, count: 1 },
        { a: 1, b: 2, count: 1 },
      ],
    ],
    [
      'one less',
      [1, 2, 3],
      [1, 3],
      [
        { a: 0, b: 0, count: 1 },
        { a: 2, b: 1, count: 1 },
      ],
    ],
  ])('%s', (_, a, b, expected) => {
    expect(commonRuns(a, b, 100)).toEqual(expected)
  })

  test.each([1, 2, 3, 8])('are those of the library, over an alphabet of %i', (letters) => {
    const sequence = fc.array(fc.integer({ min: 1, max: letters }), { maxLength: 40 })
    fc.assert(
      fc.property(sequence, sequence, fc.integer({ min: 0, max: 90 }), (a, b, maxEdits) => {
        expect(commonRuns(a, b, maxEdits)).toEqual(runsOfLibrary(a, b, maxEdits))
      }),
      { numRuns: 2000 },
    )
  })

  test('are none beyond the edits that are allowed, and all within', () => {
    const [a, b] = [
      [1, 2, 3, 4],
      [1, 9, 3, 8],
    ]
    expect(commonRuns(a, b, 3)).toBeNull()
    expect(commonRuns(a, b, 4)).toEqual([
      { a: 0, b: 0, count: 1 },
      { a: 2, b: 2, count: 1 },
    ])
  })
})
