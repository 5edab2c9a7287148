// All keys, on the whole screen.
/** @jsxImportSource react */

import { Box } from 'ink'
import { fillLine } from '../cells.ts'
import type { Frame } from '../frame.ts'
import { helpLines } from '../key-help.ts'
import { line } from '../spans.ts'
import { Spans } from './spans.tsx'

export function KeyHelp({ frame }: { readonly frame: Frame }) {
  const { columns, rows, helpTop } = frame.state
  const lines = helpLines(columns)
  const top = helpTop ?? 0
  const shown = lines.slice(top, top + rows - 1)
  const more = lines.length > rows - 1 ? 'j k scroll · Esc goes back' : 'Esc goes back'
  return (
    <Box flexDirection="column" width={columns} height={rows} aria-role="list">
      {shown.map((each, place) => (
        <Spans key={place} line={each} hasColour={frame.hasColour} />
      ))}
      <Box flexGrow={1} />
      <Spans line={fillLine(line(more, 'quiet'), columns)} hasColour={frame.hasColour} />
    </Box>
  )
}
