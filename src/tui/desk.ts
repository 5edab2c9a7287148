// Where decisions about changes are kept, as the browser sees it: the file behind it is no business of a screen.

import type { PairRow } from '../core/pair.ts'
import type { Review, ReviewDecision, ReviewSubject } from '../core/review.ts'
import type { ReviewState } from '../filter/words.ts'

export interface ReviewDesk {
  /** What counts for a pair: its own review, else its cluster's. */
  readonly stateOf: (row: PairRow) => ReviewState
  readonly reviewOf: (subject: ReviewSubject) => Review | null
  /** Resolves when it is written; rejects where it can't be, and then nothing was decided. */
  readonly decide: (
    subjects: readonly ReviewSubject[],
    decision: ReviewDecision,
    reason: string | null,
  ) => Promise<void>
  /** Takes back the last decision of this sitting, and says what it was about: nothing, where none was made. */
  readonly undo: () => Promise<readonly ReviewSubject[]>
}

/** What a decision about a pair is about; null where it changed in no way that has a name. */
export function subjectOfPair({ recordId, kind }: PairRow): ReviewSubject | null {
  return kind === null ? null : { kind: 'pair', recordId, change: kind }
}
