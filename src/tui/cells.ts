// How much room text takes on a terminal, and text cut, padded and wrapped to a room.

import stringWidth from 'string-width'
import type { Line, Span } from './spans.ts'

/** Columns that a text takes: two for a wide character, none for a combining one. */
export function cellsOf(text: string): number {
  return isNarrow(text) ? text.length : stringWidth(text)
}

/** Most text is, and needs no table of widths. */
function isNarrow(text: string): boolean {
  return /^[ -~]*$/.test(text)
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What people take for one character each, however many code points it is made of. */
export function graphemesOf(text: string): readonly string[] {
  return isNarrow(text) ? text.split('') : Array.from(graphemes.segment(text), ({ segment }) => segment)
}

/** Its beginning that fits, with an ellipsis where that is not all. */
export function fit(text: string, width: number): string {
  // No character is wider than two columns for long: what is far beyond the room need not be measured.
  const near = text.length > 20 * width + 20 ? text.slice(0, 20 * width + 20) : text
  if (near === text && cellsOf(text) <= width) return text
  if (width <= 0) return ''
  return `${startOf(near.toWellFormed(), width - 1)}…`
}

/** Cut or padded with blanks to exactly so many columns. */
export function fill(text: string, width: number): string {
  const shown = fit(text, width)
  return shown + ' '.repeat(Math.max(0, width - cellsOf(shown)))
}

/** The end that fits, with an ellipsis before it: for what is typed. */
export function fitEnd(text: string, width: number): string {
  if (cellsOf(text) <= width) return text
  const parts = graphemesOf(text)
  let room = width - 1
  let from = parts.length
  while (from > 0 && cellsOf(parts[from - 1] ?? '') <= room) {
    from -= 1
    room -= cellsOf(parts[from] ?? '')
  }
  return `…${parts.slice(from).join('')}`
}

function startOf(text: string, width: number): string {
  if (isNarrow(text)) return text.slice(0, width)
  let [shown, room] = ['', width]
  for (const { segment } of graphemes.segment(text)) {
    const cells = cellsOf(segment)
    if (cells > room) break
    shown += segment
    room -= cells
  }
  return shown
}

/** A line cut to its room. */
export function fitLine(spans: Line, width: number): Line {
  const cut: Span[] = []
  let room = width
  for (const each of spans) {
    const cells = cellsOf(each.text)
    if (cells > room) {
      cut.push({ ...each, text: fit(each.text, room) })
      break
    }
    cut.push(each)
    room -= cells
  }
  return cut
}

/** A line padded with blanks. */
export function fillLine(spans: Line, width: number): Line {
  const cut = fitLine(spans, width)
  const left = width - cut.reduce((sum, { text }) => sum + cellsOf(text), 0)
  return left > 0 ? [...cut, { text: ' '.repeat(left), tone: 'plain' }] : cut
}

/** Broken between words where they fit, within them where not. An empty line stays one. */
export function wrap(spans: Line, width: number): readonly Line[] {
  const lines: Line[] = []
  let current: Span[] = []
  let used = 0
  const end = () => {
    lines.push(current)
    current = []
    used = 0
  }
  const put = (text: string, tone: Span['tone'], cells: number) => {
    const last = current.at(-1)
    if (last?.tone === tone) current[current.length - 1] = { text: last.text + text, tone }
    else current.push({ text, tone })
    used += cells
  }
  for (const { text, tone } of spans) {
    for (const word of text.match(/\s+|\S+/g) ?? []) {
      const cells = cellsOf(word)
      if (used + cells <= width) {
        put(word, tone, cells)
        continue
      }
      const isBlank = word.trim() === ''
      if (used > 0) end()
      // A blank at which a line was broken stands for the break.
      if (isBlank) continue
      if (cells <= width) put(word, tone, cells)
      else {
        for (const piece of piecesOf(word, width)) {
          if (used > 0) end()
          put(piece, tone, cellsOf(piece))
        }
      }
    }
  }
  if (current.length > 0 || lines.length === 0) end()
  return lines
}

function piecesOf(word: string, width: number): readonly string[] {
  const pieces: string[] = []
  if (isNarrow(word)) {
    for (let from = 0; from < word.length; from += width) pieces.push(word.slice(from, from + width))
    return pieces
  }
  let [piece, room] = ['', width]
  for (const { segment } of graphemes.segment(word)) {
    const cells = cellsOf(segment)
    if (cells > room && piece !== '') {
      pieces.push(piece)
      piece = ''
      room = width
    }
    piece += segment
    room -= cells
  }
  return [...pieces, piece]
}
