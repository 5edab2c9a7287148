// The browser's desk over the file of reviews: what it looks up is in memory, what it decides is in the file.

import type { Run } from '../core/judgement.ts'
import type { Review, ReviewSubject } from '../core/review.ts'
import { type ReviewedRow, reviewOf, reviewState, rowReviews } from '../review/find.ts'
import type { ReviewDesk } from '../tui/desk.ts'
import { swapOf } from './reviewed-run.ts'
import type { ReviewBook } from './reviews-file.ts'
import type { Session } from './session.ts'

export interface DeskOptions {
  readonly run: Run
  readonly book: ReviewBook
  /** What a review is about, for whoever reads the file: "task=prime · answers collapsed". */
  readonly wordsOf: (subject: ReviewSubject) => string
}

export interface FileDesk extends ReviewDesk {
  /** Resolves once nothing is being written any more. */
  readonly idle: () => Promise<void>
}

export function reviewDesk({ world }: Session, { book, run, wordsOf }: DeskOptions): FileDesk {
  const swap = swapOf(run)
  // Reviews expire by the day; a sitting has one.
  const now = new Date(world.clock.now()).toISOString()
  const reviewed = () => ({ reviews: book.reviews(), swap, now })
  /** Of the reviews that there were when somebody last looked: every pair is looked up at every key that lists anew. */
  let last: { readonly reviews: readonly Review[]; readonly of: (row: ReviewedRow) => Review | null } | null = null
  const reviewOfRow = (row: ReviewedRow) => {
    const { reviews } = reviewed()
    if (last?.reviews !== reviews) last = { reviews, of: rowReviews(reviewed()) }
    return last.of(row)
  }
  /** Those before it were made in another sitting: `z` must not reach them. */
  let made = 0
  let writing: Promise<unknown> = Promise.resolve()
  const written = <T>(work: () => Promise<T>): Promise<T> => {
    const result = work()
    writing = result.catch(() => {})
    return result
  }
  return {
    stateOf: (row) => reviewState(reviewOfRow(row)),
    reviewOf: (subject) => reviewOf(subject, reviewed()),
    decide: (subjects, decision, reason) =>
      written(async () => {
        await book.decide(subjects.map((about) => ({ about, decision, reason, expires: null, words: wordsOf(about) })))
        made += 1
      }),
    undo: () =>
      written(async () => {
        if (made === 0) return []
        const undone = await book.undo()
        made -= 1
        return undone.map(({ about }: Review) => about)
      }),
    idle: async () => {
      await writing
    },
  }
}
