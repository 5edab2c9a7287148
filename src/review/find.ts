// Which review counts for a change: the newest that is about it, about this swap, and not expired.

import type { PairRow } from '../core/pair.ts'
import type { Review, ReviewSubject, Swap } from '../core/review.ts'
import type { Instant } from '../core/types.ts'
import type { ReviewState } from '../filter/words.ts'

export interface Reviewed {
  readonly reviews: readonly Review[]
  readonly swap: Swap
  /** By it, not by the clock, reviews expire: a verdict is computed again from what is stored. */
  readonly now: Instant
}

/** The review that counts for a subject; null where nobody decided. */
export function reviewOf(subject: ReviewSubject, { reviews, swap, now }: Reviewed): Review | null {
  const own = reviews.filter(
    (each) =>
      isSame(each.about, subject) &&
      each.swap.production === swap.production &&
      each.swap.candidate === swap.candidate &&
      (each.expires === null || Date.parse(each.expires) > Date.parse(now)),
  )
  // Of one moment the last written counts.
  return own.reduce<Review | null>((newest, each) => (newest && newest.at > each.at ? newest : each), null)
}

/** The review of a pair itself, else of its cluster. */
export function reviewOfRow({ recordId, kind, cluster }: PairRow, reviewed: Reviewed): Review | null {
  const own = kind === null ? null : reviewOf({ kind: 'pair', recordId, change: kind }, reviewed)
  if (own !== null || cluster === null) return own
  return reviewOf({ kind: 'cluster', id: cluster }, reviewed)
}

/** The word that filters know it by. */
export function reviewState(review: Review | null): ReviewState {
  const decision = review?.decision ?? null
  switch (decision) {
    case null:
      return 'unreviewed'
    case 'accept':
      return 'accepted'
    case 'regression':
    case 'unsure':
      return decision
    default:
      return decision satisfies never
  }
}

export function isSame(a: ReviewSubject, b: ReviewSubject): boolean {
  if (a.kind === 'cluster') return b.kind === 'cluster' && a.id === b.id
  return b.kind === 'pair' && a.recordId === b.recordId && a.change === b.change
}
