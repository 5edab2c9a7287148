// The limit of a night's time: when it is up nothing more is sent, and what was sent is judged.

import { Fault } from '../../core/fault.ts'
import type { Run, Stopped } from '../../core/judgement.ts'
import { type Arm, arms } from '../../core/types.ts'
import type { EngineState } from '../../replay/orders.ts'
import { span } from '../../report/format.ts'
import type { Session } from '../session/session.ts'

export interface TimeLimit {
  /** Aborted when the time is up, or a wait begins that outlasts it; never where there is no limit. */
  readonly up: AbortSignal
  /** A target that wants to be left alone until the time is up ends the replay now: what is left of the night would only be waited. */
  readonly see: (lanes: EngineState['lanes']) => void
  /** The wait that ended it. */
  readonly wait: () => Wait | null
  readonly close: () => void
}

export interface Wait {
  readonly arm: Arm
  readonly ms: number
}

/** What it asks of a `Session`. */
export interface Timed extends Pick<Session, 'startedMs'> {
  readonly config: { readonly replay: Pick<Session['config']['replay'], 'maxMinutes'> }
  readonly world: Pick<Session['world'], 'clock'>
}

/** Counted from when the command began, by the monotonic clock: setting the machine's clock moves no limit. */
export function createTimeLimit({ config, world: { clock }, startedMs }: Timed): TimeLimit {
  const [up, over] = [new AbortController(), new AbortController()]
  const { maxMinutes } = config.replay
  const endsAtMs = maxMinutes === undefined ? Infinity : startedMs + maxMinutes * 60_000
  const leftMs = endsAtMs - clock.elapsed()
  let wait: Wait | null = null
  const watch = async () => {
    await clock.sleep(leftMs, over.signal)
    if (!over.signal.aborted) up.abort()
  }
  // A limit that is over already lets nothing pass, not even in the moment that a timer takes.
  if (leftMs <= 0) up.abort()
  else if (leftMs < Infinity) void watch()
  return {
    up: up.signal,
    see: (lanes) => {
      const restMs = endsAtMs - clock.elapsed()
      // Subtle: the time may be up, and its timer about to ring. Then nobody's wait ends the replay.
      const arm = restMs <= 0 ? undefined : arms.find((each) => lanes[each].heldMs > restMs)
      if (arm === undefined || up.signal.aborted) return
      wait = { arm, ms: lanes[arm].heldMs }
      up.abort()
    },
    wait: () => wait,
    close: () => over.abort(),
  }
}

/** `done`: how many of the planned calls have ended. Fault: TIME_LIMIT where none has, and there is nothing to judge. */
export function outOfTime(
  { config, file }: Session,
  { replay }: Pick<Run, 'replay'>,
  { done, calls, wait }: { readonly done: number; readonly calls: number; readonly wait: Wait | null },
): Stopped {
  const limit = span((config.replay.maxMinutes ?? 0) * 60_000)
  const sent = `${done.toLocaleString('en-US')} of ${calls.toLocaleString('en-US')} calls`
  const asked =
    wait && `the ${wait.arm} asks for a wait of ${span(wait.ms)}, which ends after the time limit of ${limit}`
  if (done === 0)
    throw new Fault('TIME_LIMIT', asked ?? `the time limit of ${limit} was over before anything was sent`, {
      place: `${file} replay.maxMinutes`,
    })
  // The plan's order is random, but for an open loop's.
  const what =
    replay.pace === 'open' ? 'what was sent is the first part of the log' : 'what was sent is a sample of its own'
  const why = asked === null ? `at the time limit of ${limit}, after ${sent}` : `after ${sent}, since ${asked}`
  const because = `The replay was stopped ${why}; ${what} and is judged.`
  return { why: 'time-limit', because, records: null }
}
