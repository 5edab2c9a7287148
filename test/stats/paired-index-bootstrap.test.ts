// The index bootstrap against the naive paired one and against the order statistics, which it cross-checks.

import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { bootstrap } from '../../src/stats/bootstrap.ts'
import { pairedIndexBootstrap } from '../../src/stats/paired-index-bootstrap.ts'
import { quantileRatio } from '../../src/stats/quantile-ratio.ts'
import { near, references } from './reference.ts'

const random = (use: string) => seededBy(20261123, use).unit

/** The ⌈np⌉-th smallest of those picked. */
function quantileOf(values: readonly number[], picked: Int32Array, p: number): number {
  const sorted = Float64Array.from(picked, (at) => values[at] ?? Number.NaN).toSorted()
  return sorted[Math.ceil(sorted.length * p) - 1] ?? Number.NaN
}

describe.each(references)('paired index bootstrap, $from cases', ({ reference }) => {
  const [lognormal] = reference.quantileRatio.cases
  const [control, treatment] = [lognormal?.control, lognormal?.treatment].map((arm) => (Array.isArray(arm) ? arm : []))
  const arms = { control: control ?? [], treatment: treatment ?? [] }
  it.each([0.5, 0.9, 0.95])('p = %d: as the naive paired bootstrap, within Monte-Carlo error', (p) => {
    const index = pairedIndexBootstrap({ ...arms, p, random: random('index') })
    const naive = bootstrap({
      n: arms.control.length,
      statistic: (picked) => quantileOf(arms.treatment, picked, p) / quantileOf(arms.control, picked, p),
      random: random('naive'),
      replicates: 1200,
    })
    const [a, b] = [index.limits(0.05), naive.limits(0.05)]
    expect(a.lower).toEqual(near(b.lower, 0.03))
    expect(a.upper).toEqual(near(b.upper, 0.03))
  })
  it('estimates what the order statistics do', () => {
    const [index, exact] = [
      pairedIndexBootstrap({ ...arms, p: 0.5, random: random('') }),
      quantileRatio({ ...arms, p: 0.5 }),
    ]
    expect(index).toMatchObject({
      estimate: exact.estimate,
      control: exact.control,
      treatment: exact.treatment,
      n: 200,
    })
  })
})

const ramp = (n: number, step: number): number[] => Array.from({ length: n }, (_, i) => 100 + ((i * step) % n))

describe('pairedIndexBootstrap', () => {
  it('identical arms differ by nothing', () => {
    const same = ramp(100, 7)
    const { limits } = pairedIndexBootstrap({ control: same, treatment: same, p: 0.9, random: random('same') })
    expect(limits(0.01)).toEqual({ lower: 1, upper: 1 })
  })
  it('n = 1e5 costs little more than the sorts, and comes near to the order statistics', () => {
    const draw = random('large')
    const arm = (): Float64Array => Float64Array.from({ length: 100_000 }, () => 1 - Math.log(1 - draw()))
    const arms = { control: arm(), treatment: arm() }
    const { lower, upper } = pairedIndexBootstrap({ ...arms, p: 0.95, random: draw }).limits(0.05)
    const exact = quantileRatio({ ...arms, p: 0.95 }).limits(0.05)
    expect(lower).toEqual(near(exact.lower, 0.002))
    expect(upper).toEqual(near(exact.upper, 0.002))
  })
  it('timeouts: a candidate lost in them fails, two such arms tell nothing', () => {
    const [fine, lost] = [ramp(100, 7), ramp(100, 7).map((value, i) => (i % 5 === 0 ? Infinity : value))]
    const of = (control: number[], treatment: number[]) =>
      pairedIndexBootstrap({ control, treatment, p: 0.95, random: random('timeouts') }).limits(0.05)
    expect(of(fine, lost)).toEqual({ lower: Infinity, upper: Infinity })
    expect(of(lost, fine)).toEqual({ lower: 0, upper: 0 })
    expect(of(lost, lost)).toEqual({ lower: 0, upper: Infinity })
  })
  it.each([
    ['no pairs', { control: [], treatment: [] }],
    ['NaN', { control: [Number.NaN], treatment: [1] }],
    ['p = 1', { control: [1], treatment: [1], p: 1 }],
    ['no replicates', { control: [1], treatment: [1], replicates: 0 }],
  ])('refuses %s', (_, args) => {
    expect(() => pairedIndexBootstrap({ p: 0.5, random: () => 0.5, ...args })).toThrow(RangeError)
  })
})
