// Nights: only what is new, and a cohort that no later record can move.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Arrival, drawNight, type NightOptions } from '../../src/sample/night.ts'
import { drawSample } from '../../src/sample/sample.ts'

const arrival = (id: string, drawnBefore: number, changes: Partial<Arrival> = {}): Arrival => {
  return {
    id,
    api: 'openai-chat',
    cluster: null,
    segments: {},
    fidelity: 'full',
    capturedAt: null,
    drawnBefore,
    ...changes,
  }
}
const came = (drawnBefore: number, count: number) =>
  Array.from({ length: count }, (_, index) => arrival(`n${drawnBefore}r${index}`, drawnBefore))

const plain: NightOptions = {
  size: 1000,
  seed: 1,
  stratify: [],
  duplicates: 'drop',
  api: 'openai-chat',
  since: null,
  cohort: 0,
}

/** Records of some nights, in conversations and not. */
const nights = fc
  .uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 0xffff }),
      night: fc.integer({ min: 0, max: 4 }),
      cluster: fc.option(fc.integer({ min: 0, max: 5 })),
      isFull: fc.boolean(),
    }),
    { selector: ({ id }) => id, maxLength: 60 },
  )
  .map((drawn) =>
    drawn.map(({ id, night, cluster, isFull }) =>
      arrival(id.toString(16), night, {
        cluster: cluster === null ? null : `c${cluster}`,
        fidelity: isFull ? 'full' : 'truncated',
      }),
    ),
  )

describe('a night', () => {
  test('of which everything is new is a sample as any other', () => {
    const records = [...came(0, 30), ...came(1, 30)]
    const options = { ...plain, size: 20 }
    expect(drawNight(records, options)).toEqual({ ...drawSample(records, options), fresh: 20 })
  })

  test('takes what came after the run that it goes on from', () => {
    const records = [...came(0, 30), ...came(1, 5), ...came(2, 4)]
    const { ids, fresh } = drawNight(records, { ...plain, since: 1 })
    expect(ids.toSorted()).toEqual([...came(1, 5), ...came(2, 4)].map(({ id }) => id).toSorted())
    expect(fresh).toBe(9)
  })

  test('on which nothing came has nothing fresh, whatever its cohort', () => {
    expect(drawNight(came(0, 30), { ...plain, since: 1 })).toMatchObject({ ids: [], fresh: 0 })
    expect(drawNight(came(0, 30), { ...plain, since: 1, cohort: 10 })).toMatchObject({ fresh: 0 })
    const unusable = arrival('late', 1, { fidelity: 'truncated' })
    expect(drawNight([...came(0, 30), unusable], { ...plain, since: 1, cohort: 10 })).toMatchObject({ fresh: 0 })
  })

  test('has its cohort beside what is new, and no more than its size', () => {
    const records = [...came(0, 30), ...came(1, 30)]
    const { ids, fresh, leftOut } = drawNight(records, { ...plain, size: 20, since: 1, cohort: 8 })
    expect(ids).toHaveLength(20)
    expect(ids.filter((id) => id.startsWith('n0'))).toHaveLength(8)
    expect([fresh, leftOut.size]).toEqual([12, 18])
    // Both are mixed, so that a prefix is a sample of both.
    expect(new Set(ids.slice(0, 10).map((id) => id.slice(0, 2)))).toEqual(new Set(['n0', 'n1']))
  })

  test('fills a cohort that the first night was too small for, and counts what fills it as new', () => {
    const first = drawNight(came(0, 3), { ...plain, cohort: 5 })
    const second = drawNight([...came(0, 3), ...came(1, 2)], { ...plain, since: 1, cohort: 5 })
    expect(second.ids).toEqual(expect.arrayContaining([...first.ids]))
    expect([second.ids.length, second.fresh]).toEqual([5, 2])
  })

  test('has the cohort of the night before, whatever came since, and in whatever order', () => {
    fc.assert(
      fc.property(nights, fc.integer(), fc.nat(20), fc.nat(), (records, seed, cohort, rotation) => {
        const members = (until: number, all: readonly Arrival[] = records) => {
          const known = all.filter(({ drawnBefore }) => drawnBefore < until)
          // Of nights that brought nothing only the cohort is left.
          return drawNight(known, { ...plain, seed, since: until, cohort }).ids
        }
        const at = records.length === 0 ? 0 : rotation % records.length
        const turned = [...records.slice(at), ...records.slice(0, at)]
        for (const night of [1, 2, 3, 4]) {
          const before = members(night)
          if (before.length === cohort) expect(members(night + 1).toSorted()).toEqual(before.toSorted())
          else expect(members(night + 1)).toEqual(expect.arrayContaining([...before]))
          expect(members(night, turned)).toEqual(before)
        }
      }),
    )
  })
})
