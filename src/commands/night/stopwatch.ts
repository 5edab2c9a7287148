// How long a night and its stages took, by the clock that nobody turns.

import type { Clock } from '../../core/clock.ts'
import type { NightNumbers } from '../../core/night.ts'
import type { NightStage } from '../../core/night-event.ts'

export interface Stopwatch {
  /** The stage before it ends here. */
  readonly reached: (stage: NightStage) => void
  /** As of now: the stage that is under way counts so far. */
  readonly read: () => { readonly elapsedMs: number; readonly stages: NonNullable<NightNumbers['stages']> }
}

export function createStopwatch({ elapsed }: Pick<Clock, 'elapsed'>): Stopwatch {
  const startMs = elapsed()
  const ended: Partial<Record<NightStage, number>> = {}
  let current: { readonly stage: NightStage; readonly sinceMs: number } | null = null
  const stages = () => {
    if (current === null) return { ...ended }
    const { stage, sinceMs } = current
    return { ...ended, [stage]: Math.round((ended[stage] ?? 0) + elapsed() - sinceMs) }
  }
  return {
    reached: (stage) => {
      Object.assign(ended, stages())
      current = { stage, sinceMs: elapsed() }
    },
    read: () => ({ elapsedMs: Math.round(elapsed() - startMs), stages: stages() }),
  }
}
