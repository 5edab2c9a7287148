// Bootstrap limits against NumPy's bands, and what resampling must not do.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededBy } from '../../src/core/random.ts'
import { bootstrap, bootstrapTotals, percentileLimits } from '../../src/stats/bootstrap.ts'
import { ratioOfMeans } from '../../src/stats/ratio-of-means.ts'
import { near, oneSided, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

const random = (use: string) => seededBy(20261123, use).unit
type Totals = Readonly<Record<'control' | 'treatment', number>>
const ratio = ({ control, treatment }: Totals): number => treatment / control

describe.each(references)('bootstrap, $from cases', ({ reference }) => {
  const { control, treatment, cases } = reference.bootstrap
  it.each(cases)('$stat lies within the bands of 16 seeds of NumPy', (expected) => {
    const statistic = expected.stat === 'ratio_of_means' ? ratio : (totals: Totals) => Math.log(ratio(totals))
    const drawn = bootstrapTotals({
      columns: { control, treatment },
      statistic,
      random: random(expected.stat),
      replicates: expected.bootstrap_B_at_least,
    })
    expect(drawn.estimate).toEqual(near(expected.estimate))
    const { lower, upper } = drawn.limits(oneSided(expected.twoSidedLevel))
    for (const [limit, [low, high]] of [
      [lower, expected.percentile_lower_in] as const,
      [upper, expected.percentile_upper_in] as const,
    ]) {
      expect(limit).toBeGreaterThan(low)
      expect(limit).toBeLessThan(high)
    }
  })
})

const arms = {
  control: Array.from({ length: 60 }, (_, i) => 100 + ((i * 37) % 60)),
  treatment: Array.from({ length: 60 }, (_, i) => 120 + ((i * 17) % 60)),
}

describe('bootstrapTotals', () => {
  it('the same draws give the same limits, others give others', () => {
    const limits = (use: string) =>
      bootstrapTotals({ columns: arms, statistic: ratio, random: random(use) }).limits(0.05)
    expect(limits('a')).toEqual(limits('a'))
    expect(limits('a')).not.toEqual(limits('b'))
  })
  it('draws clusters whole: about as wide as Fieller on the same totals', () => {
    const cluster = arms.control.map((_, i) => Math.floor(i / 2))
    const drawn = bootstrapTotals({ columns: arms, cluster, statistic: ratio, random: random('clusters') })
    const fieller = ratioOfMeans({ ...arms, cluster })
    expect(drawn).toMatchObject({ method: 'cluster-bootstrap', n: 60, clusters: 30 })
    expect(drawn.estimate).toEqual(near(fieller.estimate))
    expect(drawn.limits(0.05).upper).toEqual(near(fieller.limits(0.05).upper, 0.01))
    expect(drawn.limits(0.05).lower).toEqual(near(fieller.limits(0.05).lower, 0.01))
  })
  it('is the plain bootstrap of the same statistic, draw for draw', () => {
    const sumAt = (values: readonly number[], picked: Int32Array): number =>
      picked.reduce((total, at) => total + (values[at] ?? 0), 0)
    const plain = bootstrap({
      n: 60,
      statistic: (picked) => sumAt(arms.treatment, picked) / sumAt(arms.control, picked),
      random: random('same'),
    })
    const totals = bootstrapTotals({ columns: arms, statistic: ratio, random: random('same') })
    expect(totals.limits(0.05)).toEqual(plain.limits(0.05))
  })
  it('knows nothing from one cluster, nor beyond its replicates', () => {
    const one = bootstrapTotals({
      columns: { x: [1, 2] },
      cluster: [7, 7],
      statistic: ({ x }) => x,
      random: random(''),
    })
    expect(one.limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
    const few = bootstrapTotals({ columns: arms, statistic: ratio, random: random(''), replicates: 99 })
    expect(few.limits(0.01).upper).toBeLessThan(Infinity)
    expect(few.limits(0.009)).toEqual({ lower: -Infinity, upper: Infinity })
  })
  interface Asked {
    readonly columns: Readonly<Record<string, readonly number[]>>
    readonly cluster?: readonly number[]
    readonly replicates?: number
  }
  const refused: readonly (readonly [string, Asked])[] = [
    ['no columns', { columns: {} }],
    ['no rows', { columns: { x: [] } }],
    ['unequal lengths', { columns: { x: [1], y: [1, 2] } }],
    ['NaN', { columns: { x: [Number.NaN] } }],
    ['no replicates', { columns: { x: [1] }, replicates: 0 }],
    ['clusters of another length', { columns: { x: [1] }, cluster: [1, 2] }],
  ]
  it.each(refused)('refuses %s', (_, args) => {
    expect(() => bootstrapTotals({ statistic: () => 1, random: () => 0.5, ...args })).toThrow(RangeError)
  })
  it('refuses to resample no pairs', () => {
    expect(() => bootstrap({ n: 0, statistic: () => 1, random: () => 0.5 })).toThrow(RangeError)
  })
})

describe('percentileLimits', () => {
  const replicates = fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 200 })
  it('never narrow as alpha falls, and are never NaN', () => {
    fc.assert(
      fc.property(replicates, (values) => {
        const limits = percentileLimits(Float64Array.from(values))
        let last = limits(0.5)
        for (const alpha of [0.5, 0.3, 0.1, 0.05, 0.01, 1e-4]) {
          const next = limits(alpha)
          expect(next.lower).toBeLessThanOrEqual(last.lower)
          expect(next.upper).toBeGreaterThanOrEqual(last.upper)
          last = next
        }
      }),
    )
  })
  it('a replicate that is not known lies beyond both limits', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => (i < 10 ? Number.NaN : i))
    const limits = percentileLimits(values)
    expect(limits(0.05)).toEqual({ lower: -Infinity, upper: Infinity })
    expect(limits(0.2)).toEqual({ lower: expect.closeTo(19.8, 9), upper: expect.closeTo(89.2, 9) })
  })
  it.each([0, -0.1, 0.6, Number.NaN])('refuses alpha = %d', (alpha) => {
    expect(() => percentileLimits(Float64Array.of(1))(alpha)).toThrow(RangeError)
  })
})
