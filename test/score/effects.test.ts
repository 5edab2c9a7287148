// Measures → evidence: each method against known numbers, absences, noise, segments.

import { describe, expect, it } from 'vitest'
import { summaryNames } from '../../src/score/metrics/index.ts'
import { near, references } from '../stats/reference.ts'
import { row } from './calls.ts'
import { evidenceFor, evidenceIn, type Layout, type Measured, partsOf } from './tables.ts'

const repeat = <T>(items: readonly T[], times: number): T[] => Array.from({ length: times }, () => items).flat()

describe('each method by hand', () => {
  it.each([
    [
      'the ratio of medians',
      'latency-p50',
      { metric: 'latency', production: [100, 200, 300], candidate: [200, 400, 600] },
      { production: near(200), candidate: near(400), estimate: near(2), scale: 'ratio', unit: 'ms', better: 'lower' },
    ],
    [
      'the ratio of medians with timeouts beyond it',
      'latency-p50',
      { metric: 'latency', production: [100, 200, 300], candidate: [100, 200, Infinity] },
      { estimate: 1, candidate: near(200) },
    ],
    [
      'the ratio of medians, the candidate’s a timeout',
      'ttft-p50',
      { metric: 'ttft', production: [100, 200, 300], candidate: [100, Infinity, Infinity] },
      { estimate: Infinity, candidate: Infinity },
    ],
    [
      'the ratio of totals, not the mean of ratios',
      'output-tokens',
      { metric: 'output-tokens', production: [10, 90], candidate: [20, 90] },
      { production: 50, candidate: 55, estimate: near(1.1), scale: 'ratio', unit: 'tokens', method: 'fieller' },
    ],
    [
      'the difference of shares',
      'answered',
      { metric: 'answered', production: [1, 1, 1, 0], candidate: [1, 0, 0, 0] },
      { production: 0.75, candidate: 0.25, estimate: -0.5, scale: 'difference', method: 'newcombe-10' },
    ],
    [
      'the difference of rates over all tokens, not of mean rates',
      'cache-hit-rate',
      {
        metric: 'cache-hit-rate',
        production: [50, 0],
        productionWeight: [100, 300],
        candidate: [60, 60],
        candidateWeight: [80, 160],
      },
      { production: 0.125, candidate: 0.5, estimate: 0.375, scale: 'difference', method: 'jackknife' },
    ],
  ])('%s', (_, summary, measured, expected) => {
    expect(evidenceFor(summary, { measured: [measured] }).effect).toMatchObject({
      metric: summary,
      segment: null,
      pairs: measured.candidate.length,
      clusters: measured.candidate.length,
      noise: null,
      ...expected,
    })
  })

  it('agreement in excess of the noise, over the records that production answered twice', () => {
    const { effect } = evidenceFor('same-text', {
      measured: [
        { metric: 'same-text', candidate: [1, 0, 0, 1, 0, 0, 0] },
        { metric: 'same-text', comparison: 'noise', candidate: [1, 1, 0, 1] },
        // Answers across are for the steadied kind alone.
        { metric: 'same-text', comparison: 'cross', candidate: [0, 0, 0, 0] },
      ],
    })
    expect(effect).toMatchObject({ pairs: 4, production: 0.75, candidate: 0.5, estimate: -0.25, scale: 'difference' })
  })
  it('likeness in excess of the noise, both of production’s answers against the candidate’s', () => {
    const { effect } = evidenceFor('text-similarity', {
      measured: [
        { metric: 'text-similarity', candidate: [0.7, 0.6, 0.1, 0.1] },
        // The last record was asked once, the one before it has no pair across.
        { metric: 'text-similarity', comparison: 'noise', candidate: [0.9, 0.8, 0.2] },
        { metric: 'text-similarity', comparison: 'cross', candidate: [0.5, 0.6, null] },
      ],
    })
    expect(effect).toMatchObject({
      pairs: 2,
      production: near(0.85),
      candidate: near(0.6),
      estimate: near(-0.25),
      noise: null,
    })
  })
})

describe('the cache-hit rate', () => {
  it('is over all records, those that were asked twice too: each trial has a cache of its own', () => {
    const metric = 'cache-hit-rate'
    const rates = { productionWeight: repeat([100], 4), candidateWeight: repeat([100], 4) }
    const own: Measured = { metric, production: [80, 0, 40, 0], candidate: [0, 20, 40, 20], ...rates }
    const noise: Measured = { metric, comparison: 'noise', production: [80, 0], candidate: [90, 0], ...rates }
    const { effect, absent } = evidenceFor(metric, { measured: [own, noise] })
    expect(effect).toMatchObject({ pairs: 4, production: near(0.3), candidate: near(0.2), estimate: near(-0.1) })
    expect(absent).toEqual({})
    expect(effect?.noise).toMatchObject({ pairs: 2, estimate: near(0.05) })
    const allTwice = { ...noise, production: [80, 0, 40, 0], candidate: [80, 0, 40, 0] }
    expect(evidenceFor(metric, { measured: [own, allTwice] }).effect).toMatchObject({ pairs: 4, estimate: near(-0.1) })
  })
})

