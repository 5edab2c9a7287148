// What holds of every effect: equal arms are equal, order is nothing, and swapped arms turn it round.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/core/judgement.ts'
import { seededBy, shuffled } from '../../src/core/random.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { near } from '../stats/reference.ts'
import { evidenceIn, type Layout, type Measured, type Parts, partsOf } from './tables.ts'

fc.configureGlobal({ seed: 20261123, numRuns: 40 })

const size = 60
const flag = fc.constantFrom(0, 1)
const latency = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 5000 }) },
  { weight: 1, arbitrary: fc.constant(Infinity) },
)
const tokens = fc.integer({ min: 1, max: 900 })

/** The numbers of one record: [production, candidate] for each metric. */
const record = fc.record({
  answered: fc.tuple(flag, flag),
  refused: fc.tuple(flag, flag),
  latency: fc.tuple(latency, latency),
  'output-tokens': fc.tuple(tokens, tokens),
  'cache-hit-rate': fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })),
  'text-similarity': fc.tuple(fc.constantFrom(0.25, 0.5, 1), fc.constantFrom(0.25, 0.5, 1)),
  cluster: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'),
})
type Generated = typeof record extends fc.Arbitrary<infer T> ? T : never

const generated = fc.array(record, { minLength: size, maxLength: size })
const names = ['answered', 'refused', 'latency', 'output-tokens', 'cache-hit-rate'] as const

type Sides = readonly [production: 0 | 1, candidate: 0 | 1]

function layoutOf(all: readonly Generated[], [production, candidate]: Sides, isClustered = false): Layout {
  const weight = all.map(() => 50)
  const sided = names.map(
    (metric): Measured => ({
      metric,
      production: all.map((each) => each[metric][production]),
      productionWeight: weight,
      candidate: all.map((each) => each[metric][candidate]),
      candidateWeight: weight,
    }),
  )
  const similarity = (comparison: 'candidate' | 'noise', side: 0 | 1) => ({
    metric: 'text-similarity',
    comparison,
    candidate: all.map((each) => each['text-similarity'][side]),
  })
  return {
    ...(isClustered ? { clusters: all.map(({ cluster }) => cluster) } : {}),
    measured: [...sided, similarity('noise', production), similarity('candidate', candidate)],
  }
}

function effectsIn(parts: Parts): Effect[] {
  return evidenceIn(parts).flatMap(({ effect }) => (effect ? [effect] : []))
}

const measuredSummaries = 7

describe('equal arms', () => {
  it('have exactly neutral estimates, and no rule ever fails', () => {
    fc.assert(
      fc.property(generated, fc.boolean(), (all, isClustered) => {
        const evidence = evidenceIn(partsOf(layoutOf(all, [0, 0], isClustered)))
        const effects = evidence.flatMap(({ effect }) => (effect ? [effect] : []))
        expect(effects).toHaveLength(measuredSummaries)
        expect(effects.filter(({ scale, estimate }) => estimate !== (scale === 'ratio' ? 1 : 0))).toEqual([])
        const verdict = decide(evidence, rolloutPolicy, { pairs: size, planned: size, excluded: {} })
        expect(verdict.findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
        expect(verdict.flags).toEqual([])
      }),
    )
  })
})

describe('the order of the records', () => {
  it('is nothing to the effects', () => {
    fc.assert(
      fc.property(generated, fc.boolean(), fc.integer(), (all, isClustered, seed) => {
        const there = effectsIn(partsOf(layoutOf(all, [0, 1], isClustered)))
        const { records, rows } = partsOf(layoutOf(all, [0, 1], isClustered))
        const random = seededBy(seed)
        const mixed = effectsIn({ records: shuffled(records, random), rows: shuffled(rows, random) })
        expect(mixed.map(numbersOf)).toEqual(there.map((effect) => numbersOf(effect).map((each) => near(each, 1e-9))))
      }),
    )
  })
})

describe('swapped arms', () => {
  it('turn ratios upside down, negate differences, and swap the limits', () => {
    fc.assert(
      fc.property(generated, fc.boolean(), (all, isClustered) => {
        const there = effectsIn(partsOf(layoutOf(all, [0, 1], isClustered)))
        const back = effectsIn(partsOf(layoutOf(all, [1, 0], isClustered)))
        expect(back.map(numbersOf)).toEqual(there.map((effect) => turned(effect).map((each) => near(each, 1e-6))))
      }),
    )
  })
})

function numbersOf({ pairs, production, candidate, estimate, interval }: Effect): number[] {
  return [pairs, production, candidate, estimate, interval.low, interval.high]
}

function turned({ scale, pairs, production, candidate, estimate, interval }: Effect): number[] {
  const turn = (number: number) => (scale === 'ratio' ? 1 / number : -number)
  return [pairs, candidate, production, turn(estimate), turn(interval.high), turn(interval.low)]
}
