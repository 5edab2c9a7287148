// The explorer's data for the page: all pairs as one chunk, then the texts of the worst, as many as there is room for.

import { gzipSync } from 'node:zlib'
import { inSegment } from '../../core/segment-words.ts'
import type { ReportInput } from '../input.ts'
import { cut, oneLine, shorten } from '../text.ts'
import { columnsOf } from './columns.ts'
import type { PageIndex, TextChunk } from './index-chunk.ts'

/** Each chunk is gzip in base64. */
export interface PageData {
  readonly index: string
  readonly texts: readonly string[]
}

/** A chunk is what is unpacked for one pair that somebody looks at: small enough to be there at once. */
const pairsInChunk = 64
/** What an element around a chunk takes. */
const aroundChunk = 100

type Told = Pick<ReportInput, 'pairs' | 'examples' | 'reasonsOf' | 'reviewStates' | 'changes' | 'policy'>

/** As much as `room` bytes hold: the worst first, and at least the list of some pairs. */
export function pageData(input: Told, room: number): PageData {
  const listed = input.pairs.map((row) => ({
    row,
    reasons: input.reasonsOf(row),
    review: input.reviewStates.get(row.ordinal) ?? 'unreviewed',
  }))
  const clusters = (input.changes?.clusters ?? []).map(({ id, words, segment }) => ({
    id,
    name: inSegment(words, segment),
  }))
  const keys = input.pairs.flatMap(({ segments }) => Object.keys(segments))
  const openingOf = new Map(input.examples.map(({ row, detail }) => [row.ordinal, openingWords(detail.prompt)]))
  const indexOf = (rows: number, texts: PageIndex['texts']): PageIndex => ({
    columns: columnsOf(listed.slice(0, rows)),
    total: listed.length,
    texts,
    openings: listed.slice(0, rows).map(({ row }) => openingOf.get(row.ordinal) ?? ''),
    clusters,
    segments: [...new Set(keys)],
  })

  // The list may take half: pairs that nobody can read are worth less than texts.
  let rows = listed.length
  let size = packed(indexOf(rows, [])).length
  while (size > room / 2 && rows > pairsInChunk) {
    rows = Math.max(pairsInChunk, Math.floor((rows * room) / 2 / size))
    size = packed(indexOf(rows, [])).length
  }

  const placeOf = new Map(input.pairs.slice(0, rows).map(({ ordinal }, place) => [ordinal, place]))
  const shown = input.examples.filter(({ row }) => placeOf.has(row.ordinal))
  const texts: string[] = []
  const places: number[][] = []
  // Places in the index take some bytes too.
  let left = room - size - aroundChunk
  for (let from = 0; from < shown.length; from += pairsInChunk) {
    const chunk = shown.slice(from, from + pairsInChunk)
    const text = packed(chunk.map(({ detail }) => detail) satisfies TextChunk)
    left -= text.length + aroundChunk + 4 * chunk.length
    if (left < 0) break
    texts.push(text)
    places.push(chunk.map(({ row }) => placeOf.get(row.ordinal) ?? 0))
  }
  return { index: packed(indexOf(rows, places)), texts }
}

/** As much as a row of the list has room for. */
function openingWords(prompt: string): string {
  return shorten(oneLine(cut(prompt, 200).text), 70)
}

/** The same text gives the same bytes: gzip's header holds no time. */
function packed(json: PageIndex | TextChunk): string {
  return gzipSync(JSON.stringify(json)).toString('base64')
}
