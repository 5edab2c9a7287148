// Samples: stable, stratified in every prefix, conversations whole, only what may vote.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fidelity } from '../../src/core/types.ts'
import { type Candidate, drawSample, isRecurrence, type SampleOptions } from '../../src/sample/sample.ts'

const fidelities: readonly Fidelity[] = ['full', 'full', 'full', 'truncated', 'redacted', 'metadata-only']

/** Records with unique ids, some of them recurrences, in a few conversations and strata. */
const records = fc
  .array(
    fc.record({
      hex: fc.integer({ min: 0, max: 0xffffff }),
      recurs: fc.boolean(),
      api: fc.constantFrom('openai-chat', 'openai-chat', 'openai-chat', 'ollama'),
      cluster: fc.option(fc.integer({ min: 0, max: 12 }), { freq: 2 }),
      route: fc.constantFrom('chat', 'search', 'mail'),
      fidelity: fc.constantFrom(...fidelities),
      minute: fc.option(fc.integer({ min: 0, max: 59 })),
    }),
    { maxLength: 60 },
  )
  .map((drawn) => {
    const unique = new Map<string, Candidate>()
    for (const each of drawn) {
      const id = each.hex.toString(16).padStart(6, '0') + (each.recurs ? '-1' : '')
      unique.set(id, {
        id,
        api: each.api,
        cluster: each.cluster === null ? null : `c${each.cluster}`,
        segments: { route: each.route },
        fidelity: each.fidelity,
        capturedAt: each.minute === null ? null : new Date(Date.UTC(2026, 0, 1, 0, each.minute)).toISOString(),
      })
    }
    return [...unique.values()]
  })

const options = fc.record({
  size: fc.integer({ min: 0, max: 80 }),
  seed: fc.integer(),
  stratify: fc.constantFrom([], ['route'], ['route', 'absent']),
  duplicates: fc.constantFrom('drop' as const, 'keep' as const),
  api: fc.constant('openai-chat'),
})

function candidate(id: string, changes: Partial<Candidate> = {}): Candidate {
  return { id, api: 'openai-chat', cluster: null, segments: {}, fidelity: 'full', capturedAt: null, ...changes }
}

const plain: SampleOptions = { size: 1000, seed: 1, stratify: [], duplicates: 'drop', api: 'openai-chat' }
const many = (count: number, changes: (index: number) => Partial<Candidate> = () => ({})) =>
  Array.from({ length: count }, (_, index) => candidate(`r${index}`, changes(index)))

