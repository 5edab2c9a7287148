// The right pane: its tabs, and the lines of the text that fit.
/** @jsxImportSource react */

import { Box } from 'ink'
import { cellsOf, fillLine } from '../cells.ts'
import type { Frame } from '../frame.ts'
import { tabs } from '../pane/pane.ts'
import { type Line, type Span, span } from '../spans.ts'
import { bodyRows, paneColumns } from '../view-state.ts'
import { Spans } from './spans.tsx'

export function Reading({ frame }: { readonly frame: Frame }) {
  const { state, lines, hasColour } = frame
  const width = paneColumns(state)
  return (
    <Box flexDirection="column" width={width} height={bodyRows(state)}>
      <Box aria-role="tablist" aria-label={`tab ${state.tab}`} height={1}>
        <Spans line={fillLine(tabLine(frame, width), width)} hasColour={hasColour} />
      </Box>
      {lines.map((each, place) => (
        <Spans key={place} line={each} hasColour={hasColour} />
      ))}
    </Box>
  )
}

function tabLine({ state, part }: Frame, width: number): Line {
  const names = tabs.flatMap((each, place): Span[] => {
    const isCurrent = each === state.tab
    const text = isCurrent ? `[${place + 1} ${each}]` : `${place + 1} ${each}`
    return [
      ...(place === 0 ? [] : [span(' ')]),
      span(text, isCurrent ? (state.focus === 'pane' ? 'chosen' : 'title') : 'quiet'),
    ]
  })
  const used = names.reduce((sum, { text }) => sum + cellsOf(text), 0)
  const left = width - used - cellsOf(part ?? '')
  return part === null || left < 2 ? names : [...names, span(' '.repeat(left)), span(part, 'quiet')]
}
