// The fixture's findings and effects: ten rules, two segment keys, every outcome, timeouts that make a limit infinite.

import type { Effect, Finding, FindingOutcome, Rule, Segment } from '../../src/core/judgement.ts'
import { everything, hostile } from './hostile.ts'

const level = 0.9

interface Sketch {
  readonly rule: Partial<Rule> & { readonly metric: string; readonly margin: number }
  readonly outcome: FindingOutcome
  readonly because: string
  readonly effect?: Partial<Effect> & {
    readonly estimate: number
    readonly low: number
    readonly high: number
    readonly arms: readonly [number, number]
    readonly noiseBand?: readonly [number, number, number]
  }
}

const ratio = { scale: 'ratio', unit: 'ms', better: 'lower', method: 'MOVER on order statistics' } as const
const share = { scale: 'difference', unit: 'share', better: 'lower', method: 'Newcombe method 10' } as const

const sketches: readonly Sketch[] = [
  {
    rule: { metric: 'answered', margin: 0.01 },
    outcome: 'fail',
    because: 'The candidate answers 5.1 points fewer requests; at 95 % confidence at least 4.2 points, the limit is 1.',
    effect: {
      ...share,
      better: 'higher',
      estimate: -0.051,
      low: -0.0613,
      high: -0.0421,
      arms: [0.9995, 0.9485],
      noiseBand: [0, -0.004, 0.004],
    },
  },
  {
    rule: { metric: 'latency-p50', margin: 0.2 },
    outcome: 'pass',
    because: 'The median is faster; at 95 % confidence it is at most 2.2 % slower, the limit is 20 %.',
    effect: { ...ratio, estimate: 0.981, low: 0.943, high: 1.022, arms: [812, 797], noiseBand: [1.004, 0.962, 1.041] },
  },
  {
    rule: { metric: 'latency-p95', margin: 0.2 },
    outcome: 'fail',
    because:
      'The slowest twentieth waits 2.9 times as long, and some get no answer: at least 1.9 times, the limit is 1.2.',
    effect: { ...ratio, estimate: 2.91, low: 1.94, high: Infinity, arms: [2310, 6722], noiseBand: [1.02, 0.91, 1.16] },
  },
  {
    rule: { metric: 'ttft-p95', margin: 0.2 },
    outcome: 'inconclusive',
    because:
      "ttft-p95: can't be told from 20 % worse: +11.0 %, between −2.0 % and +27.0 % (90 % interval) over 640 pairs.",
    effect: { ...ratio, estimate: 1.11, low: 0.98, high: 1.27, arms: [412, 457], pairs: 640, clusters: 201 },
  },
  {
    rule: { metric: 'cache-hit-rate', margin: 0.05, mode: 'difference' },
    outcome: 'pass',
    because: 'The hit rate is 0.6 points higher and not shown to be lower.',
    effect: {
      ...share,
      better: 'higher',
      method: 'jackknife over clusters',
      estimate: 0.006,
      low: -0.011,
      high: 0.023,
      arms: [0.314, 0.32],
    },
  },
  {
    rule: { metric: 'feedback', margin: 0.03, stage: 'canary' },
    outcome: 'not-evaluable',
    because: 'Nobody has rated the candidate’s answers yet: the canary decides this.',
  },
  {
    rule: { metric: 'refused', margin: 0.02, severity: 'investigate', mode: 'either-way' },
    outcome: 'fail',
    because: `Refusals differ by 3.4 points; look at ${everything}`,
    effect: {
      ...share,
      estimate: 0.034,
      low: 0.0252,
      high: 0.0431,
      arms: [0.021, 0.055],
      noiseBand: [0.001, -0.007, 0.009],
    },
  },
  {
    rule: { metric: 'output-tokens', margin: 0.5, severity: 'warn' },
    outcome: 'pass',
    because: 'Answers are 61 % shorter.',
    effect: {
      ...ratio,
      unit: 'tokens',
      method: 'Fieller',
      estimate: 0.39,
      low: 0.361,
      high: 0.42,
      arms: [218.4, 85.2],
    },
  },
  {
    rule: { metric: 'cost', margin: 0.5, severity: 'warn' },
    outcome: 'pass',
    because: 'A request costs 65 % less.',
    effect: {
      ...ratio,
      unit: 'usd',
      method: 'Fieller',
      estimate: 0.353,
      low: 0.331,
      high: 0.377,
      arms: [0.01594, 0.00562],
    },
  },
  {
    rule: { metric: 'text-similarity', margin: 0.05, severity: 'investigate' },
    outcome: 'inconclusive',
    because: 'The texts differ more than production differs from itself; how much more is not settled.',
    effect: {
      ...share,
      better: 'higher',
      method: 'cluster t',
      estimate: -0.043,
      low: -0.061,
      high: -0.025,
      arms: [0.94, 0.897],
      noiseBand: [0, -0.012, 0.012],
    },
  },
]

