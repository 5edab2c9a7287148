// Nights that are missing, by the rhythm of the others.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gapsOf } from '../../src/report/history/gaps.ts'
import { nightAt } from './fixture-nights.ts'

describe('gaps', () => {
  const nights = (...days: number[]) => days.map(nightAt)

  it.each([
    ['a night that is missing', [0, 1, 2, 3, 5, 6], 6.2, [[3, 5, 1]]],
    ['several on end', [0, 1, 2, 3, 7], 7.2, [[3, 7, 3]]],
    ['none, where each is a little late', [0, 1.2, 2.1, 3.3, 4.4], 4.5, []],
    ['those that should have been since the last', [0, 1, 2, 3], 6.1, [[3, 6.1, 2]]],
    ['none before the next is due', [0, 1, 2, 3], 4.4, []],
    ['none by second tries of a night', [0, 0.01, 1, 1.02, 2, 3, 4], 4.1, []],
    ['none without a rhythm', [0, 1, 9], 30, []],
  ])('are %s', (_, days, now, expected) => {
    expect(gapsOf(nights(...days), nightAt(now))).toEqual(
      expected.map(([after = 0, before = 0, missing]) => ({ after: nightAt(after), before: nightAt(before), missing })),
    )
  })

  it('of weekly nights count weeks', () => {
    expect(gapsOf(nights(0, 7, 14, 21, 35), nightAt(36))).toMatchObject([{ missing: 1 }])
  })

  it('never count more nights than there is time for', () => {
    const days = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 })
    fc.assert(
      fc.property(days, (given) => {
        const at = given.toSorted((a, b) => a - b).map(nightAt)
        for (const { after, before, missing } of gapsOf(at, nightAt(401))) {
          expect(missing).toBeGreaterThan(0)
          expect(missing * 3 * 3_600_000).toBeLessThan(Date.parse(before) - Date.parse(after))
        }
      }),
    )
  })
})
