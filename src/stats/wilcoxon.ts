// Wilcoxon's signed-rank test: whether paired differences lean to one side, whatever their distribution's shape.

import { finite, type Numbers, requirePaired, requireWithin } from './check.ts'
import { normalCdf } from './dist.ts'
import { sum } from './units.ts'

/** The statistic V and its p-values, each in 0..1. */
export interface WilcoxonSignedRank {
  /** The ranks of the positive differences, added up; ties share their mean rank. */
  readonly V: number
  /** Differences that are not 0. */
  readonly n: number
  readonly method: 'exact' | 'normal'
  /** p-values; all 1 where every difference is 0. */
  readonly twoSided: number
  /** Small where the differences lie above 0. */
  readonly greater: number
  /** Small where they lie below 0. */
  readonly less: number
}

/**
 * The signed-rank test (Wilcoxon 1945) as R's wilcox.test does it: zeros are dropped; exact where n < 50 and there are
 * neither zeros nor ties, otherwise normal, with the variance n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48 over groups of t ties
 * and half a rank of continuity correction unless `correct` is false. `exact` forces either; its time grows with n³.
 *
 * Finite differences of independent pairs, at least one. Throws RangeError otherwise, and where `exact` is asked for
 * with ties or zeros, whose null distribution it does not know.
 */
export function wilcoxonSignedRank(args: {
  readonly diffs: Numbers
  readonly exact?: boolean | undefined
  readonly correct?: boolean | undefined
}): WilcoxonSignedRank {
  const { diffs, correct = true } = args
  requirePaired({ diffs })
  requireWithin('diffs', diffs, finite)
  const { V, n, ties } = rankSum(diffs)
  const isExactKnown = ties === 0 && n === diffs.length
  const isExact = args.exact ?? (n < 50 && isExactKnown)
  if (isExact && !isExactKnown) throw new RangeError('an exact p-value needs differences without ties and zeros')
  if (n === 0) return { V, n, method: 'normal', twoSided: 1, greater: 1, less: 1 }
  return isExact
    ? { V, n, method: 'exact', ...exactly(V, n) }
    : { V, n, method: 'normal', ...nearly({ V, n, ties, correct }) }
}

/** V, the number of differences that are not 0, and Σ(t³ − t) over the ties among them. */
function rankSum(diffs: Numbers): { readonly V: number; readonly n: number; readonly ties: number } {
  const moved = Float64Array.from(diffs).filter((value) => value !== 0)
  const sizes = moved.map(Math.abs).toSorted()
  const positive = moved.filter((value) => value > 0).toSorted()
  let [V, ties, seen] = [0, 0, 0]
  for (let from = 0, to = 0; from < sizes.length; from = to) {
    while (to < sizes.length && sizes[to] === sizes[from]) to++
    let above = 0
    for (; seen < positive.length && positive[seen] === sizes[from]; seen++) above++
    V += above * ((from + 1 + to) / 2)
    ties += (to - from) ** 3 - (to - from)
  }
  return { V, n: moved.length, ties }
}

function exactly(V: number, n: number): Pick<WilcoxonSignedRank, 'twoSided' | 'greater' | 'less'> {
  const most = (n * (n + 1)) / 2
  // P(W = w), a fair coin for each rank: half of the masses stay, half move up by the rank.
  const mass = new Float64Array(most + 1)
  mass[0] = 1
  for (let rank = 1, reach = 1; rank <= n; reach += ++rank) {
    for (let w = reach; w >= 0; w--) mass[w] = ((mass[w] ?? 0) + (w < rank ? 0 : (mass[w - rank] ?? 0))) / 2
  }
  // The distribution is symmetric: P(W ≥ V) = P(W ≤ most − V), which keeps the digits of a small tail.
  const less = sum(mass.subarray(0, V + 1))
  const greater = sum(mass.subarray(0, most - V + 1))
  return { less, greater, twoSided: Math.min(1, 2 * Math.min(less, greater)) }
}

function nearly(args: {
  readonly V: number
  readonly n: number
  readonly ties: number
  readonly correct: boolean
}): Pick<WilcoxonSignedRank, 'twoSided' | 'greater' | 'less'> {
  const { V, n, ties, correct } = args
  const distance = V - (n * (n + 1)) / 4
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48)
  const half = correct ? 0.5 : 0
  return {
    greater: normalCdf((half - distance) / deviation),
    less: normalCdf((distance + half) / deviation),
    // R corrects towards the middle by the sign of the distance: not at all where there is none.
    twoSided: 2 * normalCdf((Math.min(half, Math.abs(distance)) - Math.abs(distance)) / deviation),
  }
}
