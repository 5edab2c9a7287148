// What holds of every effect: equal arms are equal, order is nothing, and swapped arms turn it round.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/core/judgement.ts'
import { type Random, seededBy, shuffled } from '../../src/core/random.ts'
import { type ReplayedComparison, replayedComparisons } from '../../src/core/types.ts'
import { decide } from '../../src/gate/decide.ts'
import { rolloutPolicy } from '../../src/gate/policy.ts'
import { near } from '../stats/reference.ts'
import { evidenceFor, evidenceIn, type Layout, type Measured, type Parts, partsOf } from './tables.ts'

fc.configureGlobal({ seed: 20261123, numRuns: 40 })

const size = 60
/** Rules that these pairs say something of: others to investigate by are flagged for that. */
const measured = new Set([
  'answered',
  'refused',
  'latency-p50',
  'latency-p95',
  'output-tokens',
  'cost',
  'cache-hit-rate',
  'text-similarity',
])
const measuredPolicy = { ...rolloutPolicy, rules: rolloutPolicy.rules.filter(({ metric }) => measured.has(metric)) }
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

/** `isTwice`: the candidate was asked twice as well, which has texts weighed in the energy form. */
interface Shape {
  readonly isClustered: boolean
  readonly isTwice: boolean
}
const shape = fc.record({ isClustered: fc.boolean(), isTwice: fc.boolean() })

function layoutOf(all: readonly Generated[], [production, candidate]: Sides, { isClustered, isTwice }: Shape): Layout {
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
  const similarity = (comparison: ReplayedComparison, side: 0 | 1): Measured => ({
    metric: 'text-similarity',
    comparison,
    candidate: all.map((each) => each['text-similarity'][side]),
  })
  return {
    ...(isClustered ? { clusters: all.map(({ cluster }) => cluster) } : {}),
    measured: [
      ...sided,
      similarity('noise', production),
      similarity('candidate', candidate),
      similarity('cross', candidate),
      ...(isTwice ? [similarity('candidate-noise', production)] : []),
      ...(isTwice ? [similarity('cross-candidate', candidate), similarity('cross-both', candidate)] : []),
    ],
  }
}

function effectsIn(parts: Parts): Effect[] {
  return evidenceIn(parts).flatMap(({ effect }) => (effect ? [effect] : []))
}

const measuredSummaries = 7

describe('equal arms', () => {
  it('have exactly neutral estimates, and no rule ever fails', () => {
    fc.assert(
      fc.property(generated, shape, (all, shaped) => {
        const evidence = evidenceIn(partsOf(layoutOf(all, [0, 0], shaped)))
        const effects = evidence.flatMap(({ effect }) => (effect ? [effect] : []))
        expect(effects).toHaveLength(measuredSummaries)
        expect(effects.filter(({ scale, estimate }) => estimate !== (scale === 'ratio' ? 1 : 0))).toEqual([])
        const verdict = decide(evidence, measuredPolicy, { pairs: size, planned: size, excluded: {} })
        expect(verdict.findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
        expect(verdict.flags).toEqual([])
      }),
    )
  })
})

describe('the order of the records', () => {
  it('is nothing to the effects', () => {
    fc.assert(
      fc.property(generated, shape, fc.integer(), (all, shaped, seed) => {
        const parts = partsOf(layoutOf(all, [0, 1], shaped))
        const there = effectsIn(parts)
        const mixed = effectsIn(reordered(parts, seededBy(seed)))
        expect(mixed.map(numbersOf)).toEqual(there.map((effect) => numbersOf(effect).map((each) => near(each, 1e-9))))
      }),
    )
  })
})

describe('swapped arms', () => {
  it('turn ratios upside down, negate differences, and swap the limits', () => {
    fc.assert(
      fc.property(generated, shape, (all, shaped) => {
        const there = effectsIn(partsOf(layoutOf(all, [0, 1], shaped)))
        const back = effectsIn(partsOf(layoutOf(all, [1, 0], shaped)))
        expect(back.map(numbersOf)).toEqual(there.map((effect) => turned(effect).map((each) => near(each, 1e-6))))
      }),
    )
  })
})

/** The energy form weighs how far two distributions lie apart: that has no direction. */
describe('texts of arms that were both asked twice', () => {
  const likeness = fc.tuple(...replayedComparisons.map(() => fc.constantFrom(0, 0.25, 0.5, 1)))
  const turnedTo = {
    candidate: 'candidate',
    noise: 'candidate-noise',
    cross: 'cross-candidate',
    'cross-candidate': 'cross',
    'cross-both': 'cross-both',
    'candidate-noise': 'noise',
  } as const satisfies Record<ReplayedComparison, ReplayedComparison>
  const textsOf = (
    all: readonly (readonly number[])[],
    nameOf: (comparison: ReplayedComparison) => ReplayedComparison,
  ) =>
    evidenceFor('text-similarity', {
      measured: replayedComparisons.map((comparison, place) => ({
        metric: 'text-similarity',
        comparison: nameOf(comparison),
        candidate: all.map((each) => each[place] ?? 0),
      })),
    })
  it('differ as much when the arms are swapped', () => {
    fc.assert(
      fc.property(fc.array(likeness, { minLength: size, maxLength: size }), (all) => {
        const [there, back] = [
          textsOf(all, (comparison) => comparison),
          textsOf(all, (comparison) => turnedTo[comparison]),
        ]
        expect(back.effect && numbersOf(back.effect)).toEqual(
          there.effect && numbersOf(there.effect).map((each) => near(each, 1e-9)),
        )
        expect(there.effect?.method).toBe('paired-t')
      }),
    )
  })
})

/** The same run with its records in another order. */
function reordered({ records, rows }: Parts, random: Random): Parts {
  const order = shuffled([...records.keys()], random)
  const placeOf = new Map(order.map((from, to) => [from, to]))
  return {
    records: order.flatMap((from) => records[from] ?? []),
    rows: shuffled(rows, random).map((row) => ({ ...row, ordinal: placeOf.get(row.ordinal) ?? -1 })),
  }
}

function numbersOf({ pairs, production, candidate, estimate, interval }: Effect): number[] {
  return [pairs, production, candidate, estimate, interval.low, interval.high]
}

function turned({ scale, pairs, production, candidate, estimate, interval }: Effect): number[] {
  const turn = (number: number) => (scale === 'ratio' ? 1 / number : -number)
  return [pairs, candidate, production, turn(estimate), turn(interval.high), turn(interval.low)]
}
