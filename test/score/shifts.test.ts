// Shifts of quantiles: the same figures as the rules on quantiles, whatever shapes their limits; and tokens by the request.

import { describe, expect, test } from 'vitest'
import { buildScoreTable } from '../../src/score/columns.ts'
import { evidenceOf } from '../../src/score/effects.ts'
import { latency } from '../../src/score/metrics/latency.ts'
import { latencyShifts, tokenUse } from '../../src/score/shifts.ts'
import { columnsOf } from './calls.ts'
import { type Layout, type Measured, partsOf } from './tables.ts'

function tableOf(layout: Layout, sentAt: Float64Array | null = null) {
  const { records, rows } = partsOf(layout)
  return buildScoreTable(records, columnsOf(rows), sentAt)
}

const pairs = Array.from({ length: 400 }, (_, index) => index)
/** Every value once, in no order. */
const scattered = pairs.map((index) => 100 + ((index * 149) % 400))
const slower = scattered.map((ms, index) => ms * (1 + (index % 7) / 10))
const own: Measured = { metric: 'latency', production: scattered, candidate: slower }

describe('shifts of latency', () => {
  test.each<[string, Layout, Float64Array | null]>([
    ['of pairs that stand alone', { measured: [own] }, null],
    ['of conversations', { clusters: pairs.map((index) => Math.floor(index / 8)), measured: [own] }, null],
    [
      'of a run whose load came and went',
      { measured: [{ ...own, candidate: scattered.map((ms, index) => ms * (index % 100 < 50 ? 1 : 1.6)) }] },
      Float64Array.from(pairs, (index) => index * 1000),
    ],
    [
      'with calls that got no answer',
      { measured: [{ ...own, candidate: slower.map((ms, index) => (index % 9 === 0 ? Infinity : ms)) }] },
      null,
    ],
    [
      'beside a noise floor',
      { measured: [own, { ...own, comparison: 'noise', candidate: scattered.map((ms) => ms + 1) }] },
      null,
    ],
  ])('%s: p50 and p95 are what the rules on them are judged by', (_, layout, sentAt) => {
    const table = tableOf(layout, sentAt)
    const ruled = evidenceOf(table, { metrics: [latency], segments: [], level: 0.95 }).map(({ effect }) => effect)
    const shown = latencyShifts(table, 0.95).filter(({ p }) => p === 0.5 || p === 0.95)
    expect(shown.map(({ effect }) => effect)).toEqual(ruled)
    expect(ruled.map((effect) => effect?.metric)).toEqual(['latency-p50', 'latency-p95'])
  })

  test('of load that came and went go by blocks of time', () => {
    const candidate = scattered.map((ms, index) => ms * (index % 200 < 100 ? 1 : 1.6))
    const sentAt = Float64Array.from(pairs, (index) => index * 1000)
    const [, , , , median] = latencyShifts(tableOf({ measured: [{ ...own, candidate }] }, sentAt), 0.95)
    expect(median?.effect.method).toBe('mover-order-statistics-time-blocks')
  })

  test('are at every decile and in the tail', () => {
    const shifts = latencyShifts(tableOf({ measured: [own] }), 0.95)
    expect(shifts.map(({ p }) => p)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    expect(shifts.every(({ effect }) => effect.interval.level === 0.9)).toBe(true)
  })

  test.each([
    ['no pair', []],
    ['one pair', [5]],
  ])('there is none of %s', (_, candidate) => {
    const measured = [{ metric: 'latency', production: candidate, candidate }]
    expect(latencyShifts(tableOf({ measured }), 0.95)).toEqual([])
  })
})

describe('tokens', () => {
  const output: Measured = { metric: 'output-tokens', production: [10, 0, 30], candidate: [1, 2, 3] }
  const total: Measured = { metric: 'total-tokens', production: [110, 100, 130], candidate: [151, 152, 153] }

  test('read are all without those written', () => {
    const { input } = tokenUse(tableOf({ measured: [output, total] }), 0.95)
    expect(input).toMatchObject({
      production: 100,
      candidate: 150,
      estimate: 1.5,
      scale: 'ratio',
      unit: 'tokens',
      pairs: 3,
    })
  })

  test('read are not told where the two are not of the same pairs', () => {
    const table = tableOf({ measured: [{ ...output, candidate: [1, 2, null] }, total] })
    expect(tokenUse(table, 0.95).input).toBeNull()
  })

  test('from the cache are a mean over the requests', () => {
    const cached = { metric: 'cache-hit-rate', production: [80, 0], candidate: [0, 30] }
    const weights = { productionWeight: [100, 100], candidateWeight: [100, 100] }
    const use = tokenUse(tableOf({ measured: [{ ...cached, ...weights }] }), 0.95)
    expect(use.cached).toEqual({ pairs: 2, production: 40, candidate: 15 })
    expect(use.input).toBeNull()
  })

  test('written keep their zeros, and do not go by blocks of time', () => {
    const written: Measured = { metric: 'output-tokens', production: scattered, candidate: pairs.map((at) => at % 3) }
    const sentAt = Float64Array.from(pairs, (index) => index * 1000)
    const use = tokenUse(tableOf({ measured: [written] }, sentAt), 0.95)
    expect(use.output.candidate.filter((value) => value === 0)).toHaveLength(134)
    expect(use.outputShifts[0]?.effect).toMatchObject({ candidate: 0, estimate: 0, method: 'mover-order-statistics' })
    expect(use.outputShifts.every(({ effect }) => effect.overTime === null)).toBe(true)
  })
})
