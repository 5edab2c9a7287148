// Whether a text goes round in circles: a failure of its own, which no length and no stop reason shows.

import { mixed, type Scan } from './scan.ts'

/** Words in a row that are looked for again. */
const gram = 8
/** Fewer words than this are no loop, whatever they repeat: a chorus, a table, a list of the same. */
const fewestWords = 60
/** Share of the runs of eight words that came before. A table or a log of like lines stays well below. */
const loopShare = 0.5
/** How often a text's end must say the same, in how many words at least, and how long what it says may be. */
const [fewestRounds, fewestAtEnd, longestRound] = [4, 40, 50]
/** One word over and over: a row of a matrix, a drawing and a cry are shorter. */
const fewestOfOne = 80
/** One character so often in a row is no rule and no padding. */
const longestRun = 300
/** The end of a text shows a loop best: it went on until something cut it. Characters. */
const endLength = 64_000

/** By a text and its scan: of a long one, by its end. */
export function isLooping(text: string, scanned: Scan): boolean {
  const words = scanned.words.subarray(scanned.endAt)
  return endsInRounds(words) || repeatedShare(words) >= loopShare || hasLongRun(text.slice(-endLength))
}

/** The share of the runs of eight words that were there before, 0..1. */
export function repeatedShare(words: Int32Array): number {
  if (words.length < fewestWords) return 0
  const grams = words.length - gram + 1
  // An open table with room for twice as many: a Set of numbers is five times as slow.
  const mask = 2 ** Math.ceil(Math.log2(2 * grams)) - 1
  const [keys, isUsed] = [new Int32Array(mask + 1), new Uint8Array(mask + 1)]
  let distinct = 0
  for (let at = 0; at < grams; at++) {
    let hash = 0
    for (let step = 0; step < gram; step++) hash = mixed(hash, words[at + step] ?? 0)
    let slot = (hash ^ (hash >>> 16)) & mask
    while (isUsed[slot] === 1 && keys[slot] !== hash) slot = (slot + 1) & mask
    if (isUsed[slot] === 1) continue
    isUsed[slot] = 1
    keys[slot] = hash
    distinct += 1
  }
  return 1 - distinct / grams
}

function endsInRounds(words: Int32Array): boolean {
  for (let round = 1; round <= longestRound; round++) {
    const wanted = round === 1 ? fewestOfOne : Math.max(fewestAtEnd, fewestRounds * round)
    if (wanted > words.length) return false
    const end = words.length - wanted + round
    let at = words.length - 1
    while (at >= end && words[at] === words[at - round]) at--
    if (at < end) return true
  }
  return false
}

/** Lines drawn with one character are meant so. */
const drawing = new Set(' \t\n\r-=_*.#~─━│|+')

function hasLongRun(text: string): boolean {
  if (text.length <= longestRun) return false
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
