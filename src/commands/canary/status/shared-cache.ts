// What to make of a finding where the control shares its prompt cache with all of production: in which direction it is skewed.

import type { Evidence, Finding } from '../../../core/judgement.ts'
import { findEvidence } from '../../../gate/evidence.ts'

/** What a cache that was warmed by more requests makes better: hits, and what they save in time and money. */
const warmed = /^(?:cache-hit-rate|latency-|ttft-|cost$)/

const sentence =
  "The control shares its prompt cache with all of production, which keeps it warmer than the candidate's: the candidate may look worse in this than it is, until half of all users have it. Give the control a cache of its own (canary.control)."

/** Whether the finding may be so; one that passed has passed against the odds. */
export function isSkewed({ rule, outcome }: Finding, evidence: readonly Evidence[]): boolean {
  return warmed.test(rule.metric) && (outcome === 'fail' || outcome === 'inconclusive') && isCached(evidence)
}

/** With what follows from it. */
export function withSkew(because: string): string {
  return `${because} ${sentence}`
}

/** Where neither group has a hit there is no cache to be warm; where nobody reports hits there may be one. */
function isCached(evidence: readonly Evidence[]): boolean {
  const effect = findEvidence(evidence, 'cache-hit-rate', null)?.effect
  return !effect || effect.production > 0 || effect.candidate > 0
}
