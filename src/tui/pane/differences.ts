// What differs between two texts as lines of the terminal: one in the other, or side by side.

import type { DiffPart } from '../../core/changes.ts'
import { printable } from '../../core/visible-text.ts'
import { fillLine, wrap } from '../cells.ts'
import { type Line, type Span, span } from '../spans.ts'

export interface Layout {
  /** Columns. */
  readonly width: number
  readonly isSideBySide: boolean
  /** Without colours, brackets say what was removed and added, as wdiff writes them. */
  readonly hasColour: boolean
}

const brackets: Readonly<Record<DiffPart['kind'], readonly [string, string]>> = {
  same: ['', ''],
  removed: ['[-', '-]'],
  added: ['{+', '+}'],
}

const tones: Readonly<Record<DiffPart['kind'], Span['tone']>> = { same: 'plain', removed: 'removed', added: 'added' }

/** Lines that were not wrapped yet; a part's line end belongs to the line that it ends. */
function linesOf(parts: readonly DiffPart[], hasColour: boolean): readonly Line[] {
  const lines: Line[] = []
  let current: Span[] = []
  for (const { kind, text } of parts) {
    const [open, close] = hasColour ? brackets.same : brackets[kind]
    const pieces = shown(text).split('\n')
    const isBlank = text.trim() === ''
    for (const [place, piece] of pieces.entries()) {
      const isEnded = place < pieces.length - 1
      // A line end that alone was removed or added can't be seen otherwise.
      const told = kind !== 'same' && isEnded && isBlank ? `${piece}↵` : piece
      // A word takes its blank along, which reads better outside of the brackets.
      const blank = open === '' ? '' : (/^ +/.exec(told)?.[0] ?? '')
      if (told !== '') current.push(span(`${blank}${open}${told.slice(blank.length)}${close}`, tones[kind]))
      if (!isEnded) continue
      lines.push(current)
      current = []
    }
  }
  return current.length > 0 ? [...lines, current] : lines
}

/** Model text without anything that a terminal would obey. */
export function shown(text: string): string {
  return printable(text).replaceAll('\t', '    ')
}

export function differenceLines(parts: readonly DiffPart[], layout: Layout): readonly Line[] {
  return layout.isSideBySide ? besides(parts, layout) : within(parts, layout)
}

/** The gutter says which lines are not in both, for eyes that run down the page. */
function within(parts: readonly DiffPart[], { width, hasColour }: Layout): readonly Line[] {
  return linesOf(parts, hasColour).flatMap((each) =>
    wrap(each, width - 2).map((wrapped): Line => [gutter(wrapped), ...wrapped]),
  )
}

function gutter(wrapped: Line): Span {
  const has = (tone: Span['tone']) => wrapped.some((each) => each.tone === tone)
  const [isRemoved, isAdded] = [has('removed'), has('added')]
  if (isRemoved && isAdded) return span('± ', 'doubt')
  if (isRemoved) return span('− ', 'removed-mark')
  return isAdded ? span('+ ', 'added-mark') : span('  ')
}

/** Both columns come together again wherever both texts end a line. */
function besides(parts: readonly DiffPart[], { width, hasColour }: Layout): readonly Line[] {
  const room = Math.floor((width - 3) / 2)
  const rows: Line[] = []
  let left: DiffPart[] = []
  let right: DiffPart[] = []
  const meet = () => {
    const [before, after] = [left, right].map((own) => linesOf(own, hasColour).flatMap((each) => wrap(each, room)))
    for (let place = 0; place < Math.max(before?.length ?? 0, after?.length ?? 0, 1); place++)
      rows.push([...fillLine(before?.[place] ?? [], room), span(' │ ', 'quiet'), ...(after?.[place] ?? [])])
    left = []
    right = []
  }
  for (const part of parts) {
    if (part.kind === 'removed') left.push(part)
    else if (part.kind === 'added') right.push(part)
    else {
      const pieces = part.text.split('\n')
      for (const [place, text] of pieces.entries()) {
        left.push({ kind: 'same', text })
        right.push({ kind: 'same', text })
        if (place < pieces.length - 1) meet()
      }
    }
  }
  if ([...left, ...right].some(({ text }) => text !== '')) meet()
  return rows
}
