// Whether the run can be judged at all.

import type { Drift } from '../core/drift.ts'
import type { Evidence, Policy } from '../core/judgement.ts'
import type { ReviewedChange } from '../core/review.ts'
import { holm } from '../stats/adjust.ts'
import { pBetterThan, pWorseThan } from './side.ts'
import { count } from './words.ts'

/** What the gate must know of the run beside its effects. */
export interface RunFacts {
  /** Pairs in which both arms came to an end, excluded ones included. */
  readonly pairs: number
  /** Pairs planned. */
  readonly planned: number
  /** Pairs that do not vote, by reason. */
  readonly excluded: Readonly<Record<string, number>>
  /** What people decided about changes that the run has. */
  readonly reviews?: readonly ReviewedChange[]
  /** Whether production still answers as the log has it. */
  readonly drift?: Drift
}

/** Sentences, one for each problem; none where the run is sound. */
export function validityProblems(evidence: readonly Evidence[], policy: Policy, facts: RunFacts): string[] {
  if (facts.pairs === 0) return ['No pair was completed.']
  return [...incomplete(facts), ...tooManyExcluded(policy, facts), ...noiseDiffers(evidence, policy)]
}

function incomplete(facts: RunFacts): string[] {
  if (facts.pairs >= facts.planned) return []
  return [
    `The replay stopped at ${count(facts.pairs, 'pair')} of ${facts.planned.toLocaleString('en-US')}; run again to go on with it.`,
  ]
}

function tooManyExcluded(policy: Policy, facts: RunFacts): string[] {
  const excluded = Object.values(facts.excluded).reduce((sum, pairs) => sum + pairs, 0)
  // A quotient, since 0.29 × 100 is less than 29 in floating point.
  if (excluded / facts.pairs <= policy.maxExcluded) return []
  const reasons = Object.entries(facts.excluded).map(([why, pairs]) => `${why} ${pairs}`)
  const limit = `${Number((policy.maxExcluded * 100).toFixed(2))} %`
  return [
    `${count(excluded, 'pair')} of ${facts.pairs.toLocaleString('en-US')} had to be excluded (${reasons.join(', ')}); at most ${limit} may be.`,
  ]
}

/** Production asked twice must agree with itself: if not, order, caches or drift decide, not the models. */
function noiseDiffers(evidence: readonly Evidence[], policy: Policy): string[] {
  const tested = evidence.flatMap((each) => {
    const { effect, noiseLimits } = each
    if (each.segment !== null || noiseLimits === null || !effect?.noise || effect.noise.pairs < each.minPairs) return []
    const neutral = effect.scale === 'ratio' ? 1 : 0
    return [
      {
        metric: each.metric,
        p: Math.min(1, 2 * Math.min(pWorseThan(noiseLimits, neutral), pBetterThan(noiseLimits, neutral))),
      },
    ]
  })
  const adjusted = holm(tested.map(({ p }) => p))
  return tested
    .filter((_, index) => (adjusted[index] ?? 1) < policy.validityAlpha)
    .map(
      ({ metric }) =>
        `Production asked twice differs from itself in ${metric}: order, caches or drift decide here, not the models.`,
    )
}
