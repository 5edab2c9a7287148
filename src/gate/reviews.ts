// What people's reviews say in a verdict: a regression blocks by itself, and the rest is told.

import { day } from '../core/instant-words.ts'
import type { ReviewedChange } from '../core/review.ts'
import { count } from './words.ts'

/** Whether it stands in a GO's way: what production does as often by itself is nobody's regression. */
export function isReviewedRegression({ state, isBeyondNoise }: ReviewedChange): boolean {
  return state === 'regression' && isBeyondNoise !== false
}

/** "Ann called task=prime · answers collapsed a regression on 2026-11-25 (995 pairs): the answers are gone." */
export function regressionSentences(reviews: readonly ReviewedChange[]): string[] {
  return reviews.filter(isReviewedRegression).map(({ review, pairs }) => {
    const { reviewer, words, at, reason } = review
    const why = reason === null ? '.' : `: ${reason.replace(/(?<![.!?])$/, '.')}`
    return `${reviewer} called ${words} a regression on ${day(at)} (${count(pairs, 'pair')})${why}`
  })
}

/** Of all accepted changes together; empty where there are none. */
export function acceptedSentence(reviews: readonly ReviewedChange[]): string {
  const accepted = reviews.filter(({ state }) => state === 'accepted')
  if (accepted.length === 0) return ''
  const pairs = accepted.reduce((sum, each) => sum + each.pairs, 0)
  const by = [...new Set(accepted.map(({ review }) => review.reviewer))].toSorted()
  return `${count(pairs, 'changed pair')} ${pairs === 1 ? 'counts' : 'count'} as unchanged: accepted by ${by.join(', ')}.`
}