it('latency of a batch is no evidence, and says why', () => {
  const rows = Array.from({ length: 3 }, (_, ordinal) => row('latency', { ordinal, absent: 'not-measured' }))
  const { records } = partsOf({ measured: [{ metric: 'latency', candidate: [null, null, null] }] })
  const found = evidenceIn({ records, rows }).filter(({ metric }) => metric.startsWith('latency'))
  expect(found.map(({ effect, absent }) => [effect, absent])).toEqual(repeat([[null, { 'not-measured': 3 }]], 2))
})

describe.each(references)('limits and estimates of the $from reference', ({ reference }) => {
  it('ratio of means over conversations', () => {
    const { control, treatment, cluster, ratio, fieller_on_cluster_totals: limits } = reference.ratioOfMeans.clustered
    const found = evidenceFor('total-tokens', {
      clusters: cluster,
      measured: [{ metric: 'total-tokens', production: control, candidate: treatment }],
    })
    expect(found.effect).toMatchObject({ estimate: near(ratio), pairs: control.length, clusters: 12 })
    expect(found.effect?.interval).toEqual({ low: near(limits[0]), high: near(limits[1]), level: 0.9 })
    expect(found.limits(0.05)).toEqual({ low: near(limits[0]), high: near(limits[1]) })
  })
  it('cache-hit rate over conversations', () => {
    const cache = reference.cacheHitRatio
    const { effect } = evidenceFor('cache-hit-rate', {
      clusters: cache.cluster,
      measured: [
        {
          metric: 'cache-hit-rate',
          production: cache.control_cached,
          productionWeight: cache.control_prompt,
          candidate: cache.treat_cached,
          candidateWeight: cache.treat_prompt,
        },
      ],
    })
    const [low, high] = cache.jackknife_ci90_t11
    expect(effect).toMatchObject({ production: near(cache.rate_control), candidate: near(cache.rate_treat) })
    expect(effect).toMatchObject({ estimate: near(cache.diff), interval: { low: near(low), high: near(high) } })
  })
  it('shares over conversations', () => {
    const { cluster, control, treatment, limits_one_sided_95: limits } = reference.clusteredPairedBinary
    const { effect } = evidenceFor('refused', {
      clusters: cluster,
      measured: [{ metric: 'refused', production: control, candidate: treatment }],
    })
    expect(effect?.interval).toMatchObject({ low: near(limits[0]), high: near(limits[1]) })
  })
  it('change of text in excess of the noise: the reference counts changes, shadowgate what stayed', () => {
    const { labels, excess_plain, newcombe90, excess_symmetrised, t90, energy, energy_t90 } = reference.excessChange
    const same = (left: readonly number[], right: readonly number[]) =>
      left.map((label, index) => (label === right[index] ? 1 : 0))
    const measured = (metric: string): Layout => ({
      measured: [
        { metric, candidate: same(labels.prod, labels.cand) },
        { metric, comparison: 'noise', candidate: same(labels.prod, labels.prod2) },
        { metric, comparison: 'cross', candidate: same(labels.prod2, labels.cand) },
      ],
    })
    const plain = evidenceFor('same-text', measured('same-text')).effect
    expect(plain?.estimate).toEqual(near(-excess_plain))
    expect(plain?.interval).toMatchObject({ low: near(-newcombe90[1]), high: near(-newcombe90[0]) })
    const twice = measured('text-similarity')
    const steadied = evidenceFor('text-similarity', twice).effect
    expect(steadied?.estimate).toEqual(near(-excess_symmetrised))
    expect(steadied?.interval).toMatchObject({ low: near(-t90[1]), high: near(-t90[0]) })
    const metric = 'text-similarity'
    const inEnergy = evidenceFor(metric, {
      measured: [
        ...twice.measured,
        { metric, comparison: 'cross-candidate', candidate: same(labels.prod, labels.cand2) },
        { metric, comparison: 'cross-both', candidate: same(labels.prod2, labels.cand2) },
        { metric, comparison: 'candidate-noise', candidate: same(labels.cand, labels.cand2) },
      ],
    }).effect
    expect(inEnergy?.estimate).toEqual(near(-energy))
    expect(inEnergy?.interval).toMatchObject({ low: near(-energy_t90[1]), high: near(-energy_t90[0]) })
  })
  it('quantiles of latency', () => {
    const [first, second] = reference.quantileRatio.cases
    if (!first || !second || typeof first.control === 'string' || typeof first.treatment === 'string') {
      throw new Error('the first case has no numbers')
    }
    const layout = { measured: [{ metric: 'latency', production: first.control, candidate: first.treatment }] }
    for (const [summary, { ratio, lower, upper }] of [
      ['latency-p50', first],
      ['latency-p95', second],
    ] as const) {
      const { effect } = evidenceFor(summary, layout)
      expect(effect).toMatchObject({ estimate: near(ratio), interval: { low: near(lower), high: near(upper) } })
    }
  })
})

