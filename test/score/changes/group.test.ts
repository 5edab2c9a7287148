// Changes → clusters: which stand apart, in what order, how they are named, and that their ids last.

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { ChangeCluster } from '../../../src/core/changes.ts'
import type { MeasureRow } from '../../../src/core/types.ts'
import { groupChanges } from '../../../src/score/changes/group.ts'
import { type ChangeKindName, changeKinds } from '../../../src/score/changes/kinds.ts'
import { columnsOf, row } from '../calls.ts'

interface Changed {
  readonly id: string
  readonly task?: string
  /** null: nothing changed. */
  readonly kind: ChangeKindName | null
  readonly template?: number
  /** The kind of production's second answer; undefined where it was asked once. */
  readonly noise?: ChangeKindName | null
  readonly tokens?: number
  readonly conversation?: string
}

function maskOf(name: ChangeKindName | null): number {
  const kind = changeKinds.find((each) => each.name === name)
  return kind === undefined ? 0 : 1 << kind.bit
}

function grouped(changed: readonly Changed[], segmentKey: string | null = 'task') {
  const rows = changed.flatMap(({ kind, template, noise, tokens }, ordinal): MeasureRow[] => [
    row('change', { ordinal, candidate: maskOf(kind), candidateWeight: template ?? null }),
    ...(noise === undefined ? [] : [row('change', { ordinal, comparison: 'noise', candidate: maskOf(noise) })]),
    row('output-tokens', { ordinal, production: 100, candidate: tokens ?? 100 }),
    row('latency', { ordinal, production: 1000, candidate: 2500 }),
  ])
  const records = changed.map(({ id, task, conversation = null }) => ({
    id,
    cluster: conversation,
    segments: task === undefined ? {} : { task },
  }))
  return groupChanges({ measures: columnsOf(rows), records, segmentKey, opinions: new Map(), judge: null })
}

function clustersOf(changed: readonly Changed[], segmentKey: string | null = 'task'): readonly ChangeCluster[] {
  return grouped(changed, segmentKey)?.changes.clusters ?? []
}

