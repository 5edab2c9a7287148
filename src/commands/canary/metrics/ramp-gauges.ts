// Gauges of how the ramp stands: its phase and stage, the last comparison with each rule in figures, and the guards.

import { Gauge, type Registry } from 'prom-client'
import { decisions, type FindingOutcome } from '../../../core/judgement.ts'
import { modes, type RampState, type Standing } from '../../../core/rollout.ts'
import type { RolloutStatus } from '../status/status.ts'

export interface RampGauges {
  readonly show: (status: RolloutStatus) => void
}

const phases: readonly RampState['phase'][] = ['closed', 'open', 'rolled-back', 'complete']
const outcomes: readonly FindingOutcome[] = ['pass', 'fail', 'inconclusive', 'not-evaluable']

export function createRampGauges(registry: Registry): RampGauges {
  const gauge = (name: string, help: string, ...labelNames: readonly string[]) =>
    new Gauge({ name: `shadowgate_ramp_${name}`, help, labelNames, registers: [registry] })
  const phase = gauge('phase', '1 for the phase that the ramp is in', 'phase')
  const mode = gauge('mode', '1 for the mode of the rollout', 'mode')
  const share = gauge('share', 'Share of users in each group that is compared, 0 to 1', 'group')
  const stage = gauge('stage', 'Stage from 1; 0 where there is none')
  const stages = gauge('stages', 'How many there are')
  const since = gauge('since_timestamp_seconds', 'When the stage began')
  const stageRequests = gauge('stage_requests', 'Answered by the candidate in this stage')
  const stageMin = gauge('stage_requests_needed', 'How many the stage takes at least')
  const held = gauge('held', '1 while somebody holds it')
  const evaluatedAt = gauge('evaluation_timestamp_seconds', 'When users were compared last')
  const decision = gauge('evaluation_decision', '1 for what that comparison came to', 'decision')
  const users = gauge('evaluation_users', 'Users that it was made from', 'group')
  const requests = gauge('evaluation_requests', 'Requests that it was made from', 'group')
  const outcome = gauge('rule_outcome', '1 for how the rule stands', 'rule', 'outcome')
  const scale = "on the rule's own scale: a ratio less one, or a difference"
  const estimate = gauge('rule_estimate', `The candidate against the control, ${scale}`, 'rule')
  const limit = gauge('rule_limit', `Always-valid limits of the estimate, ${scale}`, 'rule', 'side')
  const margin = gauge('rule_margin', `How much worse the candidate may be, ${scale}`, 'rule')
  const guards = gauge('guard_requests', "The candidate's last requests that the guards look at", 'result')
  const inARow = gauge('guard_failures_in_a_row', "The candidate's failures in a row")
  /** Of rules, and of comparisons, that there are no more of. */
  const passing = [decision, users, requests, outcome, estimate, limit, margin]
  return {
    show: (status) => {
      for (const each of passing) each.reset()
      // Reset, one without labels says 0, and an age would be of half a century.
      for (const each of [since, evaluatedAt]) each.remove()
      for (const each of phases) phase.set({ phase: each }, bit(each === status.phase))
      for (const each of modes) mode.set({ mode: each }, bit(each === status.mode))
      share.set({ group: 'candidate' }, status.share)
      share.set({ group: 'control' }, status.controlShare)
      stage.set(status.stage)
      stages.set(status.stages)
      if (status.since !== '') since.set(seconds(status.since))
      stageRequests.set(status.stageRequests)
      stageMin.set(status.stageMinRequests)
      held.set(bit(status.held !== null))
      guards.set({ result: 'failed' }, status.guards.failed)
      guards.set({ result: 'answered' }, status.guards.looked - status.guards.failed)
      inARow.set(status.guards.inARow)
      const { evaluation } = status
      if (evaluation === null) return
      evaluatedAt.set(seconds(evaluation.at))
      for (const each of decisions) decision.set({ decision: each }, bit(each === evaluation.decision))
      for (const group of ['candidate', 'control'] as const) {
        users.set({ group }, evaluation.users[group])
        requests.set({ group }, evaluation.requests[group])
      }
      for (const each of evaluation.rules ?? []) showRule(each)
    },
  }

  /** Of all users alone: how many segments there are is the clients' to say. */
  function showRule({ rule: { metric: rule, segment, margin: allowed }, outcome: found, effect }: Standing): void {
    if (segment !== null) return
    for (const each of outcomes) outcome.set({ rule, outcome: each }, bit(each === found))
    margin.set({ rule }, allowed)
    if (effect === null) return
    estimate.set({ rule }, effect.estimate ?? Infinity)
    limit.set({ rule, side: 'low' }, effect.low ?? -Infinity)
    limit.set({ rule, side: 'high' }, effect.high ?? Infinity)
  }
}

function bit(is: boolean): number {
  return is ? 1 : 0
}

function seconds(at: string): number {
  return Date.parse(at) / 1000
}
