// What is followed from night to night: one stream for each effect, and whether tonight's lies elsewhere than those before.

import type { NightEffect, NightSummary } from '../../core/across.ts'
import type { Scale, Segment } from '../../core/judgement.ts'
import { type Pooled, pooledMean } from '../../stats/across-nights.ts'
import { differenceOfEstimates, type Estimated } from '../../stats/difference-of-estimates.ts'

/** An effect of one night, ready to be compared. */
export interface Followed {
  /** The same for the same question in other nights. */
  readonly key: string
  readonly of: 'rule' | 'drift'
  readonly metric: string
  readonly segment: Segment | null
  readonly scale: Scale
  readonly estimated: Estimated
}

/** Rules that only warn are shown and decide nothing; to follow them too would dull the others. */
export function followedIn(night: NightSummary): readonly Followed[] {
  const rules = night.findings
    .filter(({ severity }) => severity !== 'warn')
    .map(({ metric, segment, scale, effect }) => ({ of: 'rule' as const, metric, segment, scale, effect }))
  const drift = (night.drift?.findings ?? []).map(({ metric, effect }) => ({
    of: 'drift' as const,
    metric,
    segment: null,
    scale: effect?.scale ?? 'difference',
    effect: effect && { estimate: effect.estimate, interval: effect.interval, units: effect.clusters },
  }))
  return [...rules, ...drift].flatMap(({ effect, ...about }) => {
    const estimated = effect && estimatedOf(effect, about.scale)
    return estimated === null ? [] : [{ ...about, key: keyOf(night, about), estimated }]
  })
}

/** What an assertion or a judge means stands in the policy: by another one it is another question. */
function keyOf(
  night: NightSummary,
  { of, metric, segment }: { of: string; metric: string; segment: Segment | null },
): string {
  const isOwn = metric.startsWith('assert-') || metric === 'judge'
  return JSON.stringify([night.swap, of, metric, segment, isOwn ? night.policy : null])
}

/** Ratios add up in logs; null where nothing can be compared. */
function estimatedOf({ estimate, interval, units }: NightEffect, scale: Scale): Estimated | null {
  const on = (value: number) => (scale === 'ratio' ? Math.log(value) : value)
  const numbers = { estimate: on(estimate), lower: on(interval.low), upper: on(interval.high) }
  if (Object.values(numbers).some(Number.isNaN) || units < 2) return null
  return { ...numbers, alphaOneSided: (1 - interval.level) / 2, units }
}

export interface Comparison {
  readonly from: number
  /** Two-sided, of "it lies where it lay". */
  readonly p: number
}

/** Tonight's against the mean of nights before; null where there are none to compare with. */
export function comparedWith(base: Pooled, now: Followed, overlap: number): Comparison | null {
  const mean = pooledMean(base, overlap)
  if (mean === null) return null
  // What both have in common moves both the same way, so taking them as independent is on the safe side.
  const { p } = differenceOfEstimates(mean, now.estimated, 'apart')
  return { from: now.scale === 'ratio' ? Math.exp(mean.estimate) : mean.estimate, p }
}
