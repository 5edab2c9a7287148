// Keeps watch over a replay: counts what has ended, and has it looked at once a look may end the run.

import type { Stopped } from '../../core/judgement.ts'
import type { LookStanding, Prefix, Watch, WatchOptions } from './live-looks.ts'

export interface Lookout {
  /** The records of these places came to their end. */
  readonly end: (ordinals: readonly number[]) => void
  /** Why the run may end, once it may; null while it must go on. */
  readonly stopped: () => Stopped | null
  /** Whether every record of the plan came to its end. */
  readonly isWhole: () => boolean
  /** For the progress line; empty where the run is not looked at. */
  readonly text: () => string
  /** What the looks have come to; null where none could be taken yet. */
  readonly standing: () => LookStanding | null
  /** Resolves when no look is being taken. Rejects with what went wrong in one. */
  readonly settled: () => Promise<void>
}

/** `onOver`: called once, when the run may end. */
export interface LookoutOptions extends WatchOptions {
  readonly onOver: () => void
}

/**
 * Looks cost the replay nothing before `gate.minMinutes`, when they could end nothing: the statistics are not even loaded. They are minutes of
 * this replay: the hours in which a run that was cut off lay still show nothing of a day, and a clock may be set.
 */
export function createLookout(options: LookoutOptions): Lookout {
  const { session, stored } = options
  const { looks } = session.policy
  const { clock } = session.world
  const mayEndAt = looks === null ? Infinity : clock.elapsed() + looks.minMinutes * 60_000
  const prefix = createPrefix()
  let watch: Watch | null = null
  let stopped: Stopped | null = null
  let work: Promise<void> | null = null
  let failure: { readonly error: unknown } | null = null

  const look = async () => {
    watch ??= await (await import('./live-looks.ts')).createWatch(options)
    stopped = await watch.look(prefix)
    if (stopped !== null) options.onOver()
  }
  const isDue = () => clock.elapsed() >= mayEndAt && (watch === null || watch.nextAt() <= prefix.length())

  return {
    end: (ordinals) => {
      prefix.end(ordinals)
      if (work !== null || stopped !== null || failure !== null || !isDue()) return
      work = look()
        .catch((error: unknown) => {
          failure = { error }
          options.onOver()
        })
        .finally(() => {
          work = null
        })
    },
    stopped: () => stopped,
    isWhole: () => prefix.ended() === stored.run.dataset.records,
    text: () => watch?.text() ?? '',
    standing: () => watch?.standing() ?? null,
    settled: async () => {
      await work
      if (failure !== null) throw failure.error
    },
  }
}

function createPrefix(): Prefix & { readonly end: (ordinals: readonly number[]) => void } {
  const ahead = new Set<number>()
  let length = 0
  return {
    end: (ordinals) => {
      for (const ordinal of ordinals) ahead.add(ordinal)
      while (ahead.delete(length)) length += 1
    },
    length: () => length,
    ended: () => length + ahead.size,
  }
}
