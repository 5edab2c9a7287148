// Pairs → rows: what each comparison measures, on which sides, and what does not vote.

import { describe, expect, it } from 'vitest'
import { exclusionOf, measurePair } from '../../src/score/measure.ts'
import { absent, type PairMetric, type SideMetric, value } from '../../src/score/metric.ts'
import { metrics } from '../../src/score/metrics/index.ts'
import { cancelled, noPrices, pair, rateLimited, rejected, replied, timedOut, usage } from './calls.ts'

const cached = replied({ usage: { ...usage, cachedInput: 60 } })

describe('a pair', () => {
  it('has one row for each metric, with its version', () => {
    const rows = measurePair(pair(replied(), replied()), metrics, noPrices)
    expect(rows.map(({ metric, version }) => [metric, version])).toEqual(
      metrics.map(({ name, version }) => [name, version]),
    )
    expect(new Set(rows.map(({ ordinal, comparison }) => `${ordinal} ${comparison}`))).toEqual(new Set(['0 candidate']))
  })
  it('is measured on both sides, weights with it', () => {
    const rows = measurePair(pair(replied(), cached), metrics, noPrices)
    expect(rows.find(({ metric }) => metric === 'output-tokens')).toMatchObject({ production: 10, candidate: 10 })
    const both = measurePair(pair(cached, cached), metrics, noPrices)
    expect(both.find(({ metric }) => metric === 'cache-hit-rate')).toMatchObject({
      production: 60,
      productionWeight: 100,
      candidate: 60,
      candidateWeight: 100,
      absent: null,
    })
  })
  it.each([
    ['production', replied(), cached],
    ['the candidate', cached, replied()],
  ])('of which %s reports nothing counts on neither side', (_, production, candidate) => {
    const rows = measurePair(pair(production, candidate), metrics, noPrices)
    expect(rows.find(({ metric }) => metric === 'cache-hit-rate')).toMatchObject({
      production: null,
      productionWeight: null,
      candidate: null,
      candidateWeight: null,
      absent: 'one-arm-only',
    })
  })
  it.each([
    ['both', replied({}, { latencyMs: null }), replied({}, { latencyMs: null })],
    ['production alone', replied({}, { latencyMs: null }), replied()],
    ['the candidate alone', replied(), replied({}, { latencyMs: null })],
  ])('of which %s came in a batch has no latency, and is no bias', (_, production, candidate) => {
    const rows = measurePair(pair(production, candidate), metrics, noPrices)
    expect(rows.find(({ metric }) => metric === 'latency')).toMatchObject({
      production: null,
      candidate: null,
      absent: 'not-measured',
    })
    expect(rows.find(({ metric }) => metric === 'answered')?.absent).toBeNull()
  })
  it('keeps its place in the run', () => {
    const rows = measurePair({ ...pair(replied(), rateLimited), ordinal: 7 }, metrics, noPrices)
    expect(new Set(rows.map(({ ordinal }) => ordinal))).toEqual(new Set([7]))
  })
  it('of answers holds the one number in `candidate`', () => {
    const rows = measurePair(pair(replied({ text: 'a b' }), replied({ text: 'a c' })), metrics, noPrices)
    expect(rows.find(({ metric }) => metric === 'text-similarity')).toMatchObject({
      production: null,
      candidate: 0.5,
      absent: null,
    })
  })
})

it('of a pair metric keeps the weight beside the number', () => {
  const weighed: PairMetric = {
    on: 'pair',
    name: 'weighed',
    title: 'Weighed',
    version: 1,
    unit: 'share',
    better: 'lower',
    summaries: [],
    measure: () => value(3, 2 ** 47),
  }
  expect(measurePair(pair(replied(), replied()), [weighed], noPrices)).toMatchObject([
    { production: null, productionWeight: null, candidate: 3, candidateWeight: 2 ** 47, absent: null },
  ])
})

describe('which comparison measures what', () => {
  it.each(['cross', 'cross-candidate', 'cross-both', 'candidate-noise'] as const)(
    '%s, nothing but pairs of answers',
    (comparison) => {
      const rows = measurePair(pair(replied(), replied(), comparison), metrics, noPrices)
      expect(rows.map(({ metric }) => metric)).toEqual(
        metrics.filter((each) => each.on === 'pair' && !('comparisons' in each)).map(({ name }) => name),
      )
    },
  )
  it('a pair metric that names its comparisons, no other', () => {
    const names = (comparison: 'noise' | 'cross') =>
      measurePair(pair(replied(), replied(), comparison), metrics, noPrices).map(({ metric }) => metric)
    expect(names('noise')).toContain('change')
    expect(names('cross')).not.toContain('change')
  })
  it('production against itself is production on both sides', () => {
    const arms: SideMetric = {
      on: 'side',
      name: 'arm',
      title: 'Arm',
      version: 1,
      unit: 'share',
      better: 'lower',
      summaries: [],
      measure: (_call, arm) => value(arm === 'production' ? 0 : 1),
    }
    const sides = (comparison: 'candidate' | 'noise') =>
      measurePair(pair(replied(), replied(), comparison), [arms], noPrices).map((row) => [
        row.production,
        row.candidate,
      ])
    expect([sides('candidate'), sides('noise')]).toEqual([[[0, 1]], [[0, 0]]])
  })
})

describe('a pair that the pace of the replay broke', () => {
  it.each([
    ['on production’s side', pair(rateLimited, replied())],
    ['on the candidate’s side', pair(replied(), rateLimited)],
    ['on both', pair(rateLimited, rateLimited)],
  ])('%s is excluded from every metric', (_, each) => {
    expect(exclusionOf(each)).toBe('rate-limited')
    const rows = measurePair(each, metrics, noPrices)
    expect(rows).toHaveLength(metrics.length)
    expect(
      rows.filter((row) => row.absent !== 'excluded' || row.production !== null || row.candidate !== null),
    ).toEqual([])
  })
  it.each([
    ['an error of the model', pair(replied(), rejected)],
    ['a timeout', pair(replied(), timedOut)],
    ['a cancelled call', pair(cancelled, replied())],
  ])('but %s votes', (_, each) => {
    expect(exclusionOf(each)).toBeNull()
    const rows = measurePair(each, metrics, noPrices)
    expect(rows.find(({ metric }) => metric === 'answered')?.absent).toBeNull()
  })
})

it('a metric that is absent on both sides gives production’s reason', () => {
  const reasons: SideMetric = {
    on: 'side',
    name: 'reasons',
    title: 'Reasons',
    version: 1,
    unit: 'share',
    better: 'lower',
    summaries: [],
    measure: (_call, arm) => absent(arm === 'production' ? 'no-price' : 'not-reported'),
  }
  expect(measurePair(pair(replied(), replied()), [reasons], noPrices)[0]?.absent).toBe('no-price')
})
