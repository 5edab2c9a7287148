// The left list: pairs, or clusters of pairs that changed alike.
/** @jsxImportSource react */

import { Box, useIsScreenReaderEnabled } from 'ink'
import { oneLine } from '../../core/visible-text.ts'
import { cellsOf, fill, fillLine } from '../cells.ts'
import type { Frame, ListedCluster, ListedPair } from '../frame.ts'
import { type Line, line, span } from '../spans.ts'
import { bodyRows, listColumns } from '../view-state.ts'
import { reviewMarks, standingMarks } from './marks.ts'
import { Spans } from './spans.tsx'

export function List({ frame }: { readonly frame: Frame }) {
  const { state, hasColour } = frame
  const width = listColumns(state)
  const isHeard = useIsScreenReaderEnabled()
  const rows = [
    ...frame.pairs.map((each) => ({ key: each.row.recordId, line: pairLine(each, width), isChosen: each.isChosen })),
    ...frame.clusters.map((each) => ({
      key: each.cluster.id,
      line: clusterLine(each, width),
      isChosen: each.isChosen,
    })),
  ]
  // A screen reader would say the whole list at every key.
  const said = isHeard ? rows.filter(({ isChosen }) => isChosen) : rows
  return (
    <Box flexDirection="column" width={width} height={isHeard ? said.length : bodyRows(state)} aria-role="listbox">
      {said.map(({ key, line: own, isChosen }) => (
        <Box key={key} aria-role="option" aria-state={{ selected: isChosen }} height={1}>
          <Spans line={fillLine(own, width)} hasColour={hasColour} isChosen={isChosen && state.focus === 'list'} />
        </Box>
      ))}
      {said.length === 0 ? <Spans line={line('  nothing: Esc goes back', 'quiet')} hasColour={hasColour} /> : null}
    </Box>
  )
}

/** The mark at the front says where the cursor is without colours too. */
function pairLine({ row, isChosen, review, reason, number }: ListedPair, width: number): Line {
  const segments = Object.values(row.segments).map(oneLine).join(' ')
  const words = number === null ? oneLine(reason) : `${number} ${oneLine(reason)}`
  const room = width - 6
  const place = segments === '' ? 0 : Math.min(cellsOf(segments), Math.floor(room * 0.4))
  return [
    span(isChosen ? '▸' : ' '),
    standingMarks[row.standing],
    reviewMarks[review],
    span(` ${fill(words, room - place)} `),
    span(fill(segments, place), 'quiet'),
  ]
}

function clusterLine({ cluster, isChosen, open, isDecided, decision }: ListedCluster, width: number): Line {
  const { where, what, isWithinNoise } = cluster
  // The segments of one run mostly have one key: the right pane says it.
  const place = where === null ? '' : `${oneLine(where).replace(/^[^=]*=/, '')} · `
  const words = `${place}${oneLine(what)}`
  const room = width - 5 - cellsOf(open)
  return [
    span(isChosen ? '▸' : ' '),
    isWithinNoise ? span('≈', 'quiet') : span('✗', 'bad'),
    span(` ${fill(words, room)} `, isWithinNoise ? 'quiet' : 'plain'),
    span(open, !isDecided ? 'quiet' : decision === 'regression' ? 'bad' : decision === 'unsure' ? 'doubt' : 'good'),
  ]
}
