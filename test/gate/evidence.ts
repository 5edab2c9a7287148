// Evidence made by hand: normal limits around an estimate, so that every p-value is known.

import type { Effect, Evidence, Limits, Policy, Rule, Segment } from '../../src/core/judgement.ts'
import type { RunFacts } from '../../src/gate/validity.ts'
import { normalQuantile } from '../../src/stats/dist.ts'

export interface Sketch {
  readonly metric?: string
  readonly segment?: Segment | null
  readonly better?: 'higher' | 'lower'
  readonly scale?: 'difference' | 'ratio'
  readonly estimate?: number
  /** Standard error, of the logarithm for a ratio. */
  readonly se?: number
  readonly pairs?: number
  readonly clusters?: number
  readonly minPairs?: number
  readonly limits?: (alpha: number) => Limits
  /** Production against itself. */
  readonly noise?: { readonly estimate: number; readonly se: number; readonly pairs: number } | null
  readonly absent?: Readonly<Record<string, number>>
  readonly typical?: number
  readonly overTime?: Effect['overTime']
}

/** An effect of 0 (or × 1) with a standard error of 0.001, over 1000 pairs, unless the sketch says otherwise. */
export function evidence(sketch: Sketch = {}): Evidence {
  const { metric = 'latency-p50', segment = null, scale = 'ratio', absent = {}, noise = null } = sketch
  const estimate = sketch.estimate ?? (scale === 'ratio' ? 1 : 0)
  const limits = sketch.limits ?? normalLimits(scale, { estimate, se: sketch.se ?? 0.001 })
  const noiseLimits = noise && normalLimits(scale, noise)
  const pairs = sketch.pairs ?? 1000
  const interval = (of: typeof limits) => ({ ...of(0.05), level: 0.9 })
  const effect: Effect = {
    metric,
    segment,
    better: sketch.better ?? 'lower',
    unit: scale === 'ratio' ? 'ms' : 'share',
    pairs,
    clusters: sketch.clusters ?? pairs,
    absent,
    production: 1,
    candidate: scale === 'ratio' ? estimate : 1 + estimate,
    estimate,
    scale,
    interval: interval(limits),
    method: 'normal',
    noise: noise && noiseLimits && { estimate: noise.estimate, interval: interval(noiseLimits), pairs: noise.pairs },
    typical: sketch.typical ?? null,
    overTime: sketch.overTime ?? null,
  }
  return {
    metric,
    segment,
    effect,
    absent,
    minPairs: sketch.minPairs ?? 50,
    minClusters: 10,
    leastPairs: () => Infinity,
    usersOnly: null,
    limits,
    noiseLimits,
  }
}

function normalLimits(scale: 'difference' | 'ratio', { estimate, se }: { estimate: number; se: number }) {
  return (alpha: number): Limits => {
    const reach = -normalQuantile(alpha) * se
    return scale === 'ratio'
      ? { low: estimate * Math.exp(-reach), high: estimate * Math.exp(reach) }
      : { low: estimate - reach, high: estimate + reach }
  }
}

/** Evidence of a metric that could not be measured. */
export function unmeasured(metric: string, absent: Readonly<Record<string, number>> = {}): Evidence {
  const limits = () => ({ low: -Infinity, high: Infinity })
  return {
    metric,
    segment: null,
    effect: null,
    absent,
    minPairs: 50,
    minClusters: 10,
    leastPairs: () => Infinity,
    usersOnly: null,
    limits,
    noiseLimits: null,
  }
}

/** A blocking rule: the metric may not be worse by 20 % (or 20 points). */
export function rule(parts: Partial<Rule> = {}): Rule {
  return {
    metric: 'latency-p50',
    segment: null,
    margin: 0.2,
    severity: 'block',
    mode: 'worse',
    stage: 'replay',
    ...parts,
  }
}

export function policy(rules: readonly Rule[], parts: Partial<Policy> = {}): Policy {
  return { level: 0.95, rules, segments: [], maxExcluded: 0.02, validityAlpha: 0.01, hold: true, looks: null, ...parts }
}

export const soundRun: RunFacts = { pairs: 1000, planned: 1000, excluded: {} }
