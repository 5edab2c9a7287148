// When nights are due: one at each day's time, in a time zone, also on the days on which its clocks change.

import { Cron } from 'croner'
import { Fault } from '../../core/fault.ts'

export interface Calendar {
  readonly timeZone: string
  /** The first night after an instant, both in ms since 1970. A time that a day skips is the moment after the gap; one that it has twice, the first. */
  readonly after: (ms: number) => number
  /** "2026-11-27 02:30", as clocks there show it. */
  readonly words: (ms: number) => string
}

/** `at`: "02:30". `timeZone`: the machine's own where it is null. `place`: of the setting. Fault: BAD_CONFIG. */
export function calendarOf(at: string, timeZone: string | null, place: string): Calendar {
  const zone = timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  const shown = shownIn(zone, place)
  const [hour, minute] = at.split(':').map(Number)
  // Paused: it computes and keeps no timer, which could not know that the machine slept.
  const cron = new Cron(`${minute} ${hour} * * *`, { timezone: zone, paused: true })
  return {
    timeZone: zone,
    after: (ms) => cron.nextRun(new Date(ms))?.getTime() ?? Infinity,
    words: (ms) => shown.format(ms),
  }
}

function shownIn(timeZone: string, place: string): Intl.DateTimeFormat {
  try {
    // Swedes write dates as ISO does.
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  } catch (error) {
    throw new Fault('BAD_CONFIG', `there is no time zone called "${timeZone}"`, {
      place,
      hint: 'a name of the IANA list: Europe/Berlin, America/New_York, UTC',
      cause: error,
    })
  }
}