describe('nothing to estimate', () => {
  const zeros = repeat([0], 100)
  it.each<[string, string, Layout['measured'], Record<string, number>]>([
    ['no rows', 'answered', [{ metric: 'latency', candidate: [] }], {}],
    ['absent in every pair', 'refused', [{ metric: 'refused', candidate: [null, null] }], { 'no-reply': 2 }],
    ['a single pair', 'answered', [{ metric: 'answered', production: [1], candidate: [1] }], { 'single-pair': 1 }],
    [
      'production free of charge',
      'cost',
      [{ metric: 'cost', production: zeros, candidate: repeat([1], 100) }],
      { 'zero-production': 100 },
    ],
    ['never asked twice', 'same-text', [{ metric: 'same-text', candidate: zeros }], { 'no-noise-floor': 100 }],
    [
      'asked twice in one record only',
      'text-similarity',
      [
        { metric: 'text-similarity', candidate: [0.5, 0.5, null] },
        { metric: 'text-similarity', comparison: 'noise', candidate: [0.9] },
      ],
      { 'no-reply': 1, 'no-noise-floor': 2 },
    ],
    ['users needed', 'feedback', [{ metric: 'feedback', candidate: [null] }], { 'no-reply': 1 }],
  ])('%s: no effect, the reason, and limits that say nothing', (_, summary, measured, absent) => {
    const found = evidenceFor(summary, { measured })
    expect([found.effect, found.absent, found.noiseLimits]).toEqual([null, absent, null])
    expect(found.limits(0.05)).toEqual({ low: -Infinity, high: Infinity })
  })
  it('but for users, whom the evidence asks for', () => {
    const found = evidenceIn(partsOf({ measured: [{ metric: 'latency', candidate: [] }] }))
    expect(found.filter(({ usersOnly }) => usersOnly !== null).map(({ metric }) => metric)).toEqual(['feedback'])
  })
  it('a production total of zero is no obstacle to a difference', () => {
    const measured = [{ metric: 'refused', production: zeros, candidate: zeros }]
    expect(evidenceFor('refused', { measured }).effect?.estimate).toBe(0)
  })
})

describe('evidence', () => {
  const production = Array.from({ length: 60 }, (_, index) => 100 + ((index * 37) % 60))
  const measured = [
    { metric: 'latency', production, candidate: production.map((ms, index) => (index < 20 ? 2 * ms : ms)) },
    { metric: 'latency', comparison: 'noise', production, candidate: production.map((ms) => ms * 1.5) },
  ] as const

  it('has one entry for each summary, in the order of the roster', () => {
    const found = evidenceIn(partsOf({ measured }))
    expect(found.map(({ metric, segment }) => [metric, segment])).toEqual(summaryNames.map((name) => [name, null]))
  })
  it('counts absences beside the pairs that were measured', () => {
    const found = evidenceFor('refused', {
      measured: [{ metric: 'refused', production: [0, 0, 0, 0], candidate: [0, null, 0, null] }],
    })
    expect([found.effect?.pairs, found.effect?.absent, found.absent]).toEqual([2, { 'no-reply': 2 }, { 'no-reply': 2 }])
  })
  it('measures production against itself with the same method', () => {
    const found = evidenceFor('latency-p50', { measured })
    expect(found.effect?.noise).toMatchObject({ estimate: near(1.5), pairs: 60, interval: { level: 0.9 } })
    const { low, high } = found.noiseLimits?.(0.05) ?? {}
    expect({ low, high, level: 0.9 }).toEqual(found.effect?.noise?.interval)
  })

  const segments = production.map((_, index) => ({
    task: index < 20 ? 'slow' : index < 51 ? 'usual' : 'rare',
    ...(index % 2 === 0 ? { tier: 'free' } : {}),
  }))
  it('comes for each segment of ten records or more, the largest first, after that of all', () => {
    const found = evidenceIn(partsOf({ measured, segments }), ['task', 'tier', 'nowhere'])
    const names = found.filter(({ metric }) => metric === 'latency-p50').map(({ segment }) => segment?.value ?? 'all')
    expect(names).toEqual(['all', 'usual', 'slow', 'free'])
  })
  it('of a segment is of its records alone, noise too', () => {
    const found = evidenceIn(partsOf({ measured, segments }), ['task'])
    const effects = found.flatMap(({ metric, effect }) => (metric === 'latency-p50' && effect ? [effect] : []))
    expect(effects.map(({ segment, pairs, noise }) => [segment?.value, pairs, noise?.pairs])).toEqual([
      [undefined, 60, 60],
      ['usual', 31, 31],
      ['slow', 20, 20],
    ])
    expect(effects.map(({ estimate }) => estimate)).toEqual([expect.any(Number), 1, near(2)])
  })
})
