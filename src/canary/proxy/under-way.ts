// Requests under way by the arm that they were dealt to, and how those of an arm that users left come to their end.

import type { Arm } from '../../core/types.ts'

export interface Leaving {
  readonly arm: Arm
  /** ms since 1970. */
  readonly sinceMs: number
  /** When the last one ended; null while some are under way. */
  readonly emptyAtMs: number | null
}

export interface UnderWay {
  readonly begin: (arm: Arm) => void
  readonly end: (arm: Arm) => void
  /** No more are dealt to it: a flip, or a rollback. */
  readonly leave: (arm: Arm) => void
  readonly counts: () => Readonly<Record<Arm, number>>
  readonly leaving: () => Leaving | null
}

export function createUnderWay(now: () => number): UnderWay {
  const counts = { production: 0, candidate: 0 }
  let leaving: Leaving | null = null
  const look = () => {
    if (leaving === null || leaving.emptyAtMs !== null || counts[leaving.arm] > 0) return
    leaving = { ...leaving, emptyAtMs: now() }
  }
  return {
    begin: (arm) => {
      counts[arm]++
    },
    end: (arm) => {
      counts[arm]--
      look()
    },
    leave: (arm) => {
      leaving = { arm, sinceMs: now(), emptyAtMs: null }
      look()
    },
    counts: () => ({ ...counts }),
    leaving: () => leaving,
  }
}
