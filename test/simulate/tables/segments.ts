// Twelve segments of Zipf's sizes, by latency and refusals: what the whole hides, and what many questions invent.

import { judge } from '../../../src/commands/gate/judgement.ts'
import type { ScoredRecord } from '../../../src/score/columns.ts'
import { runOf } from '../../support/nouns.ts'
import { type Chance, normalPair } from '../chance.ts'
import { blockingRule, columnOf, policyOf, sentTimes } from '../measured.ts'
import { type Case, errorFigure, type Figure, shareFigure } from '../study.ts'

const run = runOf('simulated')
const designRuns = 500
const segments = 12
const harmonic = Array.from({ length: segments }, (_, place) => 1 / (place + 1)).reduce((sum, each) => sum + each, 0)

const rules = [blockingRule('latency-p50', 0.2), blockingRule('refused', 0.02)]
const policy = policyOf(rules, { segments: ['route'] })

interface Truth {
  readonly name: string
  /** Of all segments. */
  readonly latency?: number
  /** One segment that is worse: its place, from the largest, 0. */
  readonly worse?: { readonly place: number; readonly latency?: number; readonly refusals?: number }
  /** By pairs: the whole passes; a segment makes it NO-GO; a segment is listed. */
  readonly design: Readonly<Record<number, readonly [passes: number, holm: number, bh: number]>>
  /** Every segment that is named is named wrongly. */
  readonly isFalse?: true
}

const truths: readonly Truth[] = [
  { name: 'nothing wrong', isFalse: true, design: { 1000: [1, 0, 0], 4000: [1, 0, 0] } },
  {
    name: 'all at × 1.2',
    latency: 1.2,
    isFalse: true,
    design: { 1000: [0.06, 0.012, 0.032], 4000: [0.064, 0.014, 0.036] },
  },
  {
    name: 'one of 5 %, latency × 1.6',
    worse: { place: 5, latency: 1.6 },
    design: { 1000: [1, 0.438, 0.54], 4000: [1, 0.996, 0.998] },
  },
  {
    name: 'one of 5 %, refusals + 8 pt',
    worse: { place: 5, refusals: 0.08 },
    design: { 1000: [0.972, 0.01, 0.04], 4000: [1, 0.684, 0.78] },
  },
  {
    name: 'one of 8 %, latency × 1.35',
    worse: { place: 3, latency: 1.35 },
    design: { 1000: [1, 0.062, 0.12], 4000: [1, 0.516, 0.618] },
  },
]

export const segmentCases: readonly Case[] = truths.flatMap((truth) =>
  Object.entries(truth.design).map(([pairs, design]) => caseOf(truth, Number(pairs), design)),
)

function caseOf(truth: Truth, pairs: number, [passes, holm, bh]: readonly [number, number, number]): Case {
  const named = truth.isFalse ? errorFigure : shareFigure
  const figures: readonly Figure[] = [
    shareFigure('the whole passes', passes, designRuns),
    named('a segment is NO-GO', holm, designRuns),
    shareFigure('a segment is listed', bh, designRuns),
  ]
  return {
    table: 'segments',
    name: truth.name,
    n: pairs,
    runs: pairs >= 4000 ? 0.05 : 0.1,
    isInferred: true,
    isStricter: null,
    figures,
    prepare: () => (chance) => outcomesOf(chance, truth, pairs),
  }
}

function outcomesOf(chance: Chance, { latency = 1, worse }: Truth, pairs: number): readonly number[] {
  const records: ScoredRecord[] = []
  const [before, after] = [new Float64Array(pairs), new Float64Array(pairs)]
  const [refusedBefore, refusedAfter] = [new Float64Array(pairs), new Float64Array(pairs)]
  for (let place = 0; place < pairs; place++) {
    const segment = segmentOf(chance)
    records.push({ id: String(place), cluster: null, segments: { route: String(segment) } })
    const own: Partial<NonNullable<Truth['worse']>> = worse?.place === segment ? worse : {}
    const [left, right] = normalPair(chance, 0.7)
    before[place] = 800 * Math.exp(0.7 * left)
    after[place] = 800 * latency * (own.latency ?? 1) * Math.exp(0.7 * right)
    const draw = chance.unit()
    refusedBefore[place] = draw < 0.02 || draw > 0.995 ? 1 : 0
    refusedAfter[place] = draw < 0.025 + (own.refusals ?? 0) ? 1 : 0
  }
  const measures = [
    columnOf('answered', { production: new Float64Array(pairs).fill(1), candidate: new Float64Array(pairs).fill(1) }),
    columnOf('latency', { production: before, candidate: after }),
    columnOf('refused', { production: refusedBefore, candidate: refusedAfter }),
  ]
  const { verdict } = judge({ run, records, sentAt: sentTimes(pairs), policy, measures })
  const whole = verdict.findings.filter(({ rule }) => rule.segment === null)
  const parts = verdict.findings.filter(({ rule }) => rule.segment !== null)
  const broken = parts.some(({ outcome }) => outcome === 'fail')
  const listed = verdict.flags.some((flag) => flag.includes(' in route='))
  return [whole.every(({ outcome }) => outcome === 'pass') ? 1 : 0, broken ? 1 : 0, broken || listed ? 1 : 0]
}

function segmentOf(chance: Chance): number {
  let rest = chance.unit() * harmonic
  for (let place = 0; place < segments; place++) {
    rest -= 1 / (place + 1)
    if (rest < 0) return place
  }
  return segments - 1
}
