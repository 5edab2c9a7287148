// Boundaries for looking at a run before it is over: each look pays for itself, and all of them cost alpha together.

import { alphaSpent, defaultSpending, type Spending } from './alpha-spending.ts'
import { requireAlpha } from './check.ts'
import { defaultLooks } from './default-looks.ts'
import { normalCdf } from './dist.ts'
import { farthest, type StoppedPath, tailAbove, walk } from './stopped-path.ts'

/** What each look has to clear, one place for each. */
export interface Boundaries {
  readonly informationRates: readonly number[]
  /** A look's one-sided statistic must exceed this; 8 where there is next to nothing to spend. */
  readonly zBoundaries: readonly number[]
  /** Cumulative. */
  readonly alphaSpent: readonly number[]
  /** 1 − z's Φ: the alpha of the limits to ask for at each look; 0 where the look must not decide. */
  readonly alphaAtLook: readonly number[]
}

/** Increments below are lost in rounding: the boundary is then `farthest`, which is as good as never. */
const leastIncrement = 1e-14
/** Looks closer together than this would need a finer grid than is worth its time. */
const leastStep = 1e-3

/**
 * One-sided group-sequential boundaries by alpha spending (Lan & DeMets 1983), found by recursive integration of
 * Brownian motion stopped at them (Armitage, McPherson & Rowe 1969). On the scale b = z√t, with f₁ the density of
 * N(0, t₁) below b₁:
 *   b_k solves ∫ f_k₋₁(x)·(1 − Φ((b_k − x)/√dt)) dx = α(t_k) − α(t_k₋₁),
 *   f_k(b) = ∫ f_k₋₁(x)·φ((b − x)/√dt)/√dt dx below b_k,
 * by Simpson's rule; within 1e-6 of R's rpact. Needs independent increments: shuffled pairs, or shuffled clusters.
 *
 * `reserve`, a share of alpha, is kept back: (1 − reserve)·α is spent by rate 1, all of it by an extension, which may
 * then be the last rate, above 1. Without a reserve nothing is left at rate 1, and looking on would be a second test.
 *
 * `userAlphaSpending` (rpact's name) gives the alpha spent by each rate itself, in place of `spending` and `reserve`.
 *
 * `informationRates` rising by 0.001 or more within (0, 1], but for the extension; `alphaOneSided` in (0, 0.5], 0.05
 * unless given; `reserve` in [0, 1), 0 unless given; `userAlphaSpending` one for each rate, not falling, within [0,
 * alphaOneSided]. Throws RangeError otherwise.
 */
export function groupSequential(args: {
  readonly informationRates?: readonly number[] | undefined
  readonly alphaOneSided?: number | undefined
  readonly spending?: Spending | undefined
  readonly reserve?: number | undefined
  readonly userAlphaSpending?: readonly number[] | undefined
}): Boundaries {
  const { informationRates = defaultLooks, alphaOneSided = 0.05, spending = defaultSpending, reserve = 0 } = args
  requireAlpha(alphaOneSided)
  if (!(reserve >= 0 && reserve < 1)) throw new RangeError(`reserve must be in [0, 1), got ${reserve}`)
  requireRates(informationRates, reserve > 0)
  const own = args.userAlphaSpending
  if (own) requireSpent(own, informationRates.length, alphaOneSided)
  const spent =
    own ??
    informationRates.map((t) =>
      t > 1 ? alphaOneSided : alphaSpent({ ...spending, t, alphaOneSided: (1 - reserve) * alphaOneSided }),
    )
  const zBoundaries: number[] = []
  let path: StoppedPath | null = null
  for (const [k, t] of informationRates.entries()) {
    const dt: number = t - (path?.t ?? 0)
    const increment = (spent[k] ?? 0) - (spent[k - 1] ?? 0)
    const z = increment < leastIncrement ? farthest : boundary(path, { t, dt, increment })
    zBoundaries.push(z)
    const next = informationRates[k + 1]
    if (next !== undefined) path = walk(path, { t, dt, b: z * Math.sqrt(t), next: next - t })
  }
  return {
    informationRates: [...informationRates],
    zBoundaries,
    alphaSpent: [...spent],
    alphaAtLook: zBoundaries.map((z) => (z === farthest ? 0 : normalCdf(-z))),
  }
}

/** The z above which the path still to come has just the increment; the tail falls as z grows. */
function boundary(
  path: StoppedPath | null,
  at: { readonly t: number; readonly dt: number; readonly increment: number },
): number {
  const { t, dt, increment } = at
  let [low, high] = [-farthest, farthest]
  // 16 halved 40 times is 1e-11, which is finer than the grid.
  for (let step = 0; step < 40; step++) {
    const z = (low + high) / 2
    if (tailAbove(path, z * Math.sqrt(t), dt) > increment) low = z
    else high = z
  }
  return high
}

function requireSpent(spent: readonly number[], looks: number, alpha: number): void {
  if (spent.length !== looks) throw new RangeError(`userAlphaSpending needs ${looks} values, got ${spent.length}`)
  for (const [k, value] of spent.entries()) {
    if (!(value >= (spent[k - 1] ?? 0) && value <= alpha + 1e-15)) {
      throw new RangeError(`userAlphaSpending[${k}] must not fall, and stay within [0, ${alpha}], got ${value}`)
    }
  }
}

function requireRates(rates: readonly number[], mayExtend: boolean): void {
  if (rates.length === 0) throw new RangeError('informationRates is empty: no look, no boundary')
  for (const [k, t] of rates.entries()) {
    const mayBeAbove = mayExtend && k > 0 && k === rates.length - 1 && rates[k - 1] === 1
    if (!(t - (rates[k - 1] ?? 0) >= leastStep - 1e-12 && t <= (mayBeAbove ? Number.MAX_VALUE : 1))) {
      throw new RangeError(`informationRates[${k}] must rise by 0.001 within (0, 1], or extend a reserve, got ${t}`)
    }
  }
}
