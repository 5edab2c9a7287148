// The keeper of a ramp: writes each event down before it acts on it, and stands after a restart where it stood.

import type { Clock } from '../../core/clock.ts'
import type { Actor, Evaluation, RampEvent, RampState, Tripped } from '../../core/rollout.ts'
import type { Arm, Instant } from '../../core/types.ts'
import { after, nextEvent, rampOf, stagesTrouble, waitingFor } from './ramp.ts'

export interface KeeperOptions {
  /** What the journal has so far. */
  readonly events: readonly RampEvent[]
  /** Writes one line and makes sure that it is on the disk. Throws where it can't. */
  readonly write: (event: RampEvent) => void
  /** Told after each event. */
  readonly onEvent: (event: RampEvent, state: RampState) => void
  readonly clock: Clock
}

export interface Keeper {
  readonly state: () => RampState
  /** One request more that the candidate answered. */
  readonly count: () => void
  /** What the stage had before this start. */
  readonly recall: (past: { readonly requests: number; readonly ms: number }) => void
  readonly stageRequests: () => number
  readonly stageMs: () => number
  readonly latest: () => Evaluation | null
  /** What the stage still waits for; null where only a verdict is missing. */
  readonly waiting: () => string | null
  readonly open: (opening: Omit<Extract<RampEvent, { kind: 'opened' }>, 'at' | 'kind'>) => void
  /** Other settings from now on. Says why the ramp can't go by them; null where it does. */
  readonly reconfigure: (settings: Pick<Reconfigured, 'by' | 'stages' | 'changes'>) => string | null
  /** `stageSince`: when the stage began that it was asked about. What was served in a later one is not in it. */
  readonly evaluated: (evaluation: Evaluation, stageSince: Instant) => void
  readonly tripped: (tripped: Tripped) => void
  /** What was seen is lost: evidence of the stage begins again. */
  readonly forget: (because: string) => void
  /** A person's word. Says why it can't be done; null where it was. */
  readonly ask: (wish: Wish, by: Actor) => string | null
}

export type Wish =
  | { readonly kind: 'advance' | 'hold' | 'release' | 'rollback'; readonly because: string }
  | { readonly kind: 'flip'; readonly to: Arm; readonly because: string }

type Reconfigured = Extract<RampEvent, { kind: 'reconfigured' }>

export function createKeeper({ events, write, onEvent, clock }: KeeperOptions): Keeper {
  let state = rampOf(events)
  let [stageRequests, pastMs, sinceMs] = [0, 0, clock.elapsed()]
  let latest: Evaluation | null = null
  // By the clock that nobody sets: a stage ends no sooner and no later for one that is set, while the router runs or between two starts.
  const stageMs = () => pastMs + clock.elapsed() - sinceMs
  const instant = () => new Date(clock.now()).toISOString()
  const take = (event: RampEvent) => {
    // A rollback happens even where it can't be written down: users come before the journal.
    const isSafe = event.kind === 'rolled-back'
    if (!isSafe) write(event)
    const { stage, since } = state
    state = after(state, event)
    // As a restart counts them: from where the stage began, or what came in its place.
    if (state.stage !== stage || state.since !== since || event.kind === 'opened') {
      ;[stageRequests, pastMs, sinceMs] = [0, 0, clock.elapsed()]
    }
    if (event.kind === 'opened' || event.kind === 'forgotten') latest = null
    try {
      onEvent(event, state)
    } finally {
      // Whoever could not be told of it keeps it from no restart.
      if (isSafe) write(event)
    }
  }
  const step = (tripped: Tripped | null) => {
    const event = nextEvent(state, { now: instant(), stageMs: stageMs(), stageRequests, evaluation: latest, tripped })
    if (event !== null) take(event)
  }
  return {
    state: () => state,
    count: () => void stageRequests++,
    recall: ({ requests, ms }) => {
      stageRequests += requests
      pastMs = ms
    },
    stageRequests: () => stageRequests,
    stageMs,
    latest: () => latest,
    waiting: () => waitingFor(state, { stageMs: stageMs(), stageRequests }),
    open: (opening) => take({ kind: 'opened', at: instant(), ...opening }),
    reconfigure: (settings) => {
      const trouble = stagesTrouble(state, settings.stages)
      if (trouble === null) take({ kind: 'reconfigured', at: instant(), ...settings })
      return trouble
    },
    evaluated: (evaluation, stageSince) => {
      latest = stageSince === state.since ? evaluation : { ...evaluation, isBehind: true }
      step(null)
    },
    tripped: step,
    forget: (because) => {
      if (state.phase === 'open' || state.phase === 'complete') {
        take({ kind: 'forgotten', at: instant(), by: { kind: 'ramp' }, because })
      }
    },
    ask: (wish, by) => {
      const event = wishedEvent(wish, state, { at: instant(), by, evaluation: latest })
      if (typeof event === 'string') return event
      take(event)
      return null
    },
  }
}

interface Wished {
  readonly at: string
  readonly by: Actor
  readonly evaluation: Evaluation | null
}

/** The event of a person's word, or why there is none. */
function wishedEvent(wish: Wish, state: RampState, { at, by, evaluation }: Wished): RampEvent | string {
  const { because } = wish
  if (state.phase === 'closed') return 'nothing is rolled out yet'
  switch (wish.kind) {
    case 'advance': {
      if (state.phase !== 'open' || state.mode !== 'canary')
        return `a ramp that is ${state.phase} in mode ${state.mode} has no next stage`
      const stage = state.stage + 1
      return stage < state.stages.length
        ? { kind: 'advanced', at, by, stage, because, evaluation }
        : { kind: 'completed', at, by, because, evaluation }
    }
    case 'hold':
      return state.phase === 'open' ? { kind: 'held', at, by, because, evaluation } : `it is ${state.phase}`
    case 'release':
      return state.held === null ? 'nobody holds it' : { kind: 'released', at, by, because }
    case 'rollback':
      return state.phase === 'rolled-back'
        ? 'it is rolled back already'
        : { kind: 'rolled-back', at, by, because, evaluation, tripped: null }
    case 'flip':
      return state.mode === 'blue-green'
        ? { kind: 'flipped', at, by, to: wish.to, because }
        : `only blue-green flips; this is ${state.mode}`
    default:
      return wish satisfies never
  }
}
