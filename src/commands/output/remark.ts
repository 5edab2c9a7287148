// A remark for people as it is shown: on a terminal its lines break between words, and go on under its text.

import wrapAnsi from 'wrap-ansi'

/** `columns` is the terminal's width; null where there is none, and a line stays one for whoever reads it next. */
export function remark(text: string, columns: number | null): string {
  if (columns === null) return text
  const lines = text.split('\n')
  return lines.map((line) => hanging(line, columns)).join('\n')
}

/** What stands before the text of a remark: a stage and its gap, and what is indented beneath. */
const label = /^(?:[a-z]+ {2,})? */

function hanging(line: string, columns: number): string {
  const indent = label.exec(line)?.[0].length ?? 0
  // A terminal so narrow has no room for an indent.
  if (line.length <= columns || columns < indent + 20) return line
  const [first = '', ...rest] = wrapAnsi(line.slice(indent), columns - indent).split('\n')
  return [line.slice(0, indent) + first, ...rest.map((each) => ' '.repeat(indent) + each)].join('\n')
}
