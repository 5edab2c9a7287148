// The limit of a night's time: when it is up nothing more is sent, and what was sent is judged.

import { Fault } from '../../core/fault.ts'
import type { Run, Stopped } from '../../core/judgement.ts'
import { span } from '../../report/format.ts'
import type { Session } from '../session/session.ts'

export interface TimeLimit {
  /** Aborted when the time is up; never where there is no limit. */
  readonly up: AbortSignal
  readonly close: () => void
}

/** Counted from when the command began, by the monotonic clock: setting the machine's clock moves no limit. */
export function createTimeLimit({ config, world: { clock }, startedMs }: Session): TimeLimit {
  const [up, over] = [new AbortController(), new AbortController()]
  const { maxMinutes } = config.replay
  const leftMs = maxMinutes === undefined ? Infinity : startedMs + maxMinutes * 60_000 - clock.elapsed()
  const watch = async () => {
    await clock.sleep(leftMs, over.signal)
    if (!over.signal.aborted) up.abort()
  }
  // A limit that is over already lets nothing pass, not even in the moment that a timer takes.
  if (leftMs <= 0) up.abort()
  else if (leftMs < Infinity) void watch()
  return { up: up.signal, close: () => over.abort() }
}

/** `done`: how many of the planned calls have ended. Fault: TIME_LIMIT where none has, and there is nothing to judge. */
export function outOfTime(
  { config, file }: Session,
  { replay }: Pick<Run, 'replay'>,
  { done, calls }: { readonly done: number; readonly calls: number },
): Stopped {
  const limit = span((config.replay.maxMinutes ?? 0) * 60_000)
  const sent = `${done.toLocaleString('en-US')} of ${calls.toLocaleString('en-US')} calls`
  if (done === 0)
    throw new Fault('TIME_LIMIT', `the time limit of ${limit} was over before anything was sent`, {
      place: `${file} replay.maxMinutes`,
    })
  // The plan's order is random, but for an open loop's.
  const what =
    replay.pace === 'open' ? 'what was sent is the first part of the log' : 'what was sent is a sample of its own'
  const because = `The replay was stopped at the time limit of ${limit}, after ${sent}; ${what} and is judged.`
  return { why: 'time-limit', because, records: null }
}
