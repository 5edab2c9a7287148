// The word that a mistyped one was meant to be.

import { distance } from 'fastest-levenshtein'

/** The nearest of `known` within a third of the word's length (at least 2 edits); null where none is that near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const reach = Math.max(2, Math.floor(word.length / 3))
  let best: string | null = null
  let bestDistance = reach + 1
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase())
    if (edits < bestDistance) {
      best = candidate
      bestDistance = edits
    }
  }
  return best
}