const tasks = ['prime', 'leetcode', 'sensitive', 'us-medical', hostile.html] as const
const tiers = ['free', 'enterprise'] as const

function ruleOf(sketch: Sketch['rule'], segment: Segment | null): Rule {
  return { severity: 'block', mode: 'worse', stage: 'replay', ...sketch, segment }
}

function effectOf({ rule, effect }: Sketch, segment: Segment | null, shift = 0): Effect | null {
  if (effect === undefined) return null
  const { low, high, arms, noiseBand, ...rest } = effect
  const move = (value: number) => (rest.scale === 'ratio' ? value * (1 + shift) : value + shift / 10)
  const noise = noiseBand && {
    estimate: noiseBand[0],
    interval: { low: noiseBand[1], high: noiseBand[2], level },
    pairs: 394,
  }
  return {
    metric: rule.metric,
    segment,
    better: 'lower',
    unit: 'ms',
    scale: 'ratio',
    method: 'none',
    pairs: segment === null ? 1969 : 300 + 17 * segment.value.length,
    clusters: segment === null ? 412 : 90,
    absent: {},
    typical: null,
    overTime: null,
    ...rest,
    production: arms[0],
    candidate: move(arms[1]),
    estimate: move(rest.estimate),
    interval: { low: move(low), high: move(high), level },
    noise: segment === null ? (noise ?? null) : null,
  }
}

const segments: readonly Segment[] = [
  ...tasks.map((value) => ({ key: 'task', value })),
  ...tiers.map((value) => ({ key: 'tier', value })),
]

/** Rules that are asked of each segment too, and how far each segment lies from the whole. */
const bySegment = new Set(['latency-p50', 'latency-p95', 'refused', 'output-tokens'])
const shifts = [0.62, -0.12, 0.21, 0.02, 0.05, -0.03, 0.03]

function segmentFindings(): readonly Finding[] {
  return segments.flatMap((segment, index) =>
    sketches
      .filter(({ rule }) => rule.metric === 'latency-p50')
      .map((sketch): Finding => {
        const isSlow = index === 0
        return {
          rule: ruleOf(sketch.rule, segment),
          effect: effectOf(sketch, segment, shifts[index]),
          outcome: isSlow ? 'fail' : index === 2 ? 'inconclusive' : 'pass',
          because: isSlow
            ? 'In this segment the median is 59 % slower, at least 53 %; all records together hide it.'
            : 'The median is within its limit here.',
          look: null,
          morePairs: null,
        }
      }),
  )
}

export function effects(): readonly Effect[] {
  const all = sketches.map((sketch) => effectOf(sketch, null))
  const parts = segments.flatMap((segment, index) =>
    sketches.filter(({ rule }) => bySegment.has(rule.metric)).map((sketch) => effectOf(sketch, segment, shifts[index])),
  )
  return [...all, ...parts].filter((effect) => effect !== null)
}

/** One for each rule on all records, then those by segment. */
export function findings(): readonly Finding[] {
  const all = sketches.map((sketch): Finding => {
    const effect = effectOf(sketch, null)
    return {
      rule: ruleOf(sketch.rule, null),
      effect,
      outcome: sketch.outcome,
      because: sketch.because,
      look: null,
      morePairs: null,
    }
  })
  return [...all, ...segmentFindings()]
}

export const rules: readonly Rule[] = sketches.map((sketch) => ruleOf(sketch.rule, null))
