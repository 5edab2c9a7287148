// The live screen, drawn.
/** @jsxImportSource react */

import { Box, useInput, useWindowSize } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { fitLine } from '../cells.ts'
import type { LiveScreen } from '../live/live-screen.ts'
import { keysOf } from '../pressed.ts'
import { Spans } from './spans.tsx'

/** A person sees no more than that. */
const askEveryMs = 500

export function Live({ screen, hasColour }: { readonly screen: LiveScreen; readonly hasColour: boolean }) {
  useSyncExternalStore(screen.subscribe, screen.version, screen.version)
  const { columns, rows } = useWindowSize()
  useInput((input, key) => {
    for (const name of keysOf({ input, key })) screen.press(name)
  })
  useEffect(() => {
    void screen.ask()
    const timer = setInterval(() => void screen.ask(), askEveryMs)
    return () => clearInterval(timer)
  }, [screen])
  const lines = screen.lines(columns)
  // Of a screen that is too low, the end has the keys and what was done.
  const shown = lines.length <= rows ? lines : [...lines.slice(0, rows - 3), ...lines.slice(-3)]
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {shown.map((line, place) => (
        <Spans key={place} line={fitLine(line, columns)} hasColour={hasColour} />
      ))}
    </Box>
  )
}
