// Whether a text goes round in circles: a failure of its own, which no length and no stop reason shows.

import { tokensOf } from './similarity.ts'

/** Tokens in a row that are looked for again. */
const gram = 8
/** Fewer tokens than this are no loop, whatever they repeat: a chorus, a table, a list of the same. */
const fewestTokens = 80
/** The end of a text shows a loop best: it went on until something cut it. */
const mostTokens = 4_000
/** Share of the runs of eight tokens that came before. A table or a log of like lines stays well below. */
const loopShare = 0.5
/** One character so often in a row is no rule and no padding. */
const longestRun = 300

export function isLooping(text: string): boolean {
  return hasLongRun(text) || repeatedShare(text) >= loopShare
}

/** The share of the runs of eight tokens that were there before, 0..1. */
export function repeatedShare(text: string): number {
  const tokens = tokensOf(text.slice(-mostTokens * 16)).slice(-mostTokens)
  if (tokens.length < fewestTokens) return 0
  const ids = new Map<string, number>()
  const numbers = Int32Array.from(tokens, (token) => {
    const id = ids.get(token) ?? ids.size
    ids.set(token, id)
    return id
  })
  const seen = new Set<number>()
  const grams = numbers.length - gram + 1
  for (let at = 0; at < grams; at++) {
    let hash = 0
    for (let step = 0; step < gram; step++) hash = (Math.imul(hash, 0x01000193) ^ (numbers[at + step] ?? 0)) | 0
    seen.add(hash)
  }
  return 1 - seen.size / grams
}

/** Lines drawn with one character are meant so. */
const drawing = new Set(' \t\n\r-=_*.#~─━│|+')

function hasLongRun(text: string): boolean {
  let [start, last] = [0, -1]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== last) {
      start = at
      last = code
    } else if (at - start >= longestRun && !drawing.has(text[at] ?? '')) return true
  }
  return false
}
