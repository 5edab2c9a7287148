// The ramp: events make its state, and what was seen makes the next event. It knows no clock and no traffic.

import type { Actor, Evaluation, RampEvent, RampState, Stage, Tripped } from '../../core/rollout.ts'
import type { Instant } from '../../core/types.ts'
import { splitOf } from '../dealing/split.ts'

export const closedRamp: RampState = {
  phase: 'closed',
  mode: 'shadow',
  fingerprint: '',
  stages: [],
  stage: -1,
  since: '',
  held: null,
  serving: 'production',
  openedAt: '',
  restarts: 0,
  isByGo: false,
}

/** The state after one more event. An event that does not fit changes nothing: a journal is read as it is. */
export function after(state: RampState, event: RampEvent): RampState {
  switch (event.kind) {
    case 'opened': {
      const { mode, fingerprint, stages, at } = event
      const stage = mode === 'canary' ? 0 : -1
      return { ...closedRamp, phase: 'open', mode, fingerprint, stages, stage, since: at, openedAt: at }
    }
    case 'advanced':
      if (state.phase !== 'open' || state.stages[event.stage] === undefined) return state
      return {
        ...state,
        stage: event.stage,
        since: event.at,
        held: null,
        isByGo: event.evaluation?.decision === 'GO',
      }
    case 'held':
      if (state.phase !== 'open') return state
      return { ...state, held: { since: event.at, by: event.by, because: event.because } }
    case 'released':
      return { ...state, held: null }
    case 'rolled-back':
      if (state.phase === 'closed') return state
      return { ...state, phase: 'rolled-back', serving: 'production', held: null, since: event.at }
    case 'flipped':
      if (state.phase === 'closed' || state.mode !== 'blue-green') return state
      return { ...state, phase: 'open', serving: event.to, since: event.at }
    case 'completed':
      if (state.phase !== 'open') return state
      return { ...state, phase: 'complete', held: null, since: event.at }
    case 'forgotten':
      if (state.phase !== 'open' && state.phase !== 'complete') return state
      return {
        ...state,
        since: state.phase === 'open' ? event.at : state.since,
        openedAt: event.at,
        restarts: state.restarts + 1,
      }
    case 'drilled':
      return state
    case 'reconfigured':
      return state.phase === 'closed' ? state : { ...state, stages: event.stages }
    default:
      return event satisfies never
  }
}

export function rampOf(events: readonly RampEvent[]): RampState {
  return events.reduce(after, closedRamp)
}

/**
 * Why a ramp that stands where it does can't go by other stages; null where it can. Those behind it and its own share stay: users were
 * served by them, and a share that grew without a verdict would be no ramp.
 */
export function stagesTrouble({ phase, mode, stages, stage }: RampState, wanted: readonly Stage[]): string | null {
  if (mode !== 'canary' || (phase !== 'open' && phase !== 'complete')) return null
  for (let place = 0; place <= stage; place++) {
    const [is, would] = [stages[place]?.share, wanted[place]?.share]
    if (is === would) continue
    const other = would === undefined ? 'ends before it' : `has ${percent(would)} there`
    return `the ramp has come to stage ${stage + 1}, stage ${place + 1} of it is ${percent(is ?? 0)} of users, and the config ${other}: only stages ahead can change`
  }
  return null
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}

type RolledBack = Extract<RampEvent, { kind: 'rolled-back' }>

/** The rollback that still stands for these two targets, however often others were rolled out since; null where there is none. */
export function standingRollback(events: readonly RampEvent[], fingerprint: string): RolledBack | null {
  let state = closedRamp
  let found: RolledBack | null = null
  for (const event of events) {
    state = after(state, event)
    if (targetsOf(state.fingerprint) !== targetsOf(fingerprint)) continue
    if (event.kind === 'rolled-back') found = event
    // In shadow nobody is served by the candidate, and a flip to production says nothing of it.
    else if ((event.kind === 'flipped' && event.to === 'candidate') || opensForUsers(event)) found = null
  }
  return found
}

function opensForUsers(event: RampEvent): boolean {
  return event.kind === 'opened' && event.mode !== 'shadow'
}

function targetsOf(fingerprint: string): string {
  return fingerprint.split('-', 1)[0] ?? ''
}

/** What the ramp goes by, each time that it is asked. */
export interface Seen {
  readonly now: Instant
  /** How long the stage has been served. */
  readonly stageMs: number
  /** Answered by the candidate in this stage. */
  readonly stageRequests: number
  readonly evaluation: Evaluation | null
  readonly tripped: Tripped | null
}

const self: Actor = { kind: 'ramp' }

/**
 * The next event, if there is one: rolled back by a guard or a NO-GO at any stage and after the last, even where a person holds the ramp;
 * held by an INVALID; advanced by a GO that knows all that was served, once the stage has had its time and its requests. INCONCLUSIVE
 * changes nothing but where a GO led to a stage that leaves nobody to compare with: that is complete by its time and its requests.
 */
export function nextEvent(state: RampState, seen: Seen): RampEvent | null {
  const { now: at, evaluation, tripped } = seen
  if ((state.phase !== 'open' && state.phase !== 'complete') || state.mode === 'shadow') return null
  if (tripped !== null) {
    return { kind: 'rolled-back', at, by: self, because: tripped.because, evaluation, tripped }
  }
  if (evaluation?.decision === 'NO-GO') {
    return { kind: 'rolled-back', at, by: self, because: evaluation.because, evaluation, tripped: null }
  }
  if (state.phase !== 'open' || state.mode !== 'canary' || state.held !== null || evaluation === null) return null
  if (evaluation.decision === 'INVALID') {
    return { kind: 'held', at, by: self, because: evaluation.because, evaluation }
  }
  if (evaluation.isBehind === true) return null
  const isLast = isUncompared(state)
  if ((evaluation.decision !== 'GO' && !isLast) || waitingFor(state, seen) !== null) return null
  const because = evaluation.decision === 'GO' ? evaluation.because : uncomparedWords
  const stage = state.stage + 1
  return stage < state.stages.length
    ? { kind: 'advanced', at, by: self, stage, because, evaluation }
    : { kind: 'completed', at, by: self, because, evaluation }
}

const uncomparedWords =
  'Nobody is left to compare with: it had its time and its requests, and the GO that led here stands.'

/**
 * Whether a GO led to a stage that leaves no control. What came late of the stages before may have made that GO inconclusive again, and
 * nothing that is served from now on could decide it: the ramp would stand there for ever.
 */
function isUncompared(state: RampState): boolean {
  return state.isByGo && splitOf(state).control === 0
}

const minuteMs = 60_000

/** What an open stage still lacks before a verdict may move it, in words; null where nothing. */
export function waitingFor(
  { stages, stage }: RampState,
  { stageMs, stageRequests }: Pick<Seen, 'stageMs' | 'stageRequests'>,
): string | null {
  const plan = stages[stage]
  if (plan === undefined) return null
  const leftMs = plan.minMinutes * minuteMs - stageMs
  if (leftMs > minuteMs) return more(Math.ceil(leftMs / minuteMs), 'minute')
  if (leftMs > 0) return more(Math.ceil(leftMs / 1000), 'second')
  const lacking = plan.minRequests - stageRequests
  return lacking > 0 ? more(lacking, 'request') : null
}

function more(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} more ${noun}${number === 1 ? '' : 's'}`
}
