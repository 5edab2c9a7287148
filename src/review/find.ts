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
  return newestOf(
    reviews.filter((each) => isSame(each.about, subject) && isOfSwap(each, swap) && !isExpired(each, now)),
  )
}

/** What a review is looked up by. */
export type ReviewedRow = Pick<PairRow, 'recordId' | 'kind' | 'cluster'>

/** The review of a pair itself, else of its cluster. */
export function reviewOfRow(row: ReviewedRow, reviewed: Reviewed): Review | null {
  return rowReviews(reviewed)(row)
}

/** The same for many pairs. */
export function rowReviews(reviewed: Reviewed): (row: ReviewedRow) => Review | null {
  const subjects = Map.groupBy(reviewed.reviews, ({ about }) => keyOf(about))
  const known = new Map(
    [...subjects.values()].map((reviews) => {
      const [{ about } = nobodys] = reviews
      return [keyOf(about), reviewOf(about, { ...reviewed, reviews })] as const
    }),
  )
  // Where nobody has decided anything, a hundred thousand pairs need no keys.
  if (known.size === 0) return () => null
  return ({ recordId, kind, cluster }) => {
    const own = kind === null ? null : (known.get(keyOf({ kind: 'pair', recordId, change: kind })) ?? null)
    if (own !== null || cluster === null) return own
    return known.get(keyOf({ kind: 'cluster', id: cluster })) ?? null
  }
}

const nobodys = { about: { kind: 'cluster', id: '' } } as const

function keyOf(about: ReviewSubject): string {
  return about.kind === 'cluster' ? `cluster ${about.id}` : `pair ${about.recordId} ${about.change}`
}

/** Of each subject of a swap the review that counts, else the last that expired; in the order of the file. */
export function reviewsThatCount({ reviews, swap, now }: Reviewed): readonly Review[] {
  const own = reviews.filter((each) => isOfSwap(each, swap))
  const subjects = [...Map.groupBy(own, ({ about }) => keyOf(about)).values()]
  const kept = new Set(
    subjects.map((each) => {
      const [first] = each
      const counting = first && reviewOf(first.about, { reviews: each, swap, now })
      return counting ?? newestOf(each)
    }),
  )
  return own.filter((each) => kept.has(each))
}

export function isExpired({ expires }: Review, now: Instant): boolean {
  return expires !== null && Date.parse(expires) <= Date.parse(now)
}

function isOfSwap({ swap }: Review, { production, candidate }: Swap): boolean {
  return swap.production === production && swap.candidate === candidate
}

/** Of one moment the last written counts. */
function newestOf(reviews: readonly Review[]): Review | null {
  return reviews.reduce<Review | null>(
    (newest, each) => (newest && Date.parse(newest.at) > Date.parse(each.at) ? newest : each),
    null,
  )
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
