// The head of the screen: the verdict, how many pairs stand how, and what is filtered by.
/** @jsxImportSource react */

import { Box } from 'ink'
import { cellsOf, fill, fillLine, fitEnd } from '../cells.ts'
import type { Frame } from '../frame.ts'
import { type Chip, chipNames, sortNames } from '../listing.ts'
import { written } from '../prompt.ts'
import { type Line, type Span, span } from '../spans.ts'
import { standingMarks } from './marks.ts'
import { Spans } from './spans.tsx'

const tones: Readonly<Partial<Record<Chip, Span['tone']>>> = { regressed: 'bad', improved: 'good', error: 'bad' }

export function Head({ frame }: { readonly frame: Frame }) {
  const { columns } = frame.state
  const lines = [titleLine(frame), countLine(frame), filterLine(frame)]
  const names = ['verdict', 'counts', 'filter']
  return (
    <Box flexDirection="column" width={columns}>
      {lines.map((line, place) => (
        <Spans key={names[place]} line={fillLine(line, columns)} hasColour={frame.hasColour} />
      ))}
    </Box>
  )
}

function titleLine({ title, state }: Frame): Line {
  const { decision, tone, production, candidate, runId } = title
  const left = `  ${production} → ${candidate}`
  const room = state.columns - cellsOf(decision)
  const run = `run ${runId}`
  const hasRoom = cellsOf(left) + cellsOf(run) + 2 <= room
  return [
    span(decision, tone === 'good' ? 'good' : tone === 'bad' ? 'bad' : 'doubt'),
    span(hasRoom ? fill(left, room - cellsOf(run)) : left, 'title'),
    ...(hasRoom ? [span(run, 'quiet')] : []),
  ]
}

/** `same` is no chip: nobody looks for it, and the filter has the word. */
const counted: readonly (Chip | 'same')[] = [
  'all',
  'regressed',
  'improved',
  'changed',
  'same',
  'refused',
  'error',
  'unreviewed',
]

function countLine(frame: Frame): Line {
  const whole = countSpans(frame, (each) => `${each === 'same' ? 'same' : chipNames[each]} `)
  const isWide = whole.reduce((sum, { text }) => sum + cellsOf(text), 0) > frame.state.columns
  return isWide
    ? countSpans(frame, (each) => shortNames[each] ?? `${chipNames[each === 'same' ? 'all' : each]} `)
    : whole
}

/** The marks of the list stand for words that there is no room for. */
const shortNames: Readonly<Partial<Record<Chip | 'same', string>>> = {
  regressed: standingMarks.regressed.text,
  improved: standingMarks.improved.text,
  changed: standingMarks.changed.text,
  same: standingMarks.same.text,
  unreviewed: 'open ',
}

function countSpans({ counts, state }: Frame, nameOf: (each: Chip | 'same') => string): readonly Span[] {
  return counted.flatMap((each, place): Span[] => {
    const isCurrent = each === state.chip
    const text = `${nameOf(each)}${counts[each]}`
    const own = each !== 'same' && counts[each] !== '0' ? (tones[each] ?? 'plain') : 'quiet'
    return [
      ...(place === 0 ? [] : [span(' ', 'quiet')]),
      span(isCurrent ? `[${text}]` : text, isCurrent ? 'title' : own),
    ]
  })
}

/** Where the cursor of a prompt stands, in the columns of the screen. */
export function promptColumn({ state }: Frame): number | null {
  const { prompt } = state
  if (prompt === null) return null
  return cellsOf(opening(prompt.kind)) + cellsOf(fitEnd(prompt.before, promptRoom(state.columns, prompt.kind)))
}

function opening(kind: 'filter' | 'reason'): string {
  return kind === 'filter' ? '/ ' : 'why: '
}

function promptRoom(columns: number, kind: 'filter' | 'reason'): number {
  return columns - cellsOf(opening(kind)) - 2
}

function filterLine({ state, place }: Frame): Line {
  const { prompt } = state
  if (prompt !== null) {
    const text = prompt.after === '' ? fitEnd(prompt.before, promptRoom(state.columns, prompt.kind)) : written(prompt)
    return [span(opening(prompt.kind), 'title'), span(text)]
  }
  const right = `${state.mode === 'pairs' ? sortNames[state.sort] : 'clusters, worst first'} · ${place}`
  const room = state.columns - cellsOf(right) - 1
  const filter = state.filter === '' ? fill('/ filters', room) : fill(`/ ${state.filter}`, room)
  return [span(filter, state.filter === '' ? 'quiet' : 'doubt'), span(` ${right}`, 'quiet')]
}
