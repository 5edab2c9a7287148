// Who is served by the candidate, and who stands against them: edges in a row of buckets, which the ramp alone moves.

import type { Group, RampState } from '../../core/rollout.ts'
import type { Arm } from '../../core/types.ts'
import { buckets } from './bucket.ts'

/** The candidate has the buckets below `candidate`, of which the first `control` are compared with the control's: the last `control` of all. */
export interface Split {
  readonly candidate: number
  readonly control: number
}

/**
 * The candidate's edge rises from the left: whoever is on it stays. The control is as large, from the right, as long as there is room:
 * whoever is in it stays until the candidate comes. Beyond half of all users as many of the candidate's are compared as there are in
 * the control, so that the two stay an even split, and nobody counts for both. `share` in 0..1, exact to one bucket. Throws RangeError otherwise.
 */
export function splitAt(share: number): Split {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share lies between 0 and 1, got ${share}`)
  const candidate = Math.round(share * buckets)
  return { candidate, control: Math.min(candidate, buckets - candidate) }
}

export function groupOf(bucket: number, { candidate, control }: Split): Group {
  if (bucket < candidate) return bucket < control ? 'candidate' : 'unmatched'
  return bucket >= buckets - control ? 'control' : 'rest'
}

export function armOf(group: Group): Arm {
  return group === 'candidate' || group === 'unmatched' ? 'candidate' : 'production'
}

/** What a ramp that stands there asks for. */
export function splitOf({ phase, mode, stages, stage, serving }: RampState): Split {
  if (phase === 'closed' || phase === 'rolled-back' || mode === 'shadow') return splitAt(0)
  switch (mode) {
    case 'ab':
      return splitAt(0.5)
    case 'blue-green':
      return splitAt(serving === 'candidate' ? 1 : 0)
    case 'canary':
      return splitAt(stages[stage]?.share ?? 0)
    default:
      return mode satisfies never
  }
}
