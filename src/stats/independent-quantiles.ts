// How many times slower one group of users is served than another: the ratio of latency quantiles without pairs.

import {
  type Clusters,
  type Numbers,
  nonNegative,
  requireAlpha,
  requireFraction,
  requirePaired,
  requireWithin,
} from './check.ts'
import { designEffectIn, fewUnitsFactor } from './cluster-factors.ts'
import type { Estimator, Limits } from './estimator.ts'
import { type ArmQuantile, armAt, logLimits, mover, ranksOf } from './quantile-arm.ts'
import { denseUnits } from './units.ts'

/** One group's latencies, Infinity for a request without an answer, and whose each was. */
export interface GroupLatencies {
  readonly values: Numbers
  readonly cluster: Clusters
  /** The same values in ascending order, where the caller has them already: sorting is most of the work. */
  readonly sorted?: Float64Array
}

/**
 * The ratio of the p-quantiles of treatment and control for each of `ps`, two separate groups of users: MOVER (Zou & Donner 2008)
 * from each group's exact order-statistic limits as in `quantileRatio`, with φ = 0 since nothing is paired. A group of n dependent
 * requests is worth n / max(1, deff) independent ones, deff being the design effect of "at or below the quantile" over users, with t
 * for few of them.
 *
 * `ps` in (0, 1). Values ≥ 0, Infinity allowed; values and cluster of one length ≥ 1 in each group. Throws RangeError otherwise.
 */
export function independentQuantileRatios(args: {
  readonly control: GroupLatencies
  readonly treatment: GroupLatencies
  readonly ps: readonly number[]
}): readonly Estimator[] {
  const { control, treatment, ps } = args
  const [c, t] = [groupOf('control', control), groupOf('treatment', treatment)]
  for (const p of ps) requireFraction('p', p)
  return ps.map((p) => ratioAt(p, c, t))
}

interface Group {
  readonly values: Numbers
  readonly sorted: Float64Array
  readonly units: ReturnType<typeof denseUnits>
}

function groupOf(name: string, { values, cluster, sorted }: GroupLatencies): Group {
  requirePaired({ [`${name}.values`]: values, [`${name}.cluster`]: cluster })
  requireWithin(`${name}.values`, values, nonNegative)
  if (sorted !== undefined && sorted.length !== values.length) {
    throw new RangeError(`${name}.sorted has ${sorted.length} of ${values.length} values`)
  }
  return { values, sorted: sorted ?? new Float64Array(values).toSorted(), units: denseUnits(cluster) }
}

function ratioAt(p: number, control: Group, treatment: Group): Estimator {
  const [c, t] = [armAt(control.values, control.sorted, p), armAt(treatment.values, treatment.sorted, p)]
  const [limitsOfC, limitsOfT] = [limitsAt(p, control, c), limitsAt(p, treatment, t)]
  return {
    method: 'independent-order-statistics',
    control: Math.exp(c.log),
    treatment: Math.exp(t.log),
    estimate: c.log === t.log ? 1 : Math.exp(t.log - c.log),
    n: control.values.length + treatment.values.length,
    clusters: control.units.count + treatment.units.count,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      const log = mover({ qc: c.log, qt: t.log, cl: limitsOfC(alphaOneSided), tl: limitsOfT(alphaOneSided), phi: 0 })
      return { lower: Math.exp(log.lower), upper: Math.exp(log.upper) }
    },
  }
}

function limitsAt(p: number, { values, units }: Group, arm: ArmQuantile): (alphaOneSided: number) => Limits {
  const effect = designEffectIn(arm.below, units)
  return (alphaOneSided) => {
    const few = fewUnitsFactor(alphaOneSided, units.count)
    const ranks = ranksOf({ n: values.length, p, alphaOneSided, effect: Math.max(1, effect) * few })
    return logLimits(arm, ranks)
  }
}
