// The browser's desk over the file of reviews: what it looks up is in memory, what it decides is in the file.

import type { Run } from '../../core/judgement.ts'
import type { Review, ReviewSubject } from '../../core/review.ts'
import type { Instant } from '../../core/types.ts'
import { reviewOf, reviewState, rowReviews } from '../../review/find.ts'
import type { ReviewDesk } from '../../tui/desk.ts'
import type { ReviewBook } from '../review/reviews-file.ts'
import { swapOf } from '../run/swap-of.ts'
import type { Session } from '../session/session.ts'

export interface DeskOptions {
  readonly run: Run
  readonly book: ReviewBook
  /** What a review is about, for whoever reads the file: "task=prime · answers collapsed". */
  readonly wordsOf: (subject: ReviewSubject) => string
}

export interface FileDesk extends ReviewDesk {
  /** Resolves once nothing is being written any more. */
  readonly idle: () => Promise<void>
  /** Whether something was decided in this sitting, and stands. */
  readonly hasDecided: () => boolean
}

export function reviewDesk({ world }: Session, { book, run, wordsOf }: DeskOptions): FileDesk {
  const swap = swapOf(run)
  // Reviews expire by the day; a sitting has one.
  const now = new Date(world.clock.now()).toISOString()
  const reviewed = () => ({ reviews: book.reviews(), swap, now })
  // A list asks for every pair after each key: the table of reviews is made once for each text of the file.
  let rows = { of: book.reviews(), find: rowReviews(reviewed()) }
  const find: typeof rows.find = (row) => {
    if (rows.of !== book.reviews()) rows = { of: book.reviews(), find: rowReviews(reviewed()) }
    return rows.find(row)
  }
  /** When this sitting decided: `z` must not reach what was decided in another, before or at the same time. */
  const made: Instant[] = []
  let writing: Promise<unknown> = Promise.resolve()
  const written = <T>(work: () => Promise<T>): Promise<T> => {
    const result = work()
    writing = result.catch(() => {})
    return result
  }
  return {
    stateOf: (row) => reviewState(find(row)),
    reviewOf: (subject) => reviewOf(subject, reviewed()),
    decide: (subjects, decision, reason) =>
      written(async () => {
        const [first] = await book.decide(
          subjects.map((about) => ({ about, decision, reason, expires: null, words: wordsOf(about) })),
        )
        if (first) made.push(first.at)
      }),
    undo: () =>
      written(async () => {
        const last = made.at(-1)
        if (last === undefined) return []
        const undone = await book.undo(last)
        made.pop()
        return undone.map(({ about }: Review) => about)
      }),
    idle: async () => {
      await writing
    },
    hasDecided: () => made.length > 0,
  }
}
