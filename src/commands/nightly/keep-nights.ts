// The scheduler's loop: waits for each night, passes one at a time, and catches up once where the machine slept.

import type { Clock } from '../../core/clock.ts'
import type { Calendar } from './calendar.ts'

export interface DueNight {
  readonly dueMs: number
  /** By how much it begins later than it was due. */
  readonly lateMs: number
  /** Nights before it that were due as well, and are not passed. */
  readonly missed: number
}

export interface KeepingNights {
  readonly calendar: Pick<Calendar, 'after'>
  readonly clock: Clock
  /** When the last night began, as far as anybody knows; null where there was none: the first one is still to come. */
  readonly lastMs: number | null
  /** Called when another night is the next. */
  readonly onNext: (dueMs: number) => void
  /** Never rejects. */
  readonly pass: (night: DueNight) => Promise<void>
  /** Aborted: no further night begins. */
  readonly drain: AbortSignal
}

/** A timer stands still while a machine sleeps, and knows nothing of a clock that is set: the time is looked at so often. */
const lookEveryMs = 30_000
/** A night due later than this is due by a clock that was wrong. The longest day has 25 hours; clocks are also turned back by hand. */
const farthestMs = 36 * 3_600_000

export async function keepNights({ calendar, clock, lastMs, onNext, pass, drain }: KeepingNights): Promise<void> {
  let due = calendar.after(lastMs ?? clock.now())
  let told: number | null = null
  while (!drain.aborted) {
    const now = clock.now()
    if (due - now > farthestMs) due = calendar.after(now)
    if (due > now) {
      if (due !== told) onNext(due)
      told = due
      await clock.sleep(Math.min(lookEveryMs, due - now), drain)
      continue
    }
    let missed = 0
    for (let next = calendar.after(due); next <= now; next = calendar.after(due)) {
      due = next
      missed += 1
    }
    await pass({ dueMs: due, lateMs: now - due, missed })
    due = calendar.after(due)
  }
}
