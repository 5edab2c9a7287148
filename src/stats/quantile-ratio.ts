// How many times slower: the ratio of two latency quantiles over pairs, with timeouts, without resampling.

import {
  type Clusters,
  type Numbers,
  nonNegative,
  requireAlpha,
  requireFraction,
  requirePaired,
  requireWithin,
} from './check.ts'
import { fewUnitsFactor } from './cluster-factors.ts'
import type { Estimator } from './estimator.ts'
import { type ArmQuantile, armAt, logLimits, mover, ranksOf } from './quantile-arm.ts'
import { denseUnits, dot, type Units, unitTotals } from './units.ts'

/** The ratio treatment / control of one quantile, and what its limits are made of. */
export interface QuantileRatio extends Estimator {
  /** Correlation of "control at or below its quantile" with "treatment at or below its quantile"; 0 if either is infinite. */
  readonly phi: number
  /** At or below these a value is at or below its arm's quantile; the largest number where that is a timeout. */
  readonly thresholds: { readonly control: number; readonly treatment: number }
  /** By how much dependence within units shrinks each arm's sample, (t/z)² included and not yet cut at 1; 1 without units. */
  readonly designEffects: (alphaOneSided: number) => { readonly control: number; readonly treatment: number }
}

/** Latencies of both arms in step, and the unit of independence of each pair. */
export interface LatencyPairs {
  /** ms, or any unit: ≥ 0, Infinity for a timeout or a failed call. */
  readonly control: Numbers
  readonly treatment: Numbers
  readonly cluster?: Clusters | undefined
}

/**
 * The ratio of the p-quantiles of treatment and control, type 7 on the log scale, with limits by MOVER (Zou & Donner 2008)
 * from exact order-statistic limits of each arm and the paired indicators' correlation φ. With d = qt − qc in logs:
 *   U = d + √((tU − qt)² + (qc − cL)² − 2φ(tU − qt)(qc − cL)),
 *   L = d − √((qt − tL)² + (cU − qc)² − 2φ(qt − tL)(cU − qc)).
 * A timeout is Infinity. An infinite qt alone gives U = Infinity and L = tL − cU, Infinity once tL is a timeout too; an
 * infinite qc alone is the mirror image; both infinite tell nothing, and the estimate is then 1 within (0, Infinity).
 * Clusters shrink each arm to n / max(1, design effect) and make φ the correlation of the units' sums.
 *
 * Each limit is valid at its own alpha. They are nested only while φ ≤ 0 or both arms' gaps grow alike: with ties, few pairs
 * and φ > 0 a limit can come back a little as alpha falls, as √(x² + y² − 2φxy) falls where x < φy grows. `pInferior` and
 * `pNonInferior` take the outermost crossing.
 *
 * `p` in (0, 1). Values ≥ 0, Infinity allowed, NaN refused; arms and cluster of one length ≥ 1. Throws RangeError otherwise.
 */
export function quantileRatio(args: LatencyPairs & { readonly p: number }): QuantileRatio {
  const [ratio] = quantileRatios({ ...args, ps: [args.p] })
  if (ratio === undefined) throw new Error('one p gives one ratio')
  return ratio
}

/** `quantileRatio` for several p at the price of one sort of each arm; in the order of `ps`. Otherwise as `quantileRatio`. */
export function quantileRatios(args: LatencyPairs & { readonly ps: readonly number[] }): readonly QuantileRatio[] {
  const { control, treatment, cluster, ps } = args
  requirePaired({ control, treatment, cluster })
  requireWithin('control', control, nonNegative)
  requireWithin('treatment', treatment, nonNegative)
  for (const p of ps) requireFraction('p', p)
  const units = cluster === undefined ? null : denseUnits(cluster)
  const sortedControl = new Float64Array(control).toSorted()
  const sortedTreatment = new Float64Array(treatment).toSorted()
  return ps.map((p) =>
    ratioAt({ control: armAt(control, sortedControl, p), treatment: armAt(treatment, sortedTreatment, p), p, units }),
  )
}

function ratioAt(args: {
  readonly control: ArmQuantile
  readonly treatment: ArmQuantile
  readonly p: number
  readonly units: Units | null
}): QuantileRatio {
  const { control, treatment, p, units } = args
  const n = control.below.length
  const { phi, spreadControl, spreadTreatment } = dependence(control, treatment, units)
  const designEffects = (alphaOneSided: number): { readonly control: number; readonly treatment: number } => {
    requireAlpha(alphaOneSided)
    if (units === null) return { control: 1, treatment: 1 }
    const few = fewUnitsFactor(alphaOneSided, units.count)
    // One unit shows no variance between units: its spread is not a number, its effect is all there can be.
    const effect = (spread: number): number => (few === Infinity ? Infinity : spread * few)
    return { control: effect(spreadControl), treatment: effect(spreadTreatment) }
  }
  return {
    method: 'mover-order-statistics',
    control: Math.exp(control.log),
    treatment: Math.exp(treatment.log),
    estimate: control.log === treatment.log ? 1 : Math.exp(treatment.log - control.log),
    n,
    clusters: units?.count ?? n,
    phi,
    thresholds: { control: control.threshold, treatment: treatment.threshold },
    designEffects,
    limits: (alphaOneSided) => {
      const effects = designEffects(alphaOneSided)
      const [forControl, forTreatment] = [Math.max(1, effects.control), Math.max(1, effects.treatment)]
      const ranks = ranksOf({ n, p, alphaOneSided, effect: forControl })
      const cl = logLimits(control, ranks)
      const isSame = forTreatment === forControl
      const tl = logLimits(treatment, isSame ? ranks : ranksOf({ n, p, alphaOneSided, effect: forTreatment }))
      const log = mover({ qc: control.log, qt: treatment.log, cl, tl, phi })
      return { lower: Math.exp(log.lower), upper: Math.exp(log.upper) }
    },
  }
}

/** φ of the indicators, and each arm's design effect before the small-sample factor. */
function dependence(
  control: ArmQuantile,
  treatment: ArmQuantile,
  units: Units | null,
): { readonly phi: number; readonly spreadControl: number; readonly spreadTreatment: number } {
  const n = control.below.length
  const pc = control.belowCount / n
  const pt = treatment.belowCount / n
  const isUnknown = !Number.isFinite(control.log) || !Number.isFinite(treatment.log) || units?.count === 1
  if (units === null) {
    const covariance = dot(control.below, treatment.below) / n - pc * pt
    const scale = Math.sqrt(pc * (1 - pc) * pt * (1 - pt))
    return { phi: isUnknown || scale === 0 ? 0 : covariance / scale, spreadControl: 1, spreadTreatment: 1 }
  }
  const ec = centredTotals(control.below, pc, units)
  const et = centredTotals(treatment.below, pt, units)
  const cc = dot(ec, ec)
  const tt = dot(et, et)
  const few = units.count / (units.count - 1) / n
  return {
    phi: isUnknown || cc === 0 || tt === 0 ? 0 : dot(ec, et) / Math.sqrt(cc * tt),
    spreadControl: control.variance === 0 ? 1 : (few * cc) / control.variance,
    spreadTreatment: treatment.variance === 0 ? 1 : (few * tt) / treatment.variance,
  }
}

function centredTotals(below: Uint8Array, mean: number, units: Units): Float64Array {
  const totals = unitTotals(below, units)
  for (const unit of units.of) totals[unit] = (totals[unit] ?? 0) - mean
  return totals
}
