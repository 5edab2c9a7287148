// Which swap of models a run is about.

import type { Run } from '../../core/judgement.ts'
import type { Swap } from '../../core/review.ts'

/** The models as the run asked for them. */
export function swapOf({ targets }: Pick<Run, 'targets'>): Swap {
  return { production: targets.production.model, candidate: targets.candidate.model }
}
