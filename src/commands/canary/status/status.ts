// How a rollout stands, as JSON: what `shadowgate ramp --json` prints and the router's door answers.

import { realpathSync } from 'node:fs'
import { buckets } from '../../../canary/dealing/bucket.ts'
import { splitOf } from '../../../canary/dealing/split.ts'
import type { GuardCounts, GuardLimits } from '../../../canary/ramp/guards.ts'
import type { TrafficCounts } from '../../../canary/served/traffic.ts'
import type { Evaluation, RampState } from '../../../core/rollout.ts'
import type { Arm, Instant } from '../../../core/types.ts'
import type { Session } from '../../session/session.ts'
import type { Rollout } from '../rollout.ts'
import { eventWords } from './event-words.ts'
import { forecastLines } from './forecast.ts'
import { type Load, loadOf } from './load.ts'

export interface RolloutStatus {
  readonly phase: RampState['phase']
  readonly mode: RampState['mode']
  /** Blue-green: who serves. */
  readonly serving: RampState['serving']
  /** Share of users on the candidate. */
  readonly share: number
  /** Share of users who stand against them. */
  readonly controlShare: number
  /** From 1; 0 where there is none. */
  readonly stage: number
  readonly stages: number
  /** Of each stage. */
  readonly shares: readonly number[]
  readonly since: string
  readonly held: RampState['held']
  /** The journal's last event: when, and in words; null where there is none. */
  readonly lastChange: { readonly at: Instant; readonly words: string } | null
  /** Answered by the candidate in this stage, and how many it takes. */
  readonly stageRequests: number
  readonly stageMinRequests: number
  /** What a verdict may not come before: minutes or requests; null where a GO would move it now. */
  readonly waitingFor: string | null
  /** The last one; null before the first. */
  readonly evaluation: Evaluation | null
  readonly traffic: TrafficCounts
  readonly guards: GuardCounts & GuardLimits
  /** How long its open rules will take, in sentences. */
  readonly forecast: readonly string[]
  /** Requests that were served and not read, and copies that were left out. */
  readonly unread: number
  readonly leftOut: number
  /** Lines that the log had no room for. */
  readonly unlogged: number
  readonly load: Load
  /** What it is about. */
  readonly models: Readonly<Record<Arm, string | null>>
  /** Absolute: tells the routers of two projects apart. */
  readonly journal: string
}

/** What a status says beside what is counted. */
export interface StatusFacts {
  readonly journal: string
  readonly models: RolloutStatus['models']
}

/** Of a journal that is there. */
export function statusFactsOf({ targets }: Session, journalPath: string): StatusFacts {
  const models = { production: targets.production.model, candidate: targets.candidate.model }
  return { journal: realpathSync(journalPath), models }
}

export function statusOf(rollout: Rollout, facts: StatusFacts): RolloutStatus {
  const { keeper, clerk, leftOut, traffic, guards, lastEvent } = rollout
  const state = keeper.state()
  const { candidate, control } = splitOf(state)
  const last = lastEvent()
  const [stage = null, next = null] = state.stages.slice(Math.max(0, state.stage))
  return {
    phase: state.phase,
    mode: state.mode,
    serving: state.serving,
    share: candidate / buckets,
    controlShare: control / buckets,
    stage: state.stage + 1,
    stages: state.stages.length,
    shares: state.stages.map(({ share }) => share),
    since: state.since,
    held: state.held,
    lastChange: last && { at: last.at, words: eventWords(last, state) },
    stageRequests: keeper.stageRequests(),
    stageMinRequests: state.stages[state.stage]?.minRequests ?? 0,
    waitingFor: keeper.waiting(),
    evaluation: keeper.latest(),
    traffic: traffic(),
    guards: guards(),
    forecast: forecastLines({
      needs: state.phase === 'open' ? (keeper.latest()?.needs ?? []) : [],
      stage: state.stage < 0 ? null : stage,
      next: state.stage < 0 ? null : next,
      stageRequests: keeper.stageRequests(),
      stageMs: keeper.stageMs(),
    }),
    unread: clerk.unread(),
    leftOut: leftOut(),
    unlogged: clerk.unlogged(),
    load: loadOf(rollout),
    models: facts.models,
    journal: facts.journal,
  }
}
