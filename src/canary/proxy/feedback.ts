// What users say of an answer, by its id: posted to the router itself.

import type { Json } from '../../core/types.ts'

export const feedbackPath = '/feedback'

export interface Feedback {
  /** The `x-shadowgate-id` of the answer. */
  readonly id: string
  /** 0 is bad and 1 is good. */
  readonly score: number
}

const words: Readonly<Record<string, number>> = { up: 1, good: 1, positive: 1, down: 0, bad: 0, negative: 0 }

/** `{ id, score }`: a number from 0 to 1, true or false, or a word such as `up`. null where it is none of these. */
export function feedbackIn(body: Json): Feedback | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const { id, score } = body as { readonly id?: Json; readonly score?: Json }
  const found = scoreOf(score ?? null)
  if (typeof id !== 'string' || id === '' || id.length > 100 || found === null) return null
  return { id, score: found }
}

function scoreOf(score: Json): number | null {
  if (typeof score === 'boolean') return score ? 1 : 0
  if (typeof score === 'number') return score >= 0 && score <= 1 ? score : null
  return typeof score === 'string' ? (words[score.toLowerCase()] ?? null) : null
}
