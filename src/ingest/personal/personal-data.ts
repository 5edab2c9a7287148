// Personal data in texts → stable placeholders.

import { createHash } from 'node:crypto'
import type { Detector, Span } from './detector.ts'
import { detectors } from './detectors.ts'
import { type PatternOptions, patternDetector } from './pattern.ts'

/** Plain data, so that a worker can be given it. */
export interface PersonalDataOptions {
  /** Mixed into placeholders, so that an address cannot be tried out against a store. */
  readonly salt: string
  /** Kinds that are not looked for. */
  readonly without: readonly string[]
  readonly patterns: readonly PatternOptions[]
}

export interface PersonalData {
  /** The text with placeholders; each replacement is told to `count`. A text without any is returned as it is. */
  readonly replaced: (text: string, count: (kind: string) => void) => string
}

const none: readonly never[] = []

interface Found extends Span {
  readonly kind: string
}

/** Compiled once for an ingest. A placeholder is the kind and six hex digits: the same for the same value in one store. */
export function personalData({ salt, without, patterns }: PersonalDataOptions): PersonalData {
  const known: readonly Detector[] = detectors.filter(({ kind }) => !without.includes(kind))
  const own = patterns.map(patternDetector)
  const placeholder = ({ kind, value }: Found) => {
    const digest = createHash('sha256').update(`${salt}\0${kind}\0${value}`).digest('hex').slice(0, 6)
    return `[${kind}-${digest}]`
  }
  const all = [...own, ...known]
  const oncePlaced = (text: string, sought: readonly Detector[], count: (kind: string) => void): string => {
    const found = apart(foundIn(text, sought))
    if (found.length === 0) return text
    let clean = ''
    let from = 0
    for (const each of found) {
      count(each.kind)
      clean += text.slice(from, each.start) + placeholder(each)
      from = each.end
    }
    return clean + text.slice(from)
  }
  return {
    replaced: (text, count) => {
      let clean = oncePlaced(text, all, count)
      // What stood against another piece, or overlapped with it, may now stand by itself. A user's own pattern might match
      // placeholders, and has had its turn.
      for (let before = text, round = 0; clean !== before && round < mostRounds; round += 1) {
        before = clean
        clean = oncePlaced(clean, known, count)
      }
      return clean
    },
  }
}

const mostRounds = 3

function foundIn(text: string, sought: readonly Detector[]): readonly Found[] {
  let found: Found[] | null = null
  for (const { kind, needs, find } of sought) {
    if (!needs.test(text)) continue
    for (const span of find(text)) {
      found ??= []
      found.push({ ...span, kind })
    }
  }
  return found ?? none
}

/** Pieces that do not overlap, in the order of the text. Of two that do, the one whose detector comes first counts. */
function apart(found: readonly Found[]): readonly Found[] {
  if (found.length < 2) return found
  const sure: Found[] = []
  const inOrder = found.map((each, rank) => ({ each, rank })).toSorted((a, b) => a.each.start - b.each.start)
  let last: { each: Found; rank: number } | null = null
  for (const next of inOrder) {
    if (last !== null && next.each.start < last.each.end) {
      if (next.rank < last.rank) last = next
      continue
    }
    if (last !== null) sure.push(last.each)
    last = next
  }
  if (last !== null) sure.push(last.each)
  return sure
}
