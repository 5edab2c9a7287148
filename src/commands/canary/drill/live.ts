// A drill among real users: bounded in time and share, written down with who began it, and over by itself, by the rollback or at a word.

import type { FaultOrder } from '../../../canary/faults/faults.ts'
import type { DrillTime } from '../../../canary/ramp/drill-times.ts'
import type { Served } from '../../../canary/served/served.ts'
import type { Clock } from '../../../core/clock.ts'
import { thrownMessage } from '../../../core/fault.ts'
import type { Actor, Evaluation, RampEvent, RampState } from '../../../core/rollout.ts'
import type { Instant } from '../../../core/types.ts'
import { createMeter, type DrillResult, type Meter } from './meter.ts'

export interface LiveOrder extends FaultOrder {
  readonly minutes: number
  readonly because: string
}

export interface LiveStatus {
  readonly order: LiveOrder
  readonly by: string
  readonly startedAt: Instant
  /** Why it ended; null while it goes on. */
  readonly over: string | null
  readonly result: Omit<DrillResult, 'share'>
}

export interface LiveLimits {
  readonly allowed: boolean
  readonly maxMinutes: number
  readonly maxShare: number
}

export interface LiveOptions {
  readonly limits: LiveLimits
  readonly clock: Clock
  readonly chance: () => number
  /** How the ramp stands. */
  readonly state: () => RampState
  /** Into the journal. Throws where it can't be written. */
  readonly note: (event: RampEvent) => void
  readonly onTrouble: (message: string) => void
  /** It ended and the ramp still stands: what was seen meanwhile is no evidence. */
  readonly onOver: (time: DrillTime) => void
}

/** What the router asks of a drill. */
export interface DrillOrder {
  /** What is to be spoilt at this moment; null for nothing. */
  readonly order: () => FaultOrder | null
  /** Uniform in [0, 1): whether an answer is one of those. */
  readonly chance: () => number
  /** Whether a request counts for its stage. */
  readonly counts: (served: Pick<Served, 'drill'>) => boolean
  /** Told of each comparison. Says whether the ramp may go by it: while real users are drilled it may only be rolled back. */
  readonly takes: (evaluation: Evaluation) => boolean
}

export interface LiveDrill extends DrillOrder {
  /** Says why it can't be done; null where it was. */
  readonly begin: (order: LiveOrder, by: string) => string | null
  readonly stop: (by: string) => string | null
  /** Of the one that runs, or of the last one; null where there was none. */
  readonly status: () => LiveStatus | null
  readonly see: (served: Served) => void
  readonly hear: (event: RampEvent) => void
  /** The router ends, and with it what is under way. */
  readonly close: () => void
}

interface Running {
  readonly order: LiveOrder
  readonly by: string
  readonly startedAt: Instant
  readonly meter: Meter
  readonly ended: AbortController
  over: { readonly because: string; readonly at: Instant; readonly result: LiveStatus['result'] } | null
}

export function createLiveDrill({ limits, clock, chance, state, note, onTrouble, onOver }: LiveOptions): LiveDrill {
  let last: Running | null = null
  const running = () => (last?.over === null ? last : null)
  const instant = () => new Date(clock.now()).toISOString()

  const end = (drill: Running, { by, because }: { readonly by: Actor; readonly because: string }) => {
    if (drill.over !== null) return
    const at = instant()
    drill.over = { because, at, result: drill.meter.result() }
    drill.ended.abort()
    const { fault, share } = drill.order
    if (state().phase === 'open') onOver({ from: drill.startedAt, to: at })
    try {
      note({ kind: 'drilled', at, by, fault, share, isOver: true, because })
    } catch (error) {
      // It is over all the same: the next start writes it down.
      onTrouble(thrownMessage(error))
    }
  }

  const waitFor = async (drill: Running) => {
    await clock.sleep(drill.order.minutes * 60_000, drill.ended.signal)
    end(drill, { by: ramp, because: 'its time was over' })
  }

  return {
    order: () => running()?.order ?? null,
    chance,
    counts: ({ drill }) => drill === undefined && running() === null,
    takes: (evaluation) => {
      const drill = running()
      if (drill === null) return evaluation.at > (last?.over?.at ?? '')
      drill.meter.look(evaluation)
      return evaluation.decision === 'NO-GO'
    },
    begin: (order, by) => {
      const refusal = refusalOf(order, limits, state()) ?? (running() === null ? null : 'a drill is under way already')
      if (refusal !== null) return refusal
      const { fault, share, minutes, because } = order
      const startedAt = instant()
      const actor: Actor = { kind: 'person', name: by }
      const told = `for ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} at most: ${because}`
      note({ kind: 'drilled', at: startedAt, by: actor, fault, share, isOver: false, because: told })
      const drill = {
        order,
        by,
        startedAt,
        meter: createMeter(clock.elapsed),
        ended: new AbortController(),
        over: null,
      }
      last = drill
      void waitFor(drill)
      return null
    },
    stop: (by) => {
      const drill = running()
      if (drill === null) return 'no drill is under way'
      end(drill, { by: { kind: 'person', name: by }, because: `${by} stopped it` })
      return null
    },
    status: () => {
      if (last === null) return null
      const { order, by, startedAt, over, meter } = last
      return { order, by, startedAt, over: over?.because ?? null, result: over?.result ?? meter.result() }
    },
    see: (served) => running()?.meter.see(served),
    hear: (event) => {
      const drill = running()
      if (drill === null || event.kind !== 'rolled-back') return
      drill.meter.hear(event)
      // The rollback's own line comes first.
      queueMicrotask(() => end(drill, { by: event.by, because: `it was rolled back: ${event.because}` }))
    },
    close: () => {
      const drill = running()
      if (drill !== null) end(drill, { by: ramp, because: 'the router ended' })
    },
  }
}

const ramp: Actor = { kind: 'ramp' }

function refusalOf({ minutes, share }: LiveOrder, limits: LiveLimits, { phase, mode }: RampState): string | null {
  if (!limits.allowed) return 'users are drilled only where the config says canary.drill.allowed: true'
  if (minutes > limits.maxMinutes) return `a drill lasts at most ${limits.maxMinutes} minutes (canary.drill.maxMinutes)`
  if (share > limits.maxShare) return `a drill spoils at most ${limits.maxShare} of answers (canary.drill.maxShare)`
  if (phase !== 'open') return `a ramp that is ${phase} has nobody to drill`
  if (mode !== 'canary' && mode !== 'ab') return `a drill compares users, and ${mode} does not`
  return null
}

/** A rehearsal is all drill: what it spoils counts as the candidate's own. */
export function rehearsed(order: FaultOrder | null, chance: () => number): DrillOrder {
  return { order: () => order, chance, counts: () => true, takes: () => true }
}

/** The end of a drill that a kill cut off; null where none was. */
export function cutOff(events: readonly RampEvent[], at: Instant): RampEvent | null {
  const last = events.findLast(({ kind }) => kind === 'drilled')
  if (last?.kind !== 'drilled' || last.isOver) return null
  const { fault, share } = last
  return { kind: 'drilled', at, by: ramp, fault, share, isOver: true, because: 'the router was started anew' }
}
