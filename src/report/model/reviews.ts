// What people decided about the changes of a run, in words: one line for each review that the run has pairs of, or should have.

import type { ReviewedChange } from '../../core/review.ts'
import { count, counted, day } from '../format.ts'
import { oneLine } from '../text.ts'
import type { Mark } from '../words.ts'

export interface ReviewLine {
  readonly state: ReviewedChange['state']
  readonly mark: Mark
  /** Id of the cluster, or of the record. */
  readonly id: string
  /** "task=prime · answers collapsed". */
  readonly what: string
  /** "995 pairs", and "995". */
  readonly pairs: string
  readonly number: string
  /** "Ann on 2026-11-25"; until when, where that is known. */
  readonly by: string
  /** null where none was given. */
  readonly reason: string | null
  /** What follows from it: "blocks", "counts as unchanged". */
  readonly follows: string
  /** Whether it makes the NO-GO. */
  readonly isBlocking: boolean
}

export const reviewMarks: Readonly<Record<ReviewedChange['state'], Mark>> = {
  regression: { symbol: '✗', word: 'regression' },
  accepted: { symbol: '✓', word: 'accepted' },
  unsure: { symbol: '≈', word: 'unsure' },
  expired: { symbol: '○', word: 'expired' },
  gone: { symbol: '○', word: 'regression not found' },
}

export function reviewLines(reviews: readonly ReviewedChange[] | undefined): readonly ReviewLine[] {
  return (reviews ?? []).map((each): ReviewLine => {
    const { review, state, pairs } = each
    const { about, words, reason, reviewer, at, expires } = review
    const until = expires === null ? '' : `, until ${day(expires)}`
    return {
      state,
      mark: reviewMarks[state],
      id: oneLine(about.kind === 'cluster' ? about.id : about.recordId),
      what: oneLine(words),
      pairs: counted(pairs, 'pair'),
      number: count(pairs),
      by: `${oneLine(reviewer)} on ${day(at)}${until}`,
      reason: reason === null ? null : oneLine(reason),
      follows: followsFrom(each),
      isBlocking: state === 'regression' && each.isBeyondNoise !== false,
    }
  })
}

/** For one line of text: "✗ regression  task=prime · answers collapsed, 995 pairs (Ann on 2026-11-25: the answers are gone)". */
export function reviewSentence({ mark, what, pairs, by, reason, follows }: ReviewLine): string {
  return `${mark.symbol} ${mark.word}: ${what}, ${pairs}, ${follows} (${by}${reason === null ? '' : `: ${reason}`})`
}

function followsFrom({ state, pairs, isBeyondNoise }: ReviewedChange): string {
  switch (state) {
    case 'regression':
      return isBeyondNoise === false ? 'blocks no more: production changes so by itself' : 'blocks'
    case 'accepted':
      return 'counts as unchanged'
    case 'unsure':
      return 'changes nothing'
    case 'expired':
      return 'counts no more'
    case 'gone':
      return pairs > 0 ? 'does not block: it is part of a larger cluster now, look again' : 'does not block'
    default:
      return state satisfies never
  }
}
