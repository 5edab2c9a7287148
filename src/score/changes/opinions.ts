// What users thought of the recorded answers, beside what changed: it informs, since nobody has seen the new ones.

import type { OpinionChanges } from '../../core/changes.ts'
import { type Comparison, type MeasureColumn, present } from '../../core/types.ts'
import { change } from '../metrics/change.ts'

/** By the place of the record in the run: whether its users liked the answer that they got. */
export type Opinions = ReadonlyMap<number, 'liked' | 'disliked'>

/** null where no user said anything, or nothing was measured. */
export function opinionChanges(measures: readonly MeasureColumn[], opinions: Opinions): OpinionChanges | null {
  const of = (comparison: Comparison) =>
    measures.find((each) => each.metric === change.name && each.comparison === comparison)
  const [candidate, noise] = [of('candidate'), of('noise')]
  if (candidate === undefined || opinions.size === 0) return null
  const among = (opinion: 'liked' | 'disliked') => ({
    candidate: changedOf(candidate, opinions, opinion),
    noise: noise ? changedOf(noise, opinions, opinion) : null,
  })
  return { liked: among('liked'), disliked: among('disliked') }
}

function changedOf({ ordinal, absent, candidate }: MeasureColumn, opinions: Opinions, opinion: string) {
  const counts = { changed: 0, of: 0 }
  for (const [place, own] of ordinal.entries()) {
    if (absent[place] !== present || opinions.get(own) !== opinion) continue
    counts.of += 1
    if (candidate[place] !== 0) counts.changed += 1
  }
  return counts
}