describe('drawSample', () => {
  test('is a stable function of seed and records, whatever order they come in', () => {
    fc.assert(
      fc.property(records, options, fc.infiniteStream(fc.nat()), (drawn, wanted, ranks) => {
        const stirred = drawn
          .map((record) => ({ record, rank: ranks.next().value ?? 0 }))
          .toSorted((a, b) => a.rank - b.rank)
          .map(({ record }) => record)
        expect(drawSample(stirred, wanted)).toEqual(drawSample(drawn, wanted))
      }),
    )
  })

  test('is never larger than asked for, holds nothing twice, and accounts for every record', () => {
    fc.assert(
      fc.property(records, options, (drawn, wanted) => {
        const { ids, leftOut } = drawSample(drawn, wanted)
        expect(ids.length).toBeLessThanOrEqual(wanted.size)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.length + leftOut.duplicate + leftOut.fidelity + leftOut.api + leftOut.size).toBe(drawn.length)
      }),
    )
  })

  test('takes only records of full fidelity, and recurrences only where they are kept', () => {
    fc.assert(
      fc.property(records, options, (drawn, wanted) => {
        const byId = new Map(drawn.map((record) => [record.id, record]))
        const { ids } = drawSample(drawn, wanted)
        expect(ids.every((id) => byId.get(id)?.fidelity === 'full')).toBe(true)
        if (wanted.duplicates === 'drop') expect(ids.some(isRecurrence)).toBe(false)
      }),
    )
  })

  test('takes everything that may vote where there is room for all', () => {
    fc.assert(
      fc.property(records, options, (drawn, wanted) => {
        const { ids } = drawSample(drawn, { ...wanted, size: drawn.length })
        const expected = drawn.filter(
          ({ id, fidelity, api }) =>
            fidelity === 'full' && api === wanted.api && (wanted.duplicates === 'keep' || !isRecurrence(id)),
        )
        expect(ids.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
      }),
    )
  })

  test('takes conversations whole, together, in the order of their turns', () => {
    fc.assert(
      fc.property(records, options, (drawn, wanted) => {
        const { ids } = drawSample(drawn, wanted)
        const byId = new Map(drawn.map((record) => [record.id, record]))
        const places = Map.groupBy(ids.entries(), ([, id]) => byId.get(id)?.cluster ?? `alone ${id}`)
        for (const [cluster, turns] of places) {
          const at = turns.map(([place]) => place)
          expect(at).toEqual(at.map((_, index) => (at[0] ?? 0) + index))
          const times = turns.map(([, id]) => byId.get(id)?.capturedAt ?? '')
          expect(times).toEqual(times.toSorted())
          const whole = drawn.filter(
            (record) =>
              record.cluster === cluster &&
              record.fidelity === 'full' &&
              record.api === wanted.api &&
              (wanted.duplicates === 'keep' || !isRecurrence(record.id)),
          )
          const isLast = turns.at(-1)?.[0] === ids.length - 1
          // Of a conversation of more than twenty turns a part is drawn where room is short.
          if (!cluster.startsWith('alone ') && !isLast && whole.length <= 20) expect(turns.length).toBe(whole.length)
        }
      }),
    )
  })

  test('of a user who would fill the sample, a seeded part is drawn, in order; nobody is left out for being busy', () => {
    const busy = Array.from({ length: 3000 }, (_, turn) =>
      candidate(`busy${String(turn).padStart(4, '0')}`, { cluster: 'busy' }),
    )
    const others = Array.from({ length: 1000 }, (_, index) => candidate(`other${index}`))
    const { ids } = drawSample([...busy, ...others], { ...plain, size: 1000 })
    const ofBusy = ids.filter((id) => id.startsWith('busy'))
    expect(ids).toHaveLength(1000)
    expect(ofBusy.length).toBeLessThanOrEqual(50)
    expect(ofBusy).toEqual(ofBusy.toSorted())
    expect(drawSample(busy, { ...plain, size: 1000 }).ids).toHaveLength(50)
    expect(drawSample(busy, { ...plain, size: 3000 }).ids, 'with room for all').toHaveLength(3000)
  })

  test('holds each stratum in its share in every prefix', () => {
    const share = { chat: 0.7, search: 0.2, mail: 0.1 }
    const routeOf = (index: number) => (index % 10 < 7 ? 'chat' : index % 10 < 9 ? 'search' : 'mail')
    const drawn = many(400, (index) => ({ segments: { route: routeOf(index) } }))
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { ids } = drawSample(drawn, { ...plain, seed, stratify: ['route'] })
        const seen = { chat: 0, search: 0, mail: 0 }
        for (const [index, id] of ids.entries()) {
          seen[routeOf(Number(id.slice(1)))] += 1
          for (const route of ['chat', 'search', 'mail'] as const) {
            // Each stratum is within one of its even place, and the prefix's end within one for each stratum.
            const bound = 1 + 3 * share[route]
            expect(Math.abs(seen[route] - (index + 1) * share[route])).toBeLessThanOrEqual(bound)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test('a smaller sample opens the larger one, where records stand alone', () => {
    const drawn = many(200, (index) => ({ segments: { route: index % 3 === 0 ? 'a' : 'b' } }))
    const all = drawSample(drawn, { ...plain, stratify: ['route'] }).ids
    for (const size of [1, 17, 100, 199]) {
      expect(drawSample(drawn, { ...plain, size, stratify: ['route'] }).ids).toEqual(all.slice(0, size))
    }
  })

  const hashed = Array.from({ length: 100 }, (_, index) =>
    candidate(createHash('sha256').update(String(index)).digest('hex').slice(0, 24)),
  )
  const draws = Array.from({ length: 400 }, (_, seed) => drawSample(hashed, { ...plain, size: 20, seed }).ids)

  test('draws each record about equally often over many seeds', () => {
    const counts = new Map<string, number>()
    for (const id of draws.flat()) counts.set(id, (counts.get(id) ?? 0) + 1)
    // Binomial(400, 0.2): mean 80, sd 8; five of them.
    for (const { id } of hashed) expect(Math.abs((counts.get(id) ?? 0) - 80)).toBeLessThan(40)
  })

  // Known: FNV-1a alone mixes too little (core/random.ts), so that some seeds draw the same. Make it `test` once mended.
  test('another seed draws another sample', () => {
    expect(new Set(draws.map((ids) => ids.join())).size).toBe(draws.length)
  })

  test.each([
    ['nothing at all', [], { ids: [], leftOut: { duplicate: 0, fidelity: 0, api: 0, size: 0 } }],
    [
      'the last conversation is cut where the sample is full, from its first turn on',
      Array.from({ length: 5 }, (_, turn) => candidate(`long${turn}`, { cluster: 'long' })),
      { ids: ['long0', 'long1', 'long2', 'long3'], leftOut: { duplicate: 0, fidelity: 0, api: 0, size: 1 } },
    ],
    [
      'a recurrence that cannot vote counts as incomplete, not as recurring',
      [candidate('a-1', { fidelity: 'redacted' })],
      { ids: [], leftOut: { duplicate: 0, fidelity: 1, api: 0, size: 0 } },
    ],
    [
      'turns without a time come in the order of their ids',
      [candidate('b', { cluster: 'c' }), candidate('a', { cluster: 'c' })],
      { ids: ['a', 'b'], leftOut: { duplicate: 0, fidelity: 0, api: 0, size: 0 } },
    ],
  ])('%s', (_why, drawn, expected) => {
    expect(drawSample(drawn, { ...plain, size: 4 })).toEqual(expected)
  })
})
