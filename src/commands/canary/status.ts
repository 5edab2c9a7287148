// How a rollout stands: for people, and as JSON.

import { buckets } from '../../canary/bucket.ts'
import { splitOf } from '../../canary/split.ts'
import type { Evaluation, RampState } from '../../core/rollout.ts'
import type { Rollout } from './rollout.ts'
import { type Traffic, trafficLines, trafficOf } from './traffic.ts'

export interface RolloutStatus {
  readonly phase: RampState['phase']
  readonly mode: RampState['mode']
  /** Share of users on the candidate. */
  readonly share: number
  /** From 1; 0 where there is none. */
  readonly stage: number
  readonly stages: number
  readonly since: string
  readonly held: RampState['held']
  readonly stageRequests: number
  readonly waitingFor: string | null
  readonly evaluation: Evaluation | null
  /** Requests that were served and not read, and copies that were left out. */
  readonly unread: number
  readonly leftOut: number
  /** Lines that the log had no room for. */
  readonly unlogged: number
  readonly traffic: Traffic
}

export function statusOf(rollout: Rollout): RolloutStatus {
  const { keeper, clerk, leftOut } = rollout
  const state = keeper.state()
  return {
    phase: state.phase,
    mode: state.mode,
    share: splitOf(state).candidate / buckets,
    stage: state.stage + 1,
    stages: state.stages.length,
    since: state.since,
    held: state.held,
    stageRequests: keeper.stageRequests(),
    waitingFor: keeper.waiting(),
    evaluation: keeper.latest(),
    unread: clerk.unread(),
    leftOut: leftOut(),
    unlogged: clerk.unlogged(),
    traffic: trafficOf(rollout),
  }
}

export function statusText(status: RolloutStatus): string {
  const { phase, mode, share, stage, stages, since, held, waitingFor, evaluation, unlogged } = status
  const percent = `${Number((share * 100).toFixed(2))} %`
  const lines = [
    `${phase === 'open' ? mode : phase}  ${percent} of users on the candidate${stage > 0 ? `, stage ${stage} of ${stages}` : ''}${since === '' ? '' : `, since ${since}`}`,
  ]
  if (held !== null) lines.push(`held     since ${held.since}: ${held.because}`)
  if (evaluation !== null) {
    const { candidate, control } = evaluation.users
    lines.push(`${evaluation.decision}  ${evaluation.because} (${candidate} and ${control} users)`)
  }
  if (phase === 'open' && waitingFor !== null) lines.push(`waits    for ${waitingFor}`)
  if (unlogged > 0)
    lines.push(`log      ${unlogged.toLocaleString('en-US')} lines were lost: there was no room for them`)
  return [...lines, ...trafficLines(status.traffic)].join('\n')
}
