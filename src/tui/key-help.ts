// The help as lines, from the one table of keys.

import { cellsOf, fill, fillLine, fit } from './cells.ts'
import { keyGroups, keyName } from './keys.ts'
import { type Line, line, span } from './spans.ts'

/** In two columns no help may be cut. */
const wide = 150

export function helpLines(columns: number): readonly Line[] {
  const width = columns < wide ? columns : Math.floor((columns - 2) / 2)
  const groups = keyGroups.map((group) => groupLines(group, width))
  if (columns < wide) return groups.flat()
  const [left, right] = [groups.slice(0, 2).flat(), groups.slice(2).flat()]
  return Array.from({ length: Math.max(left.length, right.length) }, (_, place) => [
    ...fillLine(left[place] ?? [], width),
    span('  '),
    ...fillLine(right[place] ?? [], width),
  ])
}

function groupLines({ title, keys }: (typeof keyGroups)[number], width: number): readonly Line[] {
  const names = keys.map((each) => each.keys.map(keyName).join(' '))
  const room = Math.max(...names.map(cellsOf), 8)
  return [
    line(title, 'title'),
    ...keys.map(({ help }, place) => [
      span(`  ${fill(names[place] ?? '', room)}  `),
      span(fit(help, width - room - 4), 'quiet'),
    ]),
  ]
}
