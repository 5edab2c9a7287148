// How alike two texts are: the share of their tokens that stand in the same order in both, cheap enough for every pair.

import { normalForm } from './unicode.ts'

/** More tokens than this in either text, and their order is no longer looked at. */
const mostTokens = 20_000
/** Of a text of more characters than this, as many are read: half at its beginning, half at its end. */
const mostCharacters = 100_000

// Scripts without spaces between words: one character is one token, else a whole sentence would be one word.
const spaceless = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
const inWord = String.raw`\p{L}\p{M}\p{N}_`
const anyToken = new RegExp(`[${spaceless}]|[[${inWord}]--[${spaceless}]]+|[^${inWord}\\s]+`, 'gv')
// What `anyToken` comes to where there is nothing but ASCII, at a fifth of the cost.
const asciiToken = /\w+|[^\w\s]+/g
const beyondAscii = /[^\0-\x7f]/

/**
 * How alike two texts are, 0..1: 2 · LCS / (tokens of a + tokens of b), where LCS is the length of the longest common
 * subsequence of their tokens, exact. Tokens are words and runs of punctuation, after Unicode NFC; case counts, white
 * space does not. 1 means the same tokens in the same order; two texts without tokens are alike, and unlike all others.
 *
 * Above 20,000 tokens in either text it is the Dice coefficient of the two bags of tokens instead: an upper bound of
 * the exact ratio, which no longer sees order. Of a text above 100,000 characters its beginning and its end are read.
 */
export function textSimilarity(a: string, b: string): number {
  if (a === b) return 1
  const tokensA = tokensOf(a)
  const tokensB = tokensOf(b)
  const all = tokensA.length + tokensB.length
  if (all === 0) return 1
  if (tokensA.length === 0 || tokensB.length === 0) return 0
  const tooLong = Math.max(tokensA.length, tokensB.length) > mostTokens
  return (2 * (tooLong ? commonInBags(tokensA, tokensB) : commonInOrder(tokensA, tokensB))) / all
}

/**
 * Whether two texts are the same text: equal after Unicode NFC, CRLF → LF and the removal of white space at its end.
 * Nothing else is forgiven: not case, not spacing within, not a code fence around.
 */
export function sameText(a: string, b: string): boolean {
  return a === b || plain(a) === plain(b)
}

function plain(text: string): string {
  return normalForm(text.replaceAll('\r\n', '\n').trimEnd())
}

const recent = new Map<string, readonly string[]>()
/** A record that was asked twice has four answers in six comparisons: each is cut into tokens once. */
const mostRecent = 8

/** Words and runs of punctuation, after Unicode NFC; of a text above 100,000 characters, those of its beginning and its end. */
export function tokensOf(whole: string): readonly string[] {
  const known = recent.get(whole)
  if (known !== undefined) return known
  const half = mostCharacters / 2
  const text = whole.length > mostCharacters ? `${whole.slice(0, half)} ${whole.slice(-half)}` : whole
  const tokens = (beyondAscii.test(text) ? normalForm(text).match(anyToken) : text.match(asciiToken)) ?? []
  if (recent.size >= mostRecent) recent.delete(recent.keys().next().value ?? '')
  recent.set(whole, tokens)
  return tokens
}

function commonInBags(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>()
  for (const token of a) left.set(token, (left.get(token) ?? 0) + 1)
  let common = 0
  for (const token of b) {
    const count = left.get(token) ?? 0
    if (count === 0) continue
    left.set(token, count - 1)
    common++
  }
  return common
}

/** Length of the longest common subsequence: what both begin and end with, and what is common between. */
function commonInOrder(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const { rows, columns, kinds } = intern(a.slice(start, a.length - end), b.slice(start, b.length - end))
  return start + end + longestCommonSubsequence(rows, columns, kinds)
}

/** The tokens that occur in both, as numbers from 0 to `kinds` − 1: no other can be part of a common subsequence. */
function intern(a: readonly string[], b: readonly string[]) {
  const ids = new Map<string, number>()
  const own = new Int32Array(a.length)
  for (let place = 0; place < a.length; place++) {
    const token = a[place] ?? ''
    let id = ids.get(token)
    if (id === undefined) ids.set(token, (id = ids.size))
    own[place] = id
  }
  const isCommon = new Uint8Array(ids.size)
  const columns = new Int32Array(b.length)
  let width = 0
  for (const token of b) {
    const id = ids.get(token)
    if (id === undefined) continue
    isCommon[id] = 1
    columns[width++] = id
  }
  return { rows: own.filter((id) => isCommon[id] === 1), columns: columns.subarray(0, width), kinds: ids.size }
}

/**
 * Bit-parallel LCS (Crochemore, Iliopoulos, Pinzon, Reid 2001; Hyyrö 2004): a bit for each row, `bits` = (bits + u) |
 * (bits & ~match), u = bits & match, for each column; the rows whose bit ends as 0 are in the subsequence. Taken one
 * 32-bit word of rows at a time, with the carry of every column kept for the next word: memory is that of the input.
 */
function longestCommonSubsequence(rows: Int32Array, columns: Int32Array, kinds: number): number {
  const carries = new Uint8Array(columns.length)
  const matches = new Int32Array(kinds)
  let length = 0
  for (let first = 0; first < rows.length; first += 32) {
    const word = rows.subarray(first, first + 32)
    for (const [bit, id] of word.entries()) matches[id] = (matches[id] ?? 0) | (1 << bit)
    length += zeroBits(addColumns(columns, matches, carries))
    for (const id of word) matches[id] = 0
  }
  return length
}

function addColumns(columns: Int32Array, matches: Int32Array, carries: Uint8Array): number {
  let bits = -1
  for (let column = 0; column < columns.length; column++) {
    const u = bits & (matches[columns[column] ?? 0] ?? 0)
    const sum = (bits + u + (carries[column] ?? 0)) | 0
    // The carry out of the top bit in 32-bit terms: `u` is a subset of `bits`, so both had it, or the sum lost it.
    carries[column] = (u | (bits & ~sum)) >>> 31
    bits = sum | (bits & ~u)
  }
  return bits
}

/** Number of 0 bits in a 32-bit word. */
function zeroBits(word: number): number {
  let ones = ~word
  let count = 0
  for (; ones !== 0; ones &= ones - 1) count++
  return count
}
