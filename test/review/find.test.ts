// Which review counts.

import { describe, expect, it } from 'vitest'
import type { PairRow } from '../../src/core/pair.ts'
import type { Review, ReviewSubject } from '../../src/core/review.ts'
import { reviewOf, reviewOfRow, reviewState } from '../../src/review/find.ts'

const swap = { production: 'gpt-4', candidate: 'gpt-4-new' }
const cluster: ReviewSubject = { kind: 'cluster', id: 'c1' }
const now = '2026-11-26T02:30:00.000Z'

function review(parts: Partial<Review> = {}): Review {
  const at = '2026-11-25T09:00:00.000Z'
  const rest = { reason: null, reviewer: 'ann', at, expires: null, words: 'answers collapsed' }
  return { about: cluster, swap, decision: 'accept', ...rest, ...parts }
}

const found = (reviews: readonly Review[], subject = cluster) =>
  reviewOf(subject, { reviews, swap, now })?.decision ?? null

describe('of several reviews', () => {
  const later = review({ decision: 'regression', at: '2026-11-25T10:00:00.000Z' })
  it.each<[string, readonly Review[], Review['decision'] | null]>([
    ['none is none', [], null],
    ['the newest counts', [later, review()], 'regression'],
    ['of one moment the last written counts', [review(), review({ decision: 'unsure' })], 'unsure'],
    ['what expired counts no more', [review({ expires: now })], null],
    ['until it expires it counts', [review({ expires: '2026-11-26T02:30:00.001Z' })], 'accept'],
    ['an older one counts again once a newer one expired', [review(), { ...later, expires: '2026-11-25' }], 'accept'],
    ['another candidate is another matter', [review({ swap: { ...swap, candidate: 'gpt-5' } })], null],
    ['another cluster too', [review({ about: { kind: 'cluster', id: 'c2' } })], null],
  ])('%s', (_, reviews, decision) => {
    expect(found(reviews)).toBe(decision)
  })
})

describe('a pair', () => {
  const pair: ReviewSubject = { kind: 'pair', recordId: 'r1', change: 'cut' }
  const row = { recordId: 'r1', kind: 'cut', cluster: 'c1' } as PairRow
  const stateOf = (of: PairRow, ...reviews: Review[]) => reviewState(reviewOfRow(of, { reviews, swap, now }))

  it('has its own review before that of its cluster', () => {
    expect(stateOf(row, review())).toBe('accepted')
    expect(stateOf(row, review({ about: pair, decision: 'regression' }), review())).toBe('regression')
  })
  it('has it as long as it changes in the same way', () => {
    expect(stateOf({ ...row, kind: 'collapsed', cluster: null }, review({ about: pair }))).toBe('unreviewed')
    expect(stateOf({ ...row, kind: null, cluster: null }, review({ about: pair }))).toBe('unreviewed')
  })
})
