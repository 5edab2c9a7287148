// One arm's latency quantile with exact order-statistic limits, and how two arms' limits become one of their ratio.

import type { Numbers } from './check.ts'
import type { Limits } from './estimator.ts'
import { orderStatisticRanks, type Ranks } from './order-statistic-ranks.ts'
import { logAtRank, logBetween, positionType7 } from './quantile.ts'

/** One arm at its quantile. */
export interface ArmQuantile {
  readonly sorted: Float64Array
  /** ln of the quantile. */
  readonly log: number
  readonly threshold: number
  /** 1 where the pair's value is at or below the quantile; where that is infinite, 1 where the value is finite. */
  readonly below: Uint8Array
  readonly belowCount: number
  /** Variance of the mean of `below`, times n, if the pairs were independent. */
  readonly variance: number
}

export function armAt(values: Numbers, sorted: Float64Array, p: number): ArmQuantile {
  const at = positionType7(sorted.length, p)
  const log = logBetween(sorted, at)
  // Nothing lies strictly between the two neighbours, so "at or below the quantile" is "at or below the lower one". An
  // infinite quantile has everything below it and no variance left: then the timeouts themselves show the dependence.
  const threshold = log === Infinity ? Number.MAX_VALUE : (sorted[at.below] ?? Infinity)
  const below = new Uint8Array(values.length)
  let belowCount = 0
  for (let i = 0; i < values.length; i++) {
    if ((values[i] ?? Infinity) <= threshold) {
      below[i] = 1
      belowCount++
    }
  }
  const share = belowCount / values.length
  return { sorted, log, threshold, below, belowCount, variance: log === Infinity ? share * (1 - share) : p * (1 - p) }
}

/** Ranks of an arm whose n dependent values are worth n / effect independent ones, stretched back to n. */
export function ranksOf(args: {
  readonly n: number
  readonly p: number
  readonly alphaOneSided: number
  readonly effect: number
}): Ranks {
  const worth = args.n / args.effect
  if (worth === 0) return { lower: -Infinity, upper: Infinity }
  const ranks = orderStatisticRanks({ n: worth, p: args.p, alphaOneSided: args.alphaOneSided })
  const stretch = (args.n + 1) / (worth + 1)
  return { lower: ranks.lower * stretch, upper: ranks.upper * stretch }
}

/** The arm's limits, never on the wrong side of its quantile: at alpha near 0.5 or p near 1 the ranks can cross type 7's. */
export function logLimits(arm: ArmQuantile, ranks: Ranks): Limits {
  const upper = ranks.upper < 1 ? arm.log : logAtRank(arm.sorted, ranks.upper)
  return { lower: Math.min(arm.log, logAtRank(arm.sorted, ranks.lower)), upper: Math.max(arm.log, upper) }
}

export function mover(args: {
  readonly qc: number
  readonly qt: number
  readonly cl: Limits
  readonly tl: Limits
  readonly phi: number
}): Limits {
  const { qc, qt, cl, tl, phi } = args
  if (Number.isFinite(qc) && Number.isFinite(qt)) {
    return {
      lower: qt - qc - combined(qt - tl.lower, cl.upper - qc, phi),
      upper: qt - qc + combined(tl.upper - qt, qc - cl.lower, phi),
    }
  }
  if (qt === qc) return { lower: -Infinity, upper: Infinity }
  // One quantile is infinite in logs, so the distance is: no covariance credit, each arm's own limit speaks.
  if (qt > qc)
    return { lower: tl.lower === Infinity ? Infinity : orElse(tl.lower - cl.upper, -Infinity), upper: Infinity }
  return { lower: -Infinity, upper: cl.lower === Infinity ? -Infinity : orElse(tl.upper - cl.lower, Infinity) }
}

function combined(a: number, b: number, phi: number): number {
  if (a === Infinity || b === Infinity) return Infinity
  return Math.sqrt(Math.max(0, a * a + b * b - 2 * phi * a * b))
}

/** Infinity − Infinity tells nothing: `unknown` then. */
function orElse(value: number, unknown: number): number {
  return Number.isNaN(value) ? unknown : value
}
