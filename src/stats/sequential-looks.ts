// A run that is looked at while it goes on: what is decided at which look, and when to stop.

import { alphaSpent, defaultSpending, type Spending } from './alpha-spending.ts'
import { requireCount } from './check.ts'
import { defaultLooks } from './default-looks.ts'
import type { Limits } from './estimator.ts'
import { type Boundaries, groupSequential } from './group-sequential.ts'

/** Of one metric against its margin. */
export type Outcome = 'pass' | 'fail' | 'inconclusive'

/** One look that a plan pays for. */
export interface Look {
  /** Pairs (conversations, where they are the units) at which to look. */
  readonly n: number
  readonly rate: number
  /** The alpha to ask for the limit that may pass; 0 where the look must not decide. */
  readonly alphaPass: number
  /** The alpha to ask for the limit that may fail: smaller, since any of several metrics may. */
  readonly alphaFail: number
}

/**
 * Looks at shares of `nMax`, with a repeated confidence interval's alpha for each (Jennison & Turnbull 1989): passing
 * spends alpha, since all blocking metrics have to pass; failing spends alpha / `blocking` (Holm's first step), since
 * any of them may. Looks before `minimum` (100) are left out; the last one never is.
 *
 * `endsAt`: the run came to its end after so many of `nMax`, for a reason that has nothing to do with what was measured
 * (money, time). The looks before it cost what they were planned to cost, and the last one spends all that is left.
 *
 * `nMax` whole and ≥ 1; `blocking` whole and ≥ 1, the number of metrics that may fail the run; `endsAt` whole, from 1 to
 * `nMax`; the rest as `groupSequential`. An extension's rate, above 1, needs a `reserve`. Throws RangeError otherwise.
 */
export function planLooks(args: {
  readonly nMax: number
  readonly blocking: number
  readonly informationRates?: readonly number[] | undefined
  readonly minimum?: number | undefined
  readonly alphaOneSided?: number | undefined
  readonly spending?: Spending | undefined
  readonly reserve?: number | undefined
  readonly endsAt?: number | undefined
}): readonly Look[] {
  const { nMax, blocking, informationRates = defaultLooks, minimum = 100, alphaOneSided = 0.05 } = args
  const { endsAt, ...how } = args
  for (const [name, count] of Object.entries({ nMax, blocking, minimum })) requireCount(name, count)
  if (nMax === 0 || blocking === 0) throw new RangeError('nMax and blocking must be 1 or more')
  // 0.15 × 4000 must not become 601 by rounding.
  const sizeAt = (rate: number): number => Math.ceil(nMax * rate - 1e-9)
  const kept = informationRates.filter(
    (rate) => sizeAt(rate) >= minimum || rate >= Math.min(1, informationRates.at(-1) ?? 1),
  )
  const alphas = [alphaOneSided, alphaOneSided / blocking]
  if (endsAt === undefined || endsAt >= nMax) {
    const [pass, fail] = alphas.map((alpha) =>
      groupSequential({ ...how, informationRates: kept, alphaOneSided: alpha }),
    )
    return kept.map((rate, k) => lookAt({ n: sizeAt(rate), rate }, k, pass, fail))
  }
  requireCount('endsAt', endsAt)
  if (endsAt === 0) throw new RangeError('endsAt must be 1 or more')
  // A look just before the end would tell what the end tells.
  const before = kept.filter((rate) => sizeAt(rate) < 0.99 * endsAt)
  const spending = how.spending ?? defaultSpending
  const [pass, fail] = alphas.map((alpha) =>
    groupSequential({
      informationRates: [...before.map((rate) => sizeAt(rate) / endsAt), 1],
      alphaOneSided: alpha,
      userAlphaSpending: [...before.map((t) => alphaSpent({ ...spending, t, alphaOneSided: alpha })), alpha],
    }),
  )
  const sizes = [...before.map((rate) => ({ n: sizeAt(rate), rate })), { n: endsAt, rate: endsAt / nMax }]
  return sizes.map((size, k) => lookAt(size, k, pass, fail))
}

function lookAt(
  size: Pick<Look, 'n' | 'rate'>,
  k: number,
  pass: Boundaries | undefined,
  fail: Boundaries | undefined,
): Look {
  return { ...size, alphaPass: pass?.alphaAtLook[k] ?? 0, alphaFail: fail?.alphaAtLook[k] ?? 0 }
}

/** A metric as a look sees it: oriented so that larger is worse, on the scale of its margin. */
export interface Watched {
  readonly limits: (alphaOneSided: number) => Limits
  readonly margin: number
}

/** What is known after a look; plain, so that a run can be gone on with. */
export interface Watch {
  /** Looks taken. */
  readonly looks: number
  /** Each metric's outcome, and the look (from 1) at which it was decided: 0 while it is not. */
  readonly outcomes: Readonly<Record<string, { readonly outcome: Outcome; readonly look: number }>>
  /** Nothing that is still to come would change the answer, or nothing is left to spend. */
  readonly isOver: boolean
}

/** Before the first look: what `takeLook` begins with. */
export const notLookedYet: Watch = { looks: 0, outcomes: {}, isOver: false }

/**
 * The next look of the plan. Outcomes are sticky: the first crossing counts, whatever later data say, because that is
 * what the boundaries pay for. The run is over at the first failure (unless `failFast` is false), once every metric is
 * decided, or with the plan's last look. A metric that is missing stays as it was, undecided if it never came: nothing
 * unmeasured passes.
 *
 * `metrics` are the blocking ones, by name, the same at every look, after `plan[watch.looks].n` pairs. Throws
 * RangeError when the plan has no look left: its alpha is spent, and another look would be a second test.
 */
export function takeLook(args: {
  readonly plan: readonly Look[]
  readonly watch: Watch
  readonly metrics: Readonly<Record<string, Watched>>
  readonly failFast?: boolean | undefined
}): Watch {
  const { plan, watch, metrics, failFast = true } = args
  const look = plan[watch.looks]
  if (look === undefined) throw new RangeError(`all ${plan.length} looks are taken: no alpha is left for another`)
  const looks = watch.looks + 1
  const outcomes = { ...watch.outcomes }
  for (const [name, metric] of Object.entries(metrics)) {
    const before = outcomes[name]
    if (before !== undefined && before.outcome !== 'inconclusive') continue
    const outcome = outcomeAt(look, metric)
    outcomes[name] = { outcome, look: outcome === 'inconclusive' ? 0 : looks }
  }
  const known = Object.values(outcomes).map(({ outcome }) => outcome)
  const isDecided = known.length > 0 && !known.includes('inconclusive')
  return { looks, outcomes, isOver: looks === plan.length || isDecided || (failFast && known.includes('fail')) }
}

function outcomeAt(look: Look, { limits, margin }: Watched): Outcome {
  const lower = look.alphaFail > 0 ? limits(look.alphaFail).lower : -Infinity
  const upper = look.alphaPass > 0 ? limits(look.alphaPass).upper : Infinity
  return outcomeOf({ lower, upper, margin })
}

/**
 * Limits against a margin, larger being worse: pass where upper < margin, fail where lower > margin, strictly; anything
 * else, NaN and Infinity included, is inconclusive. Never throws.
 */
export function outcomeOf(args: Limits & { readonly margin: number }): Outcome {
  const { lower, upper, margin } = args
  if (lower > margin) return 'fail'
  return upper < margin ? 'pass' : 'inconclusive'
}
