// How many exchanges with each arm are under way: by what was dealt, and what is over.

import type { Arm } from '../core/types.ts'
import type { Assignment } from './router.ts'
import type { Served } from './served.ts'

export interface InFlight {
  readonly begin: (assigned: Pick<Assignment, 'arm' | 'isCopied'>) => void
  /** The copy of a request that had begun was not sent. */
  readonly leaveOut: () => void
  readonly end: (served: Pick<Served, 'servedBy' | 'isUnseen' | 'isCopied'>) => void
  readonly counts: () => Readonly<Record<Arm, number>>
}

export function createInFlight(): InFlight {
  const counts = { production: 0, candidate: 0 }
  return {
    begin: ({ arm, isCopied }) => {
      counts[arm]++
      if (isCopied) counts.candidate++
    },
    leaveOut: () => counts.candidate--,
    end: ({ servedBy, isUnseen, isCopied }) => {
      counts[servedBy]--
      // A try that failed before anything was sent: it is production's turn.
      if (isUnseen && !isCopied) counts.production++
    },
    counts: () => counts,
  }
}
