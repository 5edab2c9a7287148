// Planned numbers of pairs against the closed forms' own tables.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  optimalReplicates,
  pairsForLogRatio,
  pairsForMcnemar,
  pairsForPairedBinary,
  pairsForZeroEvents,
  requestsForMean,
} from '../../src/stats/sample-size.ts'
import { lognormalDensity, pairsForQuantileRatio, pilotDensity } from '../../src/stats/sample-size-quantile.ts'
import { near, references } from './reference.ts'

fc.configureGlobal({ seed: 20261123 })

describe.each(references)('sample sizes, $from cases', ({ reference: { sampleSize } }) => {
  const { mcnemar, niPairedBinary, zeroEvents, logRatioMean, millerPairedMean } = sampleSize.cases
  it('McNemar, by Connor and by Miettinen', () => {
    for (const { connor1987, miettinen1968, ...args } of mcnemar) {
      expect(pairsForMcnemar(args)).toEqual({ connor1987: near(connor1987), miettinen1968: near(miettinen1968) })
    }
  })
  it('paired events not worse by a margin', () => {
    for (const { n, ...args } of niPairedBinary) expect(pairsForPairedBinary(args)).toEqual(near(n))
  })
  it('no events at all', () => {
    for (const { n, ...args } of zeroEvents) expect(pairsForZeroEvents(args)).toBe(n)
  })
  it('a typical ratio', () => {
    for (const { n, ...args } of logRatioMean) expect(pairsForLogRatio(args)).toEqual(near(n))
  })
  it('means over several answers, by Miller', () => {
    for (const { n, ...args } of millerPairedMean) expect(requestsForMean(args)).toEqual(near(n))
  })
})

const plan = { alphaOneSided: 0.05, power: 0.8 }
const latency = { ...plan, p: 0.5, phi: 0.5, logDensity: 0.57, margin: 1.2, trueRatio: 1 }

describe('pairsForQuantileRatio', () => {
  // By a simulation in SciPy, interpolated: lognormal with sigma 0.7 and correlation 0.7.
  it.each([
    [0.5, 0.5, 1, 150],
    [0.5, 0.5, 1.1, 700],
    [0.95, 0.3, 1, 600],
    [0.95, 0.3, 1.1, 2300],
  ])('p = %d, phi = %d, true ratio %d: about %d pairs', (p, phi, trueRatio, about) => {
    const n = pairsForQuantileRatio({ ...latency, p, phi, trueRatio, logDensity: lognormalDensity({ p, sigma: 0.7 }) })
    expect(n / about).toBeGreaterThan(0.85)
    expect(n / about).toBeLessThan(1.15)
  })
  it('more agreement between the arms needs fewer pairs, a truth nearer to the margin more', () => {
    expect(pairsForQuantileRatio({ ...latency, phi: 0.9 })).toBeLessThan(pairsForQuantileRatio(latency))
    expect(pairsForQuantileRatio({ ...latency, trueRatio: 1.1 })).toBeGreaterThan(pairsForQuantileRatio(latency))
  })
  it('a truth as far beyond the margin is as hard to show', () => {
    expect(pairsForQuantileRatio({ ...latency, trueRatio: 1.44 })).toEqual(near(pairsForQuantileRatio(latency)))
  })
})

describe('pilotDensity', () => {
  it('of log-logistic latencies is p(1 − p)', () => {
    const latencies = Array.from({ length: 20_000 }, (_, i) => (800 * (i + 0.5)) / (20_000 - i - 0.5))
    expect(pilotDensity({ latencies, p: 0.5 })).toEqual(near(0.25, 0.01))
    expect(pilotDensity({ latencies, p: 0.95 })).toEqual(near(0.95 * 0.05, 0.1))
  })
  it('does not depend on the unit', () => {
    const arm = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 40, maxLength: 80 })
    fc.assert(
      fc.property(arm, (latencies) => {
        const seconds = latencies.map((ms) => ms / 1000)
        expect(pilotDensity({ latencies: seconds, p: 0.9 })).toEqual(near(pilotDensity({ latencies, p: 0.9 }), 1e-6))
      }),
    )
  })
})

describe('optimalReplicates', () => {
  it('one answer where answers agree, more where requests are dear', () => {
    expect(optimalReplicates({ within: 0, between: 1, costRatio: 9 })).toBe(0)
    expect(optimalReplicates({ within: 1, between: 4, costRatio: 16 })).toBe(2)
  })
})

describe('refusals', () => {
  it.each([
    ['a truth at the margin', () => pairsForQuantileRatio({ ...latency, trueRatio: 1.2 })],
    ['phi = 1', () => pairsForQuantileRatio({ ...latency, phi: 1 })],
    ['no density', () => pairsForQuantileRatio({ ...latency, logDensity: 0 })],
    ['p = 1', () => pairsForQuantileRatio({ ...latency, p: 1 })],
    ['a ratio of 0', () => pairsForQuantileRatio({ ...latency, trueRatio: 0 })],
    ['power = 1', () => pairsForQuantileRatio({ ...latency, power: 1 })],
    ['alpha = 0', () => pairsForQuantileRatio({ ...latency, alphaOneSided: 0 })],
    ['a sigma of 0', () => lognormalDensity({ p: 0.5, sigma: 0 })],
    ['no latencies', () => pilotDensity({ latencies: [], p: 0.5 })],
    ['latencies that are all equal', () => pilotDensity({ latencies: [5, 5, 5], p: 0.5 })],
    ['a quantile among the timeouts', () => pilotDensity({ latencies: [5, 6, Infinity, Infinity], p: 0.9 })],
    ['a reach of 0', () => pilotDensity({ latencies: [5, 6], p: 0.5, reach: 0 })],
    ['shares above 1', () => pairsForPairedBinary({ ...plan, p10: 0.6, p01: 0.6, margin: 0.02 })],
    ['a difference that is the margin', () => pairsForPairedBinary({ ...plan, p10: 0.25, p01: 0, margin: 0.25 })],
    ['a margin of 0', () => pairsForPairedBinary({ ...plan, p10: 0.02, p01: 0.01, margin: 0 })],
    ['no difference to find', () => pairsForMcnemar({ p10: 0.1, p01: 0.1, alphaTwoSided: 0.05, power: 0.8 })],
    ['a margin of everything', () => pairsForZeroEvents({ margin: 1, alphaOneSided: 0.05 })],
    ['a negative spread', () => pairsForLogRatio({ ...plan, sdLogRatio: -1, margin: 1.2, trueRatio: 1 })],
    ['half an answer', () => requestsForMean({ ...miller, K: 0.5 })],
    ['a negative variance', () => requestsForMean({ ...miller, sigma2A: -1 })],
    ['nothing to find', () => requestsForMean({ ...miller, delta: 0 })],
    ['requests that do not differ', () => optimalReplicates({ within: 1, between: 0, costRatio: 1 })],
  ])('%s', (_, call) => {
    expect(call).toThrow(RangeError)
  })
})

const miller = { omega2: 0.1, sigma2A: 0.05, sigma2B: 0.05, K: 1, delta: 0.03, alphaTwoSided: 0.05, power: 0.8 }
