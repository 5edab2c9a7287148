// How much more often: the difference of two proportions over the same pairs (errors, refusals, valid JSON).

import { type Clusters, type Flags, requireAlpha, requireCount, requireFlags, requirePaired } from './check.ts'
import { clusterFactor, designEffectIn } from './cluster-factors.ts'
import type { Estimator, Limits } from './estimator.ts'
import { denseUnits } from './units.ts'
import { wilson } from './wilson.ts'

/** The 2 × 2 table of pairs: an event in both arms, in one only, in neither. */
export interface PairCounts {
  readonly n11: number
  readonly treatOnly: number
  readonly ctrlOnly: number
  readonly n00: number
}

/** A difference of paired proportions, and how much its pairs depend on each other. */
export interface ProportionDifference extends Estimator {
  readonly counts: PairCounts
  /** Cluster-robust variance of the mean difference over the naive one; 1 without clusters. */
  readonly designEffect: number
}

/**
 * P(event in treatment) − P(event in control) from the counts of pairs, by Newcombe's method 10 (Newcombe 1998, Statistics
 * in Medicine 17:2635) with his continuity-corrected φ: Wilson's limits of each arm, combined as
 *   L = d − √((pT − lT)² − 2φ(pT − lT)(uC − pC) + (uC − pC)²),
 *   U = d + √((uT − pT)² − 2φ(uT − pT)(pC − lC) + (pC − lC)²),
 * cut at ±1. Wald's interval would err up to 38 % of the time where 5 % are promised (n = 50).
 *
 * Whole counts ≥ 0, at least one pair. Throws RangeError otherwise.
 */
export function pairedProportionsFromCounts(counts: PairCounts): ProportionDifference {
  const { n11, treatOnly, ctrlOnly, n00 } = counts
  for (const [name, count] of Object.entries({ n11, treatOnly, ctrlOnly, n00 })) requireCount(name, count)
  const n = n11 + treatOnly + ctrlOnly + n00
  if (n === 0) throw new RangeError('all four counts are 0: no pairs, no estimate')
  return estimatorOf({ counts: { n11, treatOnly, ctrlOnly, n00 }, designEffect: 1, clusters: null })
}

/**
 * `pairedProportionsFromCounts` of two arrays of 0 and 1 (1 = event), pair by pair. With `cluster`, the counts are divided
 * by κ = max(1, deff)·(t₁₋α,G−1 / z₁₋α)² first, deff being the cluster-robust (CR1) variance of the mean difference over
 * Σ(d − mean)²/n²; a single unit gives (−1, 1).
 *
 * Arms and cluster of one length ≥ 1. Throws RangeError otherwise.
 */
export function pairedProportions(args: {
  readonly control: Flags
  readonly treatment: Flags
  readonly cluster?: Clusters | undefined
}): ProportionDifference {
  const { control, treatment, cluster } = args
  requirePaired({ control, treatment, cluster })
  requireFlags('control', control)
  requireFlags('treatment', treatment)
  const n = control.length
  let [n11, treatOnly, ctrlOnly] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    if (treatment[i] === 1 && control[i] === 1) n11++
    else if (treatment[i] === 1) treatOnly++
    else if (control[i] === 1) ctrlOnly++
  }
  const counts = { n11, treatOnly, ctrlOnly, n00: n - n11 - treatOnly - ctrlOnly }
  if (cluster === undefined) return estimatorOf({ counts, designEffect: 1, clusters: null })
  const difference = new Float64Array(n)
  for (let i = 0; i < n; i++) difference[i] = (treatment[i] ?? 0) - (control[i] ?? 0)
  const units = denseUnits(cluster)
  return estimatorOf({ counts, designEffect: designEffectIn(difference, units), clusters: units.count })
}

function estimatorOf(args: {
  readonly counts: PairCounts
  readonly designEffect: number
  readonly clusters: number | null
}): ProportionDifference {
  const { counts, clusters } = args
  const n = counts.n11 + counts.treatOnly + counts.ctrlOnly + counts.n00
  return {
    method: 'newcombe-10',
    control: (counts.n11 + counts.ctrlOnly) / n,
    treatment: (counts.n11 + counts.treatOnly) / n,
    estimate: (counts.treatOnly - counts.ctrlOnly) / n,
    n,
    clusters: clusters ?? n,
    counts,
    designEffect: args.designEffect,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      if (clusters === null) return newcombe(counts, alphaOneSided)
      const kappa = clusterFactor({ designEffect: args.designEffect, clusters, alphaOneSided })
      if (!Number.isFinite(kappa)) return { lower: -1, upper: 1 }
      return newcombe(
        {
          n11: counts.n11 / kappa,
          treatOnly: counts.treatOnly / kappa,
          ctrlOnly: counts.ctrlOnly / kappa,
          n00: counts.n00 / kappa,
        },
        alphaOneSided,
      )
    },
  }
}

/** Newcombe 1998, method 10; the counts need not be whole. */
function newcombe(counts: PairCounts, alphaOneSided: number): Limits {
  const { n11, treatOnly, ctrlOnly, n00 } = counts
  const n = n11 + treatOnly + ctrlOnly + n00
  const t = n11 + treatOnly
  const c = n11 + ctrlOnly
  const phi = correctedPhi(counts)
  const wt = wilson({ k: t, n, alphaOneSided })
  const wc = wilson({ k: c, n, alphaOneSided })
  const d = (treatOnly - ctrlOnly) / n
  return {
    lower: Math.max(-1, d - combined(t / n - wt.lower, wc.upper - c / n, phi)),
    upper: Math.min(1, d + combined(wt.upper - t / n, c / n - wc.lower, phi)),
  }
}

function combined(a: number, b: number, phi: number): number {
  return Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
}

/** φ of the table with n11·n00 − b·c pulled towards 0 by n/2 where it is positive; 0 where a margin is empty. */
function correctedPhi(counts: PairCounts): number {
  const { n11, treatOnly, ctrlOnly, n00 } = counts
  const half = (n11 + treatOnly + ctrlOnly + n00) / 2
  const product = n11 * n00 - treatOnly * ctrlOnly
  const corrected = product > half ? product - half : Math.min(0, product)
  const margins = (n11 + treatOnly) * (ctrlOnly + n00) * (n11 + ctrlOnly) * (treatOnly + n00)
  return margins === 0 ? 0 : corrected / Math.sqrt(margins)
}
