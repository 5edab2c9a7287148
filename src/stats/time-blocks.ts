// Load that comes and goes: pairs sent at about the same time depend on each other, so blocks of time are units too.

import { finite, type Numbers, requireCount, requirePaired, requireWithin } from './check.ts'
import { designEffectIn } from './cluster-factors.ts'
import { fTail } from './dist.ts'
import { denseUnits, dot, sum, unitTotals } from './units.ts'

/** Few enough that a block outlasts the load's memory, enough for t with 9 degrees of freedom. */
const blocksOfVariance = 10
/** More and shorter ones show a difference between times better than they bound it. */
const blocksOfTest = 30

/**
 * The block of each pair, 0 … blocks − 1: contiguous in the order of sending, and equal in size to within one pair.
 * Pairs sent at the same time keep their order. `sentAt` finite, at least one; `blocks` whole and ≥ 1 (10). Throws
 * RangeError otherwise.
 */
export function timeBlocks(args: { readonly sentAt: Numbers; readonly blocks?: number | undefined }): Int32Array {
  const { sentAt, blocks = blocksOfVariance } = args
  requirePaired({ sentAt })
  requireWithin('sentAt', sentAt, finite)
  requireCount('blocks', blocks)
  if (blocks === 0) throw new RangeError('blocks must be 1 or more')
  return blocksOf(ranksInTime(sentAt), blocks)
}

function blocksOf(ranks: Int32Array, blocks: number): Int32Array {
  const of = new Int32Array(ranks.length)
  for (let i = 0; i < of.length; i++) of[i] = Math.floor(((ranks[i] ?? 0) * blocks) / of.length)
  return of
}

/** The place of each pair, from 0, in the order of sending; those sent at the same time keep their order. */
function ranksInTime(sentAt: Numbers): Int32Array {
  const n = sentAt.length
  const sorted = new Float64Array(sentAt).toSorted()
  // How many of those sent at the same time have their rank already.
  const taken = new Int32Array(n)
  const ranks = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    const first = firstAt(sorted, sentAt[i] ?? Infinity, i)
    ranks[i] = first + (taken[first] ?? 0)
    taken[first] = (taken[first] ?? 0) + 1
  }
  return ranks
}

/** The index of the first value in `sorted` that is not below `value`. Pairs come in about the order of sending: looked for about `near`. */
function firstAt(sorted: Float64Array, value: number, near: number): number {
  let [low, high, step] = [near, near, 1]
  for (; low > 0 && (sorted[low - 1] ?? 0) >= value; step *= 2) low = Math.max(0, low - step)
  for (step = 1; high < sorted.length && (sorted[high] ?? Infinity) < value; step *= 2)
    high = Math.min(sorted.length, high + step)
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Whether the groups' means differ by more than their values do: one-way analysis of variance (Fisher 1925), F = Σ
 * m_g(mean_g − mean)²/(G − 1) over Σ(x − mean_g)²/(n − G). 1 where nothing varies at all. Finite values; at least two
 * groups, and more values than groups. Throws RangeError otherwise.
 */
export function pOfGroups(args: { readonly values: Numbers; readonly groups: Int32Array }): number {
  const { values, groups } = args
  requirePaired({ values, groups })
  requireWithin('values', values, finite)
  const units = denseUnits(groups)
  const n = values.length
  if (units.count < 2 || n <= units.count)
    throw new RangeError(`${n} values in ${units.count} groups: nothing to compare`)
  const mean = sum(values) / n
  const centred = new Float64Array(n)
  for (let i = 0; i < n; i++) centred[i] = (values[i] ?? 0) - mean
  const sizes = unitTotals(new Float64Array(n).fill(1), units)
  const between = sum(unitTotals(centred, units).map((total, g) => total ** 2 / (sizes[g] ?? 1)))
  const within = Math.max(0, dot(centred, centred) - between)
  if (between <= 1e-28 * dot(values, values)) return 1
  return fTail(between / (units.count - 1) / (within / (n - units.count)), units.count - 1, n - units.count)
}

/** How much an effect changed with the time of sending. */
export interface TimeDependence {
  /** Variance of the mean over 10 blocks of time over the naive one; 1 where there are fewer than 20 pairs. */
  readonly designEffect: number
  /** p-value of "the effect was the same in all of 30 blocks of time"; 1 for fewer than 60 values. */
  readonly p: number
  /** designEffect > 1.5 or p < 0.01: limits then have to take the blocks as units. */
  readonly isDependent: boolean
  /**
   * p < 0.01: what a person should be told. A design effect of ten blocks exceeds 1.5 by chance in one run of seven, which is
   * cheap to allow for and wrong to report.
   */
  readonly isShown: boolean
}

/**
 * Whether an effect came and went with time. `values` are the pairs' contributions to the estimate (what it is the mean
 * of); `tested`, the same or another view of the pairs, is what the blocks are compared by, NaN where a pair has none
 * (ln T − ln C of a timeout). Interleaving the arms cancels load that both share, never load on one model's fleet
 * alone.
 *
 * Finite values; all of one length ≥ 1. Throws RangeError otherwise.
 */
export function timeDependence(args: {
  readonly values: Numbers
  readonly tested?: Numbers | undefined
  readonly sentAt: Numbers
}): TimeDependence {
  const { values, tested = values, sentAt } = args
  requirePaired({ values, tested, sentAt })
  requireWithin('values', values, finite)
  return timesOf({ tested, sentAt }).dependenceOf(values)
}

/** What the times of sending say, for several estimates of the same pairs. */
export interface Times {
  /** `timeBlocks`, ten of them. */
  readonly blocks: Int32Array
  /** `timeDependence` of finite values. */
  readonly dependenceOf: (values: Numbers) => TimeDependence
}

/** Orders the pairs once, and tests their times once. As `timeDependence`. */
export function timesOf(args: { readonly tested: Numbers; readonly sentAt: Numbers }): Times {
  const { tested, sentAt } = args
  requirePaired({ tested, sentAt })
  requireWithin('sentAt', sentAt, finite)
  const ranks = ranksInTime(sentAt)
  const blocks = blocksOf(ranks, blocksOfVariance)
  const units = denseUnits(blocks)
  const p = pOfTimes(tested, ranks)
  return {
    blocks,
    dependenceOf: (values) => {
      const effect = values.length < 2 * blocksOfVariance ? 1 : designEffectIn(values, units)
      const isShown = p < 0.01
      return { designEffect: effect, p, isDependent: effect > 1.5 || isShown, isShown }
    },
  }
}

/** Of what the blocks are compared by, without the pairs that have none (NaN). */
function pOfTimes(tested: Numbers, ranks: Int32Array): number {
  const n = tested.length
  const isTold = new Uint8Array(n)
  for (let i = 0; i < n; i++) if (!Number.isNaN(tested[i])) isTold[ranks[i] ?? 0] = 1
  // The rank of each among those that are told, by its rank among all.
  const rankOf = new Int32Array(n)
  let told = 0
  for (let rank = 0; rank < n; rank++) {
    rankOf[rank] = told
    told += isTold[rank] ?? 0
  }
  if (told < 2 * blocksOfTest) return 1
  const [values, ownRanks] = [new Float64Array(told), new Int32Array(told)]
  let at = 0
  for (let i = 0; i < n; i++) {
    if (Number.isNaN(tested[i])) continue
    values[at] = tested[i] ?? 0
    ownRanks[at++] = rankOf[ranks[i] ?? 0] ?? 0
  }
  return pOfGroups({ values, groups: blocksOf(ownRanks, blocksOfTest) })
}
