// The latency ratio against its reference cases, at its boundaries, and with timeouts.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileRatio, quantileRatios } from '../../src/stats/quantile-ratio.ts'
import { outcomeOf } from '../../src/stats/sequential-looks.ts'
import { near, nearLimits, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('quantile ratio, $from cases', ({ reference }) => {
  it('unclustered, with timeouts, ties and a small sample', () => {
    const arms = new Map<string, { control: readonly number[]; treatment: readonly number[] }>()
    const { cases, tolerance } = reference.quantileRatio
    for (const { kind, p, alphaOneSided, control, treatment, ratio, phi, lower, upper } of cases) {
      if (typeof control !== 'string' && typeof treatment !== 'string') arms.set(kind, { control, treatment })
      const estimator = quantileRatio({ ...(arms.get(kind) ?? { control: [], treatment: [] }), p })
      expect(estimator.estimate).toEqual(near(ratio, tolerance))
      expect(estimator.phi).toEqual(near(phi, tolerance))
      expect(estimator.limits(alphaOneSided)).toEqual(nearLimits([lower, upper], tolerance))
    }
  })
  it('clustered', () => {
    const { control, treatment, cluster, cases } = reference.clusteredQuantileRatio
    for (const { p, alphaOneSided, deff_control, deff_treatment, lower, upper } of cases) {
      const estimator = quantileRatio({ control, treatment, cluster, p })
      expect(estimator.designEffects(alphaOneSided).control).toEqual(near(deff_control))
      expect(estimator.designEffects(alphaOneSided).treatment).toEqual(near(deff_treatment))
      expect(estimator.limits(alphaOneSided)).toEqual(nearLimits([lower, upper]))
      expect(estimator.clusters).toBe(new Set(cluster).size)
    }
  })
  it('a candidate whose quantile is a timeout', () => {
    for (const { control, treatment, p, alphaOneSided, ratio, lower, upper, ...said } of reference.timeoutMass.cases) {
      const estimator = quantileRatio({ control, treatment, p })
      expect(estimator.estimate).toBe(ratio)
      expect(estimator.limits(alphaOneSided)).toEqual(nearLimits([lower, upper]))
      expect(outcomeOf({ ...estimator.limits(alphaOneSided), margin: 1.2 })).toBe(said.verdict_margin_1_2)
    }
  })
})

/** 1, 2, … n in an order that is not the control's, so that φ is not 1. */
function ramp(n: number, step = 1): number[] {
  return Array.from({ length: n }, (_, i) => 100 + ((i * step) % n))
}

describe('quantileRatio', () => {
  it('says nothing of an upper p95 below 59 pairs at alpha 0.05', () => {
    const [under, over] = [58, 59].map((n) => quantileRatio({ control: ramp(n), treatment: ramp(n, 7), p: 0.95 }))
    expect(under?.limits(0.05).upper).toBe(Infinity)
    expect(over?.limits(0.05).upper).toBeLessThan(Infinity)
  })
  it('shares its sort between quantiles without a change', () => {
    const arms = { control: ramp(200), treatment: ramp(200, 7), cluster: ramp(200).map((x) => x % 30) }
    const [p50, p95] = quantileRatios({ ...arms, ps: [0.5, 0.95] })
    expect(p50?.limits(0.05)).toEqual(quantileRatio({ ...arms, p: 0.5 }).limits(0.05))
    expect(p95?.limits(0.05)).toEqual(quantileRatio({ ...arms, p: 0.95 }).limits(0.05))
  })
  it('leaves its arguments as they are', () => {
    const control = Float64Array.of(3, 1, 2)
    quantileRatio({ control, treatment: [9, 8, 7], p: 0.5 })
    expect([...control]).toEqual([3, 1, 2])
  })
  it('ignores the names of the clusters', () => {
    const arms = { control: ramp(60), treatment: ramp(60, 7) }
    const ids = arms.control.map((_, i) => i % 12)
    const renamed = Int32Array.from(ids, (id) => 1000 - 7 * id)
    expect(quantileRatio({ ...arms, cluster: renamed, p: 0.5 }).limits(0.05)).toEqual(
      quantileRatio({ ...arms, cluster: ids, p: 0.5 }).limits(0.05),
    )
  })
  it('duplicated pairs tell no more than the pairs, once clustered', () => {
    const arms = { control: ramp(300), treatment: ramp(300, 7) }
    const once = quantileRatio({ ...arms, p: 0.5 }).limits(0.05)
    const doubled = { control: arms.control.flatMap((x) => [x, x]), treatment: arms.treatment.flatMap((x) => [x, x]) }
    const cluster = doubled.control.map((_, i) => Math.floor(i / 2))
    const twice = quantileRatio({ ...doubled, cluster, p: 0.5 })
    // Equal but for t against z and (n + 1) / (m + 1); without clusters the interval would be a third too narrow.
    expect(twice.limits(0.05)).toEqual(nearLimits([once.lower, once.upper], 0.005))
    expect(twice.designEffects(0.05).control).toEqual(near(2, 0.03))
    expect(Math.log(quantileRatio({ ...doubled, p: 0.5 }).limits(0.05).upper)).toBeLessThan(0.8 * Math.log(once.upper))
  })
  it('knows nothing from one cluster', () => {
    const estimator = quantileRatio({
      control: ramp(99),
      treatment: ramp(99, 7),
      cluster: ramp(99).map(() => 1),
      p: 0.5,
    })
    expect(estimator).toMatchObject({ clusters: 1, phi: 0 })
    expect(estimator.limits(0.05)).toEqual({ lower: 0, upper: Infinity })
    expect(estimator.designEffects(0.05)).toEqual({ control: Infinity, treatment: Infinity })
  })
  it('counting timeouts fails the candidate that dropping them would pass', () => {
    const control = ramp(1000)
    const treatment = ramp(1000, 7).map((value, i) => (i % 100 < 8 ? Infinity : value))
    const kept = control.map((_, i) => i).filter((i) => treatment[i] !== Infinity)
    const dropped = quantileRatio({
      control: kept.map((i) => control[i] ?? 0),
      treatment: kept.map((i) => treatment[i] ?? 0),
      p: 0.95,
    })
    expect(dropped.limits(0.05).upper).toBeLessThan(1.2)
    expect(quantileRatio({ control, treatment, p: 0.95 }).limits(0.05).lower).toBeGreaterThan(1.2)
  })
})

const timeouts = (n: number): number[] => Array.from({ length: n }, () => Infinity)

describe('arms without a finite quantile', () => {
  it.each([
    ['treatment times out', ramp(100), timeouts(100), { estimate: Infinity, lower: Infinity, upper: Infinity }],
    ['control times out', timeouts(100), ramp(100), { estimate: 0, lower: 0, upper: 0 }],
    ['both time out', timeouts(100), timeouts(100), { estimate: 1, lower: 0, upper: Infinity }],
    ['treatment takes no time', ramp(100), ramp(100).map(() => 0), { estimate: 0, lower: 0, upper: 0 }],
    ['both take no time', [0, 0, 0], [0, 0, 0], { estimate: 1, lower: 0, upper: Infinity }],
  ])('%s', (_, control, treatment, expected) => {
    const estimator = quantileRatio({ control, treatment, p: 0.5 })
    expect({ estimate: estimator.estimate, ...estimator.limits(0.05) }).toEqual(expected)
    expect(estimator.phi).toBe(0)
  })
  it('a p95 shown to be a timeout is a failure, even where 50 pairs cannot bound the control', () => {
    const { limits } = quantileRatio({ control: ramp(50), treatment: timeouts(50), p: 0.95 })
    expect(limits(0.05)).toEqual({ lower: Infinity, upper: Infinity })
  })
  it('a quantile among timeouts whose lower limit is finite is not yet a failure', () => {
    const treatment = ramp(100, 7).map((value, i) => (i < 7 ? Infinity : value))
    const { lower, upper } = quantileRatio({ control: ramp(100), treatment, p: 0.95 }).limits(0.05)
    expect(upper).toBe(Infinity)
    expect(lower).toBeGreaterThan(0)
    expect(lower).toBeLessThan(1)
  })
  it('dependent timeouts count for less', () => {
    // 12 of 100 time out: in 100 conversations that shows a slow p95, in two of eight it doesn't.
    const treatment = ramp(96, 7).map((value, i) => (i < 12 || (i >= 48 && i < 60) ? Infinity : value))
    const arms = { control: ramp(96), treatment, p: 0.95 }
    expect(quantileRatio(arms).limits(0.05).lower).toBe(Infinity)
    const alone = quantileRatio({ ...arms, cluster: treatment.map((_, i) => i) })
    expect(alone.designEffects(0.05).treatment).toEqual(near(1.03, 0.01))
    const cluster = treatment.map((_, i) => Math.floor(i / 12))
    expect(quantileRatio({ ...arms, cluster }).limits(0.05).lower).toBeLessThan(1.2)
  })
})

function armsOf(rows: readonly (readonly [number, number])[]): { control: number[]; treatment: number[] } {
  return { control: rows.map(([c]) => c), treatment: rows.map(([, t]) => t) }
}

describe('properties', () => {
  const latency = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 5000 }) },
    { weight: 1, arbitrary: fc.constant(Infinity) },
  )
  const pairs = fc.array(fc.tuple(latency, latency), { minLength: 1, maxLength: 80 })
  const p = fc.constantFrom(0.5, 0.9, 0.95)

  it('one more timeout never makes the candidate look faster', () => {
    fc.assert(
      fc.property(pairs, p, fc.nat(), (rows, quantile, at) => {
        const arms = armsOf(rows)
        const before = quantileRatio({ ...arms, p: quantile })
        const treatment = arms.treatment.with(at % rows.length, Infinity)
        const after = quantileRatio({ ...arms, treatment, p: quantile })
        expect(after.treatment).toBeGreaterThanOrEqual(before.treatment)
        expect(after.control).toBe(before.control)
      }),
    )
  })
  it('without positive correlation limits never narrow as alpha falls', () => {
    const alphas = [0.5, 0.3, 0.1, 0.05, 0.01, 1e-4, 1e-9]
    fc.assert(
      fc.property(pairs, p, (rows, quantile) => {
        const estimator = quantileRatio({ ...armsOf(rows), p: quantile })
        fc.pre(estimator.phi <= 0)
        let last = estimator.limits(0.5)
        for (const alpha of alphas) {
          const next = estimator.limits(alpha)
          expect(next.lower).toBeLessThanOrEqual(last.lower * (1 + 1e-9))
          expect(next.upper).toBeGreaterThanOrEqual(last.upper * (1 - 1e-9))
          last = next
        }
      }),
    )
  })
})

describe('refusals', () => {
  const ok = { control: [1, 2], treatment: [1, 2], p: 0.5 }
  it.each([
    ['no pairs', { ...ok, control: [], treatment: [] }],
    ['arms of unequal length', { ...ok, treatment: [1] }],
    ['clusters of another length', { ...ok, cluster: [1] }],
    ['a negative latency', { ...ok, control: [1, -2] }],
    ['NaN', { ...ok, treatment: [Number.NaN, 1] }],
    ['a cluster id that is NaN', { ...ok, cluster: [1, Number.NaN] }],
    ['p = 1', { ...ok, p: 1 }],
    ['p = 0', { ...ok, p: 0 }],
  ])('%s', (_, args) => {
    expect(() => quantileRatio(args)).toThrow(RangeError)
  })
})
