// What changed between two texts, for people: word by word where that can be had at a bounded cost, coarser where not.

import { diffArrays } from 'diff'
import type { DiffPart } from '../core/changes.ts'

/** Bounds of the work in units that no clock moves: the same texts give the same parts on every machine. */
export interface DiffOptions {
  /** Tokens occurring in both texts that may be removed or added, else something coarser is shown. Time: its square. */
  readonly maxEdits?: number
  /** Characters (UTF-16) between common beginning and end that are compared by words at most; by lines, thrice. */
  readonly maxLength?: number
}

export interface TextDiff {
  /** Without empty parts; no two neighbours of one kind; of what was replaced, `removed` comes before `added`. */
  readonly parts: readonly DiffPart[]
  /** Why the parts are coarser than words; null where they are words. */
  readonly note: string | null
}

// Every character is in exactly one token, so that tokens joined are the text. A word takes the one blank before it
// along: blanks of their own would match each other all over two texts that have nothing in common.
const word = / ?[\p{L}\p{M}\p{N}_]+|\r?\n|\r|[^\S\r\n]+|(?<mark>[^\p{L}\p{M}\p{N}_\s])\k<mark>*/gu
const line = /[^\n]*\n|[^\n]+/g

/**
 * The parts of two texts in the order of reading. `same` and `removed` joined are the production text, `same` and
 * `added` joined the candidate's, to the character. They are words while there are at most `maxEdits` (600) edits in at
 * most `maxLength` (30,000) characters; else lines, under half as many edits; else the one text replaced by the other.
 */
export function diffForPeople(production: string, candidate: string, options: DiffOptions = {}): TextDiff {
  const { maxEdits = 600, maxLength = 30_000 } = options
  const { start, end } = commonEnds(production, candidate)
  const before = production.slice(start, production.length - end)
  const after = candidate.slice(start, candidate.length - end)
  const inPlace = (middle: readonly DiffPart[]) => [
    ...same(production.slice(0, start)),
    ...middle,
    ...same(production.slice(production.length - end)),
  ]
  const length = Math.max(before.length, after.length)
  const byWord = length <= maxLength ? diffTokens(before, after, { token: word, maxEdits }) : null
  if (byWord !== null) return { parts: merge(inPlace(byWord)), note: null }
  const many = length <= maxLength ? 'differ in too many words' : 'are too long'
  const byLine = length <= 3 * maxLength ? diffTokens(before, after, { token: line, maxEdits: maxEdits / 2 }) : null
  if (byLine?.some(({ kind }) => kind === 'same')) {
    return { parts: merge(inPlace(byLine)), note: `Compared line by line: the texts ${many} for more.` }
  }
  return {
    parts: merge(inPlace(replaced(before, after))),
    note: `Shown as replaced in whole: the texts ${many} for more.`,
  }
}

function same(text: string): readonly DiffPart[] {
  return text === '' ? [] : [{ kind: 'same', text }]
}

function replaced(before: string, after: string): readonly DiffPart[] {
  return [
    { kind: 'removed', text: before },
    { kind: 'added', text: after },
  ]
}

/** Lengths of what both texts begin and end with, cut back to a blank or a line's end so that no token is torn. */
function commonEnds(a: string, b: string): { readonly start: number; readonly end: number } {
  if (a === b) return { start: a.length, end: 0 }
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++
  while (start > 0 && !(isGap(a, start) && isGap(b, start))) start--
  let end = 0
  while (end < shorter - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++
  while (end > 0 && !(isGap(a, a.length - end) && isGap(b, b.length - end))) end--
  return { start, end }
}

/** Whether no word reaches across `index`: it is after a line's end, or before a run of blanks. */
function isGap(text: string, index: number): boolean {
  return text[index - 1] === '\n' || (text[index] === ' ' && text[index - 1] !== ' ')
}

interface Cut {
  readonly token: RegExp
  readonly maxEdits: number
}

/** The parts by tokens, or null where that takes more than `maxEdits`. */
function diffTokens(before: string, after: string, { token, maxEdits }: Cut): readonly DiffPart[] | null {
  const production = before.match(token) ?? []
  const candidate = after.match(token) ?? []
  const matches = commonTokens(production, candidate, maxEdits)
  if (matches === null) return null
  const parts: DiffPart[] = []
  let [i, j] = [0, 0]
  for (const [nextI, nextJ] of [...matches, [production.length, candidate.length] as const]) {
    parts.push(...replaced(production.slice(i, nextI).join(''), candidate.slice(j, nextJ).join('')))
    parts.push(...same(production[nextI] ?? ''))
    i = nextI + 1
    j = nextJ + 1
  }
  return parts
}

/**
 * Places in both texts of the tokens of a longest common subsequence (Myers 1986, by `diff`); null beyond `maxEdits`.
 * Tokens that only one text has are left out beforehand: they can match nothing and would only spend the edits.
 */
export function commonTokens(
  a: readonly string[],
  b: readonly string[],
  maxEdits: number,
): readonly (readonly [number, number])[] | null {
  const [inA, inB] = [new Set(a), new Set(b)]
  const placesA = [...a.keys()].filter((index) => inB.has(a[index] ?? ''))
  const placesB = [...b.keys()].filter((index) => inA.has(b[index] ?? ''))
  const changes = diffArrays(
    placesA.map((index) => a[index]),
    placesB.map((index) => b[index]),
    { maxEditLength: maxEdits },
  )
  if (changes === undefined) return null
  const matches: [number, number][] = []
  let [i, j] = [0, 0]
  for (const { added, removed, count } of changes) {
    if (!added && !removed) {
      for (let step = 0; step < count; step++) matches.push([placesA[i + step] ?? 0, placesB[j + step] ?? 0])
    }
    if (!added) i += count
    if (!removed) j += count
  }
  return matches
}

/** Joins what stands between two `same` parts into one `removed` and one `added`, and drops empty parts. */
function merge(parts: readonly DiffPart[]): readonly DiffPart[] {
  const merged: DiffPart[] = []
  const pending: Record<DiffPart['kind'], string[]> = { same: [], removed: [], added: [] }
  const flush = (kind: DiffPart['kind']) => {
    const text = pending[kind].join('')
    if (text !== '') merged.push({ kind, text })
    pending[kind] = []
  }
  for (const part of parts) {
    if (part.text === '') continue
    if (part.kind === 'same') {
      flush('removed')
      flush('added')
    } else {
      flush('same')
    }
    pending[part.kind].push(part.text)
  }
  for (const kind of ['same', 'removed', 'added'] as const) flush(kind)
  return merged
}
