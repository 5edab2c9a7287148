// What the open rules of a canary still need: requests and users, by what was seen so far.

import { type ComparisonOptions, paidAlpha } from '../../../canary/comparing/comparison.ts'
import type { Evidence, Finding, Policy } from '../../../core/judgement.ts'
import type { Need } from '../../../core/rollout.ts'
import { findEvidence } from '../../../gate/evidence.ts'
import { mustPass, stageOf } from '../../../gate/find.ts'
import { worseningEstimate, worseningOf } from '../../../gate/side.ts'
import { morePairs } from '../../../stats/more-pairs.ts'

/** With which the requests that are said to be missing would decide. */
const power = 0.8

export interface NeedsOf {
  readonly findings: readonly Finding[]
  readonly evidence: readonly Evidence[]
  readonly policy: Policy
  readonly comparison: ComparisonOptions
  /** Of the candidate. */
  readonly requests: number
  readonly users: number
}

/** Of blocking rules that are neither kept nor broken. */
export function needsOf({ findings, evidence, policy, ...rest }: NeedsOf): Need[] {
  return findings
    .filter((finding) => mustPass(finding, stageOf(policy)) && !['pass', 'fail'].includes(finding.outcome))
    .map(({ rule }): Need => {
      const metric = rule.metric
      const more = moreOf(findEvidence(evidence, metric, null), rule, { policy, ...rest })
      if (more === null) return { metric, requests: null, users: null }
      const users = Math.ceil(((rest.requests + more) * rest.users) / rest.requests)
      return { metric, requests: more, users }
    })
}

type Seen = Omit<NeedsOf, 'findings' | 'evidence'>

/** More requests of the candidate. */
function moreOf(evidence: Evidence | null, rule: Finding['rule'], seen: Seen): number | null {
  if (evidence?.effect == null) return null
  const { effect, limits, minPairs, leastPairs } = evidence
  const alpha = 1 - seen.policy.level
  const side = worseningOf(effect, limits, rule)
  const [estimate, limit] = [worseningEstimate(effect), side.limits(alpha).high]
  if (effect.pairs === 0 || Number.isNaN(estimate) || Number.isNaN(limit)) return null
  // What is known is how far the limit lies from the estimate, at the alpha that looking all the time leaves of the policy's.
  const alphaOneSided = paidAlpha(alpha, effect.clusters, seen.comparison)
  const asked = { estimate, limit, margin: side.margin, alphaOneSided, power, scale: effect.scale }
  const { ifEqual, atEstimate } = morePairs({ n: effect.pairs, ...asked, hardMinimum: leastPairs(alphaOneSided) })
  // Enough for two equal arms, and still open: then it is what was seen that keeps it so.
  const projected = ifEqual.more > 0 ? ifEqual.more : atEstimate.more
  const more = Math.max(projected, minPairs - effect.pairs)
  if (!Number.isFinite(more)) return null
  // Of requests that have a measure, to all of them: few answers are rated, and only some are streamed.
  const measured = effect.pairs / (2 * seen.requests)
  return Math.max(1, Math.ceil(more / 2 / Math.min(1, measured)))
}
