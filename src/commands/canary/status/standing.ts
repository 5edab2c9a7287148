// A finding as the journal and the status keep it: figures that JSON can hold.

import type { Finding } from '../../../core/judgement.ts'
import type { Standing } from '../../../core/rollout.ts'

export function standingOf({ rule, outcome, because, effect }: Finding): Standing {
  if (effect === null) return { rule, outcome, because, effect: null }
  const { better, unit, scale, production, candidate, estimate, interval } = effect
  const limits = { low: finite(interval.low), high: finite(interval.high) }
  const sides = { production: finite(production), candidate: finite(candidate), estimate: finite(estimate) }
  return { rule, outcome, because, effect: { better, unit, scale, ...sides, ...limits } }
}

function finite(figure: number): number | null {
  return Number.isFinite(figure) ? figure : null
}
