// The whole screen of the browser.
/** @jsxImportSource react */

import { Box, Text, useCursor, useInput, usePaste, useWindowSize } from 'ink'
import { useLayoutEffect, useSyncExternalStore } from 'react'
import type { Browser } from '../browser.ts'
import type { Frame } from '../frame.ts'
import { keysOf } from '../pressed.ts'
import { bodyRows, isLargeEnough, leastColumns, leastRows } from '../view-state.ts'
import { Foot } from './foot.tsx'
import { Head, promptColumn } from './head.tsx'
import { KeyHelp } from './key-help.tsx'
import { List } from './list.tsx'
import { Reading } from './reading.tsx'

export function Screen({ browser }: { readonly browser: Browser }) {
  const frame = useSyncExternalStore(browser.subscribe, browser.frame, browser.frame)
  const { columns, rows } = useWindowSize()
  const { setCursorPosition } = useCursor()
  useInput((input, key) => {
    for (const name of keysOf({ input, key })) browser.press(name)
  })
  usePaste((text) => browser.paste(text))
  // Before the next key is read: one that answers the new screen would fall to the old, where it may mean nothing.
  useLayoutEffect(() => browser.resize(columns, rows), [browser, columns, rows])
  const column = promptColumn(frame)
  setCursorPosition(column === null ? undefined : { x: column, y: 2 })
  return <Drawn frame={frame} columns={columns} rows={rows} />
}

interface DrawnProps {
  readonly frame: Frame
  readonly columns: number
  readonly rows: number
}

/** A frame as it is drawn; it is of the size that the terminal had when it was made. */
export function Drawn({ frame, columns, rows }: DrawnProps) {
  if (!isLargeEnough({ columns, rows })) {
    const text = `This terminal has ${columns} columns and ${rows} lines; reading pairs takes ${leastColumns} and ${leastRows}. Make it larger, or press q.`
    return <Text>{text}</Text>
  }
  if (frame.state.helpTop !== null) return <KeyHelp frame={frame} />
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Head frame={frame} />
      <Box height={bodyRows(frame.state)}>
        <List frame={frame} />
        <Box flexDirection="column" marginX={1} width={1} aria-hidden>
          <Text dimColor>{'│\n'.repeat(bodyRows(frame.state)).trimEnd()}</Text>
        </Box>
        <Reading frame={frame} />
      </Box>
      <Foot frame={frame} />
    </Box>
  )
}
