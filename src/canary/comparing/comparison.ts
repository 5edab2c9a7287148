// The candidate's users beside the control's, as evidence for the gate, with limits that hold at every moment at once.

import type { Effect, Evidence, Limits, Scale, Unit } from '../../core/judgement.ts'
import { alwaysValidAlpha } from '../../stats/always-valid.ts'
import type { Estimator } from '../../stats/estimator.ts'
import { minimumPairs } from '../../stats/order-statistic-ranks.ts'
import { estimatorsOf } from './estimates.ts'
import type { TalliedMetric, Tally } from './tally.ts'

/** How a summary of a metric is compared between groups of users, as the harness's metrics name it. */
export type UnpairedMethod =
  | { readonly kind: 'quantile-ratio'; readonly p: number }
  | { readonly kind: 'mean-ratio' }
  | { readonly kind: 'share-difference' }
  | { readonly kind: 'rate-difference' }

export interface CanaryMetric extends TalliedMetric {
  readonly unit: Unit
  readonly better: 'higher' | 'lower'
  readonly summaries: readonly { readonly name: string; readonly method: UnpairedMethod; readonly minPairs: number }[]
}

export interface ComparisonOptions {
  /** Confidence of each one-sided limit, 0.6 or more. */
  readonly level: number
  /** Users for whose number the limits are narrowest; the order of magnitude is enough. */
  readonly expectedUsers: number
  /** Fewer users in a group give no verdict. */
  readonly minUsers: number
}

/** One piece of evidence for each summary. `metrics` are the tally's. */
export function compare(tally: Tally, metrics: readonly CanaryMetric[], options: ComparisonOptions): Evidence[] {
  return metrics.flatMap((metric, place) => {
    const both = { control: tally.measures('control', place), candidate: tally.measures('candidate', place) }
    const absent = tally.absent(place)
    const requests = both.control.requests + both.candidate.requests
    const users = Math.min(both.control.users, both.candidate.users)
    const methods = metric.summaries.map(({ method }) => method)
    const estimators = estimatorsOf(methods, both)
    return metric.summaries.map(({ method, name, minPairs }, at): Evidence => {
      const estimator = estimators[at] ?? null
      const limits = alwaysValid(estimator, both.control.users + both.candidate.users, options)
      const isThere = estimator !== null && users >= options.minUsers
      return {
        metric: name,
        segment: null,
        effect: isThere
          ? effectOf({ metric, name, method, estimator, requests, absent, limits, level: options.level })
          : null,
        absent: isThere || Object.keys(absent).length > 0 ? absent : { 'not-measured': users },
        minPairs: 2 * minPairs,
        minClusters: 2 * options.minUsers,
        leastPairs: (alpha) =>
          method.kind === 'quantile-ratio' ? 2 * minimumPairs({ p: method.p, alphaOneSided: alpha }) : Infinity,
        usersOnly: null,
        limits,
        noiseLimits: null,
      }
    })
  })
}

/** Nobody's limits are wanted at a larger one. */
const largestAlpha = 0.4

/** The one-sided alpha of one look that pays for looking after every user of both groups (STATISTICS 7.3). `users` above 0. */
export function paidAlpha(alpha: number, users: number, { expectedUsers }: ComparisonOptions): number {
  const alphaOneSided = Math.min(alpha, largestAlpha)
  const paid = alwaysValidAlpha({ n: users, nOptimal: 2 * expectedUsers, alphaOneSided })
  return Math.max(paid, Number.MIN_VALUE)
}

/** The estimator's limits at that alpha. */
function alwaysValid(
  estimator: Estimator | null,
  users: number,
  options: ComparisonOptions,
): (alpha: number) => Limits {
  if (estimator === null || users === 0) return () => ({ low: -Infinity, high: Infinity })
  return (alpha) => {
    const { lower, upper } = estimator.limits(paidAlpha(alpha, users, options))
    return { low: lower, high: upper }
  }
}

interface Found {
  readonly metric: CanaryMetric
  readonly name: string
  readonly method: UnpairedMethod
  readonly estimator: Estimator
  readonly requests: number
  readonly absent: Effect['absent']
  readonly limits: (alpha: number) => Limits
  readonly level: number
}

function effectOf({ metric, name, method, estimator, requests, absent, limits, level }: Found): Effect {
  return {
    metric: name,
    segment: null,
    better: metric.better,
    unit: metric.unit,
    pairs: requests,
    clusters: estimator.clusters,
    absent,
    production: estimator.control,
    candidate: estimator.treatment,
    estimate: estimator.estimate,
    scale: scaleOf(method),
    interval: { ...limits(1 - level), level: Number((2 * level - 1).toFixed(12)) },
    method: `always-valid ${estimator.method}`,
    noise: null,
    typical: null,
    overTime: null,
    isUnpaired: true,
  }
}

function scaleOf({ kind }: UnpairedMethod): Scale {
  return kind === 'quantile-ratio' || kind === 'mean-ratio' ? 'ratio' : 'difference'
}
