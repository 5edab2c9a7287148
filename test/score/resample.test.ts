// Drawing pairs again: what belongs together stays together, arms change places whole, and planted regressions are what they say.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { lowered, scaled, shifted, unanswered } from '../../src/score/plant.ts'
import { type Drawn, draw, isPresent, poolOf } from '../../src/score/resample.ts'
import { columnsOf } from './calls.ts'
import { type Layout, partsOf } from './tables.ts'

const size = 200
const numbers = Array.from({ length: size }, (_, index) => index)

/** Pairs whose numbers tell where they come from: production 1000 + place, candidate 2000 + place. */
const layout: Layout = {
  clusters: numbers.map((index) => (index < 100 ? `c${index >> 2}` : null)),
  segments: numbers.map((index) => ({ parity: index % 2 === 0 ? 'even' : 'odd' })),
  measured: [
    { metric: 'answered', production: numbers.map(() => 1), candidate: numbers.map(() => 1) },
    { metric: 'latency', production: numbers.map((n) => 1000 + n), candidate: numbers.map((n) => 2000 + n) },
    { metric: 'refused', production: numbers.map(() => 0), candidate: numbers.map(() => 0) },
    {
      metric: 'cache-hit-rate',
      production: numbers.map(() => 50),
      productionWeight: numbers.map(() => 100),
      candidate: numbers.map((n) => (n === 7 ? null : 50)),
      candidateWeight: numbers.map(() => 100),
    },
  ],
}

const metrics = ['answered', 'latency', 'refused', 'cache-hit-rate']

function pool(parts: Layout = layout) {
  const { records, rows } = partsOf(parts)
  const sentAt = Float64Array.from(records, (_, index) => 5000 + index)
  return poolOf({ records, measures: columnsOf(rows), sentAt }, { comparison: 'candidate', metrics })
}

function column(drawn: Drawn, metric: string) {
  const found = drawn.measures.find((each) => each.metric === metric)
  if (!found) throw new Error(`no ${metric}`)
  return found
}

const sample = (swap: () => boolean, seed = 1, pairs = 1000) => draw(pool(), pairs, seededBy(seed, 'test'), swap)
const keep = () => false

describe('a drawn sample', () => {
  it('is as large as asked, in the order of its own, with each number from one place', () => {
    const drawn = sample(keep)
    expect(drawn.records).toHaveLength(1000)
    const { ordinal, production, candidate } = column(drawn, 'latency')
    expect([...ordinal]).toEqual(Array.from({ length: 1000 }, (_, index) => index))
    for (const [index, value] of candidate.entries()) {
      const place = (production[index] ?? 0) - 1000
      expect(value).toBe(2000 + place)
      expect(drawn.records[index]?.segments).toEqual({ parity: place % 2 === 0 ? 'even' : 'odd' })
      expect(drawn.sentAt?.[index]).toBe(5000 + place)
      expect(isPresent(column(drawn, 'cache-hit-rate'), index)).toBe(place !== 7)
    }
  })
  it('keeps conversations whole, and one that is drawn twice is two', () => {
    const drawn = sample(keep)
    const clusters = Map.groupBy(
      drawn.records.map(({ cluster, id }) => ({ cluster, id })).filter(({ cluster }) => cluster !== null),
      ({ cluster }) => cluster,
    )
    const sizes = [...clusters.values()].map(({ length }) => length)
    // The last one may be cut, where the sample is full.
    expect(sizes.slice(0, -1).every((length) => length === 4)).toBe(true)
    expect(sizes.length).toBeGreaterThan(25)
  })
  it('is the same by the same seed, and another by another', () => {
    const of = (seed: number) => [...column(sample(keep, seed), 'latency').production]
    expect(of(3)).toEqual(of(3))
    expect(of(3)).not.toEqual(of(4))
  })
  it('changes the places of both arms whole', () => {
    const { production, candidate } = column(
      sample(() => true),
      'latency',
    )
    expect(production.every((value, index) => value >= 2000 && (candidate[index] ?? 0) < 2000)).toBe(true)
  })
  it('draws no pair that was excluded', () => {
    const { records, rows } = partsOf(layout)
    const measures = columnsOf(
      rows.map((each) => (each.ordinal < 150 ? { ...each, absent: 'excluded' as const } : each)),
    )
    const own = poolOf({ records, measures, sentAt: null }, { comparison: 'candidate', metrics })
    expect([own.records.length, own.sentAt]).toEqual([50, null])
  })
})

describe('planted', () => {
  const planted = (plant: ReturnType<typeof scaled>) => {
    const drawn = sample(keep, 1, 4000)
    plant(drawn, seededBy(2, 'plant'))
    return drawn
  }
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
  const near = (share: number) => 4 * Math.sqrt((share * (1 - share)) / 4000)

  it('a factor is on the candidate alone', () => {
    const { production, candidate } = column(planted(scaled(['latency'], 1.5)), 'latency')
    for (const [index, value] of candidate.entries()) expect(value).toBe(1.5 * (1000 + (production[index] ?? 0)))
  })
  it('in a segment, on its records alone', () => {
    const drawn = planted(scaled(['latency'], 2, { key: 'parity', value: 'odd' }))
    for (const [index, value] of column(drawn, 'latency').candidate.entries())
      expect(value > 4000).toBe(drawn.records[index]?.segments['parity'] === 'odd')
  })
  it('a share of calls without an answer is infinitely slow, and nothing else is known of them', () => {
    const drawn = planted(unanswered(0.1))
    const lost = [...column(drawn, 'answered').candidate.keys()].filter(
      (index) => column(drawn, 'answered').candidate[index] === 0,
    )
    expect(Math.abs(lost.length / 4000 - 0.1)).toBeLessThan(near(0.1))
    for (const index of lost) {
      expect(column(drawn, 'latency').candidate[index]).toBe(Infinity)
      expect(isPresent(column(drawn, 'refused'), index)).toBe(false)
    }
  })
  it('points of a share go to the worse side, or to the other where there is no room', () => {
    const more = column(planted(shifted({ name: 'refused', better: 'lower' }, 0.05)), 'refused')
    expect(Math.abs(meanOf(more.candidate) - 0.05)).toBeLessThan(near(0.05))
    expect(meanOf(more.production)).toBe(0)
    const none = column(planted(shifted({ name: 'refused', better: 'higher' }, 0.05)), 'refused')
    expect(meanOf(none.candidate)).toBe(0)
    const turned = column(planted(shifted({ name: 'refused', better: 'higher' }, 0.05, true)), 'refused')
    expect(meanOf(turned.candidate)).toBeGreaterThan(0)
  })
  it('points of a rate come off its part, not its whole', () => {
    const { candidate, candidateWeight, absent } = column(planted(lowered('cache-hit-rate', 0.1)), 'cache-hit-rate')
    const there = [...candidate.keys()].filter((index) => absent[index] === 255)
    for (const index of there) expect([candidate[index], candidateWeight[index]]).toEqual([expect.closeTo(40, 9), 100])
  })
})
