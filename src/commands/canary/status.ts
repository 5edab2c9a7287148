// How a rollout stands: for people, and as JSON.

import { buckets } from '../../canary/bucket.ts'
import { splitOf } from '../../canary/split.ts'
import type { Evaluation, RampState } from '../../core/rollout.ts'
import { forecastLines } from './forecast.ts'
import type { Rollout } from './rollout.ts'

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
  /** How long its open rules will take, in sentences. */
  readonly forecast: readonly string[]
  /** Requests that were served and not read, and copies that were left out. */
  readonly unread: number
  readonly leftOut: number
}

export function statusOf({ keeper, clerk, leftOut }: Rollout, nowMs: number): RolloutStatus {
  const state = keeper.state()
  const [stage = null, next = null] = state.stages.slice(Math.max(0, state.stage))
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
    forecast: forecastLines({
      needs: state.phase === 'open' ? (keeper.latest()?.needs ?? []) : [],
      stage: state.stage < 0 ? null : stage,
      next: state.stage < 0 ? null : next,
      stageRequests: keeper.stageRequests(),
      stageMs: nowMs - Date.parse(state.since),
    }),
    unread: clerk.unread(),
    leftOut: leftOut(),
  }
}

export function statusText(status: RolloutStatus): string {
  const { phase, mode, share, stage, stages, since, held, waitingFor, evaluation, forecast } = status
  const percent = `${Number((share * 100).toFixed(2))} %`
  const lines = [
    `${phase === 'open' ? mode : phase}  ${percent} of users on the candidate${stage > 0 ? `, stage ${stage} of ${stages}` : ''}${since === '' ? '' : `, since ${since}`}`,
  ]
  if (held !== null) lines.push(`held     since ${held.since}: ${held.because}`)
  if (evaluation !== null) {
    const { candidate, control } = evaluation.users
    lines.push(`${evaluation.decision}  ${evaluation.because} (${candidate} and ${control} users)`)
  }
  lines.push(...forecast.map((line) => `takes    ${line}`))
  if (phase === 'open' && waitingFor !== null) lines.push(`waits    for ${waitingFor}`)
  return lines.join('\n')
}
