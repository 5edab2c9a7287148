// Distributions on a logarithmic axis: every value drawn once, whole numbers without gaps, zeros beside the axis.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distributionChart, logTicks, quantileOf } from '../../src/report/model/distribution.ts'

const words = String
const whole = { words, axisWords: words, isWhole: true }
const any = { ...whole, isWhole: false }

function chartOf(production: readonly number[], candidate: readonly number[], quantity = any) {
  const numbers = { production: Float64Array.from(production), candidate: Float64Array.from(candidate) }
  return distributionChart(numbers, [], quantity)
}

function sum(shares: readonly number[] = []): number {
  return shares.reduce((total, share) => total + share, 0)
}

describe('quantiles', () => {
  test.each([
    ['the median of an even count lies between', [1, 2, 3, 4], 0.5, 2.5],
    ['a quantile that touches no answer is infinite', [1, 2, 3, Infinity], 0.9, Infinity],
    ['no answer at all', [Infinity, Infinity], 0.5, Infinity],
    ['on a call itself, its neighbour does not matter', [1, 2, Infinity], 0.5, 2],
    ['one call', [7], 0.95, 7],
  ])('%s', (_, values, p, expected) => {
    expect(quantileOf(values, p)).toBe(expected)
  })
})

describe('shares', () => {
  const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
  const counts = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 })

  test('hold every answered call once', () => {
    fc.assert(
      fc.property(values, (some) => {
        const arms = chartOf(some, [...some, Infinity])?.arms
        expect(sum(arms?.production.shares)).toBeCloseTo(1, 9)
        expect(sum(arms?.candidate.shares)).toBeCloseTo(some.length / (some.length + 1), 9)
      }),
      { numRuns: 30 },
    )
  })

  test('hold every whole number once, zeros beside the axis', () => {
    fc.assert(
      fc.property(counts, (some) => {
        const chart = chartOf(some, [1, 5000], whole)
        const arm = chart?.arms.production
        expect(sum(arm?.shares) + (arm?.zeros ?? 0)).toBeCloseTo(1, 9)
        expect(chart?.hasZeros).toBe(some.includes(0))
      }),
      { numRuns: 60 },
    )
  })

  test('are heights where all classes are of one width', () => {
    const arm = chartOf([1, 2, 4, 8, 16], [3])?.arms.production
    arm?.heights.forEach((height, index) => expect(height).toBeCloseTo(arm.shares[index] ?? -1, 9))
  })
})

describe('whole numbers', () => {
  const small = Array.from({ length: 600 }, (_, index) => 1 + (index % 4))

  test('each have a class of their own where they are small, and none lies between two', () => {
    const chart = chartOf(small, [1, 2000], whole)
    expect(chart?.edges.slice(0, 5)).toEqual([0.5, 1.5, 2.5, 3.5, 4.5])
    expect(chart?.edges.every((edge) => Number.isInteger(edge + 0.5))).toBe(true)
    expect(chart?.arms.production.shares.slice(0, 5)).toEqual([0.25, 0.25, 0.25, 0.25, 0])
  })

  test('stand the lower the wider their class is: areas are shares', () => {
    const { edges = [], arms } = chartOf(small, [1, 2000], whole) ?? {}
    const { heights = [] } = arms?.production ?? {}
    expect((heights[1] ?? 0) / (heights[0] ?? 0)).toBeCloseTo(Math.log(1.5 / 0.5) / Math.log(2.5 / 1.5), 9)
    const areas = heights.map((height, place) => height * Math.log((edges[place + 1] ?? 1) / (edges[place] ?? 1)))
    expect(sum(areas)).toBeCloseTo(Math.log(2000.5 / 0.5) / heights.length, 9)
  })

  test('have no tick between two', () => {
    const labels = chartOf([1, 2, 2], [2, 1], whole)?.ticks.map(({ label }) => label)
    expect(labels).toEqual(['1', '2'])
  })
})

test.each([
  ['nothing', [], []],
  ['zeros alone', [0, 0], [0]],
  ['no answer at all', [Infinity], [Infinity]],
])('of %s there is nothing to draw on the axis', (_, production, candidate) => {
  expect(chartOf(production, candidate)).toBeNull()
})

test.each([
  ['decades', 0.5, 60, [0.5, 1, 2, 5, 10, 20, 50]],
  ['powers of ten where they are many', 1, 100_000, [1, 10, 100, 1000, 10_000, 100_000]],
  ['round steps within a decade', 0.9, 1.3, [0.9, 1, 1.1, 1.2, 1.3]],
])('ticks: %s', (_, low, high, expected) => {
  expect(logTicks(low, high)).toEqual(expected)
})
