// The nights that a journal tells of: each runs, has ended, or was cut off.

import type { Night } from './night.ts'
import type { NightEvent, NightStage, ProcessIdentity } from './night-event.ts'
import type { Instant } from './types.ts'

export interface JournalNight {
  readonly id: string
  readonly begunAt: Instant
  readonly process: ProcessIdentity
  readonly version: string
  readonly command: string
  /** When the scheduler wanted it; null where none began it. */
  readonly dueAt: Instant | null
  /** The last stage that it began; null before the first. */
  readonly stage: NightStage | null
  readonly runId: string | null
  /** The newest of what it wrote itself. */
  readonly lastSeenAt: Instant
  readonly state: 'running' | 'ended' | 'cut-off'
  /** What an ended night came to; null where a later version wrote what this one can't read, and for every other state. */
  readonly came: Night | null
  /** What the later night said that closed it; null where none did yet. */
  readonly closed: {
    readonly by: string
    readonly lastSeenAt: Instant
    readonly resumedRunId: string | null
    readonly because: string
  } | null
}

/**
 * In the order in which they ended, so that who was kept out by a longer night comes before it; where they did not end, in that in
 * which they began. `isGone`: whether the process is certain to be no more; a night without an end whose process is gone was cut
 * off. A night whose beginning is not there (a torn line) is left out.
 */
export function nightsOf(events: readonly NightEvent[], isGone: (process: ProcessIdentity) => boolean): JournalNight[] {
  const nights = new Map<string, JournalNight>()
  for (const event of events) {
    const night = nights.get(event.night)
    if (event.event === 'begun') {
      if (night === undefined) nights.set(event.night, begunNight(event))
    } else if (night !== undefined) {
      if (event.event === 'ended') nights.delete(event.night)
      nights.set(event.night, withEvent(night, event))
    }
  }
  return [...nights.values()].map((night) =>
    night.state === 'running' && isGone(night.process) ? { ...night, state: 'cut-off' } : night,
  )
}

function begunNight(event: NightEvent & { event: 'begun' }): JournalNight {
  const { night: id, at, process, version, command, dueAt = null } = event
  return {
    id,
    begunAt: at,
    process,
    version,
    command,
    dueAt,
    stage: null,
    runId: null,
    lastSeenAt: at,
    state: 'running',
    came: null,
    closed: null,
  }
}

function withEvent(night: JournalNight, event: Exclude<NightEvent, { event: 'begun' }>): JournalNight {
  switch (event.event) {
    case 'reached':
      return { ...night, stage: event.stage, runId: event.runId ?? night.runId, lastSeenAt: event.at }
    // What it says of itself holds, also where another night took it for lost.
    case 'ended':
      return {
        ...night,
        state: 'ended',
        came: event.came,
        runId: event.came?.runId ?? night.runId,
        lastSeenAt: event.at,
      }
    case 'cut-off': {
      const { closedBy: by, lastSeenAt, resumedRunId, because } = event
      return night.state === 'ended'
        ? night
        : { ...night, state: 'cut-off', closed: { by, lastSeenAt, resumedRunId, because } }
    }
    default:
      return event satisfies never
  }
}

/** What is known of a process from where it is asked. */
export interface Sight {
  readonly own: ProcessIdentity
  /** When the process that has this number now was started; null where there is none, or it does not tell. */
  readonly ticksOf: (pid: number) => number | null
  /** Whether any process has this number. */
  readonly isThere: (pid: number) => boolean
}

/** `elsewhere`: on another machine or in another container, where nobody here can look. */
export function standingOf(asked: ProcessIdentity, { own, ticksOf, isThere }: Sight): 'alive' | 'gone' | 'elsewhere' {
  if (asked.host !== own.host) return 'elsewhere'
  if (asked.born && own.born && asked.born.boot !== own.born.boot) return 'gone'
  if (asked.space !== own.space) return 'elsewhere'
  if (!isThere(asked.pid)) return 'gone'
  // A number is given out again, a moment of birth is not.
  return asked.born === null || ticksOf(asked.pid) === asked.born.ticks ? 'alive' : 'gone'
}