/** So many records of one task, alike. */
function alike(count: number, task: string, parts: Omit<Changed, 'id' | 'task'>): Changed[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${task}-${parts.kind}-${parts.template ?? 0}-${String(index).padStart(4, '0')}`,
    task,
    ...parts,
  }))
}

const told = (clusters: readonly ChangeCluster[]) =>
  clusters.map(({ kind, segment, pairs, of, isBeyondNoise }) => [
    kind,
    segment?.value ?? null,
    pairs,
    of,
    isBeyondNoise,
  ])

describe('clusters', () => {
  it('are a kind in a segment, worst first, with noise last', () => {
    const clusters = clustersOf([
      ...alike(40, 'code', { kind: 'fenced', template: 5, noise: null }),
      ...alike(10, 'code', { kind: null, noise: 'reworded' }),
      ...alike(50, 'chat', { kind: 'reworded', noise: 'reworded' }),
      ...alike(16, 'sensitive', { kind: 'newly-refused', template: 6, noise: null }),
      ...alike(34, 'sensitive', { kind: null, noise: null }),
    ])
    expect(told(clusters)).toEqual([
      ['fenced', 'code', 40, 50, true],
      ['newly-refused', 'sensitive', 16, 50, true],
      ['reworded', null, 50, 150, false],
    ])
    expect(clusters[0]).toMatchObject({ noise: { pairs: 0, of: 50 }, mirror: { pairs: 0 }, latencyRatio: 2.5 })
  })

  it('need no noise floor where all go one way', () => {
    expect(told(clustersOf(alike(16, 'a', { kind: 'newly-refused' })))).toEqual([['newly-refused', 'a', 16, 16, true]])
  })

  it('are unknown where nothing can tell', () => {
    expect(told(clustersOf(alike(9, 'a', { kind: 'rewritten' })))).toEqual([['rewritten', 'a', 9, 9, null]])
  })

  it('are none beyond noise where as many go back', () => {
    const both = [...alike(30, 'a', { kind: 'collapsed' }), ...alike(30, 'a', { kind: 'grown' })]
    expect(clustersOf(both).map(({ isBeyondNoise }) => isBeyondNoise)).toEqual([false, false])
  })

  it('are cut by a template that a good part shares; little that is left goes with the largest', () => {
    const of = (...sizes: readonly number[]) =>
      clustersOf(
        sizes.flatMap((size, index) =>
          alike(size, 'a', { kind: 'collapsed', template: index === sizes.length - 1 ? 0 : index + 1, noise: null }),
        ),
      ).map(({ template, pairs }) => [template, pairs])
    expect(of(60, 40, 0)).toEqual([
      ['000000000001', 60],
      ['000000000002', 40],
    ])
    expect(of(90, 10)).toEqual([['000000000001', 100]])
    expect(of(60, 40)).toEqual([
      ['000000000001', 60],
      [null, 40],
    ])
    expect(of(100)).toEqual([[null, 100]])
  })

  it('hold each pair that changed, once', () => {
    const changed = [
      ...alike(60, 'a', { kind: 'collapsed', template: 1, noise: null }),
      ...alike(40, 'a', { kind: 'collapsed', template: 2, noise: null }),
      ...alike(3, 'b', { kind: 'collapsed', noise: null }),
      ...alike(7, 'b', { kind: 'cut', noise: null }),
      ...alike(5, 'b', { kind: null, noise: null }),
    ]
    const found = grouped(changed)
    const sizes = Map.groupBy(found?.clusterOf ?? [], ([, id]) => id)
    expect(found?.changes.clusters.map(({ id, pairs }) => [id, pairs])).toEqual(
      found?.changes.clusters.map(({ id }) => [id, sizes.get(id)?.length]),
    )
    expect(found?.clusterOf.size).toBe(110)
    expect([...(found?.clusterOf.keys() ?? [])].some((ordinal) => changed[ordinal]?.kind === null)).toBe(false)
  })

  it('of small segments are looked at together, and so is a kind that is everywhere', () => {
    const small = Array.from({ length: 20 }, (_, index) => alike(3, `t${index}`, { kind: 'cut', noise: null })).flat()
    expect(told(clustersOf(small))).toEqual([['cut', null, 60, 60, true]])
    const wide = Array.from({ length: 9 }, (_, index) => alike(40, `t${index}`, { kind: 'cut', noise: null })).flat()
    expect(told(clustersOf(wide))).toEqual([['cut', null, 360, 360, true]])
  })

  it('are told by the pair of most ordinary length', () => {
    const lengths = [3, 9, 90, 4, 8].map((tokens, index) => ({ id: `r${index}`, kind: 'collapsed', tokens }) as const)
    expect(clustersOf(lengths, null)[0]).toMatchObject({
      example: { ordinal: 4, recordId: 'r4' },
      lengths: { unit: 'tokens', before: 100, after: 8 },
    })
  })

  it('count the turns of a conversation, which change together, for no more than they are', () => {
    const turns = (isTold: boolean) =>
      Array.from({ length: 120 }, (_, place): Changed => {
        const conversation = Math.floor(place / 10)
        const own = isTold ? { conversation: `c-${conversation}` } : {}
        return { id: `r${place}`, kind: conversation < 2 ? 'fenced' : null, noise: null, ...own }
      })
    const [alone] = clustersOf(turns(false))
    const [together] = clustersOf(turns(true))
    expect([alone?.pairs, alone?.isBeyondNoise]).toEqual([20, true])
    expect([together?.pairs, together?.isBeyondNoise, together?.id]).toEqual([20, false, alone?.id])
  })
  it('are none of a run that was not measured for changes', () => {
    expect(groupChanges({ measures: [], records: [], segmentKey: null, opinions: new Map(), judge: null })).toBeNull()
  })
})

const records = fc.array(
  fc.record({
    task: fc.constantFrom('a', 'b', undefined),
    kind: fc.constantFrom(null, 'collapsed', 'grown', 'newly-refused', 'fenced', 'value', 'rewritten', 'reworded'),
    template: fc.constantFrom(0, 1, 2),
    noise: fc.constantFrom(undefined, null, 'reworded', 'rewritten'),
    tokens: fc.constantFrom(1, 2, 3),
  }),
  { maxLength: 120 },
)
const named = records.map((all) =>
  all.map(({ task, ...rest }, index): Changed => ({ id: `r${index}`, ...(task && { task }), ...rest }) as Changed),
)
/** What a permutation of the run must not change: all but where its records stand. */
const lasting = (clusters: readonly ChangeCluster[]) =>
  clusters.map(({ example, ...rest }) => ({ ...rest, example: example.recordId }))

test('every pair that changed is in exactly one cluster, and no other is', () => {
  fc.assert(
    fc.property(named, (all) => {
      const pairs = clustersOf(all).reduce((sum, each) => sum + each.pairs, 0)
      expect(pairs).toBe(all.filter(({ kind }) => kind !== null).length)
    }),
  )
})

test('no two clusters have one id', () => {
  fc.assert(
    fc.property(named, (all) => {
      const ids = clustersOf(all).map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('the order of the run has no part in them', () => {
  const shuffled = named.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
  )
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      expect(lasting(clustersOf(other))).toEqual(lasting(clustersOf(all)))
    }),
  )
})

test('ids last from night to night: other records, other counts, the same change', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 200 }),
      fc.integer({ min: 30, max: 200 }),
      fc.string(),
      (one, other, name) => {
        const night = (size: number, prefix: string) =>
          clustersOf(
            [
              ...alike(size, 'code', { kind: 'fenced', template: 5, noise: null }),
              ...alike(size + 7, 'prime', { kind: 'collapsed', template: 9, noise: null }),
            ].map((each) => ({ ...each, id: `${prefix}${each.id}` })),
          )
        const ids = (clusters: readonly ChangeCluster[]) => clusters.map(({ id }) => id).toSorted()
        expect(ids(night(other, name))).toEqual(ids(night(one, '')))
      },
    ),
    { numRuns: 20 },
  )
})

it('keeps the id that it gave: decisions are remembered by it', () => {
  const [first] = clustersOf([
    ...alike(40, 'code', { kind: 'fenced', template: 5, noise: null }),
    ...alike(40, 'chat', { kind: null, noise: null }),
  ])
  expect(first?.id).toMatchInlineSnapshot(`"6dc1ef01550b"`)
})

test('of two identical models hardly any run shows a change beyond noise', () => {
  let state = 7
  const next = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  const kinds = [
    'rewritten',
    'reworded',
    'collapsed',
    'grown',
    'newly-refused',
    'no-longer-refused',
    null,
    null,
  ] as const
  const drawn = () => kinds[Math.floor(next() * kinds.length)] ?? null
  const runs = Array.from({ length: 200 }, () =>
    Array.from({ length: 240 }, (_, index): Changed => {
      const own = { id: `r${index}`, task: ['a', 'b', 'c'][index % 3] ?? 'a', kind: drawn() }
      return index % 3 === 0 || index % 5 === 0 ? { ...own, noise: drawn() } : own
    }),
  )
  const alarms = runs.filter((run) => clustersOf(run).some(({ isBeyondNoise }) => isBeyondNoise !== false)).length
  // 5 % of 200 at most, and twice their standard error.
  expect(alarms).toBeLessThanOrEqual(16)
})
