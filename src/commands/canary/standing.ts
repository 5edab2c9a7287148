// A finding as the journal and the status keep it: figures that JSON can hold.

import type { Finding } from '../../core/judgement.ts'
import type { Standing } from '../../core/rollout.ts'

export function standingOf({ rule, outcome, because, effect }: Finding): Standing {
  if (effect === null) return { rule, outcome, because, effect: null }
  const { better, unit, scale, production, candidate, estimate, interval } = effect
  const limits = { low: finite(interval.low), high: finite(interval.high) }
  return { rule, outcome, because, effect: { better, unit, scale, production, candidate, estimate, ...limits } }
}

function finite(limit: number): number | null {
  return Number.isFinite(limit) ? limit : null
}
