// The foot of the screen: what was done, and the keys that are needed most.
/** @jsxImportSource react */

import { Box } from 'ink'
import { oneLine } from '../../core/visible-text.ts'
import { cellsOf, fillLine, wrap } from '../cells.ts'
import type { Frame } from '../frame.ts'
import { keyName, shortHelp } from '../keys.ts'
import { type Line, type Span, span } from '../spans.ts'
import { Spans } from './spans.tsx'

export function Foot({ frame }: { readonly frame: Frame }) {
  const { state, told, hasColour } = frame
  const [first = [], second] = wrap([{ ...told, text: oneLine(told.text) }], state.columns)
  return (
    <Box flexDirection="column" width={state.columns}>
      <Spans line={fillLine(first, state.columns)} hasColour={hasColour} />
      <Box aria-hidden={second === undefined}>
        {/* What has to be said comes before the keys. */}
        <Spans line={fillLine(second ?? footLine(frame), state.columns)} hasColour={hasColour} />
      </Box>
    </Box>
  )
}

const ofPrompt: Readonly<Record<'filter' | 'reason', string>> = {
  filter: 'Enter filters · Esc goes back · regressed similarity<0.5 latency>2 task=prime -refused "a text"',
  reason: 'Enter keeps the reason · Esc goes back',
}

/** As many keys as there is room for; the last are those that lead to the others. */
function footLine({ state }: Frame): Line {
  if (state.prompt !== null) return [span(ofPrompt[state.prompt.kind], 'quiet')]
  const parts = shortHelp.map(({ key, word }) => ({ key: keyName(key), word: ` ${word}` }))
  const shown = [...parts]
  while (
    shown.length > 2 &&
    shown.reduce((sum, { key, word }) => sum + cellsOf(key) + cellsOf(word) + 2, 0) > state.columns + 2
  )
    shown.splice(-3, 1)
  return shown.flatMap(({ key, word }, place): Span[] => [
    ...(place === 0 ? [] : [span('  ')]),
    span(key, 'title'),
    span(word, 'quiet'),
  ])
}
