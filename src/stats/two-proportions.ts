// How much more often, between two groups that share nothing: for a canary's shares, where no request has a pair.

import { requireAlpha, requireCount } from './check.ts'
import { normalQuantile } from './dist.ts'
import type { Estimator, Limits } from './estimator.ts'
import { wilson } from './wilson.ts'

/** Events and size of both groups: 1 is the treatment, 2 the control. */
export interface TwoCounts {
  readonly k1: number
  readonly n1: number
  readonly k2: number
  readonly n2: number
}

/**
 * k1/n1 − k2/n2 of independent groups, by
 * - `newcombe` (the default): Wilson's limits of each group, d − √((p1 − l1)² + (u2 − p2)²) and d + √((u1 − p1)² + (p2
 *   − l2)²) (Newcombe 1998, Statistics in Medicine 17:873, method 10);
 * - `score`: the differences δ that the score test does not reject (Mee 1984: Miettinen & Nurminen without N/(N − 1));
 * - `agresti-caffo`: Wald with one event and one other added to each group (Agresti & Caffo 2000).
 * Wald itself is not offered: it errs many times more often than it says where events are rare. Requests of one user
 * depend on each other: see `rateDifference`.
 *
 * Whole counts, 0 ≤ k ≤ n, n > 0 in both groups. Throws RangeError otherwise.
 */
export function twoProportions(
  counts: TwoCounts & { readonly method?: 'newcombe' | 'score' | 'agresti-caffo' | undefined },
): Estimator {
  const { k1, n1, k2, n2, method = 'newcombe' } = counts
  for (const [name, count] of Object.entries({ k1, n1, k2, n2 })) requireCount(name, count)
  if (n1 === 0 || n2 === 0 || k1 > n1 || k2 > n2) {
    throw new RangeError(`k must be at most n and n above 0, got ${k1} of ${n1} and ${k2} of ${n2}`)
  }
  const limitsBy = { newcombe, score, 'agresti-caffo': agrestiCaffo }[method]
  return {
    method,
    control: k2 / n2,
    treatment: k1 / n1,
    estimate: k1 / n1 - k2 / n2,
    n: n1 + n2,
    clusters: n1 + n2,
    limits: (alphaOneSided) => {
      requireAlpha(alphaOneSided)
      return limitsBy({ k1, n1, k2, n2 }, alphaOneSided)
    },
  }
}

function newcombe({ k1, n1, k2, n2 }: TwoCounts, alphaOneSided: number): Limits {
  const [p1, p2] = [k1 / n1, k2 / n2]
  const one = wilson({ k: k1, n: n1, alphaOneSided })
  const two = wilson({ k: k2, n: n2, alphaOneSided })
  return {
    lower: p1 - p2 - Math.hypot(p1 - one.lower, two.upper - p2),
    upper: p1 - p2 + Math.hypot(one.upper - p1, p2 - two.lower),
  }
}

function agrestiCaffo({ k1, n1, k2, n2 }: TwoCounts, alphaOneSided: number): Limits {
  const [p1, p2] = [(k1 + 1) / (n1 + 2), (k2 + 1) / (n2 + 2)]
  const reach = -normalQuantile(alphaOneSided) * Math.sqrt((p1 * (1 - p1)) / (n1 + 2) + (p2 * (1 - p2)) / (n2 + 2))
  return { lower: Math.max(-1, p1 - p2 - reach), upper: Math.min(1, p1 - p2 + reach) }
}

function score(counts: TwoCounts, alphaOneSided: number): Limits {
  const { k1, n1, k2, n2 } = counts
  const z = -normalQuantile(alphaOneSided)
  const swapped = { k1: k2, n1: n2, k2: k1, n2: n1 }
  return { lower: 0 - upperScoreLimit(swapped, z), upper: upperScoreLimit({ k1, n1, k2, n2 }, z) }
}

/** The largest δ in [d, 1] that is not rejected: the score grows with δ. */
function upperScoreLimit(counts: TwoCounts, z: number): number {
  const { k1, n1, k2, n2 } = counts
  const d = k1 / n1 - k2 / n2
  let [low, high] = [d, 1]
  for (let step = 0; step < 60; step++) {
    const delta = (low + high) / 2
    const p2 = restrictedShare(counts, delta)
    const p1 = p2 + delta
    const variance = (p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2
    if ((delta - d) ** 2 > z * z * variance) high = delta
    else low = delta
  }
  return (low + high) / 2
}

/**
 * The likeliest p2 where p1 = p2 + δ: the root of the likelihood's cubic that is a share (Farrington & Manning 1990).
 */
function restrictedShare({ k1, n1, k2, n2 }: TwoCounts, delta: number): number {
  const a = n1 + n2
  const b = delta * (n1 + 2 * n2) - a - k1 - k2
  const c = delta * (n2 * delta - a - 2 * k2) + k1 + k2
  const e = delta * k2 * (1 - delta)
  const v = (b / (3 * a)) ** 3 - (b * c) / (6 * a * a) + e / (2 * a)
  const u = Math.sign(v || 1) * Math.sqrt(Math.max(0, (b / (3 * a)) ** 2 - c / (3 * a)))
  const cosine = u === 0 ? 0 : Math.min(1, Math.max(-1, v / u ** 3))
  const share = 2 * u * Math.cos((Math.PI + Math.acos(cosine)) / 3) - b / (3 * a)
  return Math.min(Math.max(share, 0, -delta), 1, 1 - delta)
}
