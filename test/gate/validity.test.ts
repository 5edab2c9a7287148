// A run that can't be judged is INVALID, whatever its effects show.

import { describe, expect, it } from 'vitest'
import { decide } from '../../src/gate/decide.ts'
import { evidence, policy, rule, type Sketch, soundRun } from './evidence.ts'

describe('the run', () => {
  it.each([
    ['no pair was completed', { pairs: 0, planned: 1000, excluded: {} }, 'No pair was completed'],
    ['stopped short by one pair', { pairs: 999, planned: 1000, excluded: {} }, 'stopped at 999 pairs of 1,000'],
    ['3 % excluded', { pairs: 1000, planned: 1000, excluded: { 'rate-limited': 30 } }, '30 pairs of 1,000'],
    [
      'excluded for several reasons, 3 % together',
      { pairs: 1000, planned: 1000, excluded: { 'rate-limited': 15, cancelled: 15 } },
      'rate-limited 15, cancelled 15',
    ],
  ])('%s', (_, facts, words) => {
    const verdict = decide([evidence()], policy([rule()]), facts)
    expect([verdict.decision, verdict.invalid]).toEqual(['INVALID', [expect.stringContaining(words)]])
    expect(verdict.because).toContain(verdict.invalid[0])
  })

  it.each([
    ['exactly as many excluded as may be', 1000, 20, 0.02],
    ['29 of 100 at 0.29, which floating point takes for more', 100, 29, 0.29],
    ['none excluded where none may be', 1000, 0, 0],
  ])('may have %s', (_, pairs, excluded, maxExcluded) => {
    const facts = { pairs, planned: pairs, excluded: { 'rate-limited': excluded } }
    expect(decide([evidence()], policy([rule()], { maxExcluded }), facts).decision).toBe('GO')
  })

  it('names every problem', () => {
    const differing = evidence({ noise: { estimate: 1.5, se: 0.01, pairs: 200 } })
    const facts = { pairs: 900, planned: 1000, excluded: { 'rate-limited': 90 } }
    expect(decide([differing], policy([rule()]), facts).invalid).toHaveLength(3)
  })
})

describe('production asked twice', () => {
  const decided = (noise: Sketch['noise'], parts: Sketch = {}) =>
    decide([evidence({ ...parts, ...(noise === undefined ? {} : { noise }) })], policy([rule()]), soundRun)

  it.each([
    ['is slower the second time', 1.5],
    ['is faster the second time', 0.7],
  ])('%s: INVALID', (_, estimate) => {
    const verdict = decided({ estimate, se: 0.01, pairs: 200 })
    expect([verdict.decision, verdict.invalid]).toEqual(['INVALID', [expect.stringContaining('latency-p50')]])
  })
  it('agrees with itself: judged', () => {
    expect(decided({ estimate: 1.001, se: 0.01, pairs: 200 }).decision).toBe('GO')
  })
  it('was asked too seldom to tell: judged', () => {
    expect(decided({ estimate: 1.5, se: 0.01, pairs: 49 }).decision).toBe('GO')
  })
  it('was never asked twice: judged', () => {
    expect(decided(null).decision).toBe('GO')
  })
  it('differs in a share', () => {
    const parts = { scale: 'difference', better: 'higher' } as const
    expect(decided({ estimate: 0.1, se: 0.01, pairs: 200 }, parts).decision).toBe('INVALID')
    expect(decided({ estimate: 0, se: 0.01, pairs: 200 }, parts).decision).toBe('GO')
  })
  it('differs in a metric that no rule names: order, caches and drift are there all the same', () => {
    const other = evidence({ metric: 'ttft-p50', noise: { estimate: 1.5, se: 0.01, pairs: 200 } })
    expect(decide([evidence(), other], policy([rule()]), soundRun).decision).toBe('INVALID')
  })
  it('differs in one segment alone: judged', () => {
    const segment = { key: 'task', value: 'prime' }
    const own = evidence({ segment, noise: { estimate: 1.5, se: 0.01, pairs: 200 } })
    expect(decide([evidence(), own], policy([rule()], { segments: ['task'] }), soundRun).decision).toBe('GO')
  })

  // z = 2.7 has p = 0.0069 on both sides: below 0.01 alone, above it among two (Holm).
  const near = (metric: string) => evidence({ metric, noise: { estimate: Math.exp(0.027), se: 0.01, pairs: 200 } })
  const alike = (metric: string) => evidence({ metric, noise: { estimate: 1, se: 0.01, pairs: 200 } })
  it.each([
    ['alone', [near('latency-p50')], 'INVALID'],
    ['among two metrics', [near('latency-p50'), alike('ttft-p50')], 'GO'],
  ] as const)('at p = 0.0069 %s: %s', (_, found, decision) => {
    expect(decide(found, policy([rule()]), soundRun).decision).toBe(decision)
  })
})
